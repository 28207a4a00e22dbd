//! Paths of x86-64: AES-NI and GFNI compute the S-box without a table.

mod aesni;
mod avx2;
mod gfni;
mod gfni_avx2;
mod gfni_avx512;
mod shuffle;
mod vaes;
mod vector;

use gocross::cpu::{Feature, Features};

use super::path::Path;

/// The paths, best first.
pub(crate) const PATHS: &[Path] = &[
    Path {
        name: "gfni-avx512",
        needs: Features::of(&[Feature::Gfni, Feature::Avx512f, Feature::Avx512bw]),
        constant_time: true,
        expand: gfni_avx512::expand,
        encrypt: gfni_avx512::encrypt,
    },
    Path {
        name: "gfni-avx2",
        needs: Features::of(&[Feature::Gfni, Feature::Avx2]),
        constant_time: true,
        expand: gfni_avx2::expand,
        encrypt: gfni_avx2::encrypt,
    },
    Path {
        name: "vaes-avx2",
        needs: Features::of(&[Feature::Vaes, Feature::Avx2, Feature::Aes]),
        constant_time: true,
        expand: vaes::expand,
        encrypt: vaes::encrypt,
    },
    Path {
        name: "aesni-avx2",
        needs: Features::of(&[Feature::Aes, Feature::Avx2]),
        constant_time: true,
        expand: avx2::expand,
        encrypt: avx2::encrypt,
    },
    Path {
        name: "aesni",
        needs: Features::of(&[Feature::Aes, Feature::Ssse3]),
        constant_time: true,
        expand: aesni::expand,
        encrypt: aesni::encrypt,
    },
];
