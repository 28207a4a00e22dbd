//! `libc-mix`: one C library in a program, and the one of its target.

use gocross_elf::{Elf, Type};
use gocross_targets::Libc;

use crate::finding::{Finding, Level, lossy};
use crate::infer::{asks_for_glibc, is_musl_library, libc_of};
use crate::question::Object;
use crate::rule::{Check, Rule};

/// The rule.
pub(crate) const RULE: Rule = Rule {
    code: "libc-mix",
    level: Level::Error,
    summary: "glibc and musl are not mixed",
    why: "the two have other types, other sizes and other symbols: the program does not start, or breaks later; another `DT_NEEDED` does not mend it",
    page: include_str!("libc-mix.md"),
    check: Check::Object(check),
};

fn check(object: &Object<'_>, found: &mut Vec<Finding>) {
    let elf = object.elf;
    if elf.kind == Type::Relocatable {
        found.extend(relocatable(object));
        return;
    }
    let musl =
        elf.dynamic.iter().flat_map(|dynamic| &dynamic.needed).find(|name| is_musl_library(name));
    let host = libc_of(elf);
    if let Some(path) = elf.interpreter.map(lossy) {
        let message = match host {
            Some(Libc::Musl) if asks_for_glibc(elf) => {
                format!("is started by `{path}` of musl, and asks for symbols of glibc")
            }
            Some(Libc::Gnu) if musl.is_some() => {
                format!(
                    "is started by `{path}` of glibc, and needs musl's `{}`",
                    lossy(musl.copied().unwrap_or_default())
                )
            }
            _ => String::new(),
        };
        if !message.is_empty() {
            found.push(with_versions(object.finding(&RULE, message), elf));
            return;
        }
    }
    found.extend(against_target(object, host));
}

/// A program's interpreter has a rule of its own, so this is about libraries and about policies.
fn against_target(object: &Object<'_>, libc: Option<Libc>) -> Option<Finding> {
    let libc = libc.filter(|_| !object.elf.is_static())?;
    let name = |libc| if libc == Libc::Gnu { "glibc" } else { "musl" };
    if let Some(policy) = object.policy()
        && policy.libc != libc
    {
        let message =
            format!("is linked with {}, `{}` has {}", name(libc), policy.name, name(policy.libc));
        return Some(with_versions(object.finding(&RULE, message), object.elf));
    }
    let row = object.row().filter(|row| row.libc != libc && object.elf.interpreter.is_none())?;
    let message =
        format!("is linked with {}, `{}` is for {}", name(libc), row.triple, name(row.libc));
    Some(with_versions(object.finding(&RULE, message), object.elf))
}

fn with_versions(finding: Finding, elf: &Elf<'_>) -> Finding {
    let versioned = elf.imports().filter_map(|(symbol, version)| {
        Some((symbol, version.filter(|version| version.name.starts_with(b"GLIBC_"))?))
    });
    versioned.take(3).fold(finding, |finding, (symbol, version)| {
        finding.detail(format!("`{}` of {}", lossy(symbol.name()), lossy(version.name)))
    })
}

/// An object that was compiled with the headers of glibc, for a target with musl.
fn relocatable(object: &Object<'_>) -> Option<Finding> {
    object.row().filter(|row| row.libc == Libc::Musl)?;
    let of_glibc = |symbol: &gocross_elf::Symbol<'_>| {
        symbol.is_undefined()
            && symbol.begins_with(b"__")
            && (symbol.begins_with(b"__isoc") || symbol.name().ends_with(b"_chk"))
    };
    let symbol = object.elf.symbols.iter().find(of_glibc)?;
    let message = "was compiled with the headers of glibc, which musl's linker cannot satisfy";
    Some(object.finding(&RULE, message).symbol(symbol.name()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{
        X86_64_MUSL, about, compiled, library, messages, object, program, static_program,
    };

    #[test]
    fn one_library_passes() {
        assert_eq!(about(program()).policy("debian-12").ask(&RULE), []);
        assert_eq!(about(static_program()).target(X86_64_MUSL).policy("alpine").ask(&RULE), []);
        assert_eq!(
            about(object(&["__stack_chk_fail?", "puts?"])).target(X86_64_MUSL).ask(&RULE),
            []
        );
    }

    #[test]
    fn a_program_of_glibc_with_the_interpreter_of_musl_fails() {
        let mut elf = compiled("#include <stdio.h>\nint main(void) { return puts(\"\"); }", &[]);
        elf.interpreter = Some(b"/lib/ld-musl-x86_64.so.1");
        let found = about(elf).target(X86_64_MUSL).ask(&RULE);
        assert_eq!(
            messages(&found),
            ["is started by `/lib/ld-musl-x86_64.so.1` of musl, and asks for symbols of glibc"]
        );
        assert!(found[0].details.iter().any(|line| line.contains("GLIBC_2.")), "{found:?}");
    }

    #[test]
    fn another_library_than_the_target_or_the_policy_has_fails() {
        assert_eq!(about(library()).target(X86_64_MUSL).ask(&RULE).len(), 1);
        assert_eq!(
            messages(&about(program()).policy("alpine").ask(&RULE)),
            ["is linked with glibc, `alpine` has musl"]
        );
        assert_eq!(about(object(&["__printf_chk?"])).target(X86_64_MUSL).ask(&RULE).len(), 1);
        let mut mixed = program();
        mixed.dynamic.as_mut().unwrap().needed.push(b"libc.musl-x86_64.so.1");
        assert_eq!(about(mixed).ask(&RULE).len(), 1);
    }
}
