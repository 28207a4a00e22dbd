//! `build-id`: the file has a build ID.

use crate::finding::{Finding, Level};
use crate::question::Object;
use crate::rule::{Check, Rule};

/// The rule.
pub(crate) const RULE: Rule = Rule {
    code: "build-id",
    level: Level::Note,
    summary: "`.note.gnu.build-id` is there",
    why: "debuggers and crash reports find the debug information of a file by it",
    page: include_str!("build-id.md"),
    check: Check::Object(check),
};

fn check(object: &Object<'_>, found: &mut Vec<Finding>) {
    if object.elf.kind.is_loaded() && object.elf.build_id.is_none() {
        let finding = object.finding(&RULE, "has no build ID").section(b".note.gnu.build-id");
        found.push(finding.help("link with `-Wl,--build-id`"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{about, object, program};

    #[test]
    fn with_and_without() {
        let mut elf = program();
        assert_eq!(about(elf.clone()).ask(&RULE), []);
        assert_eq!(about(object(&[])).ask(&RULE), []);
        elf.build_id = None;
        assert_eq!(about(elf).ask(&RULE).len(), 1);
    }
}
