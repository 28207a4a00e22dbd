//! Which crate may depend on which: a new edge is a one-line change of the table here.

use std::path::Path;

use serde_json::Value;

use super::Problem;

const WHY: &str = "the crates' edges are fixed in xtask/src/tidy/edges.rs";

/// What a crate may depend on, among the crates of this workspace.
enum May {
    /// These and no others.
    Only(&'static [&'static str]),
    /// All: nobody depends on it in turn.
    Any,
}

/// Every crate of the workspace.
const EDGES: &[(&str, May)] = &[
    ("gocross-targets", May::Only(&[])),
    ("gocross-diagnostic", May::Only(&[])),
    ("gocross-elf", May::Only(&[])),
    ("gocross-cpu", May::Only(&[])),
    ("gocross", May::Only(&["gocross-cpu"])),
    ("gocross-config", May::Only(&["gocross-targets", "gocross-diagnostic"])),
    ("gocross-toolchain", May::Only(&["gocross-targets", "gocross-diagnostic", "gocross-elf"])),
    (
        "gocross-verify",
        May::Only(&["gocross-targets", "gocross-diagnostic", "gocross-elf", "gocross-config"]),
    ),
    (
        "gocross-archive",
        May::Only(&["gocross-targets", "gocross-diagnostic", "gocross-elf", "gocross-toolchain"]),
    ),
    (
        "gocross-build",
        May::Only(&[
            "gocross-archive",
            "gocross-config",
            "gocross-toolchain",
            "gocross-targets",
            "gocross-diagnostic",
        ]),
    ),
    (
        "cargo-gocross",
        May::Only(&[
            "gocross-targets",
            "gocross-toolchain",
            "gocross-verify",
            "gocross-elf",
            "gocross-diagnostic",
            "gocross-archive",
            "gocross-config",
            "gocross-cpu",
        ]),
    ),
    ("gocross-tests", May::Any),
    ("xtask", May::Any),
];

/// Compares `cargo metadata` of the workspace at `root` with the table.
pub(super) fn check(metadata: &Value, root: &Path) -> Vec<Problem> {
    let packages = metadata["packages"].as_array().map(Vec::as_slice).unwrap_or_default();
    let members: Vec<&str> =
        packages.iter().filter_map(|package| package["name"].as_str()).collect();
    packages.iter().flat_map(|package| of_package(package, &members, root)).collect()
}

fn of_package(package: &Value, members: &[&str], root: &Path) -> Vec<Problem> {
    let name = package["name"].as_str().unwrap_or_default();
    let manifest = Path::new(package["manifest_path"].as_str().unwrap_or_default());
    let path = manifest.strip_prefix(root).unwrap_or(manifest).display().to_string();
    let text = fs_err::read_to_string(manifest).unwrap_or_default();
    let problem = |what: String, key: &str| {
        let line =
            text.lines().position(|line| line.trim_start().starts_with(key)).map_or(1, |at| at + 1);
        Problem { path: path.clone(), line, what, why: WHY }
    };
    let Some((_, may)) = EDGES.iter().find(|(crate_, _)| *crate_ == name) else {
        return vec![problem(format!("`{name}` is in no row of the table"), "name")];
    };
    let May::Only(allowed) = may else { return Vec::new() };
    let dependencies = package["dependencies"].as_array().map(Vec::as_slice).unwrap_or_default();
    let mut edges: Vec<&str> =
        dependencies.iter().filter_map(|dependency| dependency["name"].as_str()).collect();
    edges.sort_unstable();
    edges.dedup();
    edges
        .into_iter()
        .filter(|to| members.contains(to) && !allowed.contains(to))
        .map(|to| problem(format!("`{name}` must not depend on `{to}`"), to))
        .collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn metadata(from: &str, to: &str) -> Value {
        let package = |name: &str, dependencies: Value| json!({ "name": name, "manifest_path": format!("/w/{name}/Cargo.toml"), "dependencies": dependencies });
        json!({ "packages": [package(from, json!([{ "name": to }])), package(to, json!([]))] })
    }

    #[test]
    fn an_edge_of_the_table_passes() {
        assert!(check(&metadata("gocross", "gocross-cpu"), Path::new("/w")).is_empty());
        assert!(check(&metadata("xtask", "gocross-targets"), Path::new("/w")).is_empty());
    }

    #[test]
    fn any_other_edge_is_a_problem() {
        let problems = check(&metadata("gocross-targets", "gocross-elf"), Path::new("/w"));
        assert_eq!(problems.len(), 1);
        assert_eq!(problems[0].path, "gocross-targets/Cargo.toml");
        assert_eq!(problems[0].what, "`gocross-targets` must not depend on `gocross-elf`");
    }

    #[test]
    fn a_crate_without_a_row_is_a_problem() {
        let problems = check(&metadata("gocross-new", "gocross-elf"), Path::new("/w"));
        assert_eq!(problems[0].what, "`gocross-new` is in no row of the table");
    }

    #[test]
    fn crates_of_others_are_no_edges() {
        let mut metadata = metadata("gocross-targets", "gocross-elf");
        metadata["packages"][0]["dependencies"][0]["name"] = json!("serde");
        assert!(check(&metadata, Path::new("/w")).is_empty());
    }
}
