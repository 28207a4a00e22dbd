//! Paths of the machine that built a file, left in it by compilers: panics, `__FILE__`, DWARF.

use aho_corasick::AhoCorasick;

use crate::bytes::part;
use crate::tables::Section;

/// Directories of one person or of one build: they are on the machine that builds, and on no other.
pub const BUILD_DIRECTORIES: &[&str] =
    &["/home/", "/root/", "/Users/", "/build/", "/builds/", "/tmp/", "/workspace/", "/var/tmp/"];
/// A system's services build there (Jenkins, Nix); its programs have data there too, but no sources.
const OF_SERVICES: &str = "/var/lib/";

/// How the name of a source file ends.
const ENDINGS: [&[u8]; 9] =
    [b".rs", b".go", b".c", b".h", b".cc", b".cpp", b".cxx", b".hpp", b".S"];

/// The longest path that is looked at.
const LONGEST: usize = 512;
/// How many are named.
const NAMED: usize = 3;

/// The paths of one section.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BuildPaths<'data> {
    /// The section that holds them.
    pub section: &'data [u8],
    /// How many there are.
    pub count: usize,
    /// The first few.
    pub first: Vec<&'data [u8]>,
}

/// The paths of source files below folders of the build machine, by section.
pub(crate) fn read<'data>(
    file: &'data [u8],
    sections: &[Section<'data>],
) -> Vec<BuildPaths<'data>> {
    let mut found = Vec::new();
    // All directories in one pass; nine texts are never too many for it.
    let directories = BUILD_DIRECTORIES.iter().chain([&OF_SERVICES]);
    let Ok(folders) = AhoCorasick::new(directories) else { return found };
    // Sections may overlap in a hostile file; no byte is searched more than a few times.
    let mut budget = file.len().saturating_mul(2);
    for section in sections.iter().filter(|section| has_texts(section)) {
        let data = part(file, section.offset, section.size);
        budget = match budget.checked_sub(data.len()) {
            Some(rest) => rest,
            None => break,
        };
        let mut paths = BuildPaths { section: section.name, count: 0, first: Vec::new() };
        for folder in folders.find_iter(data) {
            let Some(path) = source_path(&data[folder.start()..]) else { continue };
            paths.count += 1;
            if paths.first.len() < NAMED && !paths.first.contains(&path) {
                paths.first.push(path);
            }
        }
        if paths.count > 0 {
            found.push(paths);
        }
    }
    found
}

fn has_texts(section: &Section<'_>) -> bool {
    let code = section.flags & Section::EXECINSTR != 0;
    let packed = section.flags & Section::COMPRESSED != 0;
    // MIPS has a type of its own for DWARF.
    let kind = matches!(section.kind, Section::PROGBITS | 0x7000_001e);
    // What is only for tools keeps its texts in sections of texts; tables for unwinding have none.
    let texts = section.flags & (Section::ALLOC | Section::STRINGS) != 0;
    let tables = [b".eh_frame".as_slice(), b".gcc_except_table"];
    let tables = tables.iter().any(|name| section.name.starts_with(name));
    kind && texts && !code && !packed && !tables
}

/// The source file whose path begins here. Texts of a program follow each other without a gap,
/// so the first ending ends it.
fn source_path(data: &[u8]) -> Option<&[u8]> {
    let data = &data[..data.len().min(LONGEST)];
    let end = data.iter().position(|byte| !is_path(*byte)).unwrap_or(data.len());
    let dots = memchr::memchr_iter(b'.', &data[..end]);
    dots.filter_map(|dot| {
        let endings = ENDINGS.iter().filter(|ending| data[dot..end].starts_with(ending));
        let length = endings.map(|ending| ending.len()).max()?;
        // Not the beginning of a longer word, as in `.config` or `.cargo`. Rust's texts follow
        // each other without a gap.
        let rust = data[dot..].starts_with(b".rs");
        let next = data.get(dot + length);
        let whole = rust || next.is_none_or(|byte| !byte.is_ascii_lowercase());
        whole.then(|| &data[..dot + length])
    })
    .next()
}

fn is_path(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"/._-+@~!=".contains(&byte)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_ends_with_its_source_file() {
        let path = |text: &'static str| {
            source_path(text.as_bytes()).map(|path| std::str::from_utf8(path).unwrap())
        };
        const LIB: &str = "/home/a/.cargo/x-1.0/src/lib.rs";
        assert_eq!(path("/home/a/.cargo/x-1.0/src/lib.rsinvalid"), Some(LIB));
        assert_eq!(path("/home/a/.cargo/x-1.0/src/lib.rs\0"), Some(LIB));
        assert_eq!(path("/home/a/.config/x.conf"), None);
        assert_eq!(path("/build/x/a.cpp/home/b.c"), Some("/build/x/a.cpp"));
        assert_eq!(path("/tmp/socket"), None);
        assert_eq!(path("/home/%s/a.c"), None);
    }
}
