//! Paths for 64-bit RISC-V: its two instruction sets for SM4, one of scalars and one of vectors.

mod zksed;
mod zvksed;

use gocross::cpu::{Feature, Features};

use super::path::Path;

/// The paths, best first.
pub(crate) const PATHS: &[Path] = &[
    Path {
        name: "zvksed",
        needs: Features::of(&[Feature::V, Feature::Zvksed, Feature::Zvkb]),
        constant_time: true,
        expand: zvksed::expand,
        encrypt: zvksed::encrypt,
    },
    Path {
        name: "zksed",
        needs: Features::of(&[Feature::Zksed]),
        constant_time: true,
        expand: zksed::expand,
        encrypt: zksed::encrypt,
    },
];
