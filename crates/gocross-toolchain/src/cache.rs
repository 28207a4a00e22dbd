//! Where gocross keeps what is costly to make: one folder a user, shared by all projects.

use std::path::{Path, PathBuf};

use fs_err as fs;
use gocross_diagnostic::{Code, Diagnostic, Result, hint};
use serde::Serialize;

use crate::Env;

/// The cache folder. Each kind of entry has a folder whose name carries its format's
/// version (`std-v2`), so that two versions of gocross do not disturb each other.
#[derive(Debug, Clone)]
pub struct Cache {
    root: PathBuf,
}

impl Cache {
    /// The cache of a user: `$GOCROSS_CACHE`, else `$XDG_CACHE_HOME/gocross`, else
    /// `~/.cache/gocross`.
    ///
    /// # Errors
    ///
    /// [`Code::Io`] where none of the three variables is set.
    pub fn of_user(env: &Env) -> Result<Self> {
        let root = env
            .var_os("GOCROSS_CACHE")
            .map(|path| env.current_dir().join(path))
            .or_else(|| Some(PathBuf::from(env.var_os("XDG_CACHE_HOME")?).join("gocross")))
            .or_else(|| Some(env.home()?.join(".cache/gocross")));
        match root {
            Some(root) => Ok(Self { root }),
            None => Err(Box::new(
                Diagnostic::error(Code::Io, "there is no folder for gocross's cache")
                    .detail("none of `GOCROSS_CACHE`, `XDG_CACHE_HOME` and `HOME` is set")
                    .hint(hint!("export GOCROSS_CACHE=/var/tmp/gocross")),
            )),
        }
    }

    /// A cache in a folder of the caller's choice.
    pub fn at(root: impl Into<PathBuf>) -> Self {
        Self { root: root.into() }
    }

    /// The cache's folder.
    #[must_use]
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The folder of one kind of entry, made if need be.
    ///
    /// # Errors
    ///
    /// [`Code::Io`] where it cannot be made.
    pub fn folder(&self, kind: &str) -> Result<PathBuf> {
        let path = self.root.join(kind);
        fs::create_dir_all(&path).map_err(|error| self.broken(&error))?;
        Ok(path)
    }

    /// Writes a file so that readers see the old one or the new one, never a part.
    ///
    /// # Errors
    ///
    /// [`Code::Io`].
    pub fn write(&self, path: &Path, bytes: &[u8]) -> Result<()> {
        self.write_file(path, bytes, &tempfile::Builder::new())
    }

    /// Writes a program, whole or not at all, and never without the right to run it.
    ///
    /// # Errors
    ///
    /// [`Code::Io`].
    pub(crate) fn write_program(&self, path: &Path, bytes: &[u8]) -> Result<()> {
        let mut builder = tempfile::Builder::new();
        #[cfg(unix)]
        builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o755));
        self.write_file(path, bytes, &builder)
    }

    fn write_file(
        &self,
        path: &Path,
        bytes: &[u8],
        builder: &tempfile::Builder<'_, '_>,
    ) -> Result<()> {
        let write = || -> std::io::Result<()> {
            let folder = path.parent().unwrap_or(Path::new("."));
            let mut file = builder.tempfile_in(folder)?;
            std::io::Write::write_all(&mut file, bytes)?;
            file.persist(path).map_err(|error| error.error)?;
            Ok(())
        };
        write().map_err(|error| self.broken(&error))
    }

    /// Writes a value as JSON, whole or not at all.
    ///
    /// # Errors
    ///
    /// [`Code::Io`].
    pub fn write_json(&self, path: &Path, value: &impl Serialize) -> Result<()> {
        let text = serde_json::to_vec_pretty(value)
            .map_err(|error| self.broken(&std::io::Error::other(error)))?;
        self.write(path, &text)
    }

    /// Takes the lock of a name within a kind; it is held until the value is dropped.
    ///
    /// `waiting` is called once if another process holds it.
    ///
    /// # Errors
    ///
    /// [`Code::Io`].
    pub fn lock(&self, kind: &str, name: &str, waiting: impl FnOnce()) -> Result<Lock> {
        let path = self.folder(kind)?.join(format!("{name}.lock"));
        let open = || -> std::io::Result<std::fs::File> {
            let file = std::fs::File::options().create(true).append(true).open(&path)?;
            if file.try_lock().is_err() {
                waiting();
                file.lock()?;
            }
            Ok(file)
        };
        open().map(|file| Lock { _file: file }).map_err(|error| self.broken(&error))
    }

    fn broken(&self, error: &std::io::Error) -> Box<Diagnostic> {
        Box::new(
            Diagnostic::error(
                Code::Io,
                format!("gocross's cache `{}` cannot be used", self.root.display()),
            )
            .detail(error.to_string())
            .hint(hint!("export GOCROSS_CACHE=/var/tmp/gocross")),
        )
    }
}

/// A lock between processes; dropping it gives it back.
#[derive(Debug)]
pub struct Lock {
    _file: std::fs::File,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_folder_follows_the_variables_in_order() {
        let root = |env: &Env| Cache::of_user(env).map(|cache| cache.root().to_owned());
        let env = Env::new([("HOME", "/home/a")], "/work");
        assert_eq!(root(&env).unwrap(), Path::new("/home/a/.cache/gocross"));
        let env = env.with("XDG_CACHE_HOME", "/x");
        assert_eq!(root(&env).unwrap(), Path::new("/x/gocross"));
        let env = env.with("GOCROSS_CACHE", "mine");
        assert_eq!(root(&env).unwrap(), Path::new("/work/mine"));
        let nowhere = Env::new(Vec::<(String, String)>::new(), "/");
        assert_eq!(root(&nowhere).unwrap_err().code, Code::Io);
    }

    #[test]
    fn a_cache_that_cannot_be_written_says_which_variable_moves_it() {
        let error = Cache::at("/dev/null/cache").folder("std-v2").unwrap_err();
        assert_eq!(error.code, Code::Io);
        assert!(error.to_string().contains("GOCROSS_CACHE"), "{error}");
    }

    #[test]
    fn a_lock_is_free_again_when_it_is_dropped() {
        let dir = tempfile::tempdir().unwrap();
        let cache = Cache::at(dir.path());
        let held = cache.lock("std-v2", "a", || panic!("nobody holds it")).unwrap();
        let (sender, receiver) = std::sync::mpsc::channel();
        std::thread::scope(|scope| {
            scope.spawn(|| {
                cache.lock("std-v2", "a", || sender.send(()).unwrap()).unwrap();
            });
            receiver.recv().unwrap();
            drop(held);
        });
        // That it comes back shows it. It may wait a moment: a child that another test forks has the
        // file open until it becomes another program.
        cache.lock("std-v2", "a", || ()).unwrap();
    }
}
