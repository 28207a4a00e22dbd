//! `go-runtime`: one Go runtime in a process, where Go is expected at all.

use gocross_elf::File;

use crate::finding::{Finding, Level};
use crate::question::{Question, Subject};
use crate::rule::{Check, Rule};

/// The rule.
pub(crate) const RULE: Rule = Rule {
    code: "go-runtime",
    level: Level::Error,
    summary: "one Go runtime, and no second one",
    why: "two runtimes fight for signals and threads: the program ends with a segmentation fault, sooner or later",
    page: include_str!("go-runtime.md"),
    check: Check::All(check),
};

fn check(question: &Question<'_>, found: &mut Vec<Finding>) {
    for subject in question.subjects {
        let runtimes = runtimes(subject);
        if runtimes > 1 {
            let message = format!("holds {runtimes} Go runtimes");
            found.push(merge(Finding::new(&RULE, &subject.name, message)));
        }
        let loaded = matches!(subject.file, File::Elf(elf) if elf.kind.is_loaded());
        if loaded && runtimes == 0 && question.expected.go == Some(true) {
            found.push(Finding::new(&RULE, &subject.name, "holds no Go runtime"));
        }
    }
    let with_go = |subject: &&Subject<'_>| subject.is_for_linker() && runtimes(subject) > 0;
    let mut linked = question.subjects.iter().filter(with_go);
    let Some(first) = linked.next() else { return };
    for second in linked {
        let message = format!("brings a Go runtime into the link, and so does `{}`", first.name);
        found.push(merge(Finding::new(&RULE, &second.name, message)));
    }
}

fn merge(finding: Finding) -> Finding {
    finding.help("make one Go package that imports both, and build one archive of it")
}

fn runtimes(subject: &Subject<'_>) -> usize {
    let objects = subject.file.objects().map(|(_, elf)| elf);
    objects.map(|elf| elf.go.len().max(usize::from(elf.has_go_runtime()))).sum()
}

#[cfg(test)]
mod tests {
    use gocross_elf::Section;

    use super::*;
    use crate::Expected;
    use crate::testing::{about, about_files, archive, messages, object, program, with_section};

    fn go() -> gocross_elf::Elf<'static> {
        with_section(object(&[]), ".gopclntab", Section::PROGBITS, Section::ALLOC)
    }

    #[test]
    fn one_runtime_passes() {
        let files = vec![
            ("a.a", archive(vec![("go.o", go()), ("a.o", object(&[]))])),
            ("b.a", archive(vec![("b.o", object(&[]))])),
        ];
        assert_eq!(about_files(files).ask(&RULE), []);
        assert_eq!(about(program()).ask(&RULE), []);
    }

    #[test]
    fn two_archives_with_go_fail() {
        let files = ["a.a", "b.a"].map(|name| (name, archive(vec![("go.o", go())])));
        let found = about_files(files.into()).ask(&RULE);
        assert_eq!(messages(&found), ["brings a Go runtime into the link, and so does `a.a`"]);
        let one = archive(vec![("go.o", go()), ("other.o", go())]);
        assert_eq!(messages(&about_files(vec![("a.a", one)]).ask(&RULE)), ["holds 2 Go runtimes"]);
    }

    #[test]
    fn no_runtime_fails_where_go_is_expected() {
        let expected = Expected { go: Some(true), ..Expected::default() };
        assert_eq!(about(program()).expected(expected).ask(&RULE).len(), 1);
    }
}
