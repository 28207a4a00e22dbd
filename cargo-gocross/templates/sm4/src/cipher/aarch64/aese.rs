//! SM4's S-box by that of AES: both invert in a field of 256 elements, so an affine map before AESE
//! and one behind it make one of the other (see [`algebra`](super::super::algebra)).
//!
//! AESE also adds a key and shifts the rows of AES's state. The first adds the two halves of the map
//! before it; the second is undone by the look-ups that turn the words.

use std::arch::aarch64::{
    uint8x16_t, vaeseq_u8, vandq_u8, vdupq_n_u8, veorq_u8, vld1q_u8, vqtbl1q_u8, vshrq_n_u8,
};

use super::super::algebra::{AFTER_AES, BEFORE_INVERSE};
use super::rounds::{self, SBox};

const BEFORE: ([u8; 16], [u8; 16]) = BEFORE_INVERSE.nibbles();
const AFTER: ([u8; 16], [u8; 16]) = AFTER_AES.nibbles();

/// Where AESE has put the bytes of the words, as they are and turned left by 8 bits.
const TURNS: [[u8; 16]; 2] = [turn(0), turn(3)];

/// AESE puts to row `r`, column `c` (byte `4 c + r`) what was in column `c + r` (FIPS 197, 5.1.2):
/// so byte `4 c + r` went to column `c - r`.
const fn turn(by: usize) -> [u8; 16] {
    let mut indices = [0; 16];
    let mut at = 0;
    while at < 16 {
        let (column, row) = (at / 4, (at + by) % 4);
        indices[at] = ((column + 4 - row) % 4 * 4 + row) as u8;
        at += 1;
    }
    indices
}

#[derive(Clone, Copy)]
struct Registers {
    before: [uint8x16_t; 2],
    after: [uint8x16_t; 2],
    turns: [uint8x16_t; 2],
}

impl Registers {
    #[inline(always)]
    unsafe fn load() -> Self {
        // SAFETY: each is an array of 16 bytes.
        unsafe {
            Self {
                before: [vld1q_u8(BEFORE.0.as_ptr()), vld1q_u8(BEFORE.1.as_ptr())],
                after: [vld1q_u8(AFTER.0.as_ptr()), vld1q_u8(AFTER.1.as_ptr())],
                turns: [vld1q_u8(TURNS[0].as_ptr()), vld1q_u8(TURNS[1].as_ptr())],
            }
        }
    }
}

/// Both halves of the map of each byte; their sum is the image.
#[inline(always)]
unsafe fn halves([low, high]: [uint8x16_t; 2], x: uint8x16_t) -> [uint8x16_t; 2] {
    // SAFETY: the caller vouches for the features.
    unsafe { [vqtbl1q_u8(low, vandq_u8(x, vdupq_n_u8(15))), vqtbl1q_u8(high, vshrq_n_u8::<4>(x))] }
}

/// The S-box of AES of the sum, with its rows shifted.
///
/// # Safety
///
/// The CPU has the features `neon` and `aes`.
#[target_feature(enable = "neon,aes")]
#[inline]
unsafe fn aes(a: uint8x16_t, b: uint8x16_t) -> uint8x16_t {
    vaeseq_u8(a, b)
}

impl SBox for Registers {
    #[inline(always)]
    unsafe fn turned(self, words: uint8x16_t) -> [uint8x16_t; 2] {
        // SAFETY: the caller vouches for the features.
        unsafe {
            let [low, high] = halves(self.before, words);
            let [low, high] = halves(self.after, aes(low, high));
            let b = veorq_u8(low, high);
            [vqtbl1q_u8(b, self.turns[0]), vqtbl1q_u8(b, self.turns[1])]
        }
    }
}

/// The round keys of `key`.
///
/// # Safety
///
/// The CPU has the features `neon` and `aes`.
#[unsafe(export_name = "sm4_aese_expand")]
#[target_feature(enable = "neon,aes")]
#[inline(never)]
pub(super) unsafe fn expand(key: &[u8; 16]) -> [u32; 32] {
    // SAFETY: the caller vouches for the features.
    unsafe { rounds::expand(Registers::load(), key) }
}

/// Encrypts `blocks` blocks, 16 at once.
///
/// # Safety
///
/// As [`Path::encrypt`](super::super::path::Path::encrypt), with the features `neon` and `aes`.
#[unsafe(export_name = "sm4_aese_encrypt")]
#[target_feature(enable = "neon,aes")]
#[inline(never)]
pub(super) unsafe fn encrypt(
    keys: &[u32; 32],
    src: *const [u8; 16],
    dst: *mut [u8; 16],
    blocks: usize,
) {
    // SAFETY: the caller vouches for all of it.
    unsafe { rounds::encrypt::<4>(Registers::load(), keys, src, dst, blocks) }
}
