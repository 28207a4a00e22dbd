//! Paths for 32-bit Arm.

use super::path::Path;

/// The paths, best first.
pub(crate) const PATHS: &[Path] = &[];
