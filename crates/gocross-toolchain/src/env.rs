//! The environment of a search, and the record of what the search read of it.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use serde::{Deserialize, Serialize};

/// Environment variables, the current folder, and a record of every read.
///
/// Library code reads the world through this type only. Tests make one by hand.
#[derive(Debug, Clone)]
pub struct Env {
    vars: BTreeMap<OsString, OsString>,
    current_dir: PathBuf,
    trace: RefCell<Trace>,
}

/// What was read: variables with their values, files with their stamps.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trace {
    /// Each variable that was asked for, and its value, or none where it was not set.
    pub vars: BTreeMap<String, Option<String>>,
    /// Each file that was looked at, and its stamp, or none where there was no file.
    pub files: BTreeMap<PathBuf, Option<Stamp>>,
    /// Each program that was looked for in `PATH`, and where it was found.
    pub programs: BTreeMap<PathBuf, Option<PathBuf>>,
}

/// What tells one state of a file from the next.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Stamp {
    /// A folder: only that it is there.
    Folder,
    /// A file: its size in bytes and its modification time in nanoseconds since 1970.
    File {
        /// Bytes.
        size: u64,
        /// Nanoseconds since 1970; 0 where the file system has no times.
        mtime: u64,
    },
}

impl Env {
    /// The environment of this process.
    ///
    /// # Errors
    ///
    /// The current folder was removed or may not be read.
    #[expect(clippy::disallowed_methods, reason = "the one door to the process environment")]
    pub fn of_process() -> std::io::Result<Self> {
        Ok(Self::new(std::env::vars_os(), std::env::current_dir()?))
    }

    /// An environment made by hand.
    pub fn new<K, V>(
        vars: impl IntoIterator<Item = (K, V)>,
        current_dir: impl Into<PathBuf>,
    ) -> Self
    where
        K: Into<OsString>,
        V: Into<OsString>,
    {
        Self {
            vars: vars.into_iter().map(|(key, value)| (key.into(), value.into())).collect(),
            current_dir: current_dir.into(),
            trace: RefCell::default(),
        }
    }

    /// The same environment with one variable more.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<OsString>) -> Self {
        self.vars.insert(name.into(), value.into());
        self
    }

    /// The same environment without one variable.
    #[must_use]
    pub fn without(mut self, name: &str) -> Self {
        self.vars.remove(OsStr::new(name));
        self
    }

    /// The same environment in another folder.
    #[must_use]
    pub fn in_dir(mut self, dir: impl Into<PathBuf>) -> Self {
        self.current_dir = dir.into();
        self
    }

    /// The current folder.
    #[must_use]
    pub fn current_dir(&self) -> &Path {
        &self.current_dir
    }

    /// Everything that a child process is to see; not recorded.
    pub fn all(&self) -> impl Iterator<Item = (&OsStr, &OsStr)> {
        self.vars.iter().map(|(key, value)| (key.as_os_str(), value.as_os_str()))
    }

    /// A variable that is set and not empty. Recorded.
    pub fn var_os(&self, name: &str) -> Option<OsString> {
        let value = self.peek(name);
        let text = value.as_ref().map(|value| value.to_string_lossy().into_owned());
        self.trace.borrow_mut().vars.insert(name.to_owned(), text);
        value
    }

    /// A variable that is set, not empty and UTF-8. Recorded.
    pub fn var(&self, name: &str) -> Option<String> {
        self.var_os(name)?.into_string().ok()
    }

    /// A variable like [`Env::var_os`], past the record: for what a caller sets anew for each
    /// run, and where the place that it leads to is recorded instead.
    pub fn peek(&self, name: &str) -> Option<OsString> {
        self.vars.get(OsStr::new(name)).filter(|value| !value.is_empty()).cloned()
    }

    /// The stamp of a file, where there is one. Recorded.
    pub fn stamp(&self, path: &Path) -> Option<Stamp> {
        let stamp = Stamp::of(path);
        self.trace.borrow_mut().files.insert(path.to_owned(), stamp);
        stamp
    }

    /// Whether a path leads to a folder. Recorded.
    pub fn is_dir(&self, path: &Path) -> bool {
        self.stamp(path) == Some(Stamp::Folder)
    }

    /// Whether a path leads to a file that is not a folder. Recorded.
    pub fn is_file(&self, path: &Path) -> bool {
        matches!(self.stamp(path), Some(Stamp::File { .. }))
    }

    /// The program that a shell would start for `name`. Recorded: where it was found, and its
    /// stamp.
    ///
    /// `PATH` itself is not recorded: what counts is where it leads, and editors and
    /// terminals seldom agree on the rest of it.
    pub fn find_program(&self, name: impl AsRef<OsStr>) -> Option<PathBuf> {
        let name = Path::new(name.as_ref());
        let found = self.resolve(name);
        let mut trace = self.trace.borrow_mut();
        if let Some(path) = &found {
            trace.files.insert(path.clone(), Stamp::of(path));
        }
        trace.programs.insert(name.to_owned(), found.clone());
        found
    }

    fn resolve(&self, name: &Path) -> Option<PathBuf> {
        if name.components().count() > 1 {
            let path = self.current_dir.join(name);
            return is_program(&path).then_some(path);
        }
        self.path_folders().map(|dir| dir.join(name)).find(|path| is_program(path))
    }

    /// The folders of `PATH`, in order. Not recorded.
    pub fn path_folders(&self) -> impl Iterator<Item = PathBuf> {
        let path = self.peek("PATH").unwrap_or_default();
        let folders: Vec<PathBuf> = std::env::split_paths(&path)
            .filter(|dir| !dir.as_os_str().is_empty())
            .map(|dir| self.current_dir.join(dir))
            .collect();
        folders.into_iter()
    }

    /// The user's home folder. Recorded.
    pub fn home(&self) -> Option<PathBuf> {
        self.var_os("HOME").or_else(|| self.var_os("USERPROFILE")).map(PathBuf::from)
    }

    /// What has been read so far.
    pub fn trace(&self) -> Trace {
        self.trace.borrow().clone()
    }

    /// Runs `search` with an empty record; what it reads is returned beside its
    /// result, and belongs to this environment's record too.
    pub fn record<T>(&self, search: impl FnOnce(&Self) -> T) -> (T, Trace) {
        let outer = self.trace.take();
        let result = search(self);
        let inner = self.trace.replace(outer);
        self.trace.borrow_mut().merge(&inner);
        (result, inner)
    }

    /// Whether a recorded search would read the same now. What is compared is recorded.
    pub fn agrees_with(&self, trace: &Trace) -> bool {
        trace.vars.iter().all(|(name, value)| {
            self.var_os(name).map(|value| value.to_string_lossy().into_owned()) == *value
        }) && trace.programs.iter().all(|(name, found)| self.find_program(name) == *found)
            && trace.files.iter().all(|(path, stamp)| self.stamp(path) == *stamp)
    }
}

