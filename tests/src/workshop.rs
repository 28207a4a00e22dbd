//! Where the tests of this checkout work, and what all of them share.

use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use crate::environment::{self, Variables};
use crate::seed::Seeds;

/// A folder outside of the repository, so that neither its `.cargo/config.toml` nor its
/// `Cargo.toml` is found from there, and another one for what is compiled.
#[derive(Debug)]
pub struct Workshop {
    root: PathBuf,
    builds: PathBuf,
    variables: Variables,
    seeds: Mutex<Seeds>,
    /// Held to the end: two runs at once would empty each other's sandboxes.
    _lock: File,
}

impl Workshop {
    /// Opens the workshop for `program`, the `cargo-gocross` under test; what is compiled
    /// goes below `builds`, which lies on one file system.
    ///
    /// # Errors
    ///
    /// The folder cannot be made.
    pub fn open(program: &Path, builds: &Path) -> std::io::Result<Self> {
        let mut hasher = DefaultHasher::new();
        (Self::repository(), builds).hash(&mut hasher);
        let root = std::env::temp_dir().join(format!("gocross-tests-{:016x}", hasher.finish()));
        fs_err::create_dir_all(root.join("bin"))?;
        let lock = File::create(root.join("lock"))?;
        lock.lock()?;
        let link = root.join("bin/cargo-gocross");
        if fs_err::read_link(&link).ok().as_deref() != Some(program) {
            fs_err::remove_file(&link).ok();
            fs_err::os::unix::fs::symlink(program, &link)?;
        }
        Ok(Self {
            root,
            builds: builds.to_owned(),
            variables: environment::of_children(),
            seeds: Mutex::default(),
            _lock: lock,
        })
    }

    /// The top folder of the repository.
    #[must_use]
    pub fn repository() -> &'static Path {
        Self::package().parent().unwrap_or(Self::package())
    }

    /// The folder of this package, which holds the scenarios.
    #[must_use]
    pub fn package() -> &'static Path {
        Path::new(env!("CARGO_MANIFEST_DIR"))
    }

    /// The project `name`: an example, or one that only tests need.
    #[must_use]
    pub fn project(name: &str) -> PathBuf {
        let example = Self::repository().join("examples").join(name);
        if example.is_dir() { example } else { Self::package().join("projects").join(name) }
    }

    /// The lock file of all projects that bring none: with it cargo knows all versions
    /// without asking a registry.
    #[must_use]
    pub fn lock_file() -> PathBuf {
        Self::repository().join("examples/hello/Cargo.lock")
    }

    /// The folder of all sandboxes.
    #[must_use]
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Where cargo puts what it compiles for one sandbox.
    #[must_use]
    pub fn build_dir(&self, name: &str) -> PathBuf {
        self.builds.join(name)
    }

    pub(crate) fn seeds(&self) -> &Mutex<Seeds> {
        &self.seeds
    }

    /// The folders in which commands are looked for: the program under test, and the machine's.
    #[must_use]
    pub fn path(&self) -> Vec<PathBuf> {
        let machine = self.variables.get(OsStr::new("PATH"));
        let machine = machine.into_iter().flat_map(std::env::split_paths);
        std::iter::once(self.root.join("bin")).chain(machine).collect()
    }

    /// What every command sees, apart from `PATH`.
    #[must_use]
    pub fn variables(&self) -> Variables {
        let mut variables = self.variables.clone();
        let (fork_safe, value) = gocross_toolchain::qemu::FORK_SAFE;
        let ours: [(&str, OsString); 3] = [
            // Tests start QEMU by itself too, as well as by `cargo gocross run`.
            (fork_safe, value.into()),
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
        self.variables.get(OsStr::new(name))
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
