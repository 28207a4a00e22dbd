//! SM4 (GB/T 32907-2016) by the best path that the CPU has.
//!
//! ```
//! use {{crate}}::cipher::Key;
//!
//! let key = Key::new(b"\x01\x23\x45\x67\x89\xab\xcd\xef\xfe\xdc\xba\x98\x76\x54\x32\x10");
//! let mut blocks = [*b"sixteen letters.", *b"and as many more"];
//! key.encrypt(&mut blocks);
//! key.decrypt(&mut blocks);
//! assert_eq!(blocks[1], *b"and as many more");
//! ```
//!
//! A path is chosen once, for a key: [`Key::new`] takes the first row of the table whose features
//! the CPU has, and calls go through the functions of that row.

#[cfg(target_arch = "aarch64")]
mod aarch64;
#[allow(dead_code, reason = "not every architecture computes the S-box by AES hardware")]
mod algebra;
#[cfg(target_arch = "arm")]
mod arm;
mod error;
mod path;
mod portable;
#[cfg(target_arch = "riscv64")]
mod riscv64;
mod schedule;
#[cfg(test)]
mod tests;
#[cfg(target_arch = "x86_64")]
mod x86_64;

pub use error::PathError;

use gocross::cpu::{self, Features};
use path::Path;

/// Bytes in a block, and in a key.
pub const BLOCK: usize = 16;

/// A key, ready for use on one path.
#[derive(Clone)]
pub struct Key {
    encrypt: [u32; 32],
    decrypt: [u32; 32],
    path: &'static Path,
}

/// A path that was compiled in.
#[derive(Debug, Clone, Copy)]
pub struct PathInfo {
    /// What [`Key::with_path`] calls it.
    pub name: &'static str,
    /// The features that it needs.
    pub needs: Features,
    /// Whether its time does not depend on key or data.
    pub constant_time: bool,
    /// Whether this CPU has what it needs, less what `GOCROSS_CPU` hides.
    pub usable: bool,
}

impl Key {
    /// A key on the best path that the CPU has.
    #[must_use]
    pub fn new(key: &[u8; BLOCK]) -> Self {
        // SAFETY: what `best` gives is usable.
        unsafe { Self::on(key, best()) }
    }

    /// A key on the path of that name. It is refused where the CPU lacks what the path needs.
    pub fn with_path(key: &[u8; BLOCK], name: &str) -> Result<Self, PathError> {
        let path = path::all()
            .find(|path| path.name == name)
            .ok_or_else(|| PathError::unknown(name, path::all().map(|path| path.name)))?;
        PathError::check(path.name, path.needs)?;
        // SAFETY: the CPU has what the path needs, as just checked.
        Ok(unsafe { Self::on(key, path) })
    }

    /// # Safety
    ///
    /// The CPU has what the path needs. Every other function of a `Key` relies on it.
    unsafe fn on(key: &[u8; BLOCK], path: &'static Path) -> Self {
        // SAFETY: the caller vouches for the features.
        let encrypt = unsafe { (path.expand)(key) };
        let mut decrypt = encrypt;
        decrypt.reverse();
        Self { encrypt, decrypt, path }
    }

    /// The name of the path that it takes.
    #[must_use]
    pub fn path(&self) -> &'static str {
        self.path.name
    }

    /// Encrypts each block on its own, in place. That alone (ECB) shows which blocks are equal: it
    /// is what modes of operation are made of.
    pub fn encrypt(&self, blocks: &mut [[u8; BLOCK]]) {
        let data = blocks.as_mut_ptr();
        // SAFETY: `on` was told that the CPU has the features; the slice is ours, in place.
        unsafe { (self.path.encrypt)(&self.encrypt, data, data, blocks.len()) };
    }

    /// Encrypts each block of `src` on its own, to `dst`.
    ///
    /// # Panics
    ///
    /// When the two have different lengths.
    pub fn encrypt_to(&self, src: &[[u8; BLOCK]], dst: &mut [[u8; BLOCK]]) {
        assert_eq!(src.len(), dst.len(), "as many blocks out as in");
        // SAFETY: as in `encrypt`; two slices, one of them mutable, do not overlap.
        unsafe { (self.path.encrypt)(&self.encrypt, src.as_ptr(), dst.as_mut_ptr(), src.len()) };
    }

    /// Undoes [`encrypt`](Self::encrypt).
    pub fn decrypt(&self, blocks: &mut [[u8; BLOCK]]) {
        let data = blocks.as_mut_ptr();
        // SAFETY: as in `encrypt`.
        unsafe { (self.path.encrypt)(&self.decrypt, data, data, blocks.len()) };
    }
}

/// The paths that were compiled in, best first.
pub fn paths() -> impl Iterator<Item = PathInfo> {
    let features = cpu::features();
    path::all().map(move |path| PathInfo {
        name: path.name,
        needs: path.needs,
        constant_time: path.constant_time,
        usable: features.has_all(path.needs),
    })
}

/// The first path whose needs the CPU meets.
fn best() -> &'static Path {
    let features = cpu::features();
    path::all().find(|path| features.has_all(path.needs)).expect("the last path needs nothing")
}
