//! `executable-stack`: the stack is not executable.

use crate::finding::{Finding, Level};
use crate::question::Object;
use crate::rule::{Check, Rule};

/// The rule.
pub(crate) const RULE: Rule = Rule {
    code: "executable-stack",
    level: Level::Error,
    summary: "the stack is not executable",
    why: "whatever is written over the end of a buffer can be run; hardened kernels refuse the program",
    page: include_str!("executable-stack.md"),
    check: Check::Object(check),
};

/// `EM_MIPS`: kernels before 4.8 emulate a missing floating-point unit with code on the stack, so
/// the start files of C libraries for it still ask for one.
const MIPS: u16 = 8;

fn check(object: &Object<'_>, found: &mut Vec<Finding>) {
    if object.elf.executable_stack() == Some(true) {
        let section: &[u8] = match object.elf.kind {
            gocross_elf::Type::Relocatable => b".note.GNU-stack",
            _ => b"PT_GNU_STACK",
        };
        let help = "assemble with `-Wa,--noexecstack`, link with `-Wl,-z,noexecstack`";
        let finding = object.finding(&RULE, "asks for an executable stack");
        let finding = finding.section(section).help(help);
        found.push(match object.elf.identity.machine {
            MIPS => finding.level(Level::Note),
            _ => finding,
        });
    }
}

#[cfg(test)]
mod tests {
    use gocross_elf::Segment;

    use super::*;
    use crate::testing::{about, object, program, with_section};

    #[test]
    fn a_stack_of_data_passes() {
        assert_eq!(about(program()).ask(&RULE), []);
        assert_eq!(about(with_section(object(&[]), ".note.GNU-stack", 1, 0)).ask(&RULE), []);
    }

    #[test]
    fn an_executable_one_fails() {
        let mut elf = program();
        elf.segments.retain(|segment| segment.kind != Segment::GNU_STACK);
        elf.segments.push(Segment { kind: Segment::GNU_STACK, flags: 7, ..Segment::default() });
        assert_eq!(about(elf).ask(&RULE).len(), 1);
        assert_eq!(about(with_section(object(&[]), ".note.GNU-stack", 1, 4)).ask(&RULE).len(), 1);
    }
}
