//! `static-linking`: a program is static or not, as asked.

use crate::finding::{Finding, Level};
use crate::question::Object;
use crate::rule::{Check, Rule};
use gocross_diagnostic::hint;

/// The rule.
pub(crate) const RULE: Rule = Rule {
    code: "static-linking",
    level: Level::Error,
    summary: "programs are static or not, as the configuration asks",
    why: "a dynamic program does not start where its libraries are missing; a static one cannot load any",
    page: include_str!("static-linking.md"),
    check: Check::Object(check),
};

fn check(object: &Object<'_>, found: &mut Vec<Finding>) {
    let Some(wanted) = object.question.expected.is_static else { return };
    if !object.elf.kind.is_program() || object.elf.is_static() == wanted {
        return;
    }
    let message =
        if wanted { "is dynamic, and static is asked" } else { "is static, and dynamic is asked" };
    let feature = if wanted { '+' } else { '-' };
    let hint = hint!("export RUSTFLAGS=-Ctarget-feature={feature}crt-static");
    found.push(object.finding(&RULE, message).hint(hint));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Expected;
    use crate::testing::{about, library, program, static_program};

    #[test]
    fn what_is_asked_passes_and_the_other_fails() {
        let asked = |is_static| Expected { is_static: Some(is_static), ..Expected::default() };
        for (elf, is_static) in [(program(), false), (static_program(), true)] {
            assert_eq!(about(elf.clone()).ask(&RULE), []);
            assert_eq!(about(elf.clone()).expected(asked(is_static)).ask(&RULE), []);
            assert_eq!(about(elf).expected(asked(!is_static)).ask(&RULE).len(), 1);
        }
        assert_eq!(about(library()).expected(asked(true)).ask(&RULE), []);
    }
}
