//! Where the tests of this checkout work, and what all of them share.

use std::ffi::OsString;
use std::fs::File;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};

use crate::environment::{self, Variables};

/// A folder outside of the repository, so that neither its `.cargo/config.toml` nor its
/// `Cargo.toml` is found from there.
///
/// The folder is the same in each run: cargo knows a package by its path, and would keep
/// another set of compiled files for each path it has ever seen.
#[derive(Debug)]
pub struct Workshop {
    root: PathBuf,
    build_dir: PathBuf,
    variables: Variables,
    /// Held to the end: two runs at once would empty each other's sandboxes.
    _lock: File,
}

impl Workshop {
    /// Opens the workshop for `program`, the `cargo-gocross` under test; compiled files go to
    /// `build_dir`, for all sandboxes together, so that dependencies are compiled once.
    ///
    /// # Errors
    ///
    /// The folder cannot be made.
    pub fn open(program: &Path, build_dir: &Path) -> std::io::Result<Self> {
        let mut hasher = DefaultHasher::new();
        (Self::repository(), build_dir).hash(&mut hasher);
        let root = std::env::temp_dir().join(format!("gocross-tests-{:016x}", hasher.finish()));
        fs_err::create_dir_all(root.join("bin"))?;
        let lock = File::create(root.join("lock"))?;
        lock.lock()?;
        let link = root.join("bin/cargo-gocross");
        if fs_err::read_link(&link).ok().as_deref() != Some(program) {
            fs_err::remove_file(&link).ok();
            fs_err::os::unix::fs::symlink(program, &link)?;
        }
        let variables = environment::of_children();
        Ok(Self { root, build_dir: build_dir.to_owned(), variables, _lock: lock })
    }

    /// The top folder of the repository.
    #[must_use]
    pub fn repository() -> &'static Path {
        let package = Path::new(env!("CARGO_MANIFEST_DIR"));
        package.parent().unwrap_or(package)
    }

    /// The folder of this package, which holds the scenarios.
    #[must_use]
    pub fn package() -> &'static Path {
        Path::new(env!("CARGO_MANIFEST_DIR"))
    }

    /// The folder of all sandboxes.
    #[must_use]
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Where cargo puts what it compiles.
    #[must_use]
    pub fn build_dir(&self) -> &Path {
        &self.build_dir
    }

    /// The folders in which commands are looked for: the program under test, and the machine's.
    #[must_use]
    pub fn path(&self) -> Vec<PathBuf> {
        let machine = self.variables.get(std::ffi::OsStr::new("PATH"));
        let machine = machine.into_iter().flat_map(std::env::split_paths);
        std::iter::once(self.root.join("bin")).chain(machine).collect()
    }

    /// What every command sees, without `PATH`.
    #[must_use]
    pub fn variables(&self) -> Variables {
        let mut variables = self.variables.clone();
        let ours: [(&str, OsString); 3] = [
            ("CARGO_BUILD_BUILD_DIR", self.build_dir.clone().into()),
            ("CARGO_INCREMENTAL", "0".into()),
            // A build script with bindgen in it has 70 MB of names, and there are many.
            ("CARGO_PROFILE_DEV_BUILD_OVERRIDE_STRIP", "symbols".into()),
        ];
        variables.extend(ours.map(|(name, value)| (name.into(), value)));
        variables
    }

    /// A variable of the machine's.
    #[must_use]
    pub fn variable(&self, name: &str) -> Option<&OsString> {
        self.variables.get(std::ffi::OsStr::new(name))
    }

    /// gocross's cache, by its own rules.
    #[must_use]
    pub fn cache(&self) -> PathBuf {
        let folder = |name| self.variable(name).map(PathBuf::from);
        folder("GOCROSS_CACHE")
            .or_else(|| Some(folder("XDG_CACHE_HOME")?.join("gocross")))
            .unwrap_or_else(|| folder("HOME").unwrap_or_default().join(".cache/gocross"))
    }
}
