//! `go-undefined`: nothing that Go's own parts use of each other is missing.

use std::collections::BTreeSet;

use gocross_elf::File;

use crate::finding::{Finding, Level};
use crate::question::{Question, Subject, objects};
use crate::rule::{Check, Rule};

/// The rule.
pub(crate) const RULE: Rule = Rule {
    code: "go-undefined",
    level: Level::Error,
    summary: "nothing of Go's own is undefined in an archive",
    why: "the linker stops, with names that no source file has",
    page: include_str!("go-undefined.md"),
    check: Check::Subject(check),
};

/// How the names of Go's runtime, of cgo and of the start-up object begin. Nobody else defines
/// them.
const OWN: [&[u8]; 8] = [
    b"_cgo",
    b"crosscall",
    b"gocross_go_",
    b"main.",
    b"runtime.",
    b"runtime/",
    b"syscall.",
    b"x_cgo_",
];

fn check(question: &Question<'_>, subject: &Subject<'_>, found: &mut Vec<Finding>) {
    let File::Archive(_) = subject.file else { return };
    if !subject.file.objects().any(|(_, elf)| elf.has_go_runtime()) {
        return;
    }
    let own = |symbol: &gocross_elf::Symbol<'_>| {
        symbol.is_global() && OWN.iter().any(|prefix| symbol.begins_with(prefix))
    };
    let defined: BTreeSet<&[u8]> = objects(question, subject)
        .flat_map(|object| object.elf.symbols.iter())
        .filter(|symbol| !symbol.is_undefined() && own(symbol))
        .map(|symbol| symbol.name())
        .collect();
    for object in objects(question, subject) {
        let undefined = object.elf.symbols.iter().filter(|s| s.is_undefined() && !s.is_weak());
        for symbol in undefined.filter(own).filter(|symbol| !defined.contains(symbol.name())) {
            let message = "uses a part of Go that the archive does not have";
            found.push(object.finding(&RULE, message).symbol(symbol.name()));
        }
    }
}

#[cfg(test)]
mod tests {
    use gocross_elf::Section;

    use super::*;
    use crate::testing::{about_files, archive, object, with_section};

    fn go(symbols: &[&str]) -> File<'static> {
        let go = with_section(
            object(&["runtime.main", "crosscall2"]),
            ".gopclntab",
            Section::PROGBITS,
            0,
        );
        archive(vec![("go.o", go), ("c.o", object(symbols))])
    }

    #[test]
    fn uses_of_the_archive_itself_and_of_the_c_library_pass() {
        assert_eq!(
            about_files(vec![("a.a", go(&["crosscall2?", "puts?", "runtime.x"]))]).ask(&RULE),
            []
        );
    }

    #[test]
    fn a_part_that_is_missing_fails() {
        let found = about_files(vec![("a.a", go(&["x_cgo_init?"]))]).ask(&RULE);
        let place = &found[0].places[0];
        assert_eq!(
            (place.member.as_deref(), place.symbol.as_deref()),
            (Some("c.o"), Some("x_cgo_init"))
        );
    }
}
