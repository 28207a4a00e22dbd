//! `runpath`: no folder of the build machine is searched for libraries.

use gocross_elf::BUILD_DIRECTORIES;

use crate::finding::{Finding, Level, lossy};
use crate::question::Object;
use crate::rule::{Check, Rule};

/// The rule.
pub(crate) const RULE: Rule = Rule {
    code: "runpath",
    level: Level::Error,
    summary: "`DT_RUNPATH` and `DT_RPATH` name folders that belong to the target",
    why: "the folder is not there, or somebody else's: whoever can write it runs his code in your program",
    page: include_str!("runpath.md"),
    check: Check::Object(check),
};

fn check(object: &Object<'_>, found: &mut Vec<Finding>) {
    let Some(dynamic) = &object.elf.dynamic else { return };
    for (tag, path) in [("DT_RPATH", dynamic.rpath), ("DT_RUNPATH", dynamic.runpath)] {
        for folder in path.map(lossy).iter().flat_map(|path| path.split(':')) {
            if let Some(what) = trouble(folder) {
                let message = format!("{tag} has `{folder}`, {what}");
                let help = "link with `-Wl,-rpath,'$ORIGIN/../lib'`, or without `-rpath`";
                found.push(object.finding(&RULE, message).help(help));
            }
        }
    }
}

fn trouble(folder: &str) -> Option<&'static str> {
    if folder.is_empty() {
        return Some("which is the folder that the program is started in");
    }
    if folder.starts_with("$ORIGIN") || folder.starts_with("${ORIGIN}") {
        return None;
    }
    if !folder.starts_with('/') {
        return Some("a path from the folder that the program is started in");
    }
    let folder = format!("{folder}/");
    BUILD_DIRECTORIES
        .iter()
        .any(|start| folder.starts_with(start))
        .then_some("a folder of the machine that built it")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{about, messages, program};

    fn with(path: &'static str) -> gocross_elf::Elf<'static> {
        let mut elf = program();
        elf.dynamic.as_mut().unwrap().runpath = Some(path.as_bytes());
        elf
    }

    #[test]
    fn origin_and_folders_of_the_system_pass() {
        assert_eq!(about(with("$ORIGIN/../lib:/usr/lib/x:${ORIGIN}")).ask(&RULE), []);
        assert_eq!(about(program()).ask(&RULE), []);
    }

    #[test]
    fn folders_of_builds_and_the_current_one_fail() {
        let found = about(with("/home/a/lib:lib:/usr/lib:")).ask(&RULE);
        assert_eq!(
            messages(&found),
            [
                "DT_RUNPATH has `/home/a/lib`, a folder of the machine that built it",
                "DT_RUNPATH has `lib`, a path from the folder that the program is started in",
                "DT_RUNPATH has ``, which is the folder that the program is started in",
            ]
        );
    }
}
