//! One file an architecture: what the CPU and the kernel offer.

use crate::Features;

/// What the CPU and the kernel offer.
pub(crate) fn features() -> Features {
    #[cfg(target_arch = "x86_64")]
    let found = x86();
    #[cfg(all(target_arch = "aarch64", target_os = "linux"))]
    let found = aarch64();
    #[cfg(not(any(target_arch = "x86_64", all(target_arch = "aarch64", target_os = "linux"))))]
    let found = Features::NONE;
    found
}

#[cfg(target_arch = "x86_64")]
fn x86() -> Features {
    use crate::Feature;
    use core::arch::x86_64::{__cpuid, __cpuid_count};
    let (one, seven) = (__cpuid(1), __cpuid_count(7, 0));
    let table = [
        (one.ecx, 9, Feature::Ssse3),
        (one.ecx, 1, Feature::Pclmulqdq),
        (one.ecx, 25, Feature::Aes),
        (seven.ebx, 5, Feature::Avx2),
        (seven.ecx, 8, Feature::Gfni),
        (seven.ecx, 9, Feature::Vaes),
        (seven.ebx, 16, Feature::Avx512f),
        (seven.ebx, 30, Feature::Avx512bw),
        (seven.ebx, 31, Feature::Avx512vl),
    ];
    table
        .into_iter()
        .filter(|(word, bit, _)| word >> bit & 1 != 0)
        .fold(Features::NONE, |set, (.., feature)| set.with(feature))
}

#[cfg(all(target_arch = "aarch64", target_os = "linux"))]
fn aarch64() -> Features {
    use crate::Feature;
    unsafe extern "C" {
        fn getauxval(kind: usize) -> usize;
    }
    // SAFETY: getauxval only reads the auxiliary vector.
    let (one, two) = unsafe { (getauxval(16), getauxval(26)) };
    let table = [
        (one, 1, Feature::Neon),
        (one, 3, Feature::Aes),
        (one, 4, Feature::Pmull),
        (one, 5, Feature::Sha1),
        (one, 6, Feature::Sha2),
        (one, 17, Feature::Sha3),
        (one, 18, Feature::Sm3),
        (one, 19, Feature::Sm4),
        (one, 21, Feature::Sha512),
        (one, 22, Feature::Sve),
        (two, 1, Feature::Sve2),
        (two, 6, Feature::Sve2Sm4),
    ];
    table
        .into_iter()
        .filter(|(word, bit, _)| word >> bit & 1 != 0)
        .fold(Features::NONE, |set, (.., feature)| set.with(feature))
}
