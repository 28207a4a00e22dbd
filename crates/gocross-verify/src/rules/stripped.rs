//! `stripped`: symbols are there or not, as asked.

use crate::finding::{Finding, Level};
use crate::question::Object;
use crate::rule::{Check, Rule};

/// The rule.
pub(crate) const RULE: Rule = Rule {
    code: "stripped",
    level: Level::Warning,
    summary: "programs and libraries are stripped or not, as the configuration asks",
    why: "symbols take room and tell names; without them a crash tells nothing",
    page: include_str!("stripped.md"),
    check: Check::Object(check),
};

fn check(object: &Object<'_>, found: &mut Vec<Finding>) {
    let Some(wanted) = object.question.expected.stripped else { return };
    let elf = object.elf;
    if !elf.kind.is_loaded() || (elf.is_stripped() && !elf.has_debug_info()) == wanted {
        return;
    }
    let (message, setting) =
        if wanted { ("is not stripped", "symbols") } else { ("is stripped", "none") };
    let help = format!("set `strip = \"{setting}\"` in `[profile.release]` of `Cargo.toml`");
    found.push(object.finding(&RULE, message).section(b".symtab").help(help));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Expected;
    use crate::testing::{about, program};

    #[test]
    fn as_asked() {
        let asked = |stripped| Expected { stripped: Some(stripped), ..Expected::default() };
        assert_eq!(about(program()).ask(&RULE), []);
        assert_eq!(about(program()).expected(asked(true)).ask(&RULE), []);
        assert_eq!(about(program()).expected(asked(false)).ask(&RULE).len(), 1);
    }
}
