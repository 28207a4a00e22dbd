//! AES-NI on 128-bit vectors, 16 blocks at once: AESENCLAST has AES's S-box, which is SM4's between
//! two affine maps, each by two shuffles.

use std::arch::x86_64::*;

use super::super::algebra::{AFTER_AES, BEFORE_INVERSE};
use super::shuffle::{SWAP, unshift};
use super::vector::{self, Vector};

/// The tables of a map as vectors.
pub(super) const BEFORE: [__m128i; 2] = vectors(BEFORE_INVERSE.nibbles());
pub(super) const AFTER: [__m128i; 2] = vectors(AFTER_AES.nibbles());
/// Orders of bytes as vectors: [`unshift`] by 0 to 3.
pub(super) const UNSHIFT: [__m128i; 4] =
    [vector(unshift(0)), vector(unshift(1)), vector(unshift(2)), vector(unshift(3))];

/// The round keys of `key`.
///
/// # Safety
///
/// The CPU has the features that the attribute below names.
#[unsafe(export_name = "sm4_aesni_expand")]
#[target_feature(enable = "aes,ssse3")]
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
#[unsafe(export_name = "sm4_aesni_encrypt")]
#[target_feature(enable = "aes,ssse3")]
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

/// Four words.
#[derive(Clone, Copy)]
pub(super) struct Words(__m128i);

impl Vector for Words {
    const BLOCKS: usize = 4;

    #[inline(always)]
    unsafe fn load(src: *const u8) -> Self {
        unsafe { Self(_mm_shuffle_epi8(_mm_loadu_si128(src.cast()), vector(SWAP))) }
    }

    #[inline(always)]
    unsafe fn store(self, dst: *mut u8) {
        unsafe { _mm_storeu_si128(dst.cast(), _mm_shuffle_epi8(self.0, vector(SWAP))) }
    }

    #[inline(always)]
    unsafe fn splat(word: u32) -> Self {
        unsafe { Self(_mm_set1_epi32(word.cast_signed())) }
    }

    #[inline(always)]
    unsafe fn word(self) -> u32 {
        unsafe { _mm_cvtsi128_si32(self.0).cast_unsigned() }
    }

    #[inline(always)]
    unsafe fn xor(self, other: Self) -> Self {
        unsafe { Self(_mm_xor_si128(self.0, other.0)) }
    }

    #[inline(always)]
    unsafe fn transpose([a, b, c, d]: [Self; 4]) -> [Self; 4] {
        unsafe {
            let ab = [_mm_unpacklo_epi32(a.0, b.0), _mm_unpackhi_epi32(a.0, b.0)];
            let cd = [_mm_unpacklo_epi32(c.0, d.0), _mm_unpackhi_epi32(c.0, d.0)];
            [
                Self(_mm_unpacklo_epi64(ab[0], cd[0])),
                Self(_mm_unpackhi_epi64(ab[0], cd[0])),
                Self(_mm_unpacklo_epi64(ab[1], cd[1])),
                Self(_mm_unpackhi_epi64(ab[1], cd[1])),
            ]
        }
    }

    #[inline(always)]
    unsafe fn tau(self) -> Self {
        unsafe { Self(_mm_shuffle_epi8(self.shifted(), UNSHIFT[0])) }
    }

    #[inline(always)]
    unsafe fn round(self) -> Self {
        unsafe {
            let s = self.shifted();
            let b = _mm_shuffle_epi8(s, UNSHIFT[0]);
            let b8 = _mm_shuffle_epi8(s, UNSHIFT[1]);
            let b16 = _mm_shuffle_epi8(s, UNSHIFT[2]);
            let b24 = _mm_shuffle_epi8(s, UNSHIFT[3]);
            // L(b) = b + (b<<<24) + ((b + (b<<<8) + (b<<<16)) <<< 2).
            let sum = _mm_xor_si128(_mm_xor_si128(b, b8), b16);
            let sum = _mm_or_si128(_mm_slli_epi32::<2>(sum), _mm_srli_epi32::<30>(sum));
            Self(_mm_xor_si128(_mm_xor_si128(b, b24), sum))
        }
    }
}

impl Words {
    /// The S-box of each byte, and then ShiftRows.
    #[inline(always)]
    unsafe fn shifted(self) -> __m128i {
        unsafe {
            let x = affine(self.0, BEFORE);
            affine(_mm_aesenclast_si128(x, _mm_setzero_si128()), AFTER)
        }
    }
}

/// An affine map of each byte, by its tables.
#[inline(always)]
unsafe fn affine(x: __m128i, [low, high]: [__m128i; 2]) -> __m128i {
    unsafe {
        let nibble = _mm_set1_epi8(15);
        let low = _mm_shuffle_epi8(low, _mm_and_si128(x, nibble));
        let high = _mm_shuffle_epi8(high, _mm_and_si128(_mm_srli_epi32::<4>(x), nibble));
        _mm_xor_si128(low, high)
    }
}

/// Sixteen bytes as a vector.
pub(super) const fn vector(bytes: [u8; 16]) -> __m128i {
    // SAFETY: any 16 bytes are a vector.
    unsafe { std::mem::transmute(bytes) }
}

const fn vectors((low, high): ([u8; 16], [u8; 16])) -> [__m128i; 2] {
    [vector(low), vector(high)]
}
