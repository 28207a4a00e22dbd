//! Are two builds the same, and if not, where do they differ?
//!
//! Addresses change with everything, so they do not count: names stand in their place
//! (`image`, `code`). What is left is what a person would call a difference.

mod addends;
mod code;
mod data;
mod facts;
mod image;
mod named;
mod paths;
mod summary;
#[cfg(test)]
mod tests;

use gocross_elf::{Elf, File, Member, ReadError, Section, members};
use serde::Serialize;

use crate::sizes::{Category, owner_of_section};
use image::Image;

/// Where two files differ.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub(crate) struct Difference {
    /// Whether all bytes are the same; then nothing else is told.
    pub(crate) equal: bool,
    /// In words.
    pub(crate) summary: Vec<String>,
    /// What the files say of themselves: libraries, build ID, compilers, Go's versions and settings.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) facts: Vec<Fact>,
    /// Functions.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) functions: Vec<PieceChange>,
    /// Data with a name.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) data: Vec<PieceChange>,
    /// Sections, where what differs in them has no name.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) sections: Vec<PieceChange>,
    /// Sections of debug information that differ.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) debug: Vec<String>,
    /// Sections that tell of the rest, and differ because it does, or lies elsewhere.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) tables: Vec<String>,
    /// The members of archives.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) members: Vec<MemberChange>,
}

/// A fact that differs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Fact {
    /// Which.
    pub(crate) what: String,
    /// In the first file; none where it has none.
    pub(crate) left: Option<String>,
    /// In the second.
    pub(crate) right: Option<String>,
}

/// A function, a piece of data or a section that one file has alone, or that differs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct PieceChange {
    /// Its name, without Rust's hashes.
    pub(crate) name: String,
    /// The section that it lies in.
    pub(crate) section: String,
    /// Its size in the first file, in bytes; none where it is not there.
    pub(crate) left: Option<u64>,
    /// Its size in the second file.
    pub(crate) right: Option<u64>,
    /// Where they first differ.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) first: Option<First>,
}

/// The first place in which two pieces differ.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct First {
    /// Its place in the first file's piece, in bytes.
    pub(crate) offset: u64,
    /// What stands there in the first file: instructions, or bytes.
    pub(crate) left: Vec<String>,
    /// What stands there in the second.
    pub(crate) right: Vec<String>,
}

/// A member of an archive that one has alone, or that differs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct MemberChange {
    /// Its name.
    pub(crate) name: String,
    /// Its size in the first archive, in bytes; none where it is not there.
    pub(crate) left: Option<u64>,
    /// Its size in the second archive.
    pub(crate) right: Option<u64>,
    /// Where they differ, if both are ELF.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) difference: Option<Difference>,
}

/// Compares two files.
///
/// # Errors
///
/// An archive whose members cannot be read.
pub(crate) fn compare(
    left: (&File<'_>, &[u8]),
    right: (&File<'_>, &[u8]),
) -> Result<Difference, ReadError> {
    if left.1 == right.1 {
        let summary = vec![format!("all {} bytes are the same", left.1.len())];
        return Ok(Difference { equal: true, summary, ..Difference::default() });
    }
    Ok(match (left.0, right.0) {
        (File::Elf(left), File::Elf(right)) => of_elf(left, right),
        (File::Archive(_), File::Archive(_)) => of_archives(&members(left.1)?, &members(right.1)?),
        (left_file, right_file) => of_bytes((left_file, left.1), (right_file, right.1)),
    })
}

/// Files of other systems, and of two kinds.
fn of_bytes(left: (&File<'_>, &[u8]), right: (&File<'_>, &[u8])) -> Difference {
    let kind = |file: &File<'_>| match file {
        File::Elf(elf) => format!("ELF {}", elf.kind.as_str()),
        File::Archive(_) => "archive".to_owned(),
        File::Foreign(foreign) => format!("{} {}", foreign.format, foreign.what),
    };
    let kinds = [kind(left.0), kind(right.0)];
    if kinds[0] != kinds[1] {
        let summary = vec![format!("one is an {}, the other an {}", kinds[0], kinds[1])];
        return Difference { summary, ..Difference::default() };
    }
    let mut bytes = left.1.iter().zip(right.1);
    let at = bytes.position(|(a, b)| a != b).unwrap_or(left.1.len().min(right.1.len()));
    let summary = vec![
        format!("the bytes differ from {at:#x} on"),
        "only ELF files and archives are compared further".to_owned(),
    ];
    Difference { summary, ..Difference::default() }
}

fn of_archives(left: &[Member<'_>], right: &[Member<'_>]) -> Difference {
    let mut changes = Vec::new();
    let key = |member: &Member<'_>| String::from_utf8_lossy(member.name).into_owned();
    for (name, left, right) in named::paired(left, right, key) {
        let size = |member: Option<&Member<'_>>| member.map(|member| member.data.len() as u64);
        let difference = match (left, right) {
            (Some(left), Some(right)) if left.data == right.data => continue,
            (Some(left), Some(right)) => match (Elf::read(left.data), Elf::read(right.data)) {
                (Ok(left), Ok(right)) => Some(of_elf(&left, &right)),
                _ => None,
            },
            _ => None,
        };
        changes.push(MemberChange { name, left: size(left), right: size(right), difference });
    }
    let summary = summary::of_members(&changes, left, right);
    Difference { summary, members: changes, ..Difference::default() }
}

fn of_elf(left: &Elf<'_>, right: &Elf<'_>) -> Difference {
    let mut found = Difference { facts: facts::compare(left, right), ..Difference::default() };
    let machines = (left.identity.machine, left.identity.is_64, left.identity.big_endian);
    if machines != (right.identity.machine, right.identity.is_64, right.identity.big_endian) {
        found.summary = vec!["they are for different machines".to_owned()];
        return found;
    }
    let images = (&Image::new(left), &Image::new(right));
    let pieces = named::compare(images.0, images.1);
    (found.functions, found.data) = (pieces.functions, pieces.data);
    found.tables = pieces.tables;
    found.sections = data::without_names(images.0, images.1);
    let key = |section: &Section<'_>| String::from_utf8_lossy(section.name).into_owned();
    for (name, a, b) in named::paired(&left.sections, &right.sections, key) {
        if a.map(|a| left.contents(a)) == b.map(|b| right.contents(b)) && a.is_some() == b.is_some()
        {
            continue;
        }
        let owner = a.or(b).and_then(owner_of_section);
        match owner {
            None => {}
            Some(owner) if owner.category == Category::Debug => found.debug.push(name),
            // These are told as facts.
            Some(_)
                if matches!(
                    name.as_str(),
                    ".comment" | ".note.gnu.build-id" | ".note.go.buildid" | ".interp"
                ) => {}
            Some(owner) if owner.part == "notes and attributes" => {
                let size = |section: Option<&Section<'_>>| section.map(|section| section.size);
                let (left, right) = (size(a), size(b));
                let section = name.clone();
                found.sections.push(PieceChange { name, section, left, right, first: None });
            }
            Some(_) => found.tables.push(name),
        }
    }
    found.summary = summary::of_elf(&found, pieces.renamed, paths::explain(left, right));
    found
}
