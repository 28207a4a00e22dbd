//! arm: the kernel's words `HWCAP` and `HWCAP2`, also for a program of 32 bits on a kernel of 64.
//!
//! Bits: Linux `arch/arm/include/uapi/asm/hwcap.h`.

#[cfg(target_arch = "arm")]
use super::Found;
use super::of_bits;
use crate::{Feature, Features};

const HWCAP: &[(u8, Feature)] = &[
    (6, Feature::Vfp),
    (12, Feature::Neon),
    (13, Feature::Vfp3),
    (16, Feature::Vfp4),
    (19, Feature::D32),
];

const HWCAP2: &[(u8, Feature)] =
    &[(0, Feature::Aes), (1, Feature::Pmull), (2, Feature::Sha1), (3, Feature::Sha2)];

fn features(hwcap: u64, hwcap2: u64) -> Features {
    of_bits(hwcap, HWCAP).and(of_bits(hwcap2, HWCAP2))
}

#[cfg(target_arch = "arm")]
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
        ("cortex-a9", 0x8_b8d7, 0, "neon vfp vfp3 d32"),
        ("cortex-a9,neon=off", 0x8_a8d7, 0, "vfp vfp3 d32"),
        ("cortex-a7", 0x1f_b8d7, 0, "neon vfp vfp3 vfp4 d32"),
        ("max", 0x1f_b0d7, 0x1f, "neon aes pmull sha1 sha2 vfp vfp3 vfp4 d32"),
    ];

    #[test]
    fn measured_words() {
        for (cpu, hwcap, hwcap2, want) in MEASURED {
            assert_eq!(features(*hwcap, *hwcap2).to_string(), *want, "{cpu}");
        }
    }

    #[test]
    fn nothing_but_vfp_is_no_neon() {
        assert_eq!(features(1 << 6, 0), Features::of(&[Feature::Vfp]));
        assert!(!features(!(1 << 12), u64::MAX).has(Feature::Neon));
    }
}
