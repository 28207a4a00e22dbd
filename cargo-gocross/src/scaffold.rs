//! From a template and what is there already to what is written. Nothing is overwritten but what
//! cargo itself has just made.

use std::path::Path;

use gocross_diagnostic::Result;

use crate::manifest::{self, Manifest};
use crate::template::{Part, Template};

/// What a crate has before the template comes.
#[derive(Debug, Clone, Default)]
pub(crate) struct Found {
    /// The package's name.
    pub(crate) package: String,
    /// Whether the files in `go/` export functions; none where there are no files.
    pub(crate) go: Option<bool>,
    /// The build script, from the crate's folder on, and whether it builds Go.
    pub(crate) build_script: Option<(String, bool)>,
    /// The file with the crate's own code, and whether that code has the Go functions; none
    /// where the template's program is to be written.
    pub(crate) code: Option<(String, bool)>,
    /// Whether `build = false` in the manifest forbids a build script.
    pub(crate) forbids_build_script: bool,
    /// Files of the template's names.
    pub(crate) files: Vec<&'static str>,
}

/// What came of a template.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Report {
    /// Files that were written or changed, and how they were changed.
    pub(crate) added: Vec<(String, String)>,
    /// Files that were left as they are, and what the user has to do with them.
    pub(crate) left: Vec<(String, String)>,
}

/// Writes what the crate in `folder` has not.
///
/// # Errors
///
/// A file cannot be written.
pub(crate) fn lay(
    template: &Template,
    found: &Found,
    folder: &Path,
    mut manifest: Manifest,
    workspace: Option<&Manifest>,
) -> Result<Report> {
    let mut report = Report { left: left(template, found), ..Report::default() };
    let brings_program = found.code.is_none();
    let wanted = |name: &str| brings_program || name.starts_with("gocross");
    let mut tables = manifest.add(template.manifest, workspace, wanted);
    if brings_program {
        tables.extend(manifest.add_metadata(template.manifest));
    }
    if !tables.is_empty() {
        report.added.push(("Cargo.toml".to_owned(), tables.join(", ")));
    }
    for (file, text) in template.files(&found.package, &parts(found)) {
        if !found.files.contains(&file) {
            manifest::write(&folder.join(file), &text)?;
            report.added.push((file.to_owned(), String::new()));
        }
    }
    // Last, so that no manifest asks for what could not be written.
    if !tables.is_empty() {
        manifest.write()?;
    }
    Ok(report)
}

/// The parts that the crate has not.
fn parts(found: &Found) -> Vec<Part> {
    [
        (Part::Go, found.go.is_none()),
        (Part::BuildScript, found.build_script.is_none()),
        (Part::Rust, found.code.is_none()),
    ]
    .into_iter()
    .filter_map(|(part, missing)| missing.then_some(part))
    .collect()
}

/// The files that stay, where the user has to do something to have Go in the crate.
fn left(template: &Template, found: &Found) -> Vec<(String, String)> {
    let mut left = Vec::new();
    if found.forbids_build_script {
        left.push(("Cargo.toml".to_owned(), "take `build = false` out".to_owned()));
    }
    if found.go == Some(false) {
        let lines = "make it a Go `package main` with `import \"C\"` and `//export` lines";
        left.push(("go".to_owned(), lines.to_owned()));
    }
    if let Some((file, false)) = &found.build_script {
        left.push((file.clone(), format!("add `{}` to `main`", template.call())));
    }
    if let Some((file, false)) = &found.code {
        let lines = "add `mod go { gocross::bindings!(); }`, and call the functions in it";
        left.push((file.clone(), lines.to_owned()));
    }
    let parts = parts(found);
    let in_the_way = found.files.iter().filter(|file| parts.contains(&Part::of(file)));
    left.extend(in_the_way.map(|file| {
        ((*file).to_owned(), format!("compare it with that of the template `{}`", template.name))
    }));
    left
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hello() -> &'static Template {
        Template::named("hello")
    }

    #[test]
    fn a_crate_that_cargo_has_just_made_gets_all() {
        assert_eq!(parts(&Found::default()), [Part::Go, Part::BuildScript, Part::Rust]);
        assert_eq!(left(hello(), &Found::default()), []);
    }

    #[test]
    fn what_is_there_stays_and_what_is_to_be_done_is_told() {
        let found = Found {
            go: Some(false),
            build_script: Some(("build/main.rs".to_owned(), false)),
            code: Some(("src/lib.rs".to_owned(), false)),
            forbids_build_script: true,
            ..Found::default()
        };
        assert_eq!(parts(&found), []);
        let left = left(hello(), &found);
        let files: Vec<_> = left.iter().map(|(file, _)| file.as_str()).collect();
        assert_eq!(files, ["Cargo.toml", "go", "build/main.rs", "src/lib.rs"]);
        assert!(left[2].1.contains(r#"gocross_build::GoPackage::new("go").compile("hello");"#));
    }

    #[test]
    fn nothing_is_to_be_done_where_go_is_built_and_called() {
        let found = Found {
            go: Some(true),
            build_script: Some(("build.rs".to_owned(), true)),
            code: Some(("src/main.rs".to_owned(), true)),
            ..Found::default()
        };
        assert_eq!((parts(&found), left(hello(), &found)), (vec![], vec![]));
    }
}
