//! How much of a file is whose: each byte is counted once, so the parts add up to the file.

mod section;

use std::collections::{BTreeMap, HashMap, HashSet};

use gocross_elf::{
    Elf, File, GO_FILE, Part, Piece, ReadError, Stretch, is_padding, members, pieces,
};
pub(crate) use gocross_verify::owner::{self, Category, Owner};
use serde::Serialize;

pub(crate) use section::owner as owner_of_section;

/// How much of a file is whose.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Sizes {
    /// The size of the file, in bytes; the categories add up to it.
    pub(crate) size: u64,
    /// Where the names come from.
    pub(crate) names: Names,
    /// The large parts, the largest first; those with nothing in them are left out.
    pub(crate) categories: Vec<CategorySize>,
    /// What does not fit together in the file, where something does not.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) damage: Vec<String>,
    /// The members of an archive, the largest first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) members: Vec<MemberSize>,
}

/// Where the names come from by which code and data are divided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Names {
    /// The symbol table.
    Symbols,
    /// Go's own table of functions; the symbols were taken away.
    GoFunctions,
    /// Nowhere: only sections tell what there is.
    None,
}

/// One of the large parts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct CategorySize {
    /// Which.
    pub(crate) category: Category,
    /// Its size, in bytes; its parts add up to it.
    pub(crate) size: u64,
    /// Crates, packages, source files, tables; the largest first.
    pub(crate) parts: Vec<PartSize>,
}

/// A part of a large part.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct PartSize {
    /// The crate, the package, the source file …
    pub(crate) name: String,
    /// Its size, in bytes.
    pub(crate) size: u64,
}

/// A member of an archive.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct MemberSize {
    /// Its name.
    pub(crate) name: String,
    /// Its size, in bytes, without the archive's header.
    pub(crate) size: u64,
}

/// The part of Go's that its assembler names as it likes.
const ASSEMBLER: &str = "(assembler)";

type Sums = HashMap<Owner, u64>;

/// Counts the bytes of a file.
///
/// # Errors
///
/// An archive whose members cannot be read.
pub(crate) fn measure(file: &File<'_>, bytes: &[u8]) -> Result<Sizes, ReadError> {
    let mut sums = Sums::new();
    let mut names = Names::None;
    let mut list = Vec::new();
    let mut damage = Vec::new();
    match file {
        File::Elf(elf) => {
            names = names_of(elf);
            damage.extend(elf.damage.iter().map(str::to_owned));
            of_elf(elf, None, &mut sums);
        }
        File::Archive(archive) => {
            damage.extend(archive.damage.iter().map(str::to_owned));
            let mut rest = bytes.len() as u64;
            for member in members(bytes)? {
                let name = String::from_utf8_lossy(member.name).into_owned();
                let size = member.data.len() as u64;
                rest = rest.saturating_sub(size);
                match Elf::read(member.data) {
                    Ok(elf) => {
                        if names == Names::None {
                            names = names_of(&elf);
                        }
                        of_elf(&elf, Some(&name), &mut sums);
                    }
                    Err(_) => {
                        add(&mut sums, Owner::new(Category::Other, "members that are no ELF"), size)
                    }
                }
                list.push(MemberSize { name, size });
            }
            add(&mut sums, Owner::new(Category::Other, "archive headers and index"), rest);
        }
        File::Foreign(foreign) => {
            add(&mut sums, Owner::new(Category::Other, foreign.format), bytes.len() as u64);
        }
    }
    list.sort_by(|a, b| b.size.cmp(&a.size).then_with(|| a.name.cmp(&b.name)));
    let size = bytes.len() as u64;
    Ok(Sizes { size, names, categories: categories(sums), damage, members: list })
}

fn names_of(elf: &Elf<'_>) -> Names {
    if !elf.is_stripped() {
        Names::Symbols
    } else if elf.go_functions().is_empty() {
        Names::None
    } else {
        Names::GoFunctions
    }
}

