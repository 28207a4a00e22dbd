//! The root that QEMU is given (`-L`) where the libraries of a target lie in two places: the C
//! library with the compiler, the others in a sysroot without one. QEMU takes one directory.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

use gocross_diagnostic::Result;
use gocross_targets::Target;

use crate::Cache;
use crate::sysroot::{Sysroot, link_directory, within};

const KIND: &str = "root-v1";

/// A directory with a link to each shared library of `base`, where the C library is, and of
/// `root`, whose libraries come before those of the same name. They stand where the target's
/// dynamic linker looks by itself: in `/lib`, and beside the dynamic linker.
///
/// # Errors
///
/// [`gocross_diagnostic::Code::Io`] for the cache.
pub fn overlaid(cache: &Cache, target: &Target, base: &Path, root: &Sysroot) -> Result<PathBuf> {
    let loader = Path::new(target.interpreter.trim_start_matches('/'));
    let beside = loader.parent().unwrap_or(Path::new("lib"));
    let mut places = vec![Path::new("lib"), beside];
    places.dedup();
    let mut links: BTreeMap<OsString, PathBuf> = BTreeMap::new();
    let own = places.iter().map(|place| base.join(place)).collect::<Vec<_>>();
    let all = own
        .iter()
        .map(|dir| (base, dir))
        .chain(root.library_dirs.iter().map(|dir| (root.dir.as_path(), dir)));
    for (root, dir) in all {
        for entry in fs_err::read_dir(dir).into_iter().flatten().flatten() {
            let name = entry.file_name();
            if !name.to_string_lossy().contains(".so") {
                continue;
            }
            let real =
                within(root, &entry.path()).or_else(|| fs_err::canonicalize(entry.path()).ok());
            if let Some(real) = real.filter(|real| real.is_file()) {
                links.insert(name, real);
            }
        }
    }
    link_directory(cache, KIND, &places, &links)
}
