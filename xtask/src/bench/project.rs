//! A copy of an example outside the repository, so that a user's case is measured.

use std::path::{Path, PathBuf};

use crate::failure::Result;
use crate::workspace;

/// Copies the example `name` below `folder`, with the crates where they are. Gives back the
/// copy's folder.
///
/// Outside, because inside the repository an alias of cargo's hides the installed subcommand.
pub(super) fn copy(name: &str, folder: &Path) -> Result<PathBuf> {
    let from = workspace::root().join("examples").join(name);
    let to = folder.join(name);
    copy_folder(&from, &to)?;
    let manifest = fs_err::read_to_string(from.join("Cargo.toml"))?;
    fs_err::write(to.join("Cargo.toml"), absolute_paths(&manifest, &from))?;
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

/// The same manifest, with each dependency's `path = "…"` taken from `base`.
fn absolute_paths(manifest: &str, base: &Path) -> String {
    let line = |line: &str| {
        let Some((before, rest)) = line.split_once("path = \"..") else { return line.to_owned() };
        format!("{before}path = \"{}/..{rest}", base.display())
    };
    manifest.lines().map(|text| line(text) + "\n").collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_made_absolute_and_the_rest_is_kept() {
        let manifest = "[lib]\npath = \"src/lib.rs\"\na = { path = \"../../crates/a\" }\n";
        assert_eq!(
            absolute_paths(manifest, Path::new("/r/examples/x")),
            "[lib]\npath = \"src/lib.rs\"\na = { path = \"/r/examples/x/../../crates/a\" }\n"
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
