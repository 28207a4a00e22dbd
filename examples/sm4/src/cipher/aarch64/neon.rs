//! The S-box as a look-up in registers: its 256 bytes fill 16 of the 32, and TBL takes the same time
//! for every index.

use std::arch::aarch64::{
    uint8x16_t, uint8x16x4_t, vdupq_n_u8, veorq_u8, vld1q_u8, vld1q_u8_x4, vqtbl1q_u8, vqtbl4q_u8,
    vqtbx4q_u8, vreinterpretq_u8_u16, vreinterpretq_u16_u8, vrev32q_u16,
};

use super::super::algebra::SBOX;
use super::rounds::{self, SBox};

/// Indices that turn words left by 8 and by 24 bits.
const TURN_8: [u8; 16] = turn(3);
const TURN_24: [u8; 16] = turn(1);

/// In each word, byte `i` comes from byte `i + by`.
const fn turn(by: usize) -> [u8; 16] {
    let mut indices = [0; 16];
    let mut at = 0;
    while at < 16 {
        indices[at] = (at / 4 * 4 + (at + by) % 4) as u8;
        at += 1;
    }
    indices
}

#[derive(Clone, Copy)]
struct Registers {
    quarters: [uint8x16x4_t; 4],
    turn_8: uint8x16_t,
    turn_24: uint8x16_t,
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
                turn_8: vld1q_u8(TURN_8.as_ptr()),
                turn_24: vld1q_u8(TURN_24.as_ptr()),
            }
        }
    }
}

impl SBox for Registers {
    #[inline(always)]
    unsafe fn turned(self, words: uint8x16_t) -> [uint8x16_t; 4] {
        // SAFETY: the caller vouches for the feature.
        unsafe {
            // An index outside of a quarter changes nothing (TBX), so each byte is found once. To
            // flip bits, other than to subtract, costs one register for all three.
            let b = vqtbl4q_u8(self.quarters[0], words);
            let b = vqtbx4q_u8(b, self.quarters[1], veorq_u8(words, vdupq_n_u8(64)));
            let b = vqtbx4q_u8(b, self.quarters[2], veorq_u8(words, vdupq_n_u8(128)));
            let b = vqtbx4q_u8(b, self.quarters[3], veorq_u8(words, vdupq_n_u8(192)));
            [
                b,
                vqtbl1q_u8(b, self.turn_8),
                vreinterpretq_u8_u16(vrev32q_u16(vreinterpretq_u16_u8(b))),
                vqtbl1q_u8(b, self.turn_24),
            ]
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
