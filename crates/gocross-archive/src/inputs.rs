//! The files that decide what an archive holds.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use gocross_toolchain::Env;

use crate::Request;
use crate::list::Package;

/// Files and folders whose change calls for a new build.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Inputs {
    /// Files: Go and C sources, embedded files, `go.mod`, `go.sum`, `go.work` and the
    /// Go toolchain itself.
    pub files: BTreeSet<PathBuf>,
    /// Folders of packages in which a new file may become a part of the build.
    pub folders: BTreeSet<PathBuf>,
    /// Folders that `//go:embed` patterns reach into, where any new file may match.
    pub embed_folders: BTreeSet<PathBuf>,
}

/// Collects the inputs of listed packages.
///
/// The standard library and the module cache never change in place and are left out.
pub(crate) fn collect(env: &Env, request: &Request<'_>, packages: &[Package]) -> Inputs {
    let go = request.go;
    let mut inputs = Inputs::default();
    for package in packages {
        if package.standard || package.dir.starts_with(&go.module_cache) {
            continue;
        }
        inputs.folders.insert(package.dir.clone());
        let patterns = package.embed_patterns.iter();
        inputs.embed_folders.extend(patterns.filter_map(|p| embed_folder(&package.dir, p)));
        inputs.files.extend(package.files().map(|file| package.dir.join(file)));
        if let Some(module) = &package.module {
            module_files(env, &module.go_mod, &mut inputs.files);
        }
    }
    if let Some(workspace) = &go.workspace {
        keep(env, &mut inputs.files, workspace.clone());
        keep(env, &mut inputs.files, workspace.with_extension("work.sum"));
    }
    // Another Go, or other defaults of `go env -w`, give another archive.
    keep(env, &mut inputs.files, go.path.clone());
    keep(env, &mut inputs.files, go.goroot.join("VERSION"));
    if let Some(file) = &go.env_file {
        keep(env, &mut inputs.files, file.clone());
    }
    inputs
}

fn module_files(env: &Env, go_mod: &Path, files: &mut BTreeSet<PathBuf>) {
    keep(env, files, go_mod.to_owned());
    keep(env, files, go_mod.with_file_name("go.sum"));
    keep(env, files, go_mod.with_file_name("vendor").join("modules.txt"));
}

/// The folder below which a `//go:embed` pattern can match, where that is more than one file.
fn embed_folder(dir: &Path, pattern: &str) -> Option<PathBuf> {
    let pattern = pattern.strip_prefix("all:").unwrap_or(pattern);
    let fixed = pattern.split(['*', '?', '[']).next().unwrap_or_default();
    if fixed.len() == pattern.len() {
        let folder = dir.join(pattern);
        return folder.is_dir().then_some(folder);
    }
    // `assets/img*` matches names in `assets`.
    let folder = fixed.rsplit_once('/').map_or("", |(folder, _)| folder);
    Some(if folder.is_empty() { dir.to_owned() } else { dir.join(folder) })
}

/// cargo takes a file that is not there for one that has changed, at each build.
fn keep(env: &Env, files: &mut BTreeSet<PathBuf>, file: PathBuf) {
    if env.is_file(&file) {
        files.insert(file);
    }
}

impl Inputs {
    /// The folders that hold nothing but inputs: watching them whole sees new files and
    /// nothing that does not matter.
    ///
    /// cargo watches a folder with all that lies below it, so a folder with other files
    /// in it (tests, a README, cargo's own target folder) would build again for those.
    #[must_use]
    pub fn pure_folders(&self) -> BTreeSet<&Path> {
        self.folders.iter().map(PathBuf::as_path).filter(|folder| self.is_pure(folder)).collect()
    }

    fn is_pure(&self, folder: &Path) -> bool {
        let Ok(entries) = fs_err::read_dir(folder) else {
            return false;
        };
        entries.flatten().all(|entry| match entry.file_type() {
            Ok(kind) if kind.is_dir() => self.is_pure(&entry.path()),
            // A link may lead anywhere, also back to a folder above it.
            Ok(kind) if kind.is_file() => self.files.contains(&entry.path()),
            _ => false,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn embed_patterns_reach_into_folders() {
        let dir = tempfile::tempdir().unwrap();
        fs_err::create_dir(dir.path().join("assets")).unwrap();
        let folder = |pattern| embed_folder(dir.path(), pattern);
        assert_eq!(folder("all:assets"), Some(dir.path().join("assets")));
        assert_eq!(folder("assets/img*.png"), Some(dir.path().join("assets")));
        assert_eq!(folder("*.html"), Some(dir.path().to_owned()));
        assert_eq!(folder("page.html"), None);
    }

    #[test]
    fn a_folder_with_other_files_below_it_is_not_pure() {
        let dir = tempfile::tempdir().unwrap();
        let (pure, mixed) = (dir.path().join("pure"), dir.path().join("mixed"));
        let mut inputs = Inputs::default();
        for folder in [&pure, &mixed] {
            fs_err::create_dir_all(folder.join("sub")).unwrap();
            for file in ["a.go", "sub/b.go"] {
                fs_err::write(folder.join(file), "").unwrap();
                inputs.files.insert(folder.join(file));
            }
            inputs.folders.insert(folder.clone());
        }
        fs_err::write(mixed.join("sub/b_test.go"), "").unwrap();
        assert_eq!(inputs.pure_folders(), BTreeSet::from([pure.as_path()]));
    }
}
