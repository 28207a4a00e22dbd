//! `wrong-flags`: the ABI's bits of `e_flags` are those of the target.

use crate::finding::{Finding, Level};
use crate::question::Object;
use crate::rule::{Check, Rule};
use crate::rules::{float_abi, wrong_machine};

/// The rule.
pub(crate) const RULE: Rule = Rule {
    code: "wrong-flags",
    level: Level::Error,
    summary: "the ABI that `e_flags` names is that of the target",
    why: "functions pass their arguments in another way, and loaders refuse the file",
    page: include_str!("wrong-flags.md"),
    check: Check::Object(check),
};

fn check(object: &Object<'_>, found: &mut Vec<Finding>) {
    let Some(row) = object.row() else { return };
    let flags = object.elf.identity.flags & row.elf.flags_mask;
    // Flags of another machine mean nothing here, and the float ABI is told in words.
    if flags == row.elf.flags
        || !wrong_machine::fits(&object.elf.identity, row)
        || !float_abi::fits(object.elf, row)
    {
        return;
    }
    found.push(object.finding(
        &RULE,
        format!("`e_flags` names the ABI {flags:#x}, `{}` is {:#x}", row.triple, row.elf.flags),
    ));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{MIPSEL, about, messages, program};

    fn mips(flags: u32) -> gocross_elf::Elf<'static> {
        let mut elf = program();
        (elf.identity.machine, elf.identity.is_64, elf.identity.flags) = (8, false, flags);
        elf
    }

    #[test]
    fn the_abi_of_the_target_passes_whatever_the_instruction_set() {
        assert_eq!(about(mips(0x7000_1007)).target(MIPSEL).ask(&RULE), []);
        assert_eq!(about(mips(0x5000_1005)).target(MIPSEL).ask(&RULE), []);
    }

    #[test]
    fn another_abi_fails() {
        let found = about(mips(0x6000_0020)).target(MIPSEL).ask(&RULE);
        assert_eq!(
            messages(&found),
            ["`e_flags` names the ABI 0x20, `mipsel-unknown-linux-gnu` is 0x1000"]
        );
    }
}
