//! riscv64: the system call `riscv_hwprobe`, and the letters of `HWCAP` where the kernel lacks it.
//!
//! Bits: Linux `arch/riscv/include/uapi/asm/hwprobe.h` and `Documentation/arch/riscv/hwprobe.rst`;
//! `HWCAP` has one bit for each extension whose name is one letter, and none for the others.

use super::of_bits;
use crate::{Feature, Features};

/// Bits of the key `IMA_EXT_0`. An extension that contains another one tells of both ("The
/// RISC-V Instruction Set Manual", Volume I: Zvkb is a subset of Zvbb, Zbkc of Zbc; what Zvknha
/// has, Zvknhb has too).
const SCALAR: &[(u8, Feature)] = &[
    (3, Feature::Zba),
    (4, Feature::Zbb),
    (5, Feature::Zbs),
    (7, Feature::Zbc),
    (7, Feature::Zbkc),
    (8, Feature::Zbkb),
    (9, Feature::Zbkc),
    (10, Feature::Zbkx),
    (11, Feature::Zknd),
    (12, Feature::Zkne),
    (13, Feature::Zknh),
    (14, Feature::Zksed),
    (15, Feature::Zksh),
];

/// Bits of the same key for what uses the vector registers.
const VECTOR: &[(u8, Feature)] = &[
    (2, Feature::V),
    (17, Feature::Zvbb),
    (17, Feature::Zvkb),
    (18, Feature::Zvbc),
    (19, Feature::Zvkb),
    (20, Feature::Zvkg),
    (21, Feature::Zvkned),
    (22, Feature::Zvknha),
    (23, Feature::Zvknha),
    (23, Feature::Zvknhb),
    (24, Feature::Zvksed),
    (25, Feature::Zvksh),
];

/// The bit of the letter V in `HWCAP`.
const HWCAP_V: u64 = 1 << (b'v' - b'a');

/// The features of the key `IMA_EXT_0`, where `vectors` says whether this process may use the
/// vector registers.
fn of_hwprobe(extensions: u64, vectors: bool) -> Features {
    let vector = if vectors { of_bits(extensions, VECTOR) } else { Features::NONE };
    of_bits(extensions, SCALAR).and(vector)
}

/// The features of the letters, where `vectors` says whether there are vectors of version 1.0
/// that this process may use.
fn of_letters(hwcap: u64, vectors: bool) -> Features {
    if hwcap & HWCAP_V != 0 && vectors { Features::of(&[Feature::V]) } else { Features::NONE }
}

/// What `prctl(PR_RISCV_V_GET_CONTROL)` says: whether vectors are on for this process, or nothing
/// where the kernel does not know the question (Linux `Documentation/arch/riscv/vector.rst`).
fn are_vectors_on(answer: i32) -> Option<bool> {
    const CURRENT: i32 = 3;
    const ON: i32 = 2;
    (answer >= 0).then_some(answer & CURRENT == ON)
}

#[cfg(target_arch = "riscv64")]
pub(super) use probe::look;
#[cfg(target_arch = "riscv64")]
pub(crate) use probe::{Pair, hwprobe};

#[cfg(target_arch = "riscv64")]
mod probe {
    use core::arch::asm;
    use core::ffi::{c_int, c_long, c_uint, c_ulong};

    use super::{HWCAP_V, are_vectors_on, of_hwprobe, of_letters};
    use crate::detect::Found;
    use crate::{Source, sys};

    const RISCV_HWPROBE: c_long = 258;
    const BASE_BEHAVIOR: i64 = 3;
    const IMA: u64 = 1;
    const IMA_EXT_0: i64 = 4;
    const PR_RISCV_V_GET_CONTROL: c_int = 70;

    unsafe extern "C" {
        fn syscall(number: c_long, ...) -> c_long;
        fn prctl(option: c_int, ...) -> c_int;
    }

    /// A question to `riscv_hwprobe`, and its answer.
    #[repr(C)]
    #[derive(Debug, Clone, Copy)]
    pub(crate) struct Pair {
        pub(crate) key: i64,
        pub(crate) value: u64,
    }

    impl Pair {
        pub(crate) const fn new(key: i64) -> Self {
            Self { key, value: 0 }
        }

        /// The answer; the kernel sets the key of a question that it does not know to -1.
        fn answer(self) -> Option<u64> {
            (self.key != -1).then_some(self.value)
        }
    }

    /// Asks for all CPUs, or for those alone whose bits are set in `cpus`; false where the kernel
    /// cannot answer.
    pub(crate) fn hwprobe(pairs: &mut [Pair], cpus: Option<&[c_ulong]>) -> bool {
        let size = cpus.map_or(0, size_of_val);
        let set = cpus.map_or(core::ptr::null(), <[c_ulong]>::as_ptr);
        let no_flags: c_uint = 0;
        // SAFETY: pairs and set are as long as is said; the kernel writes to the pairs only.
        unsafe { syscall(RISCV_HWPROBE, pairs.as_mut_ptr(), pairs.len(), size, set, no_flags) == 0 }
    }

