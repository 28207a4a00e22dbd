//! `text-relocations`: code is not changed when it is loaded.

use gocross_elf::{Elf, Segment};

use crate::finding::{Finding, Level};
use crate::question::Object;
use crate::rule::{Check, Rule};

const EM_MIPS: u16 = 8;
/// `PF_W`.
const WRITABLE: u32 = 2;

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
    if !object.elf.dynamic.as_ref().is_some_and(|dynamic| dynamic.text_relocations) {
        return;
    }
    let finding = if changes_code(object.elf) {
        object.finding(&RULE, "has relocations in its code").help(
            "compile all objects with `-fPIC`, and link with `-Wl,-z,text` to see which are not",
        )
    } else {
        // GNU ld 2.40 does so for RISC-V, where one object uses the thread-local variables of
        // another by the model local-exec.
        object
            .finding(&RULE, "says that it has relocations in its code, and has none")
            .level(Level::Warning)
            .help("link with lld or zig: GNU ld sets `DT_TEXTREL` in vain for RISC-V")
    };
    found.push(finding);
}

/// Whether a relocation that does something lies where the program does not write.
fn changes_code(elf: &Elf<'_>) -> bool {
    /// `R_…_NONE`, on every architecture.
    const NONE: u32 = 0;
    // 64-bit MIPS has relocations of a form of its own, which are not read.
    if elf.identity.is_64 && elf.identity.machine == EM_MIPS {
        return true;
    }
    let is_read_only = |address: u64| {
        elf.segments.iter().any(|segment| {
            segment.kind == Segment::LOAD
                && segment.flags & WRITABLE == 0
                && address.checked_sub(segment.address).is_some_and(|at| at < segment.memory_size)
        })
    };
    elf.dynamic_relocations()
        .any(|relocation| relocation.kind != NONE && is_read_only(relocation.offset))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{about, program};

    #[test]
    fn a_flag_without_a_relocation_is_a_warning() {
        let mut elf = program();
        assert_eq!(about(elf.clone()).ask(&RULE), []);
        elf.dynamic.as_mut().unwrap().text_relocations = true;
        let found = about(elf).ask(&RULE);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].level, Level::Warning);
    }
}
