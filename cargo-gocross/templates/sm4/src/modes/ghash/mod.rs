//! GHASH (NIST SP 800-38D, 6.4): the checksum of GCM, by the best path that the CPU has.
//!
//! It chooses on its own: carry-less multiplication is another feature than what ciphers need.

#[cfg(target_arch = "x86_64")]
mod pclmulqdq;
#[cfg(target_arch = "aarch64")]
mod pmull;
mod portable;

use gocross::cpu::{self, Features};

use crate::cipher::PathError;

/// The powers of the key H that a path works with, in the form that it likes best: for example H to
/// H^8, to take eight blocks with one reduction.
pub(crate) type Powers = [u128; 8];

/// One way to compute GHASH.
pub(crate) struct Path {
    /// What `--path` and the report call it.
    pub(crate) name: &'static str,
    /// Every feature that either function uses.
    pub(crate) needs: Features,
    /// What `update` wants of the key, the cipher's output for a block of zeros.
    ///
    /// # Safety
    ///
    /// The CPU has all of `needs`.
    pub(crate) prepare: unsafe fn(h: &[u8; 16]) -> Powers,
    /// For each block: adds it to `sum`, and multiplies that by H.
    ///
    /// # Safety
    ///
    /// The CPU has all of `needs`.
    pub(crate) update: unsafe fn(powers: &Powers, sum: &mut [u8; 16], blocks: &[[u8; 16]]),
}

/// The paths of this architecture's hardware, best first.
#[cfg(target_arch = "x86_64")]
const HARDWARE: &[Path] = &[pclmulqdq::PATH];
#[cfg(target_arch = "aarch64")]
const HARDWARE: &[Path] = &[pmull::PATH];
#[cfg(not(any(target_arch = "aarch64", target_arch = "x86_64")))]
const HARDWARE: &[Path] = &[];

/// All paths that were compiled in, best first. The last one needs nothing.
pub(crate) fn all() -> impl Iterator<Item = &'static Path> {
    HARDWARE.iter().chain([&portable::PATH])
}

/// The paths that this CPU can take, best first.
pub(crate) fn usable() -> impl Iterator<Item = &'static Path> {
    let features = cpu::features();
    all().filter(move |path| features.has_all(path.needs))
}

/// GHASH under one key.
#[derive(Clone)]
pub(crate) struct Ghash {
    powers: Powers,
    sum: [u8; 16],
    path: &'static Path,
}

impl Ghash {
    /// GHASH under `h` on the best path that the CPU has.
    pub(crate) fn new(h: &[u8; 16]) -> Self {
        let path = usable().next().expect("the last path needs nothing");
        // SAFETY: the CPU has what the path needs.
        unsafe { Self::on(h, path) }
    }

    /// GHASH under `h` on the path of that name.
    pub(crate) fn with_path(h: &[u8; 16], name: &str) -> Result<Self, PathError> {
        let path = all()
            .find(|path| path.name == name)
            .ok_or_else(|| PathError::unknown(name, all().map(|path| path.name)))?;
        PathError::check(path.name, path.needs)?;
        // SAFETY: the CPU has what the path needs, as just checked.
        Ok(unsafe { Self::on(h, path) })
    }

    /// # Safety
    ///
    /// The CPU has what the path needs. `update` relies on it.
    unsafe fn on(h: &[u8; 16], path: &'static Path) -> Self {
        // SAFETY: the caller vouches for the features.
        Self { powers: unsafe { (path.prepare)(h) }, sum: [0; 16], path }
    }

    /// The name of the path that it takes.
    pub(crate) fn path(&self) -> &'static str {
        self.path.name
    }

    /// Takes `data`, with zeros behind it to fill the last block.
    pub(crate) fn update_padded(&mut self, data: &[u8]) {
        let (blocks, rest) = data.as_chunks::<16>();
        self.update(blocks);
        if !rest.is_empty() {
            let mut last = [0; 16];
            last[..rest.len()].copy_from_slice(rest);
            self.update(&[last]);
        }
    }

    /// Takes whole blocks.
    pub(crate) fn update(&mut self, blocks: &[[u8; 16]]) {
        // SAFETY: `on` was told that the CPU has the features.
        unsafe { (self.path.update)(&self.powers, &mut self.sum, blocks) };
    }

    /// The sum of all blocks so far.
    pub(crate) fn sum(&self) -> [u8; 16] {
        self.sum
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Bit by bit, as SP 800-38D, 6.3, writes the product.
    fn multiply(x: u128, y: u128) -> u128 {
        let (mut z, mut v) = (0, y);
        for bit in (0..128).rev() {
            if x >> bit & 1 != 0 {
                z ^= v;
            }
            v = v >> 1 ^ if v & 1 != 0 { 0xe1 << 120 } else { 0 };
        }
        z
    }

    /// Every path that this CPU has, for 0 to 40 blocks in two pieces, under keys with and without
    /// the bits at the ends.
    #[test]
    fn every_path_is_the_standards_product() {
        let h = 0x66e9_4bd4_ef8a_2c3b_884c_fa59_ca34_2b2e_u128;
        for (path, h) in
            usable().flat_map(|path| [h, 0, 1, 1 << 127, !0, !0 << 64].map(|h| (path, h)))
        {
            let blocks: Vec<[u8; 16]> = (1..=40_u128)
                .map(|at| at.wrapping_mul(h ^ 0x1234_5678_9abc_def1_2345_6789 << 31).to_be_bytes())
                .collect();
            for len in 0..=blocks.len() {
                let (head, tail) = blocks[..len].split_at(len * 2 / 7);
                let mut ghash = Ghash::with_path(&h.to_be_bytes(), path.name).unwrap();
                ghash.update(head);
                ghash.update(tail);
                let want = blocks[..len]
                    .iter()
                    .fold(0, |sum, block| multiply(sum ^ u128::from_be_bytes(*block), h));
                assert_eq!(u128::from_be_bytes(ghash.sum()), want, "{}, {len}", path.name);
            }
        }
    }
}
