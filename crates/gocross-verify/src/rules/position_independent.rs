//! `position-independent`: a program lies at another address each time, where its target can.

use gocross_elf::Type;
use gocross_targets::CArchive;

use crate::finding::{Finding, Level};
use crate::question::Object;
use crate::rule::{Check, Rule};

/// The rule.
pub(crate) const RULE: Rule = Rule {
    code: "position-independent",
    level: Level::Warning,
    summary: "programs are position-independent, where the target's row says that they can be",
    why: "an attacker knows where everything lies",
    page: include_str!("position-independent.md"),
    check: Check::Object(check),
};

fn check(object: &Object<'_>, found: &mut Vec<Finding>) {
    let Some(row) = object.row() else { return };
    // Go's code from the overlay is position-dependent, so the program has to be; and rustc
    // makes static programs of either kind.
    let may = row.go.c_archive == CArchive::ByOverlay || object.elf.is_static();
    if object.elf.kind == Type::Executable && !may {
        let message = "lies at a fixed address";
        found.push(object.finding(&RULE, message).help("link with `-pie`"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{MIPSEL, about, program, static_program};

    #[test]
    fn as_the_row_says() {
        let mut fixed = program();
        fixed.kind = Type::Executable;
        assert_eq!(about(program()).ask(&RULE), []);
        assert_eq!(about(static_program()).ask(&RULE), []);
        assert_eq!(about(fixed.clone()).target(MIPSEL).ask(&RULE), []);
        assert_eq!(about(fixed).ask(&RULE).len(), 1);
    }
}
