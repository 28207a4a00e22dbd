//! Paths for 64-bit Arm.

use super::path::Path;

/// The paths, best first.
pub(crate) const PATHS: &[Path] = &[];
