//! `go-exports`: every exported Go function is there for C, once.

use std::collections::BTreeMap;

use gocross_elf::{File, Symbol};

use crate::finding::{Finding, Level, lossy};
use crate::question::{Question, Subject};
use crate::rule::{Check, Rule};

/// The rule.
pub(crate) const RULE: Rule = Rule {
    code: "go-exports",
    level: Level::Error,
    summary: "every `//export` is defined once",
    why: "the linker reports an undefined symbol, or silently takes the first of two functions",
    page: include_str!("go-exports.md"),
    check: Check::Subject(check),
};

/// What cgo calls the Go side of an export: this, a hash of the package, `_`, the C name.
const GO_SIDE: &[u8] = b"_cgoexp_";

fn check(question: &Question<'_>, subject: &Subject<'_>, found: &mut Vec<Finding>) {
    let mut wanted: BTreeMap<String, usize> =
        question.expected.exports.iter().map(|name| (name.clone(), 0)).collect();
    match subject.file {
        // In a program the linker may have dropped a function that nobody calls.
        File::Archive(_) => wanted.extend(exported(subject).map(|name| (name, 0))),
        File::Elf(elf) if elf.kind.is_loaded() => {
            if elf.kind.is_program() && elf.is_stripped() {
                return;
            }
        }
        _ => return,
    }
    if wanted.is_empty() {
        return;
    }
    for symbol in definitions(subject) {
        if let Some(count) =
            std::str::from_utf8(symbol.name()).ok().and_then(|name| wanted.get_mut(name))
        {
            *count += 1;
        }
    }
    for (name, count) in wanted {
        let message = match count {
            0 => format!("does not define the Go function `{name}`"),
            1 => continue,
            _ => format!("defines the Go function `{name}` {count} times"),
        };
        let finding = Finding::new(&RULE, &subject.name, message).symbol(name.as_bytes());
        found.push(
            finding.help("write `//export` on the line above the function, with its name, once"),
        );
    }
}

/// The C names that the Go side of an archive has functions for.
fn exported<'a>(subject: &'a Subject<'_>) -> impl Iterator<Item = String> + 'a {
    let symbols = subject.file.objects().flat_map(|(_, elf)| elf.symbols.iter());
    symbols.filter(|symbol| !symbol.is_undefined() && symbol.begins_with(GO_SIDE)).filter_map(
        |symbol| {
            let rest = &symbol.name()[GO_SIDE.len()..];
            let hash = rest.iter().position(|byte| *byte == b'_')?;
            Some(lossy(&rest[hash + 1..]))
        },
    )
}

/// What can be called from outside: the linker's symbols, of a library the dynamic ones.
fn definitions<'a>(subject: &'a Subject<'_>) -> impl Iterator<Item = Symbol<'a>> {
    let objects = subject.file.objects();
    objects.flat_map(|(_, elf)| {
        let library = elf.kind == gocross_elf::Type::SharedObject;
        let table = if library { elf.dynamic_symbols() } else { elf.symbols };
        table.iter().filter(|symbol| !symbol.is_undefined() && symbol.is_global())
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Expected;
    use crate::testing::{about, about_files, archive, compiled, messages, object};

    fn go(c_side: &[&str]) -> File<'static> {
        archive(vec![
            ("go.o", object(&["_cgoexp_0123_Add", "_cgoexp_0123_Do_it"])),
            ("c.o", object(c_side)),
        ])
    }

    #[test]
    fn both_sides_of_each_export_pass() {
        assert_eq!(
            about_files(vec![("a.a", go(&["Add", "Do_it", "_cgoexp_0123_Add?"]))]).ask(&RULE),
            []
        );
        assert_eq!(
            about_files(vec![("a.a", archive(vec![("a.o", object(&["f"]))]))]).ask(&RULE),
            []
        );
    }

    #[test]
    fn a_missing_and_a_doubled_side_fail() {
        let found = about_files(vec![("a.a", go(&["Add"]))]).ask(&RULE);
        assert_eq!(messages(&found), ["does not define the Go function `Do_it`"]);
        let twice = archive(vec![
            ("go.o", object(&["_cgoexp_0123_Add"])),
            ("b.o", object(&["Add"])),
            ("c.o", object(&["Add"])),
        ]);
        let found = about_files(vec![("a.a", twice)]).ask(&RULE);
        assert_eq!(messages(&found), ["defines the Go function `Add` 2 times"]);
    }

    #[test]
    fn what_is_expected_of_a_library_has_to_be_visible() {
        let source = "int Add(void) { return 1; } __attribute__((visibility(\"hidden\"))) int Sub(void) { return 2; }";
        let elf = || compiled(source, &["-shared", "-fPIC"]);
        let expected =
            |name: &str| Expected { exports: vec![name.to_owned()], ..Expected::default() };
        assert_eq!(about(elf()).expected(expected("Add")).ask(&RULE), []);
        assert_eq!(about(elf()).expected(expected("Sub")).ask(&RULE).len(), 1);
    }
}
