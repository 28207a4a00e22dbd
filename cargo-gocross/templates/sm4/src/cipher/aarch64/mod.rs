//! Paths of 64-bit Arm: instructions for SM4, the S-box of AES, and look-ups in registers.

mod aese;
mod neon;
mod rounds;
mod sm4e;

use gocross::cpu::{Feature, Features};

use super::path::Path;

/// The paths, best first.
pub(crate) const PATHS: &[Path] = &[
    Path {
        name: "sm4e",
        needs: Features::of(&[Feature::Neon, Feature::Sm4]),
        constant_time: true,
        expand: sm4e::expand,
        encrypt: sm4e::encrypt,
    },
    Path {
        name: "aese",
        needs: Features::of(&[Feature::Neon, Feature::Aes]),
        constant_time: true,
        expand: aese::expand,
        encrypt: aese::encrypt,
    },
    Path {
        name: "neon",
        needs: Features::of(&[Feature::Neon]),
        constant_time: true,
        expand: neon::expand,
        encrypt: neon::encrypt,
    },
];
