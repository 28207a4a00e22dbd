//! Paths for x86-64.

use super::path::Path;

/// The paths, best first.
pub(crate) const PATHS: &[Path] = &[];
