//! `tls-model`: a library's thread-local storage can be made when it is loaded.

use gocross_elf::{Segment, Type};
use gocross_targets::Libc;

use crate::finding::{Finding, Level};
use crate::question::Object;
use crate::rule::{Check, Rule};

/// The rule.
pub(crate) const RULE: Rule = Rule {
    code: "tls-model",
    level: Level::Warning,
    summary: "a shared object that is loaded later does not ask for static thread-local storage",
    why: "`dlopen` fails where the program has no room left for it, on musl always",
    page: include_str!("tls-model.md"),
    check: Check::Object(check),
};

/// How many bytes of static thread-local storage glibc keeps for libraries that are loaded later,
/// all together: `_dl_tls_static_surplus_init` in glibc's `elf/dl-tls.c`, 3 * 192 + 4 * 144 for
/// its namespaces and 512 for `glibc.rtld.optional_static_tls`. Before 2.32 it was
/// `TLS_STATIC_SURPLUS`, 64 + 16 * 100.
const GLIBC_SURPLUS: u64 = 1664;
/// What of it that tunable adds, in bytes.
const GLIBC_OPTIONAL: u64 = 512;

fn check(object: &Object<'_>, found: &mut Vec<Finding>) {
    let elf = object.elf;
    let static_tls = elf.dynamic.as_ref().is_some_and(|dynamic| dynamic.static_tls);
    let size = elf.segments.iter().find(|segment| segment.kind == Segment::TLS);
    // Without variables of its own it uses those of libraries that are there from the start.
    let size = size.map_or(0, |segment| segment.memory_size);
    if elf.kind != Type::SharedObject || !static_tls || size == 0 {
        return;
    }
    let of_go = elf.has_go_runtime();
    let whose = if of_go { "Go's runtime has" } else { "its code has" };
    let is_musl = object.row().is_some_and(|row| row.libc == Libc::Musl);
    let finding = if is_musl {
        let message = format!(
            "`dlopen` fails: {whose} the TLS model initial-exec, which musl accepts from the \
             program's start only"
        );
        object.finding(&RULE, message)
    } else if size > GLIBC_SURPLUS {
        let message = format!(
            "`dlopen` fails: it needs {size} bytes of static thread-local storage, and glibc keeps \
             {GLIBC_SURPLUS} for all libraries that are loaded later"
        );
        object.finding(&RULE, message)
    } else {
        let message = format!(
            "`dlopen` takes {size} of the {GLIBC_SURPLUS} bytes of static thread-local storage that \
             glibc keeps for all libraries that are loaded later"
        );
        object.finding(&RULE, message).level(Level::Note)
    };
    found.push(finding.help(help(size, of_go, is_musl)));
}

/// What helps. Go's compiler has no other model in a library (golang/go#54805).
fn help(size: u64, of_go: bool, is_musl: bool) -> String {
    let wanted = GLIBC_OPTIONAL + size.saturating_sub(GLIBC_SURPLUS).next_multiple_of(64);
    match (of_go, is_musl) {
        (false, _) => "compile with `-ftls-model=global-dynamic`".to_owned(),
        (true, true) => {
            "link the library into the program, with `-l` or as a `staticlib`".to_owned()
        }
        (true, false) if size > GLIBC_SURPLUS => {
            format!(
                "start the program with `GLIBC_TUNABLES=glibc.rtld.optional_static_tls={wanted}`"
            )
        }
        (true, false) => "where it is too much, link the library into the program, or set \
             `GLIBC_TUNABLES=glibc.rtld.optional_static_tls=1024` for it"
            .to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use gocross_elf::Elf;

    use super::*;
    use crate::testing::{X86_64_MUSL, about, library, messages, program, with_section};

    fn with(mut elf: Elf<'static>, size: u64) -> Elf<'static> {
        elf.dynamic.as_mut().unwrap().static_tls = true;
        elf.segments.push(Segment { kind: Segment::TLS, memory_size: size, ..Segment::default() });
        elf
    }

    fn go(elf: Elf<'static>) -> Elf<'static> {
        with_section(elf, ".gopclntab", 1, 2)
    }

    #[test]
    fn what_needs_nothing_of_the_programs_storage_passes() {
        assert_eq!(about(library()).ask(&RULE), []);
        assert_eq!(about(with(program(), 8)).ask(&RULE), []);
        assert_eq!(about(with(library(), 0)).ask(&RULE), []);
    }

    #[test]
    fn a_few_bytes_are_a_note_with_glibc() {
        let found = about(go(with(library(), 8))).ask(&RULE);
        assert_eq!(found[0].level, Level::Note);
        assert!(found[0].message.contains("takes 8 of the 1664 bytes"), "{found:?}");
        assert!(!found[0].help.as_deref().unwrap().contains("-ftls-model"), "{found:?}");
    }

    #[test]
    fn more_than_there_is_fails() {
        let found = about(go(with(library(), 4000))).ask(&RULE);
        assert_eq!(found[0].level, Level::Warning);
        let help = found[0].help.as_deref().unwrap();
        assert!(help.ends_with("GLIBC_TUNABLES=glibc.rtld.optional_static_tls=2880`"), "{help}");
        let found = about(with(library(), 4000)).ask(&RULE);
        assert!(found[0].help.as_deref().unwrap().contains("-ftls-model"), "{found:?}");
    }

    #[test]
    fn musl_takes_none() {
        let found = about(go(with(library(), 8))).target(X86_64_MUSL).ask(&RULE);
        assert_eq!(found[0].level, Level::Warning);
        let message = "`dlopen` fails: Go's runtime has the TLS model initial-exec, which musl \
                       accepts from the program's start only";
        assert_eq!(messages(&found), [message]);
    }
}
