//! A folder that is seen as the root of a system: links in it stay in it.

use std::path::{Path, PathBuf};

use gocross_elf::Identity;
use gocross_toolchain::sysroot::follow;
use gocross_verify::Found;

/// The bytes of a file that tell what it is.
const HEADER: u64 = 64;

/// The folder.
#[derive(Debug, Clone)]
pub(super) struct Root(PathBuf);

impl Root {
    pub(super) fn new(folder: PathBuf) -> Self {
        Self(folder)
    }

    /// The folder of a file, as it is seen from inside; that of a file outside is as it is.
    pub(super) fn inside(&self, file: &Path) -> String {
        let folder = file.parent().unwrap_or(file);
        let inside = folder.strip_prefix(&self.0).unwrap_or(folder);
        let path = Path::new("/").join(inside).display().to_string();
        path.trim_end_matches('/').to_owned()
    }

    /// What is at a path: none where there is nothing, or nothing that can be read.
    pub(super) fn identity(&self, path: &str) -> Option<Found> {
        let real = self.real(path)?;
        if !fs_err::metadata(&real).ok()?.is_file() {
            return None;
        }
        let mut head = Vec::new();
        let file = fs_err::File::open(&real).ok()?;
        std::io::Read::read_to_end(&mut std::io::Read::take(file, HEADER), &mut head).ok()?;
        Some(Identity::parse(&head).ok())
    }

    /// A whole file; none where it is no regular file.
    pub(super) fn read(&self, path: &str) -> Option<Vec<u8>> {
        let real = self.real(path)?;
        fs_err::metadata(&real).ok()?.is_file().then(|| fs_err::read(&real).ok())?
    }

    /// The place of a path outside. `..` above the root is the root, and so begin absolute links.
    fn real(&self, path: &str) -> Option<PathBuf> {
        follow(&self.0, Path::new(path))
    }
}

#[cfg(test)]
mod tests {
    use fs_err::os::unix::fs::symlink;

    use super::*;

    #[test]
    fn links_stay_inside() {
        let dir = tempfile::tempdir().unwrap();
        let root = Root::new(dir.path().to_owned());
        fs_err::create_dir_all(dir.path().join("usr/lib")).unwrap();
        symlink("usr/lib", dir.path().join("lib")).unwrap();
        symlink("/lib/b.so", dir.path().join("usr/lib/a.so")).unwrap();
        symlink("loop", dir.path().join("loop")).unwrap();
        fs_err::write(dir.path().join("usr/lib/b.so"), "text").unwrap();
        assert_eq!(root.real("/lib/a.so"), Some(dir.path().join("usr/lib/b.so")));
        assert_eq!(root.real("/../../lib/../lib/b.so"), Some(dir.path().join("usr/lib/b.so")));
        assert_eq!(root.real("/loop"), None);
        assert_eq!(root.identity("/lib/a.so"), Some(None));
        assert_eq!(root.identity("/lib"), None);
        assert_eq!(root.inside(&dir.path().join("usr/bin/x")), "/usr/bin");
    }
}
