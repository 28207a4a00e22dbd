//! AVX2 with AES-NI, 32 blocks at once. AESENCLAST takes 128 bits, so each half goes through it on
//! its own; [`super::vaes`] does both at once.

use std::arch::x86_64::*;

use super::aesni::{AFTER, BEFORE, UNSHIFT, Words as Words128, vector};
use super::shuffle::SWAP;
use super::vector::{self, Vector};

/// The round keys of `key`.
///
/// # Safety
///
/// The CPU has the features that the attribute below names.
#[unsafe(export_name = "sm4_aesni_avx2_expand")]
#[target_feature(enable = "aes,avx2")]
#[inline(never)]
pub(super) unsafe fn expand(key: &[u8; 16]) -> [u32; 32] {
    // SAFETY: the features are enabled here. One word is no work for the wider vectors.
    unsafe { vector::expand::<Words128>(key) }
}

/// Encrypts `blocks` blocks.
///
/// # Safety
///
/// As [`Path::encrypt`](super::super::path::Path::encrypt).
#[unsafe(export_name = "sm4_aesni_avx2_encrypt")]
#[target_feature(enable = "aes,avx2")]
#[inline(never)]
pub(super) unsafe fn encrypt(
    keys: &[u32; 32],
    src: *const [u8; 16],
    dst: *mut [u8; 16],
    blocks: usize,
) {
    // SAFETY: the features are enabled here; the rest is the caller's word.
    unsafe { vector::encrypt::<Words<Halves>>(keys, src, dst, blocks) }
}

/// AES's last round with a key of zeros, on both halves of a vector.
pub(super) trait LastRound: Copy {
    /// # Safety
    ///
    /// The CPU has the features of the path.
    unsafe fn last_round(x: __m256i) -> __m256i;
}

/// One half after the other.
#[derive(Clone, Copy)]
struct Halves;

impl LastRound for Halves {
    #[inline(always)]
    unsafe fn last_round(x: __m256i) -> __m256i {
        unsafe {
            let zero = _mm_setzero_si128();
            let low = _mm_aesenclast_si128(_mm256_castsi256_si128(x), zero);
            let high = _mm_aesenclast_si128(_mm256_extracti128_si256::<1>(x), zero);
            _mm256_inserti128_si256::<1>(_mm256_castsi128_si256(low), high)
        }
    }
}

/// Eight words, with AES's last round by `A`.
#[derive(Clone, Copy)]
pub(super) struct Words<A>(__m256i, std::marker::PhantomData<A>);

impl<A: LastRound> Vector for Words<A> {
    const BLOCKS: usize = 8;

    #[inline(always)]
    unsafe fn load(src: *const u8) -> Self {
        unsafe {
            Self::new(_mm256_shuffle_epi8(_mm256_loadu_si256(src.cast()), both(vector(SWAP))))
        }
    }

    #[inline(always)]
    unsafe fn store(self, dst: *mut u8) {
        unsafe {
            _mm256_storeu_si256(dst.cast(), _mm256_shuffle_epi8(self.0, both(vector(SWAP))));
        }
    }

    #[inline(always)]
    unsafe fn splat(word: u32) -> Self {
        unsafe { Self::new(_mm256_set1_epi32(word.cast_signed())) }
    }

    #[inline(always)]
    unsafe fn word(self) -> u32 {
        unsafe { _mm256_cvtsi256_si32(self.0).cast_unsigned() }
    }

    #[inline(always)]
    unsafe fn xor(self, other: Self) -> Self {
        unsafe { Self::new(_mm256_xor_si256(self.0, other.0)) }
    }

    #[inline(always)]
    unsafe fn transpose(rows: [Self; 4]) -> [Self; 4] {
        unsafe {
            let [a, b, c, d] = rows;
            let [a, b, c, d] = transpose([a.0, b.0, c.0, d.0]);
            [Self::new(a), Self::new(b), Self::new(c), Self::new(d)]
        }
    }

    #[inline(always)]
    unsafe fn tau(self) -> Self {
        unsafe { Self::new(_mm256_shuffle_epi8(self.shifted(), both(UNSHIFT[0]))) }
    }

    #[inline(always)]
    unsafe fn round(self) -> Self {
        unsafe {
            let s = self.shifted();
            let b = _mm256_shuffle_epi8(s, both(UNSHIFT[0]));
            let b8 = _mm256_shuffle_epi8(s, both(UNSHIFT[1]));
            let b16 = _mm256_shuffle_epi8(s, both(UNSHIFT[2]));
            let b24 = _mm256_shuffle_epi8(s, both(UNSHIFT[3]));
            // As in `aesni.rs`.
            let sum = _mm256_xor_si256(_mm256_xor_si256(b, b8), b16);
            let sum = _mm256_or_si256(_mm256_slli_epi32::<2>(sum), _mm256_srli_epi32::<30>(sum));
            Self::new(_mm256_xor_si256(_mm256_xor_si256(b, b24), sum))
        }
    }
}

impl<A: LastRound> Words<A> {
    #[inline(always)]
    fn new(words: __m256i) -> Self {
        Self(words, std::marker::PhantomData)
    }

    /// The S-box of each byte, and then ShiftRows of each half.
    #[inline(always)]
    unsafe fn shifted(self) -> __m256i {
        unsafe { affine(A::last_round(affine(self.0, BEFORE)), AFTER) }
    }
}

/// In each half apart, column `i` of four words to row `i`.
#[inline(always)]
pub(super) unsafe fn transpose([a, b, c, d]: [__m256i; 4]) -> [__m256i; 4] {
    unsafe {
        let ab = [_mm256_unpacklo_epi32(a, b), _mm256_unpackhi_epi32(a, b)];
        let cd = [_mm256_unpacklo_epi32(c, d), _mm256_unpackhi_epi32(c, d)];
        [
            _mm256_unpacklo_epi64(ab[0], cd[0]),
            _mm256_unpackhi_epi64(ab[0], cd[0]),
            _mm256_unpacklo_epi64(ab[1], cd[1]),
            _mm256_unpackhi_epi64(ab[1], cd[1]),
        ]
    }
}

/// An affine map of each byte, by its tables.
#[inline(always)]
unsafe fn affine(x: __m256i, [low, high]: [__m128i; 2]) -> __m256i {
    unsafe {
        let nibble = _mm256_set1_epi8(15);
        let low = _mm256_shuffle_epi8(both(low), _mm256_and_si256(x, nibble));
        let places = _mm256_and_si256(_mm256_srli_epi32::<4>(x), nibble);
        _mm256_xor_si256(low, _mm256_shuffle_epi8(both(high), places))
    }
}

/// The same 16 bytes in both halves.
#[inline(always)]
pub(super) unsafe fn both(half: __m128i) -> __m256i {
    unsafe { _mm256_broadcastsi128_si256(half) }
}
