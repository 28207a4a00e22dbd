//! Symbolic links of a sysroot, which are written for a system that has it as its root.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::{Component, Path, PathBuf};

use gocross_diagnostic::{Code, Diagnostic, Result};

use crate::Cache;
use crate::memo::digest;

const KIND: &str = "sysroot-v1";

/// How many links one path may lead through, as in the kernel (`MAXSYMLINKS`).
const MOST_LINKS: usize = 40;

/// The place of a path below `root` with all links followed as they would be on a system with
/// that root: absolute links begin there, and `..` does not lead above it. None for a path that
/// is not below it, a chain without an end, or where nothing is.
#[must_use]
pub fn within(root: &Path, path: &Path) -> Option<PathBuf> {
    let real = follow(root, path.strip_prefix(root).ok()?)?;
    real.exists().then_some(real)
}

/// Where a path of a system lies outside, in the directory `root` that holds the system: `..` above
/// the root is the root, and there absolute links begin. None where links lead on for ever.
#[must_use]
pub fn follow(root: &Path, path: &Path) -> Option<PathBuf> {
    let mut rest = parts(path);
    let mut done: Vec<OsString> = Vec::new();
    let mut links = 0;
    rest.reverse();
    while let Some(part) = rest.pop() {
        if part == ".." {
            done.pop();
            continue;
        }
        let here = root.join(done.iter().collect::<PathBuf>()).join(&part);
        let Ok(link) = fs_err::read_link(&here) else {
            done.push(part);
            continue;
        };
        links += 1;
        if links > MOST_LINKS {
            return None;
        }
        if link.is_absolute() {
            done.clear();
        }
        rest.extend(parts(&link).into_iter().rev());
    }
    Some(root.join(done.iter().collect::<PathBuf>()))
}

fn parts(path: &Path) -> Vec<OsString> {
    let part = |part: Component<'_>| match part {
        Component::Normal(name) => Some(name.to_owned()),
        Component::ParentDir => Some("..".into()),
        _ => None,
    };
    path.components().filter_map(part).collect()
}

/// A directory with a link for each file of `library_dirs` whose own link leads out of the
/// sysroot; none where there are no such links. Its name is made from what is in it, so that it
/// is never changed once it is there.
pub(super) fn repaired(
    cache: &Cache,
    root: &Path,
    library_dirs: &[PathBuf],
) -> Result<Option<PathBuf>> {
    let mut links: BTreeMap<OsString, PathBuf> = BTreeMap::new();
    for folder in library_dirs {
        for entry in fs_err::read_dir(folder).into_iter().flatten().flatten() {
            let leads_out = fs_err::read_link(entry.path()).is_ok_and(|link| link.is_absolute());
            if leads_out
                && let Some(real) = within(root, &entry.path()).filter(|real| real.is_file())
            {
                links.entry(entry.file_name()).or_insert(real);
            }
        }
    }
    if links.is_empty() {
        return Ok(None);
    }
    link_directory(cache, KIND, &[Path::new("")], &links).map(Some)
}

/// A directory of the cache with these links in each of its `places`.
///
/// # Errors
///
/// [`Code::Io`] for the cache.
pub(crate) fn link_directory(
    cache: &Cache,
    kind: &str,
    places: &[&Path],
    links: &BTreeMap<OsString, PathBuf>,
) -> Result<PathBuf> {
    let name = digest(&format!("{places:?} {links:?}"));
    let root = cache.folder(&format!("{kind}/{name}"))?;
    for place in places {
        let folder = cache.folder(&format!("{kind}/{name}/{}", place.display()))?;
        for (name, real) in links {
            let link = folder.join(name);
            if fs_err::read_link(&link).is_ok_and(|old| old == *real) {
                continue;
            }
            match symlink(real, &link) {
                // Another process was faster.
                Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {}
                Err(error) => return Err(Box::new(Diagnostic::error(Code::Io, error.to_string()))),
                Ok(()) => {}
            }
        }
    }
    Ok(root)
}

#[cfg(unix)]
fn symlink(real: &Path, link: &Path) -> std::io::Result<()> {
    fs_err::os::unix::fs::symlink(real, link)
}

#[cfg(not(unix))]
fn symlink(real: &Path, link: &Path) -> std::io::Result<()> {
    fs_err::copy(real, link).map(|_| ())
}
