//! `os-abi`: the file is for Linux.

use crate::finding::{Finding, Level};
use crate::question::Object;
use crate::rule::{Check, Rule};

/// The rule.
pub(crate) const RULE: Rule = Rule {
    code: "os-abi",
    level: Level::Error,
    summary: "`EI_OSABI` is System V or GNU",
    why: "the dynamic linker refuses it: `ELF file OS ABI invalid`",
    page: include_str!("os-abi.md"),
    check: Check::Object(check),
};

/// `ELFOSABI_SYSV` and `ELFOSABI_GNU`: what the dynamic linkers of Linux take.
const OF_LINUX: [u8; 2] = [0, 3];

fn check(object: &Object<'_>, found: &mut Vec<Finding>) {
    let os_abi = object.elf.identity.os_abi;
    if !OF_LINUX.contains(&os_abi) {
        found.push(object.finding(&RULE, format!("`EI_OSABI` is {os_abi}{}", name(os_abi))));
    }
}

fn name(os_abi: u8) -> &'static str {
    match os_abi {
        2 => ", NetBSD",
        6 => ", Solaris",
        9 => ", FreeBSD",
        12 => ", OpenBSD",
        64 => ", ARM EABI",
        97 => ", ARM",
        255 => ", a program without a system",
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{about, messages, program};

    #[test]
    fn system_v_and_gnu_pass() {
        let mut elf = program();
        elf.identity.os_abi = 3;
        assert_eq!(about(elf).ask(&RULE), []);
        assert_eq!(about(program()).ask(&RULE), []);
    }

    #[test]
    fn another_system_fails() {
        let mut elf = program();
        elf.identity.os_abi = 9;
        assert_eq!(messages(&about(elf).ask(&RULE)), ["`EI_OSABI` is 9, FreeBSD"]);
    }
}
