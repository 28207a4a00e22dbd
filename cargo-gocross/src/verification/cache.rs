//! Under which name the findings about a built file are remembered.

use super::{Candidate, Settings};

/// Everything that decides the findings besides the file itself.
pub(super) fn key(candidate: &Candidate, settings: &Settings) -> String {
    let version = env!("CARGO_PKG_VERSION");
    let (file, spec) = (candidate.file.display(), &candidate.spec);
    let spec = spec.map(|spec| (spec.target.triple, spec.glibc));
    format!("verify 1 {version} {file} {spec:?} {settings:?}")
}
