//! `writable-code`: nothing is writable and executable at once.

use gocross_elf::{Section, Segment, Type};

use crate::finding::{Finding, Level};
use crate::question::Object;
use crate::rule::{Check, Rule};

/// The rule.
pub(crate) const RULE: Rule = Rule {
    code: "writable-code",
    level: Level::Error,
    summary: "no segment is writable and executable",
    why: "whatever is written there can be run; SELinux and OpenBSD-like kernels refuse it",
    page: include_str!("writable-code.md"),
    check: Check::Object(check),
};

fn check(object: &Object<'_>, found: &mut Vec<Finding>) {
    let elf = object.elf;
    if elf.kind == Type::Relocatable {
        const BOTH: u64 = Section::ALLOC | Section::WRITE | Section::EXECINSTR;
        for section in elf.sections.iter().filter(|section| section.flags & BOTH == BOTH) {
            let message = "has a section that is writable and executable";
            found.push(object.finding(&RULE, message).section(section.name));
        }
        return;
    }
    let both = |segment: &&Segment| {
        segment.kind == Segment::LOAD && segment.writable() && segment.executable()
    };
    for segment in elf.segments.iter().filter(both) {
        let message = format!("the segment at {:#x} is writable and executable", segment.address);
        found.push(object.finding(&RULE, message).help("link without `-Wl,-N` (`--omagic`)"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{about, object, program, with_section};

    #[test]
    fn one_or_the_other_passes() {
        assert_eq!(about(program()).ask(&RULE), []);
        assert_eq!(about(with_section(object(&[]), ".data", 1, 3)).ask(&RULE), []);
    }

    #[test]
    fn both_at_once_fail() {
        let mut elf = program();
        elf.segments.push(Segment {
            kind: Segment::LOAD,
            flags: 7,
            address: 0x1000,
            ..Segment::default()
        });
        assert_eq!(about(elf).ask(&RULE).len(), 1);
        assert_eq!(about(with_section(object(&[]), ".both", 1, 7)).ask(&RULE).len(), 1);
    }
}
