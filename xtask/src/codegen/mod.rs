//! `cargo xtask codegen`: the files that are generated from the sources, committed and checked.

mod errors;
mod rules;
mod schema;
mod targets;
mod templates;

use std::collections::BTreeMap;

use gocross_diagnostic::hint;

use crate::failure::{Failure, Result};
use crate::{tree, ui, workspace};

/// Folders in which every file is generated, so that one that no longer is has to go.
const WHOLE_FOLDERS: &[&str] = &[templates::FOLDER];

/// Every generated file: its path from the top folder, and its text.
fn files() -> Result<BTreeMap<String, String>> {
    let mut files = templates::files(&tree::tracked(workspace::root())?)?;
    files.insert(errors::COPY.to_owned(), errors::copy()?);
    files.insert("docs/rules.md".to_owned(), rules::page());
    files.insert("docs/targets.md".to_owned(), targets::page());
    files.insert("schemas/metadata.schema.json".to_owned(), schema::text()?);
    Ok(files)
}

/// Runs `cargo xtask codegen`; with `check` it writes nothing.
pub(crate) fn run(check: bool) -> Result {
    let files = files()?;
    let mut stale = Vec::new();
    for (name, text) in &files {
        let path = workspace::root().join(name);
        let old = fs_err::read_to_string(&path).ok();
        if old.as_ref() == Some(text) {
            continue;
        }
        if check {
            stale.push(format!(
                "{name}:{}: differs from what the sources say",
                first_difference(old.as_deref(), text)
            ));
        } else {
            if let Some(folder) = path.parent() {
                fs_err::create_dir_all(folder)?;
            }
            fs_err::write(&path, text)?;
            ui::note(format!("wrote {name}"));
        }
    }
    for name in left_over(&files)? {
        if check {
            stale.push(format!("{name}:1: is generated from nothing"));
        } else {
            fs_err::remove_file(workspace::root().join(&name))?;
            ui::note(format!("removed {name}"));
        }
    }
    if stale.is_empty() {
        ui::note("codegen: every generated file is up to date");
        return Ok(());
    }
    let mut failure = Failure::new("generated files are out of date");
    failure.why = stale;
    Err(failure.hint(hint!("cargo xtask codegen")))
}

/// The files of the generated folders that nothing generates.
fn left_over(files: &BTreeMap<String, String>) -> Result<Vec<String>> {
    let mut left = Vec::new();
    for source in tree::tracked(workspace::root())? {
        let is_ours = WHOLE_FOLDERS.iter().any(|folder| source.path.starts_with(folder));
        if is_ours && !files.contains_key(&source.path) {
            left.push(source.path);
        }
    }
    Ok(left)
}

/// The number of the first line that differs.
fn first_difference(old: Option<&str>, new: &str) -> usize {
    let Some(old) = old else { return 1 };
    let same = old.lines().zip(new.lines()).take_while(|(old, new)| old == new).count();
    same + 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_difference_is_a_line_number() {
        assert_eq!(first_difference(None, "a\n"), 1);
        assert_eq!(first_difference(Some("a\nb\n"), "a\nc\n"), 2);
        assert_eq!(first_difference(Some("a\n"), "a\nb\n"), 2);
    }
}
