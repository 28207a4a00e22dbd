//! `exec`: a program starts on the system that was looked at.

use gocross_elf::{Elf, File, Identity};

use crate::finding::{Finding, Level};
use crate::question::{Found, Library, Lookup, Question, Subject, Surroundings};
use crate::rule::{Check, Rule};

/// The rule.
pub(crate) const RULE: Rule = Rule {
    code: "exec",
    level: Level::Error,
    summary: "the kernel and the dynamic linker find what the program asks for",
    why: "the program does not start",
    page: include_str!("exec.md"),
    check: Check::Subject(check),
};

fn check(_: &Question<'_>, subject: &Subject<'_>, found: &mut Vec<Finding>) {
    let (Some(surroundings), File::Elf(elf)) = (&subject.surroundings, subject.file) else {
        return;
    };
    let tell = |message: String| Finding::new(&RULE, &subject.name, message);
    if let Some(lookup) = &surroundings.interpreter
        && let Some(finding) = interpreter(elf, lookup, surroundings, tell)
    {
        // Nobody is there to look for libraries.
        found.push(finding);
        return;
    }
    for library in &surroundings.libraries {
        found.extend(missing(elf, library, surroundings, tell));
    }
}

fn interpreter(
    elf: &Elf<'_>,
    lookup: &Lookup,
    surroundings: &Surroundings,
    tell: impl Fn(String) -> Finding,
) -> Option<Finding> {
    let (path, root) = (&lookup.path, &surroundings.root);
    Some(match lookup.found {
        None => tell(format!("its interpreter `{path}` is not in `{root}`"))
            .detail("the kernel answers ENOENT: `No such file or directory`, of a program that is there")
            .help("build for the C library of the system, or statically"),
        Some(found) if !same_machine(&found, elf) => {
            tell(format!("its interpreter `{path}` in `{root}` is for another machine"))
                .detail("the kernel answers ENOEXEC: `Exec format error`")
        }
        Some(_) => return None,
    })
}

fn missing(
    elf: &Elf<'_>,
    library: &Library,
    surroundings: &Surroundings,
    tell: impl Fn(String) -> Finding,
) -> Option<Finding> {
    let fits = |lookup: &Lookup| lookup.found.is_some_and(|found| same_machine(&found, elf));
    if library.tried.iter().any(fits) {
        return None;
    }
    let message = format!(
        "the library `{}`, which `{}` needs, is not in `{}`",
        library.name, library.needed_by, surroundings.root
    );
    let mut finding = tell(message).detail(format!(
        "`error while loading shared libraries: {}: cannot open shared object file`",
        library.name
    ));
    for lookup in &library.tried {
        let outcome = match lookup.found {
            None => "not there",
            Some(None) => "there, and no ELF file",
            Some(Some(_)) => "there, and for another machine",
        };
        finding = finding.detail(format!("tried `{}` ({}): {outcome}", lookup.path, lookup.reason));
    }
    Some(
        finding
            .help("install the library, or ship it beside the program with `-Wl,-rpath,'$ORIGIN'`"),
    )
}

fn same_machine(found: &Found, elf: &Elf<'_>) -> bool {
    let key = |identity: &Identity| (identity.machine, identity.is_64, identity.big_endian);
    found.is_some_and(|found| key(&found) == key(&elf.identity))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{about, messages, program};

    fn lookup(path: &str, found: Option<Found>) -> Lookup {
        Lookup { path: path.to_owned(), reason: "the default".to_owned(), found }
    }

    fn here(interpreter: Option<Found>, library: Option<Found>) -> Surroundings {
        Surroundings {
            root: "/".to_owned(),
            interpreter: Some(lookup("/lib64/ld.so", interpreter)),
            libraries: vec![Library {
                name: "libc.so.6".to_owned(),
                needed_by: "file".to_owned(),
                tried: vec![lookup("/lib/libc.so.6", library)],
            }],
        }
    }

    #[test]
    fn a_program_that_finds_all_passes() {
        let own = Some(Some(program().identity));
        assert_eq!(about(program()).surroundings(here(own, own)).ask(&RULE), []);
        assert_eq!(about(program()).ask(&RULE), []);
    }

    #[test]
    fn what_is_missing_or_for_another_machine_fails() {
        let own = Some(Some(program().identity));
        let other = Some(Some(Identity { machine: 183, ..program().identity }));
        let said = |here| {
            let found = about(program()).surroundings(here).ask(&RULE);
            messages(&found).join("; ")
        };
        assert_eq!(said(here(None, None)), "its interpreter `/lib64/ld.so` is not in `/`");
        assert_eq!(
            said(here(other, own)),
            "its interpreter `/lib64/ld.so` in `/` is for another machine"
        );
        assert_eq!(
            said(here(own, other)),
            "the library `libc.so.6`, which `file` needs, is not in `/`"
        );
    }
}
