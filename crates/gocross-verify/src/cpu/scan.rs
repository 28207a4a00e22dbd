//! A whole file: which functions have instructions above the baseline, and how many.

use std::collections::BTreeMap;

use gocross_elf::{Elf, Identity, Piece, Region, pieces};

use super::architecture::{Architecture, Features};
use super::{baseline, isa};
use crate::owner::{self, Category, Owner};

/// Longer names of functions are cut off: mangling repeats, and a hostile one repeats for ever.
const LONGEST_NAME: usize = 1000;

/// Stands for the name of code that has none.
pub(crate) const NAMELESS: &str = "(code without a name)";

/// What a scan has found.
#[derive(Debug)]
pub struct Scan<'data> {
    /// The file's architecture.
    pub architecture: &'static Architecture,
    /// What every CPU of the target has, in words.
    pub baseline: &'static str,
    /// What the Go code in it was allowed besides: `GOAMD64=v3`.
    pub go_levels: Vec<String>,
    /// How many instructions were read.
    pub instructions: u64,
    /// The functions with instructions above the baseline, by section and place.
    pub users: Vec<User<'data>>,
    /// All functions, by section and place.
    pub functions: Vec<Piece<'data>>,
    /// The languages that are in it.
    languages: Languages,
}

/// A function that has instructions above the baseline.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User<'data> {
    /// Its index among [`Scan::functions`]; none of code without a name.
    pub function: Option<usize>,
    /// Its symbol; empty where it has no name.
    pub symbol: &'data [u8],
    /// The source file of a local symbol.
    file: Option<&'data [u8]>,
    languages: Languages,
    /// The features of all its instructions.
    pub features: Features,
    /// How many instructions have which features.
    pub counts: Vec<(Features, u64)>,
}

impl Scan<'_> {
    /// Whose a function is, by its index.
    pub(crate) fn owner(&self, function: usize) -> Owner {
        let piece = &self.functions[function];
        owner_of(piece.name, piece.file, self.languages)
    }
}

impl User<'_> {
    /// Its name without mangling, and without the hash that Rust appends.
    #[must_use]
    pub fn name(&self) -> String {
        if self.symbol.is_empty() { NAMELESS.to_owned() } else { name(self.symbol) }
    }

    /// Whose it is.
    #[must_use]
    pub fn owner(&self) -> Owner {
        owner_of(self.symbol, self.file, self.languages)
    }

    /// How many of its instructions are above the baseline.
    #[must_use]
    pub fn instructions(&self) -> u64 {
        self.counts.iter().map(|(_, count)| count).sum()
    }
}

/// Whose a function is.
fn owner_of(symbol: &[u8], file: Option<&[u8]>, languages: Languages) -> Owner {
    if let Some(owner) = owner::of_name(symbol, languages.go) {
        return owner;
    }
    match file {
        _ if symbol.is_empty() => Owner::new(Category::Other, NAMELESS),
        Some(file) if file == gocross_elf::GO_FILE => Owner::new(Category::Go, "(assembler)"),
        Some(file) => match owner::crate_of_file(file) {
            Some(name) => Owner::new(Category::Rust, name),
            None => Owner::new(Category::C, String::from_utf8_lossy(file)),
        },
        // Exported under a name of its own, a function of Rust's looks like one of C's.
        None if languages.rust => Owner::new(Category::Other, "(Rust or C, exported)"),
        None => Owner::new(Category::C, "(no source file told)"),
    }
}

/// A symbol without its mangling.
#[must_use]
pub fn name(symbol: &[u8]) -> String {
    let symbol = &symbol[..symbol.len().min(LONGEST_NAME)];
    let raw = String::from_utf8_lossy(symbol);
    let Ok(demangled) = rustc_demangle::try_demangle(&raw) else { return raw.into_owned() };
    let mut limited = Limited(String::new());
    // What does not fit is left out.
    let _ = std::fmt::Write::write_fmt(&mut limited, format_args!("{demangled:#}"));
    limited.0
}

