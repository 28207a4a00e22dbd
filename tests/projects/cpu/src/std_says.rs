//! What std detects, where it does so on stable Rust, and which of our features that stands for.

use gocross::cpu::Feature;

/// A name of std's, the features that it stands for, and whether std finds it.
pub(crate) type Answer = (&'static str, Vec<Feature>, bool);

#[allow(unused_macros, reason = "std detects nothing on some architectures")]
macro_rules! answers {
    ($detected:ident: $($name:tt = $($feature:ident)*,)*) => {
        vec![$((
            $name,
            vec![$(Feature::$feature),*],
            std::arch::$detected!($name),
        )),*]
    };
}

// std wants more than the bit of the name itself: for `sm4` that of SM3, for `sha2` that of SHA-1,
// for `sha3` that of SHA-512, for those of SVE2 that of the scalar instructions.
#[cfg(target_arch = "aarch64")]
pub(crate) fn answers() -> Vec<Answer> {
    answers! { is_aarch64_feature_detected:
        "neon" = Neon,
        "aes" = Aes,
        "pmull" = Pmull,
        "sha2" = Sha1 Sha2,
        "sha3" = Sha1 Sha2 Sha3 Sha512,
        "sm4" = Sm3 Sm4,
        "sve" = Sve,
        "sve2" = Sve Sve2,
        "sve2-aes" = Aes Sve2 Sve2Aes,
        "sve2-sha3" = Sha3 Sha512 Sve2 Sve2Sha3,
        "sve2-sm4" = Sm3 Sm4 Sve2 Sve2Sm4,
    }
}

#[cfg(target_arch = "riscv64")]
pub(crate) fn answers() -> Vec<Answer> {
    answers! { is_riscv_feature_detected:
        "zba" = Zba,
        "zbb" = Zbb,
        "zbc" = Zbc,
        "zbs" = Zbs,
        "zbkb" = Zbkb,
        "zbkc" = Zbkc,
        "zbkx" = Zbkx,
        "zknd" = Zknd,
        "zkne" = Zkne,
        "zknh" = Zknh,
        "zksed" = Zksed,
        "zksh" = Zksh,
    }
}

#[cfg(any(target_arch = "x86_64", target_arch = "x86"))]
pub(crate) fn answers() -> Vec<Answer> {
    answers! { is_x86_feature_detected:
        "aes" = Aes,
        "sm3" = Sm3,
        "sm4" = Sm4,
        "sha512" = Sha512,
        "ssse3" = Ssse3,
        "sse4.1" = Sse41,
        "pclmulqdq" = Pclmulqdq,
        "sha" = Sha,
        "avx" = Avx,
        "avx2" = Avx2,
        "fma" = Fma,
        "gfni" = Gfni,
        "vaes" = Vaes,
        "vpclmulqdq" = Vpclmulqdq,
        "avx512f" = Avx512f,
        "avx512dq" = Avx512dq,
        "avx512bw" = Avx512bw,
        "avx512vl" = Avx512vl,
        "avx512vbmi" = Avx512vbmi,
        "avx512vbmi2" = Avx512vbmi2,
    }
}

#[cfg(not(any(
    target_arch = "aarch64",
    target_arch = "riscv64",
    target_arch = "x86_64",
    target_arch = "x86"
)))]
pub(crate) fn answers() -> Vec<Answer> {
    Vec::new()
}
