//! Paths for 64-bit RISC-V.

use super::path::Path;

/// The paths, best first.
pub(crate) const PATHS: &[Path] = &[];
