//! x86 of 32 and 64 bits, on every system: the instructions `cpuid` and `xgetbv`.
//!
//! Bits: "Intel 64 and IA-32 Architectures Software Developer's Manual", Volume 2, CPUID, and
//! Volume 1, 14.3 (the detection of AVX); AMD's are the same where both have them.

#[cfg(any(target_arch = "x86_64", target_arch = "x86"))]
use super::Found;
use super::of_bits;
use crate::{Feature, Features};

/// What the instructions answer; 0 for a leaf that is not there.
#[derive(Debug, Clone, Copy, Default)]
struct Leaves {
    /// Leaf 1, ECX.
    one_ecx: u32,
    /// Leaf 7, EBX and ECX.
    seven_ebx: u32,
    seven_ecx: u32,
    /// Leaf 7, sub-leaf 1, EAX.
    seven_one_eax: u32,
    /// Which registers the system saves: XCR0, where the system lets programs ask.
    xcr0: u64,
}

/// XCR0: XMM and YMM.
const SAVES_AVX: u64 = 0b110;
/// XCR0: XMM and YMM; the mask registers, the upper halves of ZMM0 to ZMM15, and ZMM16 to ZMM31.
const SAVES_AVX512: u64 = 0b1110_0110;

fn features(leaves: &Leaves) -> Features {
    let legacy = of_bits(
        leaves.one_ecx.into(),
        &[(1, Feature::Pclmulqdq), (9, Feature::Ssse3), (19, Feature::Sse41), (25, Feature::Aes)],
    )
    .and(of_bits(leaves.seven_ebx.into(), &[(29, Feature::Sha)]))
    .and(of_bits(leaves.seven_ecx.into(), &[(8, Feature::Gfni)]));
    let mut found = legacy;
    if leaves.xcr0 & SAVES_AVX == SAVES_AVX {
        found = found.and(with_ymm(leaves));
    }
    if leaves.xcr0 & SAVES_AVX512 == SAVES_AVX512 {
        found = found.and(with_zmm(leaves));
    }
    found
}

/// What is encoded with VEX, and so needs the registers YMM.
fn with_ymm(leaves: &Leaves) -> Features {
    of_bits(leaves.one_ecx.into(), &[(12, Feature::Fma), (28, Feature::Avx)])
        .and(of_bits(leaves.seven_ebx.into(), &[(5, Feature::Avx2)]))
        .and(of_bits(leaves.seven_ecx.into(), &[(9, Feature::Vaes), (10, Feature::Vpclmulqdq)]))
        .and(of_bits(
            leaves.seven_one_eax.into(),
            &[(0, Feature::Sha512), (1, Feature::Sm3), (2, Feature::Sm4)],
        ))
}

fn with_zmm(leaves: &Leaves) -> Features {
    of_bits(
        leaves.seven_ebx.into(),
        &[
            (16, Feature::Avx512f),
            (17, Feature::Avx512dq),
            (30, Feature::Avx512bw),
            (31, Feature::Avx512vl),
        ],
    )
    .and(of_bits(leaves.seven_ecx.into(), &[(1, Feature::Avx512vbmi), (6, Feature::Avx512vbmi2)]))
}

#[cfg(any(target_arch = "x86_64", target_arch = "x86"))]
pub(super) fn look() -> Found {
    use crate::cpuid::{cpuid, xcr0};

    const OSXSAVE: u32 = 1 << 27;
    let last = cpuid(0, 0).eax;
    let one = cpuid(1, 0);
    let mut leaves = Leaves { one_ecx: one.ecx, ..Leaves::default() };
    if last >= 7 {
        let seven = cpuid(7, 0);
        leaves.seven_ebx = seven.ebx;
        leaves.seven_ecx = seven.ecx;
        if seven.eax >= 1 {
            leaves.seven_one_eax = cpuid(7, 1).eax;
        }
    }
    if one.ecx & OSXSAVE != 0 {
        // SAFETY: the system has set OSXSAVE.
        leaves.xcr0 = unsafe { xcr0() };
    }
    Found { features: features(&leaves), source: crate::Source::Cpuid }
}

#[cfg(test)]
mod tests {
    use std::string::ToString;

    use super::*;

    /// A server of 2023 with AVX-512 and without SM4.
    const SERVER: Leaves = Leaves {
        one_ecx: 0xfffa_3203,
        seven_ebx: 0xf1bf_27eb,
        seven_ecx: 0x1b41_5fde,
        seven_one_eax: 0x1c30,
        xcr0: 0x6_02e7,
    };

    #[test]
    fn a_server() {
        assert_eq!(
            features(&SERVER).to_string(),
            "aes ssse3 sse4.1 pclmulqdq sha avx avx2 fma gfni vaes vpclmulqdq \
             avx512f avx512dq avx512bw avx512vl avx512vbmi avx512vbmi2"
        );
    }

    #[test]
    fn registers_that_the_system_does_not_save_are_not_there() {
        let of = |xcr0| features(&Leaves { xcr0, seven_one_eax: 0b111, ..SERVER });
        let all = of(SAVES_AVX512);
        assert!(all.has_all(Features::of(&[Feature::Avx512f, Feature::Avx2, Feature::Sm4])));
        for missing in [5, 6, 7] {
            let some = of(SAVES_AVX512 & !(1 << missing));
            assert!(some.iter().all(|feature| !feature.name().starts_with("avx512")), "{some}");
            assert!(some.has_all(Features::of(&[Feature::Avx2, Feature::Vaes, Feature::Sm4])));
        }
        let legacy = "aes ssse3 sse4.1 pclmulqdq sha gfni";
        for missing in [1, 2] {
            assert_eq!(of(SAVES_AVX512 & !(1 << missing)).to_string(), legacy);
        }
        assert_eq!(of(0).to_string(), legacy);
    }

    #[test]
    fn each_of_the_latest_asks_for_its_own_bit_only() {
        let of = |seven_one_eax| {
            features(&Leaves { seven_one_eax, xcr0: SAVES_AVX, ..Leaves::default() })
        };
        assert_eq!(of(1 << 0), Features::of(&[Feature::Sha512]));
        assert_eq!(of(1 << 1), Features::of(&[Feature::Sm3]));
        assert_eq!(of(1 << 2), Features::of(&[Feature::Sm4]));
        assert_eq!(of(!0b111), Features::NONE);
    }

    /// Compares with what std says of this machine.
    #[cfg(any(target_arch = "x86_64", target_arch = "x86"))]
    #[test]
    fn std_says_the_same() {
        let found = look().features;
        macro_rules! same {
            ($($name:tt)*) => {
                [$((std::arch::is_x86_feature_detected!($name), $name)),*]
            };
        }
        let std = same![
            "aes" "sm3" "sm4" "sha512" "ssse3" "sse4.1" "pclmulqdq" "sha" "avx" "avx2" "fma"
            "gfni" "vaes" "vpclmulqdq" "avx512f" "avx512dq" "avx512bw" "avx512vl" "avx512vbmi"
            "avx512vbmi2"
        ];
        for (has, name) in std {
            let feature = Feature::named(name).expect(name);
            assert_eq!(found.has(feature), has, "{name}");
        }
        // And there is none that std was not asked for.
        assert!(found.iter().all(|feature| std.iter().any(|(_, name)| *name == feature.name())));
    }
}
