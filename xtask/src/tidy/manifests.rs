//! Every member takes its version, edition, licence and lints from the workspace.

use super::Problem;
use crate::tree::Source;

const WHY: &str = "one place says it for all crates";

/// The lines that each member's manifest holds.
const INHERITED: &[&str] =
    &["version.workspace = true", "edition.workspace = true", "license.workspace = true"];

/// Checks the manifests of the workspace's members; examples are projects of their own.
pub(super) fn check(sources: &[Source]) -> Vec<Problem> {
    sources.iter().filter(|source| is_member(&source.path)).flat_map(of_manifest).collect()
}

fn is_member(path: &str) -> bool {
    let folders: Vec<&str> = path.split('/').collect();
    matches!(
        folders.as_slice(),
        ["cargo-gocross" | "tests" | "xtask", "Cargo.toml"] | ["crates", _, "Cargo.toml"]
    )
}

fn of_manifest(source: &Source) -> Vec<Problem> {
    let problem = |what: String| Problem { path: source.path.clone(), line: 1, what, why: WHY };
    let holds = |wanted: &str| source.lines().any(|(_, line)| line.trim() == wanted);
    let missing = INHERITED.iter().filter(|line| !holds(line));
    let mut problems: Vec<Problem> =
        missing.map(|line| problem(format!("`{line}` is missing"))).collect();
    if !source.text.contains("[lints]\nworkspace = true") {
        problems.push(problem("`[lints] workspace = true` is missing".to_owned()));
    }
    problems
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = "[package]\nversion.workspace = true\nedition.workspace = true\n\
                        license.workspace = true\n\n[lints]\nworkspace = true\n";

    #[test]
    fn a_manifest_that_inherits_passes() {
        assert!(check(&[Source::new("crates/a/Cargo.toml", GOOD)]).is_empty());
    }

    #[test]
    fn each_missing_line_is_a_problem() {
        for line in INHERITED.iter().chain(&["[lints]"]) {
            let problems = check(&[Source::new("xtask/Cargo.toml", &GOOD.replace(line, ""))]);
            assert_eq!(problems.len(), 1, "{line}");
        }
    }

    #[test]
    fn an_example_is_no_member() {
        assert!(check(&[Source::new("examples/hello/Cargo.toml", "[package]\n")]).is_empty());
        assert!(check(&[Source::new("Cargo.toml", "[workspace]\n")]).is_empty());
    }
}
