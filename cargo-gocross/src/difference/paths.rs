//! Paths of the machines that built two files: do they differ by the folder alone?

use std::collections::{BTreeMap, BTreeSet};

use gocross_elf::{Elf, Section};

/// Texts that are longer are no paths.
const LONGEST: usize = 512;

/// The folders in which two files were built, if paths in them tell that they differ.
pub(super) fn explain(left: &Elf<'_>, right: &Elf<'_>) -> Option<(String, String)> {
    let (mine, theirs) = (paths(left), paths(right));
    let alone = |a: &BTreeSet<String>, b: &BTreeSet<String>| -> Vec<Vec<String>> {
        let paths = a.difference(b);
        paths.map(|path| path.split('/').map(str::to_owned).collect()).collect()
    };
    let (mine, theirs) = (alone(&mine, &theirs), alone(&theirs, &mine));
    let mut by_end: BTreeMap<&str, Vec<&[String]>> = BTreeMap::new();
    for path in &theirs {
        by_end.entry(path.last().map_or("", String::as_str)).or_default().push(path);
    }
    let mut found: BTreeMap<(String, String), usize> = BTreeMap::new();
    for path in &mine {
        let end = path.last().map_or("", String::as_str);
        let same_end = by_end.get(end).into_iter().flatten().copied();
        // One folder alone, such as that of the debug information, has no end in common.
        let only = (mine.len() == 1 && theirs.len() == 1).then(|| theirs[0].as_slice());
        for other in same_end.chain(only) {
            let common = path.iter().rev().zip(other.iter().rev()).take_while(|(a, b)| a == b);
            let common = common.count();
            let folder = |path: &[String]| path[..path.len() - common].join("/");
            *found.entry((folder(path), folder(other))).or_default() += 1;
        }
    }
    found.retain(|(a, b), _| !a.is_empty() && !b.is_empty() && a != b);
    found.into_iter().max_by_key(|(_, count)| *count).map(|(folders, _)| folders)
}

/// The absolute paths in a file: texts that begin with a slash, and those of source files.
fn paths(elf: &Elf<'_>) -> BTreeSet<String> {
    let packed =
        |section: &&Section<'_>| section.flags & (Section::COMPRESSED | Section::EXECINSTR) != 0;
    let sections = elf.sections.iter().filter(|section| section.kind != 0 && !packed(section));
    let texts = sections.flat_map(|section| elf.contents(section).split(|byte| *byte == 0));
    let is_path = |text: &&[u8]| {
        text.first() == Some(&b'/')
            && (4..LONGEST).contains(&text.len())
            && text.iter().all(|byte| (0x21..0x7f).contains(byte))
    };
    let whole = texts.filter(is_path).map(|text| String::from_utf8_lossy(text).into_owned());
    let of_sources = elf.build_paths();
    let of_sources = of_sources.iter().flat_map(|found| &found.first);
    whole.chain(of_sources.map(|path| String::from_utf8_lossy(path).into_owned())).collect()
}
