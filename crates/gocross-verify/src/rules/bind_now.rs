//! `bind-now`: all symbols are looked up at the start.

use crate::finding::{Finding, Level};
use crate::question::Object;
use crate::rule::{Check, Rule};

/// The rule.
pub(crate) const RULE: Rule = Rule {
    code: "bind-now",
    level: Level::Note,
    summary: "`DF_BIND_NOW` is set",
    why: "the table of functions stays writable, and a missing symbol is found late",
    page: include_str!("bind-now.md"),
    check: Check::Object(check),
};

fn check(object: &Object<'_>, found: &mut Vec<Finding>) {
    if object.elf.dynamic.as_ref().is_some_and(|dynamic| !dynamic.bind_now) {
        let message = "looks up functions at their first call";
        found.push(object.finding(&RULE, message).help("link with `-Wl,-z,now`"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{about, program, static_program};

    #[test]
    fn with_and_without() {
        let mut elf = program();
        assert_eq!(about(elf.clone()).ask(&RULE), []);
        assert_eq!(about(static_program()).ask(&RULE), []);
        elf.dynamic.as_mut().unwrap().bind_now = false;
        assert_eq!(about(elf).ask(&RULE).len(), 1);
    }
}
