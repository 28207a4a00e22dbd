//! `tls-model`: a library's thread-local storage can be made when it is loaded.

use gocross_elf::Segment;
use gocross_targets::Libc;

use crate::finding::{Finding, Level};
use crate::question::Object;
use crate::rule::{Check, Rule};

/// The rule.
pub(crate) const RULE: Rule = Rule {
    code: "tls-model",
    level: Level::Warning,
    summary: "a shared object does not ask for static thread-local storage",
    why: "`dlopen` fails with `cannot allocate memory in static TLS block`, on musl always",
    page: include_str!("tls-model.md"),
    check: Check::Object(check),
};

/// How many bytes of thread-local storage glibc has left at a program's start for shared objects
/// that `dlopen` brings: the tunable `glibc.rtld.optional_static_tls` (manual, "Dynamic Linking
/// Tunables"); older releases have more.
const RESERVE: u64 = 512;

fn check(object: &Object<'_>, found: &mut Vec<Finding>) {
    let elf = object.elf;
    let static_tls = elf.dynamic.as_ref().is_some_and(|dynamic| dynamic.static_tls);
    if elf.kind != gocross_elf::Type::SharedObject || !static_tls {
        return;
    }
    let is_go = elf.has_go_runtime();
    let segment = elf.segments.iter().find(|segment| segment.kind == Segment::TLS);
    let size = segment.map_or(0, |segment| segment.memory_size);
    let message = "its thread-local storage has to be there from the program's start";
    let finding = object.finding(&RULE, message);
    let libc = object.row().map(|row| row.libc);
    found.push(match libc {
        _ if !is_go => finding.hint("compile with `-ftls-model=global-dynamic`"),
        // Nothing compiles Go otherwise.
        Some(Libc::Musl) => finding
            .why("Go's code asks for it (golang/go#48596), and `dlopen` of musl always refuses it")
            .hint("link programs with the library instead of loading it"),
        _ if size <= RESERVE => finding.level(Level::Note).why(format!(
            "Go's code asks for it; `dlopen` of glibc has {RESERVE} bytes for all such libraries, \
             of which this one takes {size}"
        )),
        _ => finding
            .why(format!(
                "Go's code asks for it; `dlopen` of glibc has {RESERVE} bytes for all such \
                 libraries, and this one takes {size}"
            ))
            .hint(format!(
                "export GLIBC_TUNABLES=glibc.rtld.optional_static_tls={}",
                size + RESERVE
            )),
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{about, library, program, with_section};

    fn with_static_tls(mut elf: gocross_elf::Elf<'static>) -> gocross_elf::Elf<'static> {
        elf.dynamic.as_mut().unwrap().static_tls = true;
        elf
    }

    fn with_go(size: u64) -> gocross_elf::Elf<'static> {
        let mut elf = with_section(with_static_tls(library()), ".go.buildinfo", 1, 0);
        elf.segments.push(Segment { kind: Segment::TLS, memory_size: size, ..Segment::default() });
        elf
    }

    #[test]
    fn in_a_library_it_fails() {
        assert_eq!(about(library()).ask(&RULE), []);
        assert_eq!(about(with_static_tls(program())).ask(&RULE), []);
        let found = about(with_static_tls(library())).ask(&RULE);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].level, Level::Warning);
    }

    #[test]
    fn of_go_it_says_what_can_be_done() {
        let of = |size, triple| {
            let mut found = about(with_go(size)).target(triple).ask(&RULE);
            (found.len(), found.remove(0))
        };
        let (count, small) = of(88, "aarch64-unknown-linux-gnu");
        assert_eq!((count, small.level, small.hint), (1, Level::Note, None));
        let (_, big) = of(1000, "aarch64-unknown-linux-gnu");
        assert_eq!(big.level, Level::Warning);
        let tunable = "export GLIBC_TUNABLES=glibc.rtld.optional_static_tls=1512";
        assert_eq!(big.hint.as_deref(), Some(tunable));
        let (_, musl) = of(88, "aarch64-unknown-linux-musl");
        assert_eq!(musl.level, Level::Warning);
        assert!(musl.why.contains("always"), "{musl:?}");
    }
}
