//! `wrong-machine`: machine, width and byte order are those of the target.

use gocross_diagnostic::hint;
use gocross_elf::Identity;
use gocross_targets::{Class, Endian, Target};

use crate::finding::{Finding, Level, lossy};
use crate::question::{Object, Question, Subject, objects};
use crate::rule::{Check, Rule};

/// The rule.
pub(crate) const RULE: Rule = Rule {
    code: "wrong-machine",
    level: Level::Error,
    summary: "machine, width and byte order are those of the target",
    why: "the kernel refuses it with `Exec format error`, a linker with `file in wrong format`",
    page: include_str!("wrong-machine.md"),
    check: Check::Subject(check),
};

fn check(question: &Question<'_>, subject: &Subject<'_>, found: &mut Vec<Finding>) {
    if let Some(row) = subject.row() {
        let wrong = objects(question, subject).filter(|object| !fits(&object.elf.identity, row));
        found.extend(wrong.map(|object| against_row(&object, row)));
        return;
    }
    // Without a row, the members of an archive are still for one machine.
    let mut all = objects(question, subject);
    let Some(first) = all.next() else { return };
    let name = lossy(first.member.unwrap_or_default());
    let want = machine(&first.elf.identity);
    for object in all.filter(|object| machine(&object.elf.identity) != want) {
        let is = machine(&object.elf.identity);
        found.push(object.finding(&RULE, format!("is for {is}, and `{name}` for {want}")));
    }
}

fn against_row(object: &Object<'_>, row: &Target) -> Finding {
    let want = machine(&Identity {
        machine: row.elf.machine,
        is_64: row.elf.class == Class::Elf64,
        big_endian: row.elf.endian == Endian::Big,
        ..Identity::default()
    });
    let is = machine(&object.elf.identity);
    object
        .finding(&RULE, format!("is for {is}, `{}` is {want}", row.triple))
        .hint(hint!("cargo gocross doctor --target {}", row.triple))
}

/// Whether a header is that of a target. The ABI's bits of its flags have a rule of their own.
pub(super) fn fits(identity: &Identity, row: &Target) -> bool {
    identity.machine == row.elf.machine
        && identity.is_64 == (row.elf.class == Class::Elf64)
        && identity.big_endian == (row.elf.endian == Endian::Big)
}

/// A machine in words.
fn machine(identity: &Identity) -> String {
    let bits = if identity.is_64 { 64 } else { 32 };
    let order = if identity.big_endian { "big" } else { "little" };
    format!("{} ({bits}-bit, {order}-endian)", identity.machine_name())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{AARCH64, about, about_files, archive, messages, object, program};

    #[test]
    fn the_target_s_own_machine_passes() {
        assert_eq!(about(program()).ask(&RULE), []);
        assert_eq!(about_files(vec![("a.a", archive(vec![("a.o", object(&[]))]))]).ask(&RULE), []);
    }

    #[test]
    fn another_machine_fails() {
        let found = about(program()).target(AARCH64).ask(&RULE);
        assert_eq!(
            messages(&found),
            [
                "is for x86-64 (64-bit, little-endian), `aarch64-unknown-linux-gnu` is AArch64 (64-bit, little-endian)"
            ]
        );
    }

    #[test]
    fn members_of_two_machines_fail_without_a_target() {
        let mut other = object(&[]);
        other.identity.machine = 183;
        let files = vec![("a.a", archive(vec![("a.o", object(&[])), ("b.o", other)]))];
        let found = about_files(files).target(None).ask(&RULE);
        assert_eq!(found[0].places[0].member.as_deref(), Some("b.o"));
    }
}
