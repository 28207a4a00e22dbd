//! GFNI on 256-bit vectors, 16 blocks at once: GF2P8AFFINEINVQB inverts in AES's field and has an
//! affine map behind it, so the S-box is two instructions.

use std::arch::x86_64::*;

use super::super::algebra::{AFTER_INVERSE, BEFORE_INVERSE};
use super::aesni::vector;
use super::avx2::{both, transpose};
use super::shuffle::{SWAP, turn};
use super::vector::{self, Vector};

/// The constants of the two maps, which are part of the instructions.
pub(super) const BEFORE: i32 = BEFORE_INVERSE.constant() as i32;
pub(super) const AFTER: i32 = AFTER_INVERSE.constant() as i32;

/// The round keys of `key`.
#[unsafe(export_name = "sm4_gfni_avx2_expand")]
#[target_feature(enable = "avx2,gfni")]
#[inline(never)]
pub(super) unsafe fn expand(key: &[u8; 16]) -> [u32; 32] {
    // SAFETY: the features are enabled here.
    unsafe { vector::expand::<Words>(key) }
}

/// Encrypts `blocks` blocks.
///
/// # Safety
///
/// As [`Path::encrypt`](super::super::path::Path::encrypt).
#[unsafe(export_name = "sm4_gfni_avx2_encrypt")]
#[target_feature(enable = "avx2,gfni")]
#[inline(never)]
pub(super) unsafe fn encrypt(
    keys: &[u32; 32],
    src: *const [u8; 16],
    dst: *mut [u8; 16],
    blocks: usize,
) {
    // SAFETY: the features are enabled here; the rest is the caller's word.
    unsafe { vector::encrypt::<Words>(keys, src, dst, blocks) }
}

/// Eight words.
#[derive(Clone, Copy)]
pub(super) struct Words(__m256i);

impl Vector for Words {
    const BLOCKS: usize = 8;

    #[inline(always)]
    unsafe fn load(src: *const u8) -> Self {
        unsafe { Self(_mm256_shuffle_epi8(_mm256_loadu_si256(src.cast()), both(vector(SWAP)))) }
    }

    #[inline(always)]
    unsafe fn store(self, dst: *mut u8) {
        unsafe {
            _mm256_storeu_si256(dst.cast(), _mm256_shuffle_epi8(self.0, both(vector(SWAP))));
        }
    }

    #[inline(always)]
    unsafe fn splat(word: u32) -> Self {
        unsafe { Self(_mm256_set1_epi32(word.cast_signed())) }
    }

    #[inline(always)]
    unsafe fn word(self) -> u32 {
        unsafe { _mm256_cvtsi256_si32(self.0).cast_unsigned() }
    }

    #[inline(always)]
    unsafe fn xor(self, other: Self) -> Self {
        unsafe { Self(_mm256_xor_si256(self.0, other.0)) }
    }

    #[inline(always)]
    unsafe fn transpose(rows: [Self; 4]) -> [Self; 4] {
        unsafe { transpose(rows.map(|row| row.0)).map(Self) }
    }

    #[inline(always)]
    unsafe fn tau(self) -> Self {
        unsafe {
            let before = _mm256_set1_epi64x(BEFORE_INVERSE.gfni());
            let after = _mm256_set1_epi64x(AFTER_INVERSE.gfni());
            let x = _mm256_gf2p8affine_epi64_epi8::<BEFORE>(self.0, before);
            Self(_mm256_gf2p8affineinv_epi64_epi8::<AFTER>(x, after))
        }
    }

    #[inline(always)]
    unsafe fn round(self) -> Self {
        unsafe {
            let b = self.tau().0;
            let turned = |bytes| _mm256_shuffle_epi8(b, both(vector(turn(bytes))));
            // As in `aesni.rs`.
            let sum = _mm256_xor_si256(_mm256_xor_si256(b, turned(1)), turned(2));
            let sum = _mm256_or_si256(_mm256_slli_epi32::<2>(sum), _mm256_srli_epi32::<30>(sum));
            Self(_mm256_xor_si256(_mm256_xor_si256(b, turned(3)), sum))
        }
    }
}
