//! GHASH in plain Rust, in constant time: products of 64 bits out of the CPU's own multiplication.
//!
//! Integer products have carries, products of polynomials none. With three of four bits cleared in
//! both factors, at most 15 ones meet in a place, and the carry stops in the cleared places
//! (T. Pornin, "BearSSL: constant-time crypto", on GHASH). Multiplication takes a fixed time on the
//! CPUs that matter.

use gocross::cpu::Features;

use super::{Path, Powers};

pub(super) const PATH: Path = Path { name: "portable", needs: Features::NONE, prepare, update };

/// Keeps H itself, and the words that [`multiply`] wants.
#[unsafe(export_name = "sm4_ghash_portable_prepare")]
#[inline(never)]
pub(super) fn prepare(h: &[u8; 16]) -> Powers {
    let mut powers = [0; 8];
    powers[0] = u128::from_be_bytes(*h);
    powers
}

#[unsafe(export_name = "sm4_ghash_portable_update")]
#[inline(never)]
pub(super) fn update(powers: &Powers, sum: &mut [u8; 16], blocks: &[[u8; 16]]) {
    let mut y = u128::from_be_bytes(*sum);
    for block in blocks {
        y = multiply(y ^ u128::from_be_bytes(*block), powers[0]);
    }
    *sum = y.to_be_bytes();
}

/// The product in GHASH's field. Its bits are reversed: the top one is x^0 (SP 800-38D, 6.3).
fn multiply(x: u128, y: u128) -> u128 {
    let (x1, x0) = ((x >> 64) as u64, x as u64);
    let (y1, y0) = ((y >> 64) as u64, y as u64);
    // Karatsuba: three products of 64 bits.
    let high = product(x1, y1);
    let low = product(x0, y0);
    let middle = product(x1 ^ x0, y1 ^ y0) ^ high ^ low;
    // 255 bits, reversed as a number of 256 of them needs one more step to the left.
    let top = high ^ middle >> 64;
    let bottom = low ^ middle << 64;
    reduce(top << 1 | bottom >> 127, bottom << 1)
}

/// Reduces 256 reversed bits by x^128 + x^7 + x^2 + x + 1. What is in `low` stands for powers from
/// x^128 on.
fn reduce(high: u128, low: u128) -> u128 {
    // What the low bits would drop out of the word has to go round once more.
    let low = low ^ low << 127 ^ low << 126 ^ low << 121;
    high ^ low ^ low >> 1 ^ low >> 2 ^ low >> 7
}

/// The product of two polynomials over GF(2).
fn product(a: u64, b: u64) -> u128 {
    const EVERY_FOURTH: u128 = 0x1111_1111_1111_1111_1111_1111_1111_1111;
    let part = |of: u64, shift: usize| u128::from(of) & EVERY_FOURTH << shift;
    let mut sum = 0;
    // The four top bits on their own, so that at most 15 ones meet below.
    for place in 60..64 {
        sum ^= u128::from((a >> place & 1).wrapping_neg() & b) << place;
    }
    let a = a & u64::MAX >> 4;
    for place in 0..4 {
        let mut column = 0;
        for shift in 0..4 {
            // Both have 64 bits, so 128 hold the product.
            column ^= part(a, shift) * part(b, (place + 4 - shift) % 4);
        }
        sum ^= column & EVERY_FOURTH << place;
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Where most ones meet, carries would show.
    #[test]
    fn no_carry_gets_through() {
        let dense =
            [!0, !0 << 4, !0 >> 4, 0x1111_1111_1111_1111, 0xeeee_eeee_eeee_eeee, 1 << 63, 1];
        for (a, b) in dense.into_iter().flat_map(|a| dense.map(|b| (a, b))) {
            let want = (0..64)
                .filter(|bit| a >> bit & 1 != 0)
                .fold(0, |sum, bit| sum ^ u128::from(b) << bit);
            assert_eq!(product(a, b), want, "{a:x} {b:x}");
        }
    }
}
