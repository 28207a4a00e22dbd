//! GHASH by PMULL, which multiplies polynomials of 64 bits: eight blocks with one reduction.
//!
//! GHASH counts bits from the top of each byte (SP 800-38D, 6.3). With the bits of each byte turned
//! round, bit `i` of the 128 is the coefficient of x^i, and products are what they seem.

use std::arch::aarch64::{
    uint8x16_t, vdupq_n_u8, veorq_u8, vextq_u8, vgetq_lane_p64, vld1q_u8, vmull_high_p64,
    vmull_p64, vrbitq_u8, vreinterpretq_p64_u8, vreinterpretq_u8_p128, vst1q_u8,
};

use gocross::cpu::{Feature, Features};

use super::{Path, Powers};

pub(super) const PATH: Path = Path {
    name: "pmull",
    // `vmull_p64` is compiled for both `aes` and `pmull`, which Rust has as one feature.
    needs: Features::of(&[Feature::Neon, Feature::Aes, Feature::Pmull]),
    prepare,
    update,
};

/// x^7 + x^2 + x + 1, what x^128 is.
const POLYNOMIAL: u64 = 0x87;

/// H to H^8, with their bits turned round, as the CPU has them in memory.
///
/// # Safety
///
/// The CPU has the features of the path.
#[unsafe(export_name = "sm4_ghash_pmull_prepare")]
#[target_feature(enable = "neon,aes")]
#[inline(never)]
pub(super) unsafe fn prepare(h: &[u8; 16]) -> Powers {
    let mut powers = [0; 8];
    // SAFETY: each power has 16 bytes.
    unsafe {
        let h = vrbitq_u8(vld1q_u8(h.as_ptr()));
        let mut power = h;
        for to in &mut powers {
            vst1q_u8(std::ptr::from_mut(to).cast(), power);
            let mut product = Product::new();
            product.add(power, h);
            power = product.reduce();
        }
    }
    powers
}

/// # Safety
///
/// The CPU has the features of the path.
#[unsafe(export_name = "sm4_ghash_pmull_update")]
#[target_feature(enable = "neon,aes")]
#[inline(never)]
pub(super) unsafe fn update(powers: &Powers, sum: &mut [u8; 16], blocks: &[[u8; 16]]) {
    // SAFETY: all loads are inside of `powers`, `sum` and the blocks.
    unsafe {
        let mut y = vrbitq_u8(vld1q_u8(sum.as_ptr()));
        for eight in blocks.chunks(powers.len()) {
            y = step(powers, y, eight);
        }
        vst1q_u8(sum.as_mut_ptr(), vrbitq_u8(y));
    }
}

/// Up to eight blocks: the first one, with the sum so far, is multiplied most often.
#[target_feature(enable = "neon,aes")]
#[inline]
unsafe fn step(powers: &Powers, sum: uint8x16_t, blocks: &[[u8; 16]]) -> uint8x16_t {
    // SAFETY: all loads are of 16 bytes of a power or a block; the caller vouches for the features.
    unsafe {
        let mut product = Product::new();
        let mut sum = sum;
        for (block, power) in blocks.iter().zip(powers[..blocks.len()].iter().rev()) {
            let block = veorq_u8(vrbitq_u8(vld1q_u8(block.as_ptr())), sum);
            product.add(block, vld1q_u8(std::ptr::from_ref(power).cast()));
            sum = vdupq_n_u8(0);
        }
        product.reduce()
    }
}

/// The sum of products of 128 bits, not yet reduced.
#[derive(Clone, Copy)]
struct Product {
    low: uint8x16_t,
    /// Of weight x^64.
    middle: uint8x16_t,
    high: uint8x16_t,
}

impl Product {
    #[target_feature(enable = "neon,aes")]
    #[inline]
    fn new() -> Self {
        let zero = vdupq_n_u8(0);
        Self { low: zero, middle: zero, high: zero }
    }

    #[target_feature(enable = "neon,aes")]
    #[inline]
    fn add(&mut self, a: uint8x16_t, b: uint8x16_t) {
        let crossed = vextq_u8::<8>(a, a);
        self.low = veorq_u8(self.low, low(a, b));
        self.high = veorq_u8(self.high, high(a, b));
        self.middle = veorq_u8(self.middle, veorq_u8(low(crossed, b), high(crossed, b)));
    }

    #[target_feature(enable = "neon,aes")]
    #[inline]
    fn reduce(self) -> uint8x16_t {
        let zero = vdupq_n_u8(0);
        let bottom = veorq_u8(self.low, vextq_u8::<8>(zero, self.middle));
        let top = veorq_u8(self.high, vextq_u8::<8>(self.middle, zero));
        let polynomial =
            vreinterpretq_u8_p128(u128::from(POLYNOMIAL) << 64 | u128::from(POLYNOMIAL));
        // The upper half of what stands above x^128 first: what it gives is partly there too.
        let fold = high(top, polynomial);
        let top = veorq_u8(top, vextq_u8::<8>(fold, zero));
        let bottom = veorq_u8(bottom, vextq_u8::<8>(zero, fold));
        veorq_u8(bottom, low(top, polynomial))
    }
}

/// The product of the lower halves.
#[target_feature(enable = "neon,aes")]
#[inline]
fn low(a: uint8x16_t, b: uint8x16_t) -> uint8x16_t {
    let a = vgetq_lane_p64::<0>(vreinterpretq_p64_u8(a));
    let b = vgetq_lane_p64::<0>(vreinterpretq_p64_u8(b));
    vreinterpretq_u8_p128(vmull_p64(a, b))
}

/// The product of the upper halves.
#[target_feature(enable = "neon,aes")]
#[inline]
fn high(a: uint8x16_t, b: uint8x16_t) -> uint8x16_t {
    vreinterpretq_u8_p128(vmull_high_p64(vreinterpretq_p64_u8(a), vreinterpretq_p64_u8(b)))
}
