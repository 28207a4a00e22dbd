//! `go-start`: Go is started by gocross's start-up object, and that is called.

use gocross_elf::{Elf, File, Section};
use gocross_targets::Libc;

use crate::finding::{Finding, Level};
use crate::question::{Question, Subject, objects};
use crate::rule::{Check, Rule};

/// The rule.
pub(crate) const RULE: Rule = Rule {
    code: "go-start",
    level: Level::Error,
    summary: "Go's runtime is started by the start-up object, and not by an entry of its own",
    why: "musl passes no arguments to Go's own entry, and the program ends with a segmentation fault before `main` (golang/go#13492)",
    page: include_str!("go-start.md"),
    check: Check::Subject(check),
};

/// The function that starts Go, of the start-up object.
const START: &[u8] = b"gocross_go_start";
/// The entry that Go's linker puts into `.init_array` of a C archive: `_rt0_<arch>_<os>_lib`.
const OWN_ENTRY: (&[u8], &[u8]) = (b"_rt0_", b"_lib");

fn check(question: &Question<'_>, subject: &Subject<'_>, found: &mut Vec<Finding>) {
    match subject.file {
        File::Archive(_) => archive(question, subject, found),
        File::Elf(elf) if elf.kind.is_loaded() => found.extend(program(subject, elf)),
        _ => {}
    }
}

fn archive(question: &Question<'_>, subject: &Subject<'_>, found: &mut Vec<Finding>) {
    for object in objects(question, subject).filter(|object| object.elf.has_go_runtime()) {
        if has_init_array(object.elf) && has_own_entry(object.elf) {
            let message = "Go starts by an entry of its own in `.init_array`";
            found.push(cured(object.finding(&RULE, message).section(b".init_array"), subject));
        }
    }
    for object in objects(question, subject).filter(|object| defines_start(object.elf)) {
        if !has_init_array(object.elf) {
            let message = "the start-up object has no constructor, so nothing starts Go";
            found.push(object.finding(&RULE, message).symbol(START));
        }
    }
}

fn program(subject: &Subject<'_>, elf: &Elf<'_>) -> Option<Finding> {
    // Without symbols nobody can tell.
    if elf.is_stripped() || !elf.has_go_runtime() {
        return None;
    }
    if !defines_start(elf) {
        // A program of Go's own starts as Go wants; only archives are started by others.
        has_own_entry(elf).then_some(())?;
        let finding = Finding::new(&RULE, &subject.name, "Go starts by an entry of its own");
        return Some(cured(finding.section(b".init_array"), subject));
    }
    if has_init_array(elf) {
        return None;
    }
    let message = "the start-up object is there, and nothing calls it: `.init_array` is missing";
    Some(Finding::new(&RULE, &subject.name, message).symbol(START))
}

/// With glibc, Go's own entry works, apart from the order of things.
fn cured(finding: Finding, subject: &Subject<'_>) -> Finding {
    let finding = finding.help("build the archive with `gocross_build::GoPackage` in `build.rs`");
    match subject.row() {
        Some(row) if row.libc == Libc::Musl => finding,
        _ => finding.level(Level::Note),
    }
}

fn has_init_array(elf: &Elf<'_>) -> bool {
    let is_array = |section: &&Section<'_>| {
        section.kind == Section::INIT_ARRAY || section.name.starts_with(b".ctors")
    };
    elf.sections.iter().filter(is_array).any(|section| section.size > 0)
}

fn has_own_entry(elf: &Elf<'_>) -> bool {
    let (before, after) = OWN_ENTRY;
    elf.symbols.iter().any(|symbol| {
        !symbol.is_undefined() && symbol.begins_with(before) && symbol.name().ends_with(after)
    })
}

fn defines_start(elf: &Elf<'_>) -> bool {
    elf.symbols.named(START).any(|symbol| !symbol.is_undefined())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{X86_64_MUSL, about_files, archive as archive_of, object, with_section};

    fn go(init_array: bool) -> Elf<'static> {
        let elf = with_section(object(&["_rt0_amd64_linux_lib"]), ".gopclntab", 1, 0);
        if init_array { with_section(elf, ".init_array", Section::INIT_ARRAY, 3) } else { elf }
    }

    fn start(init_array: bool) -> Elf<'static> {
        let elf = object(&["gocross_go_start"]);
        if init_array { with_section(elf, ".init_array", Section::INIT_ARRAY, 3) } else { elf }
    }

    fn ask(members: Vec<(&'static str, Elf<'static>)>) -> Vec<Finding> {
        about_files(vec![("a.a", archive_of(members))]).target(X86_64_MUSL).ask(&RULE)
    }

    #[test]
    fn the_uniform_start_passes() {
        assert_eq!(ask(vec![("go.o", go(false)), ("gocross_start.o", start(true))]), []);
    }

    #[test]
    fn go_s_own_entry_fails() {
        let found = ask(vec![("go.o", go(true))]);
        assert_eq!((found.len(), found[0].level), (1, Level::Error));
        let gnu = about_files(vec![("a.a", archive_of(vec![("go.o", go(true))]))]).ask(&RULE);
        assert_eq!(gnu[0].level, Level::Note);
    }

    #[test]
    fn a_start_that_nobody_calls_fails() {
        assert_eq!(ask(vec![("go.o", go(false)), ("gocross_start.o", start(false))]).len(), 1);
    }
}
