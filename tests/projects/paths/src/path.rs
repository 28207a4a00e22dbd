//! The paths of the Rust side, and which features each needs.

use gocross::cpu::{Feature, features};

/// Writes the exclusive or of three buffers of one size into the first.
pub(crate) type Parity = fn(&mut [u8], &[u8], &[u8]);

pub(crate) struct Path {
    pub(crate) name: &'static str,
    needs: &'static [Feature],
    pub(crate) parity: Parity,
}

impl Path {
    /// A feature that the CPU lacks.
    pub(crate) fn lacks(&self) -> Option<Feature> {
        self.needs.iter().copied().find(|need| !features().has(*need))
    }
}

/// The best first.
pub(crate) const PATHS: &[Path] = &[
    #[cfg(target_arch = "aarch64")]
    Path {
        name: "eor3",
        needs: &[Feature::Sha3],
        // SAFETY: the table is asked for what it needs first; the same below.
        parity: |a, b, c| unsafe { parity_eor3(a, b, c) },
    },
    #[cfg(target_arch = "riscv64")]
    Path { name: "v", needs: &[Feature::V], parity: |a, b, c| unsafe { parity_v(a, b, c) } },
    #[cfg(target_arch = "arm")]
    Path {
        name: "neon",
        needs: &[Feature::Neon],
        parity: |a, b, c| unsafe { parity_neon(a, b, c) },
    },
    #[cfg(target_arch = "x86_64")]
    Path {
        name: "avx2",
        needs: &[Feature::Avx2],
        parity: |a, b, c| unsafe { parity_avx2(a, b, c) },
    },
    Path { name: "portable", needs: &[], parity: parity_portable },
];

#[unsafe(no_mangle)]
#[inline(never)]
fn parity_portable(a: &mut [u8], b: &[u8], c: &[u8]) {
    for ((a, b), c) in a.iter_mut().zip(b).zip(c) {
        *a ^= b ^ c;
    }
}

/// # Safety
///
/// The CPU has EOR3 (`FEAT_SHA3`).
#[cfg(target_arch = "aarch64")]
#[unsafe(no_mangle)]
#[inline(never)]
#[target_feature(enable = "sha3")]
unsafe fn parity_eor3(a: &mut [u8], b: &[u8], c: &[u8]) {
    use core::arch::aarch64::{veor3q_u8, vld1q_u8, vst1q_u8};
    let whole = a.len() & !15;
    for at in (0..whole).step_by(16) {
        // SAFETY: 16 bytes from there on are in all three.
        unsafe {
            let place = a.as_mut_ptr().add(at);
            let [b, c] = [b, c].map(|from| vld1q_u8(from.as_ptr().add(at)));
            vst1q_u8(place, veor3q_u8(vld1q_u8(place), b, c));
        }
    }
    parity_portable(&mut a[whole..], &b[whole..], &c[whole..]);
}

/// # Safety
///
/// The CPU has vectors.
#[cfg(target_arch = "riscv64")]
#[unsafe(no_mangle)]
#[inline(never)]
unsafe fn parity_v(a: &mut [u8], b: &[u8], c: &[u8]) {
    // SAFETY: as many bytes as all three have, a part at a time.
    unsafe {
        core::arch::asm!(
            ".option push",
            ".option arch, +v",
            "beqz {left}, 3f",
            "2:",
            "vsetvli {part}, {left}, e8, m1, ta, ma",
            "vle8.v v1, ({a})",
            "vle8.v v2, ({b})",
            "vle8.v v3, ({c})",
            "vxor.vv v1, v1, v2",
            "vxor.vv v1, v1, v3",
            "vse8.v v1, ({a})",
            "add {a}, {a}, {part}",
            "add {b}, {b}, {part}",
            "add {c}, {c}, {part}",
            "sub {left}, {left}, {part}",
            "bnez {left}, 2b",
            "3:",
            ".option pop",
            a = inout(reg) a.as_mut_ptr() => _,
            b = inout(reg) b.as_ptr() => _,
            c = inout(reg) c.as_ptr() => _,
            left = inout(reg) a.len() => _,
            part = out(reg) _,
            out("v1") _, out("v2") _, out("v3") _,
        );
    }
}

/// # Safety
///
/// The CPU has NEON.
#[cfg(target_arch = "arm")]
#[unsafe(no_mangle)]
#[inline(never)]
unsafe fn parity_neon(a: &mut [u8], b: &[u8], c: &[u8]) {
    let whole = a.len() & !7;
    for at in (0..whole).step_by(8) {
        // SAFETY: 8 bytes from there on are in all three.
        unsafe {
            core::arch::asm!(
                ".fpu neon",
                "vld1.8 {{d0}}, [{a}]",
                "vld1.8 {{d1}}, [{b}]",
                "vld1.8 {{d2}}, [{c}]",
                "veor d0, d0, d1",
                "veor d0, d0, d2",
                "vst1.8 {{d0}}, [{a}]",
                a = in(reg) a.as_mut_ptr().add(at),
                b = in(reg) b.as_ptr().add(at),
                c = in(reg) c.as_ptr().add(at),
                out("d0") _, out("d1") _, out("d2") _,
            );
        }
    }
    parity_portable(&mut a[whole..], &b[whole..], &c[whole..]);
}

/// # Safety
///
/// The CPU has AVX2.
#[cfg(target_arch = "x86_64")]
#[unsafe(no_mangle)]
#[inline(never)]
#[target_feature(enable = "avx2")]
unsafe fn parity_avx2(a: &mut [u8], b: &[u8], c: &[u8]) {
    use core::arch::x86_64::{_mm256_loadu_si256, _mm256_storeu_si256, _mm256_xor_si256};
    let whole = a.len() & !31;
    for at in (0..whole).step_by(32) {
        // SAFETY: 32 bytes from there on are in all three.
        unsafe {
            let place = a.as_mut_ptr().add(at);
            let [a, b, c] = [place.cast_const(), b.as_ptr().add(at), c.as_ptr().add(at)]
                .map(|from| _mm256_loadu_si256(from.cast()));
            _mm256_storeu_si256(place.cast(), _mm256_xor_si256(_mm256_xor_si256(a, b), c));
        }
    }
    parity_portable(&mut a[whole..], &b[whole..], &c[whole..]);
}
