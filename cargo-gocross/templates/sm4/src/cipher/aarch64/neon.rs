//! The S-box as a look-up in registers: its 256 bytes fill 16 of the 32, and TBL takes the same time
//! for every index.

use std::arch::aarch64::{
    uint8x16_t, uint8x16x4_t, vdupq_n_u8, vld1q_u8, vld1q_u8_x4, vqtbl1q_u8, vqtbl4q_u8,
    vqtbx4q_u8, vsubq_u8,
};

use super::super::algebra::SBOX;
use super::rounds::{self, SBox};

/// Indices that turn words left by 8 bits: in each word, byte `i` comes from byte `i + 3`.
const TURN: [u8; 16] = {
    let mut indices = [0; 16];
    let mut at = 0;
    while at < 16 {
        indices[at] = (at / 4 * 4 + (at + 3) % 4) as u8;
        at += 1;
    }
    indices
};

#[derive(Clone, Copy)]
struct Registers {
    quarters: [uint8x16x4_t; 4],
    turn: uint8x16_t,
}

impl Registers {
    #[inline(always)]
    unsafe fn load() -> Self {
        // SAFETY: 64 bytes from each place are inside the table.
        unsafe {
            let quarter = SBOX.as_ptr();
            Self {
                quarters: [
                    vld1q_u8_x4(quarter),
                    vld1q_u8_x4(quarter.add(64)),
                    vld1q_u8_x4(quarter.add(128)),
                    vld1q_u8_x4(quarter.add(192)),
                ],
                turn: vld1q_u8(TURN.as_ptr()),
            }
        }
    }
}

impl SBox for Registers {
    #[inline(always)]
    unsafe fn turned(self, words: uint8x16_t) -> [uint8x16_t; 2] {
        // SAFETY: the caller vouches for the feature.
        unsafe {
            // An index outside of a quarter changes nothing (TBX), so each byte is found once.
            let quarter = vdupq_n_u8(64);
            let b = vqtbl4q_u8(self.quarters[0], words);
            let words = vsubq_u8(words, quarter);
            let b = vqtbx4q_u8(b, self.quarters[1], words);
            let words = vsubq_u8(words, quarter);
            let b = vqtbx4q_u8(b, self.quarters[2], words);
            let words = vsubq_u8(words, quarter);
            let b = vqtbx4q_u8(b, self.quarters[3], words);
            [b, vqtbl1q_u8(b, self.turn)]
        }
    }
}

/// The round keys of `key`.
///
/// # Safety
///
/// The CPU has the feature `neon`.
#[unsafe(export_name = "sm4_neon_expand")]
#[target_feature(enable = "neon")]
#[inline(never)]
pub(super) unsafe fn expand(key: &[u8; 16]) -> [u32; 32] {
    // SAFETY: the caller vouches for the feature.
    unsafe { rounds::expand(Registers::load(), key) }
}

/// Encrypts `blocks` blocks, eight at once: more do not fit into the registers beside the table.
///
/// # Safety
///
/// As [`Path::encrypt`](super::super::path::Path::encrypt), with the feature `neon`.
#[unsafe(export_name = "sm4_neon_encrypt")]
#[target_feature(enable = "neon")]
#[inline(never)]
pub(super) unsafe fn encrypt(
    keys: &[u32; 32],
    src: *const [u8; 16],
    dst: *mut [u8; 16],
    blocks: usize,
) {
    // SAFETY: the caller vouches for all of it.
    unsafe { rounds::encrypt::<2>(Registers::load(), keys, src, dst, blocks) }
}
