//! A copy of an example outside the repository, so that a user's case is measured.

use std::path::{Path, PathBuf};

use crate::failure::Result;
use crate::workspace;

/// Copies the example `name` below `folder`, with the settings by which examples find the
/// unpublished crates. Gives back the copy's folder.
///
/// Outside, because inside the repository an alias of cargo's hides the installed subcommand.
pub(super) fn copy(name: &str, folder: &Path) -> Result<PathBuf> {
    let examples = workspace::root().join("examples");
    let to = folder.join(name);
    copy_folder(&examples.join(name), &to)?;
    let settings = fs_err::read_to_string(examples.join(".cargo/config.toml"))?;
    fs_err::create_dir_all(to.join(".cargo"))?;
    fs_err::write(to.join(".cargo/config.toml"), absolute_paths(&settings, &examples))?;
    Ok(to)
}

fn copy_folder(from: &Path, to: &Path) -> Result {
    fs_err::create_dir_all(to)?;
    for entry in fs_err::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            if entry.file_name() != "target" {
                copy_folder(&entry.path(), &target)?;
            }
        } else {
            fs_err::copy(entry.path(), target)?;
        }
    }
    Ok(())
}

/// The same settings, with each `path = "…"` taken from `base`.
fn absolute_paths(settings: &str, base: &Path) -> String {
    let line = |line: &str| {
        let Some((before, rest)) = line.split_once("path = \"") else { return line.to_owned() };
        format!("{before}path = \"{}/{rest}", base.display())
    };
    settings.lines().map(|text| line(text) + "\n").collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_made_absolute_and_the_rest_is_kept() {
        let settings = "[patch.crates-io]\na = { path = \"../crates/a\" }\n";
        assert_eq!(
            absolute_paths(settings, Path::new("/r/examples")),
            "[patch.crates-io]\na = { path = \"/r/examples/../crates/a\" }\n"
        );
    }

    #[test]
    fn a_copy_leaves_built_files_behind() {
        let dir = tempfile::tempdir().unwrap();
        let from = dir.path().join("from");
        fs_err::create_dir_all(from.join("src")).unwrap();
        fs_err::create_dir_all(from.join("target")).unwrap();
        fs_err::write(from.join("src/main.rs"), "fn main() {}").unwrap();
        copy_folder(&from, &dir.path().join("to")).unwrap();
        assert!(dir.path().join("to/src/main.rs").is_file());
        assert!(!dir.path().join("to/target").exists());
    }
}
