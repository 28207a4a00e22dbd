//! `text-relocations`: code is not changed when it is loaded.

use crate::finding::{Finding, Level};
use crate::question::Object;
use crate::rule::{Check, Rule};

/// The rule.
pub(crate) const RULE: Rule = Rule {
    code: "text-relocations",
    level: Level::Error,
    summary: "no `DT_TEXTREL`",
    why: "SELinux and musl refuse to load it, and no two processes share its code",
    page: include_str!("text-relocations.md"),
    check: Check::Object(check),
};

fn check(object: &Object<'_>, found: &mut Vec<Finding>) {
    if object.elf.dynamic.as_ref().is_some_and(|dynamic| dynamic.text_relocations) {
        let message = "has relocations in its code";
        found.push(object.finding(&RULE, message).hint(
            "compile all objects with `-fPIC`, and link with `-Wl,-z,text` to see which are not",
        ));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{about, program};

    #[test]
    fn with_and_without() {
        let mut elf = program();
        assert_eq!(about(elf.clone()).ask(&RULE), []);
        elf.dynamic.as_mut().unwrap().text_relocations = true;
        assert_eq!(about(elf).ask(&RULE).len(), 1);
    }
}