    pub(crate) fn look() -> Found {
        let letters = sys::auxiliary(sys::AT_HWCAP);
        let has_letter = letters & HWCAP_V != 0;
        // SAFETY: it only asks.
        let on = are_vectors_on(unsafe { prctl(PR_RISCV_V_GET_CONTROL) });
        let mut pairs = [Pair::new(BASE_BEHAVIOR), Pair::new(IMA_EXT_0)];
        let known = hwprobe(&mut pairs, None)
            // The extensions are said to be there only on top of I, M and A.
            && pairs[0].answer().is_some_and(|behavior| behavior & IMA != 0);
        match pairs[1].answer().filter(|_| known) {
            Some(extensions) => Found {
                features: of_hwprobe(extensions, on.unwrap_or(has_letter)),
                source: Source::Hwprobe,
            },
            None => Found {
                features: of_letters(letters, has_letter && on != Some(false) && is_ratified()),
                source: Source::HwcapLetters,
            },
        }
    }

    /// Whether the vectors are of version 1.0: kernels of vendors say V of version 0.7.1 too
    /// (T-Head C906, C910), where most opcodes mean something else. There the bits of `ta` and
    /// `ma` are reserved, and a reserved bit sets `vill`, the sign of `vtype`.
    ///
    /// May only be called where the kernel says that there are vectors.
    fn is_ratified() -> bool {
        let vtype: i64;
        // SAFETY: both instructions are in all versions of V, and only the registers `vl` and
        // `vtype`, which belong to nobody between two blocks of asm, are changed.
        unsafe {
            asm!(
                ".option push",
                ".option arch, +v",
                "vsetvli {vtype}, zero, e8, m1, ta, ma",
                "csrr {vtype}, vtype",
                ".option pop",
                vtype = out(reg) vtype,
                options(nomem, nostack),
            );
        }
        vtype >= 0
    }
}

#[cfg(test)]
mod tests {
    use std::string::ToString;

    use super::*;

    #[test]
    fn measured_words() {
        // QEMU 10: `rv64,zksed=true`.
        let zksed = of_hwprobe(0x1_2000_40fb, false);
        assert_eq!(zksed.to_string(), "zba zbb zbc zbs zbkc zksed");
        // QEMU 10: `rv64,v=true,zvksed=true,zvkb=true`.
        let zvksed = of_hwprobe(0x1_2100_00ff | 1 << 19, true);
        assert_eq!(zvksed.to_string(), "v zba zbb zbc zbs zbkc zvkb zvksed");
        // QEMU 10: `rva23u64`, `max`.
        let profile = of_hwprobe(0x9_b40b_007f, true);
        assert_eq!(profile.to_string(), "v zba zbb zbs zvbb zvkb");
        assert_eq!(of_hwprobe(0xf_ffff_ffff, true).to_string(), ALL);
    }

    const ALL: &str = "v zba zbb zbc zbs zbkb zbkc zbkx zknd zkne zknh zksed zksh \
                       zvbb zvbc zvkb zvkg zvkned zvknha zvknhb zvksed zvksh";

    #[test]
    fn a_feature_asks_for_its_own_bit_or_for_a_superset() {
        assert_eq!(of_hwprobe(1 << 24, true), Features::of(&[Feature::Zvksed]));
        assert_eq!(of_hwprobe(1 << 19, true), Features::of(&[Feature::Zvkb]));
        assert_eq!(of_hwprobe(1 << 17, true), Features::of(&[Feature::Zvbb, Feature::Zvkb]));
        assert_eq!(of_hwprobe(1 << 7, true), Features::of(&[Feature::Zbc, Feature::Zbkc]));
        assert_eq!(of_hwprobe(1 << 14, false), Features::of(&[Feature::Zksed]));
    }

    #[test]
    fn vectors_that_are_off_are_not_there() {
        let scalar = of_hwprobe(0xf_ffff_ffff, false);
        assert!(scalar.iter().all(|feature| !feature.name().contains('v')), "{scalar}");
        assert!(scalar.has(Feature::Zksed));
        assert_eq!(of_letters(0x20_112d, false), Features::NONE);
    }

    #[test]
    fn letters_tell_of_v_alone() {
        // QEMU 7.2: `rv64`, `rv64,v=true`.
        assert_eq!(of_letters(0x112d, true), Features::NONE);
        assert_eq!(of_letters(0x20_112d, true), Features::of(&[Feature::V]));
    }

    #[test]
    fn the_kernel_s_answer_about_vectors() {
        assert_eq!(are_vectors_on(-1), None);
        // Off now, on for programs that are started from here.
        assert_eq!(are_vectors_on(0b1001), Some(false));
        assert_eq!(are_vectors_on(0b0010), Some(true));
        assert_eq!(are_vectors_on(0), Some(false));
    }
}