/// A text that takes no more than [`LONGEST_NAME`].
struct Limited(String);

impl std::fmt::Write for Limited {
    fn write_str(&mut self, text: &str) -> std::fmt::Result {
        if self.0.len() + text.len() > LONGEST_NAME {
            return Err(std::fmt::Error);
        }
        self.0.push_str(text);
        Ok(())
    }
}

/// Where an address lies: the section, and the offset in it, as [`Piece`] has them.
pub fn place(elf: &Elf<'_>, region: &Region<'_>, address: u64) -> (usize, u64) {
    let Some(index) = region.section else { return (usize::MAX, address) };
    let base = if elf.kind.is_loaded() { elf.sections[index].address } else { 0 };
    (index, address.wrapping_sub(base))
}

/// The function at a place.
pub fn function_at(functions: &[Piece<'_>], place: (usize, u64)) -> Option<usize> {
    let after = functions.partition_point(|piece| (piece.section, piece.range.start) <= place);
    let index = after.checked_sub(1)?;
    let piece = &functions[index];
    (piece.section == place.0 && piece.range.contains(&place.1)).then_some(index)
}

/// Tells each instruction above the baseline, in order: its address in a program, its offset in
/// the section of an object. Gives how many instructions there are.
///
/// `None` of a file whose instructions are not told apart.
pub fn sites(elf: &Elf<'_>, tell: &mut dyn FnMut(u64, Features)) -> Option<u64> {
    let regions = elf.code();
    let count = |region: &Region<'_>| sites_in(&elf.identity, region, tell);
    regions.iter().map(count).sum()
}

/// The same of one region.
pub fn sites_in(
    identity: &Identity,
    region: &Region<'_>,
    tell: &mut dyn FnMut(u64, Features),
) -> Option<u64> {
    let architecture = Architecture::find(isa::architecture(identity)?)?;
    let mut found = isa::Found::new(baseline::of(architecture).0, tell);
    isa::scan(identity, region, &mut found);
    Some(found.instructions)
}

/// Reads a file's instructions.
///
/// `None` of a file whose instructions are not told apart.
#[must_use]
pub fn scan<'data>(elf: &Elf<'data>) -> Option<Scan<'data>> {
    let architecture = Architecture::find(isa::architecture(&elf.identity)?)?;
    let (baseline, words) = baseline::of(architecture);
    let (of_go, go_levels) = baseline::of_go(elf, architecture);
    let functions = code_of(elf, pieces(elf));
    let languages = Languages::of(elf, &functions);
    // By function, and by section where it has no name.
    let mut tallies: BTreeMap<(Option<usize>, Option<usize>), Tally> = BTreeMap::new();
    let mut instructions = 0;
    for region in elf.code() {
        let mut current: Option<(usize, Tally)> = None;
        let mut sink = |address: u64, features: Features| {
            let place = place(elf, &region, address);
            let inside =
                |piece: &Piece<'_>| piece.section == place.0 && piece.range.contains(&place.1);
            if let Some((index, tally)) = &mut current
                && inside(&functions[*index])
            {
                tally.add(features);
                return;
            }
            if let Some((index, tally)) = current.take() {
                tallies.entry((None, Some(index))).or_default().merge(&tally);
            }
            match function_at(&functions, place) {
                Some(index) => {
                    let mut tally = Tally::default();
                    tally.add(features);
                    current = Some((index, tally));
                }
                None => tallies.entry((region.section, None)).or_default().add(features),
            }
        };
        let mut found = isa::Found::new(baseline, &mut sink);
        isa::scan(&elf.identity, &region, &mut found);
        instructions += found.instructions;
        if let Some((index, tally)) = current {
            tallies.entry((None, Some(index))).or_default().merge(&tally);
        }
    }
    let users = tallies.into_iter().filter_map(|((_, function), tally)| {
        let piece = function.map(|index| &functions[index]);
        let (symbol, file) = piece.map_or((&[][..], None), |piece| (piece.name, piece.file));
        let is_go = owner_of(symbol, file, languages).category == Category::Go;
        let allowed = if is_go { of_go } else { Features::NONE };
        let above = |(features, count): &(Features, u64)| {
            let above = features.without(allowed);
            (!above.is_empty()).then_some((above, *count))
        };
        let counts: Vec<_> = tally.0.iter().filter_map(above).collect();
        let features = counts.iter().fold(Features::NONE, |all, (one, _)| all.with(*one));
        (!counts.is_empty()).then_some(User { function, symbol, file, languages, features, counts })
    });
    let users = users.collect();
    Some(Scan {
        architecture,
        baseline: words,
        go_levels,
        instructions,
        users,
        functions,
        languages,
    })
}

