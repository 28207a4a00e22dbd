//! A folder for one test, with the files of a project laid out in it.

use std::path::{Path, PathBuf};

use crate::workshop::Workshop;

/// The folder of one test, and what cargo compiles for it; empty at the beginning. The files
/// stay behind, to be looked at, and what was compiled goes.
#[derive(Debug)]
pub struct Sandbox {
    dir: PathBuf,
    build_dir: PathBuf,
}

/// Where cargo puts its results.
const RESULTS: &str = "target";

/// Path dependencies as the examples and the tests' projects write them.
const OWN_CRATES: &[&str] = &["\"../../crates/", "\"../../../crates/"];

impl Sandbox {
    /// The sandbox of the test `name`; the project lies in `folder` below it.
    ///
    /// # Errors
    ///
    /// The folder cannot be emptied or made.
    pub fn new(workshop: &Workshop, name: &str, folder: &str) -> std::io::Result<Self> {
        let name = name.replace('/', "-");
        let top = workshop.root().join("sandboxes").join(&name);
        let build_dir = workshop.build_dir(&name);
        for old in [&top, &build_dir] {
            if old.exists() {
                fs_err::remove_dir_all(old)?;
            }
        }
        let dir = if folder.is_empty() { top } else { top.join(folder) };
        fs_err::create_dir_all(&dir)?;
        Ok(Self { dir, build_dir })
    }

    /// The folder.
    #[must_use]
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// Where cargo puts what it compiles, apart from the results.
    #[must_use]
    pub fn build_dir(&self) -> &Path {
        &self.build_dir
    }

    /// A folder for results of the test's own; it goes with what was compiled.
    ///
    /// # Errors
    ///
    /// The folder cannot be made.
    pub fn results(&self) -> std::io::Result<PathBuf> {
        let folder = self.dir.join(RESULTS);
        fs_err::create_dir_all(&folder)?;
        Ok(folder)
    }

    /// Copies the files below `from` over those that are there, but for cargo's `target`.
    ///
    /// # Errors
    ///
    /// A file cannot be read or written.
    pub fn lay(&self, from: &Path) -> std::io::Result<()> {
        copy(from, &self.dir)
    }

    /// A lock file, where the project in `folder` brings none.
    ///
    /// # Errors
    ///
    /// The file cannot be copied.
    pub fn lay_lock(&self, folder: &str) -> std::io::Result<()> {
        let project = self.dir.join(folder);
        let place = project.join("Cargo.lock");
        if project.join("Cargo.toml").is_file() && !place.exists() {
            fs_err::copy(Workshop::lock_file(), place)?;
        }
        Ok(())
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        // A folder that stays only takes space.
        fs_err::remove_dir_all(&self.build_dir).ok();
        fs_err::remove_dir_all(self.dir.join(RESULTS)).ok();
    }
}

fn copy(from: &Path, to: &Path) -> std::io::Result<()> {
    fs_err::create_dir_all(to)?;
    for entry in fs_err::read_dir(from)? {
        let entry = entry?;
        let (source, place) = (entry.path(), to.join(entry.file_name()));
        if entry.file_type()?.is_dir() {
            if entry.file_name() != RESULTS {
                copy(&source, &place)?;
            }
        } else if entry.file_name() == "Cargo.toml" {
            let text = fs_err::read_to_string(&source)?;
            fs_err::write(&place, with_absolute_paths(&text))?;
        } else {
            // Anew: a copy over the old file would keep its identity, and its links.
            fs_err::remove_file(&place).ok();
            fs_err::copy(&source, &place)?;
        }
    }
    Ok(())
}

/// A manifest of the repository for a project that lies elsewhere.
pub(crate) fn with_absolute_paths(manifest: &str) -> String {
    let crates = Workshop::repository().join("crates");
    let crates = format!("\"{}/", crates.display());
    OWN_CRATES.iter().fold(manifest.to_owned(), |text, path| text.replace(path, &crates))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_manifest_finds_our_crates_from_anywhere() {
        let crates = Workshop::repository().join("crates/gocross");
        for path in ["../../crates/gocross", "../../../crates/gocross"] {
            let text = with_absolute_paths(&format!("gocross = {{ path = \"{path}\" }}"));
            assert_eq!(text, format!("gocross = {{ path = \"{}\" }}", crates.display()));
        }
        assert!(crates.join("Cargo.toml").is_file());
    }
}
