//! mips: the kernel's word `HWCAP`, of 32 and 64 bits, of both byte orders.
//!
//! Bits: Linux `arch/mips/include/uapi/asm/hwcap.h`. Kernels before 5.3 know only the first two,
//! so `dsp` is not seen there; QEMU does not report it either.

#[cfg(any(target_arch = "mips", target_arch = "mips64"))]
use super::Found;
use super::of_bits;
use crate::{Feature, Features};

const HWCAP: &[(u8, Feature)] = &[(1, Feature::Msa), (7, Feature::Dsp), (8, Feature::Dsp2)];

fn features(hwcap: u64) -> Features {
    of_bits(hwcap, HWCAP)
}

#[cfg(any(target_arch = "mips", target_arch = "mips64"))]
pub(super) fn look() -> Found {
    use crate::sys;
    Found { features: features(sys::auxiliary(sys::AT_HWCAP)), source: crate::Source::Hwcap }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn measured_words() {
        // 24Kf, 34Kf and 74Kf of QEMU, then P5600.
        assert_eq!(features(0), Features::NONE);
        assert_eq!(features(2), Features::of(&[Feature::Msa]));
    }

    #[test]
    fn each_feature_asks_for_its_own_bit_only() {
        for (bit, feature) in HWCAP {
            assert_eq!(features(1 << bit), Features::of(&[*feature]));
        }
        // R6, CRC32, MIPS16, MDMX, MIPS3D, SmartMIPS.
        assert_eq!(features(0b111_1101), Features::NONE);
    }
}
