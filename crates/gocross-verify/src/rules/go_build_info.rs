//! `go-build-info`: a file with Go in it tells which Go and which modules.

use crate::finding::{Finding, Level};
use crate::question::Object;
use crate::rule::{Check, Rule};

/// The rule.
pub(crate) const RULE: Rule = Rule {
    code: "go-build-info",
    level: Level::Warning,
    summary: "Go's record of versions is there and can be read",
    why: "`go version -m` and scanners for vulnerable modules find nothing in the file",
    page: include_str!("go-build-info.md"),
    check: Check::Object(check),
};

fn check(object: &Object<'_>, found: &mut Vec<Finding>) {
    let elf = object.elf;
    if !elf.kind.is_loaded() || !elf.has_go_runtime() {
        return;
    }
    let message = match elf.go.first() {
        None => "holds Go's runtime and no record of its version",
        Some(info) if info.version.is_empty() => "the record of Go's version cannot be read",
        Some(_) => return,
    };
    let help = "link without `--gc-sections`, or keep the section `.go.buildinfo`";
    found.push(object.finding(&RULE, message).section(b".go.buildinfo").help(help));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{about, program, with_section};

    #[test]
    fn a_program_without_go_passes() {
        assert_eq!(about(program()).ask(&RULE), []);
    }

    #[test]
    fn a_runtime_without_a_record_fails() {
        let elf = with_section(program(), ".gopclntab", 1, 2);
        assert_eq!(about(elf).ask(&RULE).len(), 1);
    }
}