/// The pieces that lie in code.
fn code_of<'data>(elf: &Elf<'data>, pieces: Vec<Piece<'data>>) -> Vec<Piece<'data>> {
    let executable = gocross_elf::Section::EXECINSTR;
    let in_code = |piece: &Piece<'_>| elf.sections[piece.section].flags & executable != 0;
    pieces.into_iter().filter(in_code).collect()
}

/// Which languages a file has code of: what its names can mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Languages {
    /// Names with a point may be Go's.
    go: bool,
    /// Names that are not mangled may be Rust's.
    rust: bool,
}

impl Languages {
    fn of(elf: &Elf<'_>, functions: &[Piece<'_>]) -> Self {
        let of_runtime = |piece: &Piece<'_>| {
            piece.name.starts_with(b"runtime.") || piece.file == Some(gocross_elf::GO_FILE)
        };
        let of_rust = |piece: &Piece<'_>| {
            std::str::from_utf8(piece.name).is_ok_and(|name| owner::rust_crate(name).is_some())
        };
        Self {
            go: elf.has_go_runtime() || functions.iter().any(of_runtime),
            rust: functions.iter().any(of_rust),
        }
    }
}

/// How many instructions of one function have which features.
#[derive(Debug, Default)]
struct Tally(Vec<(Features, u64)>);

impl Tally {
    fn add(&mut self, features: Features) {
        self.count(features, 1);
    }

    fn count(&mut self, features: Features, more: u64) {
        match self.0.iter_mut().find(|(of, _)| *of == features) {
            Some((_, count)) => *count += more,
            None => self.0.push((features, more)),
        }
    }

    fn merge(&mut self, other: &Self) {
        other.0.iter().for_each(|(features, count)| self.count(*features, *count));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing;

    fn users(source: &str, arguments: &[&str]) -> Vec<(String, Vec<&'static str>, u64)> {
        let elf = testing::compiled(source, arguments);
        let scan = scan(&elf).unwrap();
        assert!(scan.instructions > 0);
        let told = |user: &User<'_>| {
            (user.name(), scan.architecture.names_of(user.features), user.instructions())
        };
        scan.users.iter().map(told).collect()
    }

    const SOURCE: &str = "#include <immintrin.h>\n\
        __attribute__((target(\"aes\"))) __m128i one(__m128i a) { return _mm_aesenc_si128(a, a); }\n\
        int main(void) { return 0; }";

    #[test]
    fn a_function_is_named_with_what_it_uses() {
        let found = users(SOURCE, &["-O1", "-c"]);
        assert_eq!(found, [("one".to_owned(), vec!["aes"], 1)]);
        assert_eq!(users(SOURCE, &["-O1", "-static-pie", "-nostdlib", "-e", "main"]), found);
    }

    #[test]
    fn code_without_symbols_has_no_name() {
        let found = users(SOURCE, &["-O1", "-s", "-nostdlib", "-e", "main"]);
        assert_eq!(found, [(NAMELESS.to_owned(), vec!["aes"], 1)]);
    }

    #[test]
    fn names_are_cut_off() {
        assert_eq!(name(b"_RNvCs1234_7mycrate3foo"), "mycrate::foo");
        assert_eq!(name(&[b'a'; 3000]).len(), LONGEST_NAME);
    }
}
