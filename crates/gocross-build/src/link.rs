//! How the archive and what it asks for get into the programs of the package and of those that
//! depend on it.
//!
//! cargo hands `cargo::rustc-link-lib` to the library of a package alone, where it has one, so a
//! program or a test beside it would go without. Libraries are therefore attributes of the
//! declarations, `#[link(…)]`: whoever includes the declarations links the libraries, a library
//! crate hands them on to all that depend on it, and they keep their order and number.
//!
//! Other words for the linker have no such attribute. cargo hands them to the programs of the
//! package itself (`cargo::rustc-link-arg`); where a library crate needs them, that is said.

use gocross_archive::{Archive, LinkArgument};
use gocross_diagnostic::{Code, Diagnostic};

/// The attributes, as an item of Rust.
pub(crate) fn attributes(name: &str, archive: &Archive) -> String {
    // In tests rustc links a whole archive where nobody says otherwise, also what is never used
    // and cannot be linked.
    let own =
        format!("#[link(name = {name:?}, kind = \"static\", modifiers = \"-whole-archive\")]");
    let others = archive.link.iter().filter_map(|argument| match argument {
        LinkArgument::Library(name) => Some(format!("#[link(name = {name:?})]")),
        LinkArgument::StaticLibrary(name) => {
            Some(format!("#[link(name = {name:?}, kind = \"static\", modifiers = \"-bundle\")]"))
        }
        LinkArgument::Framework(name) => {
            Some(format!("#[link(name = {name:?}, kind = \"framework\")]"))
        }
        LinkArgument::SearchDirectory(_) | LinkArgument::Flag { .. } => None,
    });
    let lines: Vec<String> = std::iter::once(own).chain(others).collect();
    format!("{}\nunsafe extern \"C\" {{}}\n", lines.join("\n"))
}

/// The words for the linker that only the package's own programs get.
pub(crate) fn flags(archive: &Archive) -> impl Iterator<Item = &String> {
    archive.link.iter().flat_map(|argument| match argument {
        LinkArgument::Flag { words, .. } => words.as_slice(),
        _ => &[],
    })
}

/// What programs of other packages have to go without, one warning for each line that asks.
pub(crate) fn lost(package: &str, archive: &Archive) -> Vec<Diagnostic> {
    let warning = |argument: &LinkArgument| match argument {
        LinkArgument::Flag { words, matters: true, asked_by } => {
            let all = words.join(" ");
            let message = format!("programs that depend on `{package}` are linked without `{all}`");
            let line = |word: &String| format!("println!(\"cargo::rustc-link-arg={word}\");");
            let lines: Vec<String> = words.iter().map(line).collect();
            let why = "cargo hands a word for the linker to the programs of its own package alone";
            let diagnostic = Diagnostic::warning(Code::CgoFlag, message)
                .detail(format!("asked for by {asked_by}"))
                .detail(why)
                .help(format!("in the `build.rs` of such a program: {}", lines.join(" ")));
            Some(diagnostic)
        }
        _ => None,
    };
    archive.link.iter().filter_map(warning).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn archive(link: Vec<LinkArgument>) -> Archive {
        Archive {
            archive: "libx.a".into(),
            header: "libx.h".into(),
            exports: Vec::new(),
            by_pointer: Vec::new(),
            deferred: std::collections::BTreeMap::new(),
            link,
            preprocessor: Vec::new(),
            inputs: gocross_archive::Inputs::default(),
        }
    }

    #[test]
    fn libraries_are_attributes_in_their_order_and_number() {
        let library = |name: &str| LinkArgument::Library(name.to_owned());
        let text = attributes("x", &archive(vec![library("a"), library("b"), library("a")]));
        let names: Vec<_> = text.lines().filter_map(|line| line.split('"').nth(1)).collect();
        assert_eq!(names, ["x", "a", "b", "a", "C"]);
    }

    #[test]
    fn only_words_that_matter_are_told() {
        let flag = |words: &[&str], matters| LinkArgument::Flag {
            words: words.iter().map(|&word| word.to_owned()).collect(),
            matters,
            asked_by: "`CGO_LDFLAGS`".to_owned(),
        };
        let archive = archive(vec![flag(&["-T", "x.ld"], true), flag(&["-O2"], false)]);
        assert_eq!(flags(&archive).collect::<Vec<_>>(), ["-T", "x.ld", "-O2"]);
        let lost = lost("p", &archive);
        assert_eq!(lost.len(), 1);
        assert!(lost[0].message.ends_with("without `-T x.ld`"), "{}", lost[0].message);
    }
}
