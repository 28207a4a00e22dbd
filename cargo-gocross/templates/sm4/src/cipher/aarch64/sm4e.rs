//! The instructions for SM4 itself: four rounds each (Arm ARM, C7.2: SM4E, SM4EKEY).
//!
//! Rust's intrinsics for them are unstable (rust-lang/rust#117226), so they are written as `asm!`,
//! in functions that are compiled for the feature. A macro and no function makes them: so they stand
//! in the functions with a name of ours, also where nothing is inlined.

use std::arch::aarch64::{
    uint8x16_t, uint32x4_t, veorq_u32, vextq_u8, vld1q_u8, vld1q_u32, vld1q_u32_x4,
    vreinterpretq_u8_u32, vreinterpretq_u32_u8, vrev32q_u8, vrev64q_u8, vst1q_u8, vst1q_u32,
};
use std::arch::asm;

use super::super::schedule::{CK, FK};

/// Blocks at once: one result takes several cycles, in which others can begin.
const WIDTH: usize = 8;

/// Four rounds on the block `$x`, under four round keys.
macro_rules! sm4e {
    ($x:expr, $keys:expr) => {
        asm!(
            "sm4e {x:v}.4s, {keys:v}.4s",
            x = inout(vreg) $x,
            keys = in(vreg) $keys,
            options(pure, nomem, nostack, preserves_flags),
        )
    };
}

/// The round keys of `key`.
///
/// # Safety
///
/// The CPU has the features `neon` and `sm4`.
#[unsafe(export_name = "sm4_sm4e_expand")]
#[target_feature(enable = "neon,sm4")]
#[inline(never)]
pub(super) unsafe fn expand(key: &[u8; 16]) -> [u32; 32] {
    let mut keys = [0; 32];
    // SAFETY: every load and store is inside an array.
    unsafe {
        let words = vreinterpretq_u32_u8(vrev32q_u8(vld1q_u8(key.as_ptr())));
        let mut four = veorq_u32(words, vld1q_u32(FK.as_ptr()));
        for (to, ck) in keys.chunks_exact_mut(4).zip(CK.chunks_exact(4)) {
            asm!(
                "sm4ekey {four:v}.4s, {four:v}.4s, {ck:v}.4s",
                four = inout(vreg) four,
                ck = in(vreg) vld1q_u32(ck.as_ptr()),
                options(pure, nomem, nostack, preserves_flags),
            );
            vst1q_u32(to.as_mut_ptr(), four);
        }
    }
    keys
}

/// Encrypts `blocks` blocks.
///
/// # Safety
///
/// As [`Path::encrypt`](super::super::path::Path::encrypt), with the features `neon` and `sm4`.
#[unsafe(export_name = "sm4_sm4e_encrypt")]
#[target_feature(enable = "neon,sm4")]
#[inline(never)]
pub(super) unsafe fn encrypt(
    keys: &[u32; 32],
    src: *const [u8; 16],
    dst: *mut [u8; 16],
    blocks: usize,
) {
    let mut at = 0;
    // SAFETY: what is read and written lies in the first `blocks` blocks of either, which are the
    // caller's; blocks are read before they are written.
    unsafe {
        let [low, high] = [vld1q_u32_x4(keys.as_ptr()), vld1q_u32_x4(keys.as_ptr().add(16))];
        let keys = [low.0, low.1, low.2, low.3, high.0, high.1, high.2, high.3];
        while blocks - at >= WIDTH {
            let mut x = [vld1q_u32(FK.as_ptr()); WIDTH];
            for (place, x) in x.iter_mut().enumerate() {
                *x = words(vld1q_u8(src.add(at + place).cast()));
            }
            for four in keys {
                sm4e!(x[0], four);
                sm4e!(x[1], four);
                sm4e!(x[2], four);
                sm4e!(x[3], four);
                sm4e!(x[4], four);
                sm4e!(x[5], four);
                sm4e!(x[6], four);
                sm4e!(x[7], four);
            }
            for (place, x) in x.into_iter().enumerate() {
                vst1q_u8(dst.add(at + place).cast(), bytes(x));
            }
            at += WIDTH;
        }
        while at < blocks {
            let mut x = words(vld1q_u8(src.add(at).cast()));
            for four in keys {
                sm4e!(x, four);
            }
            vst1q_u8(dst.add(at).cast(), bytes(x));
            at += 1;
        }
    }
}

/// The words of a block.
#[inline(always)]
unsafe fn words(block: uint8x16_t) -> uint32x4_t {
    // SAFETY: the caller vouches for the feature `neon`.
    unsafe { vreinterpretq_u32_u8(vrev32q_u8(block)) }
}

/// The block of the words, the last one first: all bytes in reverse order.
#[inline(always)]
unsafe fn bytes(words: uint32x4_t) -> uint8x16_t {
    // SAFETY: as above.
    unsafe {
        let halves = vrev64q_u8(vreinterpretq_u8_u32(words));
        vextq_u8::<8>(halves, halves)
    }
}
