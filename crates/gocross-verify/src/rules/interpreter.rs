//! `interpreter`: a program names the dynamic linker of its target.

use crate::finding::{Finding, Level, lossy};
use crate::question::Object;
use crate::rule::{Check, Rule};
use gocross_diagnostic::hint;

/// The rule.
pub(crate) const RULE: Rule = Rule {
    code: "interpreter",
    level: Level::Error,
    summary: "`PT_INTERP` is the target's own dynamic linker",
    why: "the kernel says `No such file or directory` of a program that is there, because its interpreter is not",
    page: include_str!("interpreter.md"),
    check: Check::Object(check),
};

fn check(object: &Object<'_>, found: &mut Vec<Finding>) {
    let elf = object.elf;
    let Some(row) = object.row().filter(|_| elf.kind.is_program()) else { return };
    let needs = elf.dynamic.iter().any(|dynamic| !dynamic.needed.is_empty());
    let message = match elf.interpreter {
        Some(path) if path == row.interpreter.as_bytes() => return,
        Some(path) => format!(
            "asks for the interpreter `{}`, `{}` has `{}`",
            lossy(path),
            row.triple,
            row.interpreter
        ),
        None if needs => "needs libraries, and names no interpreter to load them".to_owned(),
        None => return,
    };
    let hint = hint!("cargo gocross build --target {}", row.triple);
    found.push(object.finding(&RULE, message).section(b".interp").hint(hint));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{X86_64_MUSL, about, library, messages, program, static_program};

    #[test]
    fn the_target_s_own_passes_and_so_does_none_where_none_is_needed() {
        for elf in [program(), static_program(), library()] {
            assert_eq!(about(elf).ask(&RULE), []);
        }
    }

    #[test]
    fn another_one_fails() {
        let found = about(program()).target(X86_64_MUSL).ask(&RULE);
        assert_eq!(
            messages(&found),
            ["asks for the interpreter `/lib64/ld-linux-x86-64.so.2`, \
              `x86_64-unknown-linux-musl` has `/lib/ld-musl-x86_64.so.1`"]
        );
    }

    #[test]
    fn libraries_without_an_interpreter_fail() {
        let mut elf = program();
        elf.interpreter = None;
        assert_eq!(about(elf).ask(&RULE).len(), 1);
    }
}
