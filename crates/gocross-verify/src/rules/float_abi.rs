//! `float-abi`: numbers with a point are passed as the target passes them, everywhere.

use gocross_elf::{Elf, FloatAbi};
use gocross_targets::Target;

use crate::finding::{Finding, Level, lossy};
use crate::question::{Question, Subject, objects};
use crate::rule::{Check, Rule};
use crate::rules::wrong_machine;

/// The rule.
pub(crate) const RULE: Rule = Rule {
    code: "float-abi",
    level: Level::Error,
    summary: "soft and hard float are not mixed",
    why: "a caller puts the number into one register and the function reads another: wrong results, or `Illegal instruction` where there is no such unit",
    page: include_str!("float-abi.md"),
    check: Check::Subject(check),
};

fn check(question: &Question<'_>, subject: &Subject<'_>, found: &mut Vec<Finding>) {
    if let Some(row) = subject.row() {
        for object in objects(question, subject).filter(|object| !fits(object.elf, row)) {
            let is = object.elf.float_abi.map_or("", FloatAbi::as_str);
            let message = format!("is {is}, `{}` is {}", row.triple, wanted(row).as_str());
            found.push(object.finding(&RULE, message));
        }
        return;
    }
    // Without a row, the members of an archive still have to fit each other.
    let says = |elf: &Elf<'_>| elf.float_abi.filter(|float| *float != FloatAbi::Any);
    let mut saying = objects(question, subject).filter(|object| says(object.elf).is_some());
    let Some(first) = saying.next() else { return };
    let name = lossy(first.member.unwrap_or_default());
    for object in saying.filter(|object| says(object.elf) != says(first.elf)) {
        let [is, other] = [object.elf, first.elf].map(|elf| says(elf).map_or("", FloatAbi::as_str));
        found.push(object.finding(&RULE, format!("is {is}, and `{name}` is {other}")));
    }
}

/// Whether a file passes numbers as a target does, or says nothing of it.
pub(super) fn fits(elf: &Elf<'_>, row: &Target) -> bool {
    !wrong_machine::fits(&elf.identity, row)
        || elf.float_abi.is_none_or(|float| float.fits(wanted(row)))
}

fn wanted(row: &Target) -> FloatAbi {
    if row.elf.soft_float { FloatAbi::Soft } else { FloatAbi::Hard }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{ARMHF, about, about_files, archive, messages, object};

    fn arm(float: FloatAbi) -> Elf<'static> {
        let mut elf = object(&[]);
        (elf.identity.machine, elf.identity.is_64) = (40, false);
        elf.float_abi = Some(float);
        elf
    }

    #[test]
    fn the_target_s_own_passes_and_so_does_what_passes_none() {
        for float in [FloatAbi::Hard, FloatAbi::Any] {
            assert_eq!(about(arm(float)).target(ARMHF).ask(&RULE), []);
        }
    }

    #[test]
    fn soft_float_on_a_hard_float_target_fails() {
        let found = about(arm(FloatAbi::Soft)).target(ARMHF).ask(&RULE);
        assert_eq!(
            messages(&found),
            ["is soft float, `armv7-unknown-linux-gnueabihf` is hard float"]
        );
    }

    #[test]
    fn members_that_differ_fail_without_a_target() {
        let members = [FloatAbi::Any, FloatAbi::Hard, FloatAbi::Soft].map(arm);
        let members = ["a.o", "b.o", "c.o"].into_iter().zip(members).collect();
        let found = about_files(vec![("a.a", archive(members))]).target(None).ask(&RULE);
        assert_eq!(messages(&found), ["is soft float, and `b.o` is hard float"]);
    }
}
