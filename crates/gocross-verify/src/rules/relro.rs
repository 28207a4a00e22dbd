//! `relro`: tables of addresses are read-only after relocation.

use crate::finding::{Finding, Level};
use crate::question::Object;
use crate::rule::{Check, Rule};

/// The rule.
pub(crate) const RULE: Rule = Rule {
    code: "relro",
    level: Level::Warning,
    summary: "`PT_GNU_RELRO` is there",
    why: "whoever can write one word can lead a call anywhere",
    page: include_str!("relro.md"),
    check: Check::Object(check),
};

fn check(object: &Object<'_>, found: &mut Vec<Finding>) {
    if object.elf.kind.is_loaded() && object.elf.dynamic.is_some() && !object.elf.relro() {
        let message = "its tables of addresses stay writable";
        found.push(object.finding(&RULE, message).help("link with `-Wl,-z,relro`"));
    }
}

#[cfg(test)]
mod tests {
    use gocross_elf::Segment;

    use super::*;
    use crate::testing::{about, program, static_program};

    #[test]
    fn with_and_without() {
        let mut elf = program();
        assert_eq!(about(elf.clone()).ask(&RULE), []);
        assert_eq!(about(static_program()).ask(&RULE), []);
        elf.segments.retain(|segment| segment.kind != Segment::GNU_RELRO);
        assert_eq!(about(elf).ask(&RULE).len(), 1);
    }
}
