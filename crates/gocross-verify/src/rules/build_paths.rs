//! `build-paths`: no path of the build machine is left in the file.

use crate::finding::{Finding, Level, lossy};
use crate::question::Object;
use crate::rule::{Check, Rule};

/// The rule.
pub(crate) const RULE: Rule = Rule {
    code: "build-paths",
    level: Level::Note,
    summary: "no absolute path of a source file is left in the file",
    why: "two machines build two different files, and whoever has the file knows who built it",
    page: include_str!("build-paths.md"),
    check: Check::Object(check),
};

fn check(object: &Object<'_>, found: &mut Vec<Finding>) {
    if !object.elf.kind.is_loaded() {
        return;
    }
    for paths in object.elf.build_paths() {
        let many =
            if paths.count == 1 { "a path".to_owned() } else { format!("{} paths", paths.count) };
        let message = format!("holds {many} of the machine that built it");
        let help = "set `RUSTFLAGS=--remap-path-prefix=$HOME=`, and `-ffile-prefix-map` for C";
        let finding = object.finding(&RULE, message).section(paths.section).help(help);
        found.push(
            paths
                .first
                .iter()
                .fold(finding, |finding, path| finding.detail(format!("`{}`", lossy(path)))),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{about, compiled};

    fn library(path: &str) -> gocross_elf::Elf<'static> {
        let source = format!("const char *f(void) {{ return \"{path}\"; }}");
        compiled(&source, &["-shared", "-fPIC"])
    }

    #[test]
    fn a_relative_path_passes() {
        assert_eq!(about(library("src/a.c")).ask(&RULE), []);
        assert_eq!(about(library("/home/%s")).ask(&RULE), []);
    }

    #[test]
    fn somebody_s_home_fails() {
        let found = about(library("/home/a/src/a.c")).ask(&RULE);
        assert_eq!(found[0].details, ["`/home/a/src/a.c`"]);
        assert_eq!(found[0].places[0].section.as_deref(), Some(".rodata"));
    }
}