fn add(sums: &mut Sums, owner: Owner, size: u64) {
    if size > 0 {
        *sums.entry(owner).or_default() += size;
    }
}

fn categories(sums: Sums) -> Vec<CategorySize> {
    let mut by_category: BTreeMap<Category, Vec<PartSize>> = BTreeMap::new();
    for (owner, size) in sums {
        let part = PartSize { name: owner.part, size };
        by_category.entry(owner.category).or_default().push(part);
    }
    let category = |(category, mut parts): (Category, Vec<PartSize>)| {
        parts.sort_by(|a, b| b.size.cmp(&a.size).then_with(|| a.name.cmp(&b.name)));
        CategorySize { category, size: parts.iter().map(|part| part.size).sum(), parts }
    };
    let mut categories: Vec<CategorySize> = by_category.into_iter().map(category).collect();
    categories.sort_by(|a, b| b.size.cmp(&a.size).then(a.category.cmp(&b.category)));
    categories
}

/// Adds an ELF file, a member of an archive or a whole one.
fn of_elf(elf: &Elf<'_>, member: Option<&str>, sums: &mut Sums) {
    let pieces = pieces(elf);
    let owners = owners(elf, &pieces, member);
    let main = if elf.kind.is_loaded() { None } else { main_owner(&pieces, &owners) };
    for Stretch { range, what } in elf.layout() {
        let size = range.end - range.start;
        match what {
            Part::Header | Part::Segments | Part::Sections => {
                add(sums, Owner::new(Category::Other, "headers"), size);
            }
            Part::Nothing => add(sums, Owner::new(Category::Other, "padding"), size),
            Part::Section(index) => {
                let section = &elf.sections[index];
                if let Some(owner) = section::owner(section) {
                    add(sums, owner, size);
                    continue;
                }
                // What has no name in an object is of whoever has the rest.
                let nameless = main.clone().unwrap_or_else(|| {
                    Owner::new(Category::Other, section::without_a_name(section))
                });
                // A hostile file may have given the beginning of the section to another.
                let before = range.start - section.offset;
                divide(&pieces, &owners, index, before..before + size, nameless, sums);
            }
        }
    }
}

/// Divides a part of a section between the pieces in it.
fn divide(
    pieces: &[Piece<'_>],
    owners: &[Owner],
    section: usize,
    range: std::ops::Range<u64>,
    nameless: Owner,
    sums: &mut Sums,
) {
    let first = pieces.partition_point(|piece| piece.section < section);
    let inside = pieces[first..].iter().zip(&owners[first..]);
    let mut at = range.start;
    let mut before: Option<&Owner> = None;
    for (piece, owner) in inside.take_while(|(piece, _)| piece.section == section) {
        let (start, end) = (piece.range.start.max(at), piece.range.end.min(range.end));
        if start >= end {
            continue;
        }
        let gap = start - at;
        let of_gap = before.filter(|_| is_padding(gap)).unwrap_or(&nameless);
        add(sums, of_gap.clone(), gap);
        add(sums, owner.clone(), end - start);
        at = end;
        before = Some(owner);
    }
    let gap = range.end.saturating_sub(at);
    let of_gap = before.filter(|_| is_padding(gap)).unwrap_or(&nameless);
    add(sums, of_gap.clone(), gap);
}

/// The owner of each piece.
fn owners(elf: &Elf<'_>, pieces: &[Piece<'_>], member: Option<&str>) -> Vec<Owner> {
    let of_runtime =
        |piece: &Piece<'_>| piece.name.starts_with(b"runtime.") || piece.name.starts_with(b"main.");
    let with_go = elf.has_go_runtime() || pieces.iter().any(of_runtime);
    let named: Vec<Option<Owner>> =
        pieces.iter().map(|piece| owner::of_name(piece.name, with_go)).collect();
    let files = libc_files(pieces, &named);
    let mut owners: Vec<Owner> =
        (0..pieces.len()).map(|index| owner_of(pieces, &named, &files, index, member)).collect();
    // What Go's object gives to C has names of C.
    if !elf.kind.is_loaded()
        && main_owner(pieces, &owners).is_some_and(|main| main.category == Category::Go)
    {
        let of_c = owners.iter_mut().filter(|owner| owner.category == Category::C);
        of_c.for_each(|owner| *owner = Owner::new(Category::Go, ASSEMBLER));
    }
    owners
}

