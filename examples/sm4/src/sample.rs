//! Bytes without a pattern, the same in each run: for tests, and for the self-test.

/// Knuth's linear congruential generator (MMIX), of which only the high bits are used.
pub(crate) struct Sampler(u64);

impl Sampler {
    pub(crate) fn new(seed: u64) -> Self {
        let mut sampler = Self(seed);
        sampler.byte(); // small seeds would begin alike
        sampler
    }

    pub(crate) fn byte(&mut self) -> u8 {
        self.below(256) as u8
    }

    /// A number from 0 to `limit - 1`, which is below 2^24.
    pub(crate) fn below(&mut self, limit: usize) -> usize {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (((self.0 >> 40) * limit as u64) >> 24) as usize
    }

    pub(crate) fn bytes(&mut self, len: usize) -> Vec<u8> {
        (0..len).map(|_| self.byte()).collect()
    }

    pub(crate) fn array<const N: usize>(&mut self) -> [u8; N] {
        std::array::from_fn(|_| self.byte())
    }
}

/// `len` bytes from `seed`.
#[cfg(test)]
pub(crate) fn sample(seed: u64, len: usize) -> Vec<u8> {
    Sampler::new(seed).bytes(len)
}
