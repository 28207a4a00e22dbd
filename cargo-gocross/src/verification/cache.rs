//! Under which name the findings about a built file are remembered.

use std::path::Path;

use super::{Candidate, Settings};

/// Everything that decides the findings besides the file itself.
pub(super) fn key(folder: &Path, candidate: &Candidate, settings: &Settings) -> String {
    let version = env!("CARGO_PKG_VERSION");
    // The folder as well: findings name the file as it was named.
    let (folder, file) = (folder.display(), candidate.file.display());
    let spec = candidate.spec.map(|spec| (spec.target.triple, spec.glibc));
    format!("verify 3 {version} {folder} {file} {spec:?} {settings:?}")
}