/// C is what no name tells. Its part is the source file that the symbol table tells of local
/// symbols, or of those around it in the same section: the linker does not scatter an object.
fn owner_of(
    pieces: &[Piece<'_>],
    named: &[Option<Owner>],
    libc_files: &HashSet<&[u8]>,
    index: usize,
    member: Option<&str>,
) -> Owner {
    if let Some(owner) = &named[index] {
        return owner.clone();
    }
    let piece = &pieces[index];
    let (left, right) = neighbours(pieces, index);
    if let Some(file) = piece.file {
        if file == GO_FILE {
            return Owner::new(Category::Go, ASSEMBLER);
        }
        if let Some(name) = owner::crate_of_file(file) {
            return Owner::new(Category::Rust, name);
        }
        if libc_files.contains(file) {
            return Owner::new(Category::Libc, "C library");
        }
    }
    let file = |at: usize| pieces[at].file;
    let around = match (left.and_then(file), right.and_then(file)) {
        (Some(left), Some(right)) if left == right => Some(left),
        _ => None,
    };
    let part = match (member, piece.file.or(around)) {
        (Some(member), _) => member.to_owned(),
        (None, Some(file)) => String::from_utf8_lossy(file).into_owned(),
        (None, None) => "(no source file told)".to_owned(),
    };
    Owner::new(Category::C, part)
}

/// The pieces before and behind one, in its section.
fn neighbours(pieces: &[Piece<'_>], index: usize) -> (Option<usize>, Option<usize>) {
    let same_section = |other: &usize| {
        pieces.get(*other).is_some_and(|other| other.section == pieces[index].section)
    };
    (index.checked_sub(1).filter(same_section), Some(index + 1).filter(same_section))
}

/// The source files of the C library: those with the name of a function of it, and those of which
/// a function lies between two functions of the C library.
fn libc_files<'data>(pieces: &[Piece<'data>], named: &[Option<Owner>]) -> HashSet<&'data [u8]> {
    let is_libc = |at: Option<usize>| {
        let owner = at.and_then(|at| named[at].as_ref());
        owner.is_some_and(|owner| owner.category == Category::Libc)
    };
    let of_libc = |(index, piece): (usize, &Piece<'data>)| {
        let file = piece.file?;
        let (left, right) = neighbours(pieces, index);
        // glibc's objects are named after themselves; compilers name the source.
        let between = match file.ends_with(b".o") {
            true => is_libc(left) || is_libc(right),
            false => piece.is_function && is_libc(left) && is_libc(right),
        };
        (owner::is_libc_file(file) || between).then_some(file)
    };
    pieces.iter().enumerate().filter_map(of_libc).collect()
}

/// The owner of most of an object's named bytes.
fn main_owner(pieces: &[Piece<'_>], owners: &[Owner]) -> Option<Owner> {
    let mut sums = Sums::new();
    for (piece, owner) in pieces.iter().zip(owners) {
        add(&mut sums, owner.clone(), piece.range.end - piece.range.start);
    }
    let larger = |a: &(Owner, u64), b: &(Owner, u64)| a.1.cmp(&b.1).then_with(|| b.0.cmp(&a.0));
    let (owner, _) = sums.into_iter().max_by(larger)?;
    // The rest of Go's object is of no package: tables, types and texts.
    if owner.category == Category::Go {
        return Some(Owner::new(Category::Go, "(without a name)"));
    }
    Some(owner)
}

#[cfg(test)]
mod tests;
