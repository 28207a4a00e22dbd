//! GFNI on 256-bit vectors, 32 blocks at once; [`super::gfni`] tells how a round is done.

use std::arch::x86_64::*;

use super::aesni::vector;
use super::avx2::{both, transpose};
use super::gfni::{ENTER, KEY, LEAVE, ONE_AND_TWO, SBOX, STAYS, THREE};
use super::shuffle::{SWAP, turn};
use super::vector::{self, Vector};

/// The round keys of `key`.
///
/// # Safety
///
/// The CPU has the features that the attribute below names.
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
        unsafe {
            let [a, b, c, d] = rows;
            let [a, b, c, d] = transpose([a.0, b.0, c.0, d.0]);
            [Self(a), Self(b), Self(c), Self(d)]
        }
    }

    #[inline(always)]
    unsafe fn tau(self) -> Self {
        unsafe {
            let x = affine::<{ KEY.constant }>(self.0, KEY.matrix);
            Self(inverted::<{ SBOX.constant }>(x, SBOX.matrix))
        }
    }

    #[inline(always)]
    unsafe fn round(self) -> Self {
        unsafe {
            let stays = inverted::<{ STAYS.constant }>(self.0, STAYS.matrix);
            let three = inverted::<{ THREE.constant }>(self.0, THREE.matrix);
            let one = inverted::<{ ONE_AND_TWO.constant }>(self.0, ONE_AND_TWO.matrix);
            let turn_1 = both(vector(turn(1)));
            let one_and_two = _mm256_xor_si256(one, _mm256_shuffle_epi8(one, turn_1));
            let one_and_two = _mm256_shuffle_epi8(one_and_two, turn_1);
            let three = _mm256_shuffle_epi8(three, both(vector(turn(3))));
            Self(_mm256_xor_si256(_mm256_xor_si256(stays, three), one_and_two))
        }
    }

    #[inline(always)]
    unsafe fn enter(self) -> Self {
        unsafe { Self(affine::<{ ENTER.constant }>(self.0, ENTER.matrix)) }
    }

    #[inline(always)]
    unsafe fn leave(self) -> Self {
        unsafe { Self(affine::<{ LEAVE.constant }>(self.0, LEAVE.matrix)) }
    }

    #[inline(always)]
    unsafe fn keys(keys: &[u32; 32]) -> [u32; 32] {
        let mut mapped = [0; 32];
        for (to, from) in mapped.chunks_exact_mut(8).zip(keys.chunks_exact(8)) {
            // SAFETY: eight words are 32 bytes.
            unsafe {
                let words = _mm256_loadu_si256(from.as_ptr().cast());
                let words = affine::<{ KEY.constant }>(words, KEY.matrix);
                _mm256_storeu_si256(to.as_mut_ptr().cast(), words);
            }
        }
        mapped
    }
}

/// An affine map of each byte.
#[inline(always)]
unsafe fn affine<const CONSTANT: i32>(x: __m256i, matrix: i64) -> __m256i {
    unsafe { _mm256_gf2p8affine_epi64_epi8::<CONSTANT>(x, _mm256_set1_epi64x(matrix)) }
}

/// The inverse of each byte in AES's field, then an affine map.
#[inline(always)]
unsafe fn inverted<const CONSTANT: i32>(x: __m256i, matrix: i64) -> __m256i {
    unsafe { _mm256_gf2p8affineinv_epi64_epi8::<CONSTANT>(x, _mm256_set1_epi64x(matrix)) }
}
