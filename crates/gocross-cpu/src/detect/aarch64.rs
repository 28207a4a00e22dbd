//! aarch64: the kernel's words `HWCAP` and `HWCAP2`.
//!
//! Bits: Linux `arch/arm64/include/uapi/asm/hwcap.h`. Each feature asks for its own bit.

#[cfg(target_arch = "aarch64")]
use super::Found;
use super::of_bits;
use crate::{Feature, Features};

const HWCAP: &[(u8, Feature)] = &[
    (1, Feature::Neon),
    (3, Feature::Aes),
    (4, Feature::Pmull),
    (5, Feature::Sha1),
    (6, Feature::Sha2),
    (17, Feature::Sha3),
    (18, Feature::Sm3),
    (19, Feature::Sm4),
    (21, Feature::Sha512),
    (22, Feature::Sve),
];

const HWCAP2: &[(u8, Feature)] =
    &[(1, Feature::Sve2), (2, Feature::Sve2Aes), (5, Feature::Sve2Sha3), (6, Feature::Sve2Sm4)];

fn features(hwcap: u64, hwcap2: u64) -> Features {
    of_bits(hwcap, HWCAP).and(of_bits(hwcap2, HWCAP2))
}

#[cfg(target_arch = "aarch64")]
pub(super) fn look() -> Found {
    use crate::sys;
    Found {
        features: features(sys::auxiliary(sys::AT_HWCAP), sys::auxiliary(sys::AT_HWCAP2)),
        source: crate::Source::Hwcap,
    }
}

#[cfg(test)]
mod tests {
    use std::string::ToString;

    use super::*;

    /// Words that QEMU gives for its models of CPUs.
    const MEASURED: &[(&str, u64, u64, &str)] = &[
        ("cortex-a53", 0x8fb, 0, "neon aes pmull sha1 sha2"),
        ("cortex-a76", 0x11_9ffb, 0, "neon aes pmull sha1 sha2"),
        ("a64fx", 0x41_5ffb, 0, "neon aes pmull sha1 sha2 sve"),
        ("neoverse-v1", 0xcfff_fffb, 0x1_7201, "neon aes pmull sha1 sha2 sha3 sha512 sm3 sm4 sve"),
        (
            "neoverse-n2",
            0xefff_fffb,
            0x7_73ff,
            "neon aes pmull sha1 sha2 sha3 sha512 sm3 sm4 sve sve2 sve2-aes sve2-sha3 sve2-sm4",
        ),
        (
            "max of QEMU 7.2",
            0xecff_fffb,
            0x7f87_7fff,
            "neon aes pmull sha1 sha2 sha3 sha512 sm3 sm4 sve sve2 sve2-aes sve2-sha3 sve2-sm4",
        ),
        (
            "max of QEMU 10",
            0xefff_fffb,
            0x1800_7fc7_7fff,
            "neon aes pmull sha1 sha2 sha3 sha512 sm3 sm4 sve sve2 sve2-aes sve2-sha3 sve2-sm4",
        ),
    ];

    #[test]
    fn measured_words() {
        for (cpu, hwcap, hwcap2, want) in MEASURED {
            assert_eq!(features(*hwcap, *hwcap2).to_string(), *want, "{cpu}");
        }
    }

    #[test]
    fn each_feature_asks_for_its_own_bit_only() {
        for (bit, feature) in HWCAP {
            assert_eq!(features(1 << bit, 0), Features::of(&[*feature]));
        }
        for (bit, feature) in HWCAP2 {
            assert_eq!(features(0, 1 << bit), Features::of(&[*feature]));
        }
        // Rust's std wants SM3 for `sm4`, and cpufeatures takes either bit.
        assert!(features(1 << 19, 0).has(Feature::Sm4));
        assert!(!features(1 << 18, 0).has(Feature::Sm4));
    }
}
