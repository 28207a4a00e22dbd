//! Whether the lock files of examples and benches know what the crates of this workspace depend on: a lock file
//! that does not fails each build with `--locked`, the tests of whole builds first of all.

use std::collections::BTreeMap;

use serde_json::Value;

use super::Problem;
use crate::tree::Source;

const WHY: &str = "run `cargo metadata` in the project's folder, and commit what it wrote";

/// Where the projects are that are built with `--locked`.
const FOLDERS: &[&str] = &["examples/", "xtask/projects/"];

/// Compares these lock files with `cargo metadata` of the workspace.
pub(super) fn check(metadata: &Value, sources: &[Source]) -> Vec<Problem> {
    let crates = metadata["packages"].as_array().map(Vec::as_slice).unwrap_or_default();
    let is_ours = |path: &str| FOLDERS.iter().any(|folder| path.starts_with(folder));
    let is_lock = |path: &str| is_ours(path) && path.ends_with("/Cargo.lock");
    let locks = sources.iter().filter(|source| is_lock(&source.path));
    locks.flat_map(|lock| problems(crates, &lock.path, &lock.text)).collect()
}

fn problems(crates: &[Value], path: &str, text: &str) -> Vec<Problem> {
    let locked = locked_dependencies(text);
    let mut problems = Vec::new();
    for package in crates {
        let name = package["name"].as_str().unwrap_or_default();
        let Some((line, known)) = locked.get(name) else { continue };
        for dependency in needed(package).filter(|needed| !known.contains(needed)) {
            let what =
                format!("`{name}` depends on `{dependency}`, which the lock file does not say");
            problems.push(Problem { path: path.to_owned(), line: *line, what, why: WHY });
        }
    }
    problems
}

/// What a crate always depends on: neither for its tests only nor by a feature.
fn needed(package: &Value) -> impl Iterator<Item = &str> {
    let all = package["dependencies"].as_array().map(Vec::as_slice).unwrap_or_default();
    all.iter()
        .filter(|dependency| dependency["kind"] != "dev" && dependency["optional"] == false)
        .filter_map(|dependency| dependency["name"].as_str())
}

/// The line of each package of a lock file, and the names that it depends on.
fn locked_dependencies(text: &str) -> BTreeMap<&str, (usize, Vec<&str>)> {
    let mut packages = BTreeMap::new();
    let mut name = "";
    for (index, line) in text.lines().enumerate() {
        if let Some(value) = line.strip_prefix("name = ") {
            name = value.trim_matches('"');
            packages.insert(name, (index + 1, Vec::new()));
        } else if let (Some(value), Some((_, known))) =
            (line.strip_prefix(" \""), packages.get_mut(name))
        {
            // `"syn 2.0.1",` where two versions are in use, else `"syn",`.
            known.extend(value.split([' ', '"']).next());
        }
    }
    packages
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_dependency_that_the_lock_file_does_not_know_is_told() {
        let crates = [json!({ "name": "a", "dependencies": [
            { "name": "old", "kind": null, "optional": false },
            { "name": "new", "kind": "build", "optional": false },
            { "name": "for-tests", "kind": "dev", "optional": false },
            { "name": "by-feature", "kind": null, "optional": true },
        ] })];
        let lock = "[[package]]\nname = \"a\"\ndependencies = [\n \"old 1.0.0\",\n]\n";
        let problems = problems(&crates, "examples/x/Cargo.lock", lock);
        assert_eq!(problems.len(), 1, "{problems:?}");
        assert!(problems[0].what.contains("`new`"));
        let whole = lock.replace("]\n", " \"new\",\n]\n");
        assert!(super::problems(&crates, "examples/x/Cargo.lock", &whole).is_empty());
    }
}
