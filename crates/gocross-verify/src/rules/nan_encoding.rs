//! `nan-encoding`: NaN is encoded as the target's C library does.

use crate::finding::{Finding, Level, lossy};
use crate::question::{Question, Subject, objects};
use crate::rule::{Check, Rule};

/// The rule.
pub(crate) const RULE: Rule = Rule {
    code: "nan-encoding",
    level: Level::Error,
    summary: "MIPS files of both NaN encodings are not mixed",
    why: "the kernel and the dynamic linker refuse a file whose encoding the processor or the other libraries have not",
    page: include_str!("nan-encoding.md"),
    check: Check::Subject(check),
};

fn check(question: &Question<'_>, subject: &Subject<'_>, found: &mut Vec<Finding>) {
    let mut all = objects(question, subject).filter(|object| object.elf.nan2008.is_some());
    // Every row is for the older encoding, which all MIPS processors before release 6 have.
    if let Some(row) = subject.row() {
        for object in all.filter(|object| object.elf.nan2008 == Some(true)) {
            let message =
                format!("has NaN as in IEEE 754-2008, `{}` has the older way", row.triple);
            found.push(object.finding(&RULE, message).help("compile with `-mnan=legacy`"));
        }
        return;
    }
    let Some(first) = all.next() else { return };
    let name = lossy(first.member.unwrap_or_default());
    for object in all.filter(|object| object.elf.nan2008 != first.elf.nan2008) {
        found.push(object.finding(&RULE, format!("encodes NaN in another way than `{name}`")));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{MIPSEL, about, about_files, archive, object};

    fn mips(nan2008: bool) -> gocross_elf::Elf<'static> {
        let mut elf = object(&[]);
        elf.nan2008 = Some(nan2008);
        elf
    }

    #[test]
    fn the_older_encoding_passes() {
        assert_eq!(about(mips(false)).target(MIPSEL).ask(&RULE), []);
    }

    #[test]
    fn the_newer_one_fails_and_so_does_a_mixture() {
        assert_eq!(about(mips(true)).target(MIPSEL).ask(&RULE).len(), 1);
        let members = vec![("a.o", mips(false)), ("b.o", mips(true))];
        assert_eq!(about_files(vec![("a.a", archive(members))]).target(None).ask(&RULE).len(), 1);
    }
}
