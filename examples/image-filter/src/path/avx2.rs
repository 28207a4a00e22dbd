//! AVX2 on x86-64, by intrinsics.

use super::{Functions, Path, scalar};
use crate::filter::{GAUSSIAN_SHIFT, LUMA, LUMA_SHIFT};
use crate::picture::PIXEL;
use core::arch::x86_64::*;
use gocross::cpu::{Feature, Features};

pub(super) const PATH: Path = Path {
    name: "avx2",
    needs: Features::of(&[Feature::Avx2]),
    functions: Functions { horizontal, vertical, grey },
};

/// Bytes in a vector.
const LEN: usize = 32;
/// Sums in a vector.
const SUMS: usize = LEN / 2;

#[unsafe(export_name = "image_avx2_gaussian_horizontal")]
#[target_feature(enable = "avx2")]
#[inline(never)]
unsafe fn horizontal(row: &[u8], sums: &mut [u16]) {
    let whole = sums.len() / SUMS * SUMS;
    for at in (0..whole).step_by(SUMS) {
        // SAFETY: `at + SUMS` sums are there, and 8 more bytes than sums.
        unsafe {
            let load = |shift: usize| {
                let bytes = _mm_loadu_si128(row.as_ptr().add(at + shift).cast());
                _mm256_cvtepu8_epi16(bytes)
            };
            let sum = three(load(0), load(PIXEL), load(2 * PIXEL));
            _mm256_storeu_si256(sums.as_mut_ptr().add(at).cast(), sum);
        }
    }
    scalar::horizontal(&row[whole..], &mut sums[whole..]);
}

#[unsafe(export_name = "image_avx2_gaussian_vertical")]
#[target_feature(enable = "avx2")]
#[inline(never)]
unsafe fn vertical([above, here, below]: [&[u16]; 3], out: &mut [u8]) {
    let whole = out.len() / LEN * LEN;
    for at in (0..whole).step_by(LEN) {
        // SAFETY: each of the four has `at + LEN` elements.
        unsafe {
            let half = |at: usize| {
                let load = |row: &[u16]| _mm256_loadu_si256(row.as_ptr().add(at).cast());
                let sum = three(load(above), load(here), load(below));
                let sum = _mm256_add_epi16(sum, _mm256_set1_epi16(1 << (GAUSSIAN_SHIFT - 1)));
                _mm256_srli_epi16::<{ GAUSSIAN_SHIFT as i32 }>(sum)
            };
            // Packing takes 8 bytes of each in turn; the middle two groups change places.
            let bytes = _mm256_packus_epi16(half(at), half(at + SUMS));
            let bytes = _mm256_permute4x64_epi64::<0b11_01_10_00>(bytes);
            _mm256_storeu_si256(out.as_mut_ptr().add(at).cast(), bytes);
        }
    }
    scalar::vertical([&above[whole..], &here[whole..], &below[whole..]], &mut out[whole..]);
}

/// As [`crate::filter::three`]; twice the centre is a sum, for no product is as fast.
#[target_feature(enable = "avx2")]
#[inline]
fn three(one: __m256i, centre: __m256i, other: __m256i) -> __m256i {
    _mm256_add_epi16(_mm256_add_epi16(one, other), _mm256_add_epi16(centre, centre))
}

#[unsafe(export_name = "image_avx2_grey")]
#[target_feature(enable = "avx2")]
#[inline(never)]
unsafe fn grey(pixels: &mut [u8]) {
    let [red, green, blue] = LUMA.map(i32::from);
    // Pairs of 16 bits: red and blue, green and alpha. Alpha counts nothing.
    let red_blue = _mm256_set1_epi32(red | blue << 16);
    let green_alpha = _mm256_set1_epi32(green);
    let round = _mm256_set1_epi32(1 << (LUMA_SHIFT - 1));
    let even = _mm256_set1_epi32(0x00ff_00ff);
    let alpha = _mm256_set1_epi32(0xff00_0000_u32 as i32);
    // Each pixel's second byte three times, and 0.
    let spread = _mm256_set_epi8(
        -1, 13, 13, 13, -1, 9, 9, 9, -1, 5, 5, 5, -1, 1, 1, 1, //
        -1, 13, 13, 13, -1, 9, 9, 9, -1, 5, 5, 5, -1, 1, 1, 1,
    );
    let mut groups = pixels.chunks_exact_mut(LEN);
    for group in &mut groups {
        // SAFETY: the group has LEN bytes.
        unsafe {
            let pixels = _mm256_loadu_si256(group.as_ptr().cast());
            let one = _mm256_madd_epi16(_mm256_and_si256(pixels, even), red_blue);
            let other = _mm256_madd_epi16(_mm256_srli_epi16::<8>(pixels), green_alpha);
            let sum = _mm256_add_epi32(_mm256_add_epi32(one, other), round);
            // The sum's second byte is the sum without its lower 8 bits.
            let grey = _mm256_shuffle_epi8(sum, spread);
            let pixels = _mm256_or_si256(grey, _mm256_and_si256(pixels, alpha));
            _mm256_storeu_si256(group.as_mut_ptr().cast(), pixels);
        }
    }
    scalar::grey(groups.into_remainder());
}

// `grey` takes bytes where a shift would do.
const _: () = assert!(LUMA_SHIFT == 8);