impl Trace {
    fn merge(&mut self, other: &Self) {
        self.vars.extend(other.vars.iter().map(|(name, value)| (name.clone(), value.clone())));
        self.files.extend(other.files.iter().map(|(path, stamp)| (path.clone(), *stamp)));
        let programs = other.programs.iter();
        self.programs.extend(programs.map(|(name, found)| (name.clone(), found.clone())));
    }
}

impl Stamp {
    /// The stamp of a path as it is now; links are followed.
    #[must_use]
    pub fn of(path: &Path) -> Option<Self> {
        let metadata = fs_err::metadata(path).ok()?;
        if metadata.is_dir() {
            return Some(Self::Folder);
        }
        let mtime = metadata.modified().ok().and_then(|time| time.duration_since(UNIX_EPOCH).ok());
        let nanoseconds = mtime.map_or(0, |time| u64::try_from(time.as_nanos()).unwrap_or(0));
        Some(Self::File { size: metadata.len(), mtime: nanoseconds })
    }
}

fn is_program(path: &Path) -> bool {
    matches!(Stamp::of(path), Some(Stamp::File { .. })) && is_executable(path)
}

#[cfg(unix)]
fn is_executable(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    fs_err::metadata(path).is_ok_and(|metadata| metadata.permissions().mode() & 0o111 != 0)
}

#[cfg(not(unix))]
fn is_executable(_path: &Path) -> bool {
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_variable_counts_as_not_set() {
        let env = Env::new([("CC", "")], "/");
        assert_eq!(env.var("CC"), None);
        assert_eq!(env.trace().vars["CC"], None);
    }

    #[test]
    fn a_search_of_path_is_void_when_it_would_lead_elsewhere() {
        let dir = tempfile::tempdir().unwrap();
        let (first, second) = (dir.path().join("a"), dir.path().join("b"));
        fs_err::create_dir_all(&first).unwrap();
        fs_err::create_dir_all(&second).unwrap();
        fs_err::copy("/bin/sh", second.join("tool")).unwrap();
        let path = std::env::join_paths([&first, &second]).unwrap();
        let env = Env::new([(OsString::from("PATH"), path)], "/");

        let (found, trace) = env.record(|env| env.find_program("tool"));
        assert_eq!(found, Some(second.join("tool")));
        assert!(env.agrees_with(&trace));
        // Another PATH that leads to the same program is as good, and one that does not is not.
        assert!(env.clone().with("PATH", &second).agrees_with(&trace));
        assert!(!env.clone().with("PATH", &first).agrees_with(&trace));

        // A program that turns up earlier in PATH makes the record void.
        fs_err::copy("/bin/sh", first.join("tool")).unwrap();
        assert!(!env.agrees_with(&trace));
    }

    #[test]
    fn a_file_without_the_right_to_run_is_no_program() {
        let dir = tempfile::tempdir().unwrap();
        fs_err::write(dir.path().join("tool"), "text").unwrap();
        let env = Env::new([("PATH", dir.path())], "/");
        assert_eq!(env.find_program("tool"), None);
        assert_eq!(env.find_program(dir.path().join("tool")), None);
    }

    #[test]
    fn records_nest() {
        let env = Env::new([("A", "1"), ("B", "2")], "/");
        let (_, outer) = env.record(|env| {
            env.var("A");
            env.record(|env| env.var("B")).0
        });
        assert_eq!(outer.vars.len(), 2);
        assert!(!env.clone().with("B", "3").agrees_with(&outer));
    }
}
