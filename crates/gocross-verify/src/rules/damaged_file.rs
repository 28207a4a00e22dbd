//! `damaged-file`: nothing points outside of the file.

use crate::finding::{Finding, Level};
use crate::question::{Question, Subject};
use crate::rule::{Check, Rule};

/// The rule.
pub(crate) const RULE: Rule = Rule {
    code: "damaged-file",
    level: Level::Error,
    summary: "the file is whole",
    why: "the loader or the linker refuses it, or reads what is not there",
    page: include_str!("damaged-file.md"),
    check: Check::Subject(check),
};

fn check(_: &Question<'_>, subject: &Subject<'_>, found: &mut Vec<Finding>) {
    if let Some(how) = &subject.changed {
        found.push(Finding::new(&RULE, &subject.name, how));
    }
    let damage = match subject.file {
        gocross_elf::File::Elf(elf) => &elf.damage,
        gocross_elf::File::Archive(archive) => &archive.damage,
        gocross_elf::File::Foreign(_) => return,
    };
    if damage.is_empty() {
        return;
    }
    let finding = Finding::new(&RULE, &subject.name, "the file is damaged or cut short");
    found.push(damage.iter().fold(finding, Finding::detail));
}

#[cfg(test)]
mod tests {
    use gocross_elf::Elf;

    use super::*;
    use crate::testing::{about, compiled, messages, program};

    #[test]
    fn a_whole_file_passes_and_half_of_it_does_not() {
        let whole = compiled("int f(void) { return 1; }", &["-shared", "-fPIC"]);
        assert_eq!(about(whole).ask(&RULE), []);
        let bytes = fs_err::read("/proc/self/exe").unwrap();
        let half = Elf::read(bytes[..bytes.len() / 2].to_vec().leak()).unwrap();
        assert_eq!(about(half).ask(&RULE).len(), 1);
    }

    #[test]
    fn a_file_that_changes_while_it_is_read_fails() {
        let found = about(program()).changed("was cut short while it was read").ask(&RULE);
        assert_eq!(messages(&found), ["was cut short while it was read"]);
    }
}
