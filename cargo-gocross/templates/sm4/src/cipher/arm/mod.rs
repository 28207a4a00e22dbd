//! Paths of 32-bit Arm: NEON, which most CPUs of Armv7 have, and not all.

mod neon;
mod tower;

use gocross::cpu::{Feature, Features};

use super::path::Path;
use super::portable;

/// The paths, best first.
pub(crate) const PATHS: &[Path] = &[Path {
    name: "neon",
    needs: Features::of(&[Feature::Neon]),
    constant_time: true,
    // One word at a time leaves nothing for vectors to do.
    expand: portable::expand,
    encrypt: neon::encrypt,
}];
