//! As [`super::avx2`], with VAES: AESENCLAST on both halves of a vector at once.

use std::arch::x86_64::*;

use super::aesni::Words as Words128;
use super::avx2::{LastRound, Words};
use super::vector;

/// The round keys of `key`.
///
/// # Safety
///
/// The CPU has the features that the attribute below names.
#[unsafe(export_name = "sm4_vaes_avx2_expand")]
#[target_feature(enable = "aes,avx2,vaes")]
#[inline(never)]
pub(super) unsafe fn expand(key: &[u8; 16]) -> [u32; 32] {
    // SAFETY: the features are enabled here.
    unsafe { vector::expand::<Words128>(key) }
}

/// Encrypts `blocks` blocks.
///
/// # Safety
///
/// As [`Path::encrypt`](super::super::path::Path::encrypt).
#[unsafe(export_name = "sm4_vaes_avx2_encrypt")]
#[target_feature(enable = "aes,avx2,vaes")]
#[inline(never)]
pub(super) unsafe fn encrypt(
    keys: &[u32; 32],
    src: *const [u8; 16],
    dst: *mut [u8; 16],
    blocks: usize,
) {
    // SAFETY: the features are enabled here; the rest is the caller's word.
    unsafe { vector::encrypt::<Words<Whole>>(keys, src, dst, blocks) }
}

/// Both halves at once.
#[derive(Clone, Copy)]
struct Whole;

impl LastRound for Whole {
    #[inline(always)]
    unsafe fn last_round(x: __m256i) -> __m256i {
        unsafe { _mm256_aesenclast_epi128(x, _mm256_setzero_si256()) }
    }
}
