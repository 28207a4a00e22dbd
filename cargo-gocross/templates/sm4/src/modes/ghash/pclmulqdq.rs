//! GHASH by carry-less multiplication, in constant time: eight products, then one reduction.
//!
//! GHASH's bits are reversed, so the product of two blocks, as PCLMULQDQ gives it, is one place too
//! far right. The powers of H are kept one place further left instead (S. Gueron and M. Kounavis,
//! "Intel Carry-Less Multiplication Instruction and its Usage for Computing the GCM Mode").

use std::arch::x86_64::*;

use gocross::cpu::{Feature, Features};

use super::{Path, Powers};

/// The path.
pub(super) const PATH: Path = Path {
    name: "pclmulqdq",
    needs: Features::of(&[Feature::Pclmulqdq, Feature::Ssse3]),
    prepare,
    update,
};

/// The polynomial x^128 + x^7 + x^2 + x + 1, reversed, without its first term.
const POLYNOMIAL: u128 = 0xc200_0000_0000_0000_0000_0000_0000_0001;

/// H^8 to H, each one place to the left.
#[unsafe(export_name = "sm4_ghash_pclmulqdq_prepare")]
#[target_feature(enable = "pclmulqdq,ssse3")]
#[inline(never)]
unsafe fn prepare(h: &[u8; 16]) -> Powers {
    let mut powers = [0; 8];
    let mut power = u128::from_be_bytes(*h);
    let first = left(power);
    for place in powers.iter_mut().rev() {
        *place = left(power);
        power = number(reduced(product(vector(power), vector(first))));
    }
    powers
}

#[unsafe(export_name = "sm4_ghash_pclmulqdq_update")]
#[target_feature(enable = "pclmulqdq,ssse3")]
#[inline(never)]
unsafe fn update(powers: &Powers, sum: &mut [u8; 16], blocks: &[[u8; 16]]) {
    let mut y = load(sum);
    for eight in blocks.chunks(powers.len()) {
        // The last block of fewer than eight has the power 1 as well.
        let powers = &powers[powers.len() - eight.len()..];
        let mut parts = [_mm_setzero_si128(); 3];
        for (block, power) in eight.iter().zip(powers) {
            // What came before is added to the first block.
            let x = _mm_xor_si128(load(block), y);
            y = _mm_setzero_si128();
            let [low, middle, high] = product(x, vector(*power));
            parts[0] = _mm_xor_si128(parts[0], low);
            parts[1] = _mm_xor_si128(parts[1], middle);
            parts[2] = _mm_xor_si128(parts[2], high);
        }
        y = reduced(parts);
    }
    *sum = number(y).to_be_bytes();
}

/// One place to the left, in the field: where the top bit is lost, the polynomial is added.
fn left(h: u128) -> u128 {
    h << 1 ^ (h >> 127).wrapping_neg() & POLYNOMIAL
}

/// The product of two polynomials, as three parts that stand 64 places apart.
#[inline]
#[target_feature(enable = "pclmulqdq")]
fn product(a: __m128i, b: __m128i) -> [__m128i; 3] {
    let middle =
        _mm_xor_si128(_mm_clmulepi64_si128::<0x01>(a, b), _mm_clmulepi64_si128::<0x10>(a, b));
    [_mm_clmulepi64_si128::<0x00>(a, b), middle, _mm_clmulepi64_si128::<0x11>(a, b)]
}

/// The remainder of a product: each half of its low part is made zero by a multiple of the
/// polynomial, whose other terms move up.
#[inline]
#[target_feature(enable = "pclmulqdq")]
fn reduced([low, middle, high]: [__m128i; 3]) -> __m128i {
    let polynomial = vector(POLYNOMIAL);
    let low = _mm_xor_si128(low, _mm_slli_si128::<8>(middle));
    let high = _mm_xor_si128(high, _mm_srli_si128::<8>(middle));
    let once = _mm_clmulepi64_si128::<0x10>(low, polynomial);
    let low = _mm_xor_si128(_mm_shuffle_epi32::<0x4e>(low), once);
    let twice = _mm_clmulepi64_si128::<0x10>(low, polynomial);
    let low = _mm_xor_si128(_mm_shuffle_epi32::<0x4e>(low), twice);
    _mm_xor_si128(high, low)
}

/// A block: its first byte is the top one.
#[inline]
#[target_feature(enable = "ssse3")]
fn load(block: &[u8; 16]) -> __m128i {
    let reversed = _mm_set_epi8(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
    // SAFETY: a block has 16 bytes, wherever it is.
    _mm_shuffle_epi8(unsafe { _mm_loadu_si128(block.as_ptr().cast()) }, reversed)
}

#[inline]
fn vector(number: u128) -> __m128i {
    // SAFETY: any 16 bytes are a vector; the lowest comes first in both.
    unsafe { std::mem::transmute(number) }
}

#[inline]
fn number(vector: __m128i) -> u128 {
    // SAFETY: as above.
    unsafe { std::mem::transmute(vector) }
}
