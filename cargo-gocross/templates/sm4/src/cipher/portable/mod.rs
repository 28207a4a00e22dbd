//! Paths in plain Rust, for any CPU.

mod circuit;
mod constant_time;
mod plane;
mod table;

use gocross::cpu::Features;

use super::path::Path;

#[cfg(target_arch = "arm")]
pub(super) use constant_time::expand;

/// The paths that need nothing. The first one is what every other path falls back to.
pub(crate) const PATHS: &[Path] = &[
    Path {
        name: "portable",
        needs: Features::NONE,
        constant_time: true,
        expand: constant_time::expand,
        encrypt: constant_time::encrypt,
    },
    Path {
        name: "table",
        needs: Features::NONE,
        constant_time: false,
        expand: table::expand,
        encrypt: table::encrypt,
    },
];
