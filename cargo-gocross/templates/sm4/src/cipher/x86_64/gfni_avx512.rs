//! GFNI on 512-bit vectors, 64 blocks at once. AVX-512 rotates words and adds three vectors in one
//! instruction each.

use std::arch::x86_64::*;

use super::aesni::vector;
use super::gfni::{ENTER, KEY, LEAVE, ONE_AND_TWO, SBOX, STAYS, THREE};
use super::shuffle::SWAP;
use super::vector::{self, Vector};

/// The truth table by which VPTERNLOGD adds three bits.
const SUM: i32 = 0x96;

/// The round keys of `key`.
///
/// # Safety
///
/// The CPU has the features that the attribute below names.
#[unsafe(export_name = "sm4_gfni_avx512_expand")]
#[target_feature(enable = "avx512f,avx512bw,gfni")]
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
#[unsafe(export_name = "sm4_gfni_avx512_encrypt")]
#[target_feature(enable = "avx512f,avx512bw,gfni")]
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

/// Sixteen words.
#[derive(Clone, Copy)]
struct Words(__m512i);

impl Vector for Words {
    const BLOCKS: usize = 16;

    #[inline(always)]
    unsafe fn load(src: *const u8) -> Self {
        unsafe { Self(swap(_mm512_loadu_si512(src.cast()))) }
    }

    #[inline(always)]
    unsafe fn store(self, dst: *mut u8) {
        unsafe { _mm512_storeu_si512(dst.cast(), swap(self.0)) }
    }

    #[inline(always)]
    unsafe fn splat(word: u32) -> Self {
        unsafe { Self(_mm512_set1_epi32(word.cast_signed())) }
    }

    #[inline(always)]
    unsafe fn word(self) -> u32 {
        unsafe { _mm512_cvtsi512_si32(self.0).cast_unsigned() }
    }

    #[inline(always)]
    unsafe fn xor(self, other: Self) -> Self {
        unsafe { Self(_mm512_xor_si512(self.0, other.0)) }
    }

    #[inline(always)]
    unsafe fn sum(self, b: Self, c: Self) -> Self {
        unsafe { Self(_mm512_ternarylogic_epi32::<SUM>(self.0, b.0, c.0)) }
    }

    #[inline(always)]
    unsafe fn transpose([a, b, c, d]: [Self; 4]) -> [Self; 4] {
        unsafe {
            let ab = [_mm512_unpacklo_epi32(a.0, b.0), _mm512_unpackhi_epi32(a.0, b.0)];
            let cd = [_mm512_unpacklo_epi32(c.0, d.0), _mm512_unpackhi_epi32(c.0, d.0)];
            [
                Self(_mm512_unpacklo_epi64(ab[0], cd[0])),
                Self(_mm512_unpackhi_epi64(ab[0], cd[0])),
                Self(_mm512_unpacklo_epi64(ab[1], cd[1])),
                Self(_mm512_unpackhi_epi64(ab[1], cd[1])),
            ]
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
            let stays = Self(inverted::<{ STAYS.constant }>(self.0, STAYS.matrix));
            let three = inverted::<{ THREE.constant }>(self.0, THREE.matrix);
            let three = Self(_mm512_rol_epi32::<24>(three));
            let one = inverted::<{ ONE_AND_TWO.constant }>(self.0, ONE_AND_TWO.matrix);
            let two = Self(_mm512_rol_epi32::<16>(one));
            stays.sum(three, two).xor(Self(_mm512_rol_epi32::<8>(one)))
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
        for (to, from) in mapped.chunks_exact_mut(16).zip(keys.chunks_exact(16)) {
            // SAFETY: sixteen words are 64 bytes.
            unsafe {
                let words = _mm512_loadu_si512(from.as_ptr().cast());
                let words = affine::<{ KEY.constant }>(words, KEY.matrix);
                _mm512_storeu_si512(to.as_mut_ptr().cast(), words);
            }
        }
        mapped
    }
}

/// An affine map of each byte.
#[inline(always)]
unsafe fn affine<const CONSTANT: i32>(x: __m512i, matrix: i64) -> __m512i {
    unsafe { _mm512_gf2p8affine_epi64_epi8::<CONSTANT>(x, _mm512_set1_epi64(matrix)) }
}

/// The inverse of each byte in AES's field, then an affine map.
#[inline(always)]
unsafe fn inverted<const CONSTANT: i32>(x: __m512i, matrix: i64) -> __m512i {
    unsafe { _mm512_gf2p8affineinv_epi64_epi8::<CONSTANT>(x, _mm512_set1_epi64(matrix)) }
}

/// Turns each word's bytes round.
#[inline(always)]
unsafe fn swap(words: __m512i) -> __m512i {
    unsafe { _mm512_shuffle_epi8(words, _mm512_broadcast_i32x4(vector(SWAP))) }
}
