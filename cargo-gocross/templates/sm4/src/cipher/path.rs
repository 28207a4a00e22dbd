//! What a path is, and which ones this architecture has.
//!
//! A path is one way to compute SM4: two functions, and the features of the CPU that both need. To
//! add one, write the functions in a file of their own and add a row to its architecture's table.

use gocross::cpu::Features;

use super::portable;

/// One way to compute the cipher.
pub(crate) struct Path {
    /// What `--path` and the report call it.
    pub(crate) name: &'static str,
    /// Every feature that either function uses, not only the rarest.
    pub(crate) needs: Features,
    /// Whether time and memory accesses do not depend on key or data.
    pub(crate) constant_time: bool,
    /// The round keys of a key.
    ///
    /// # Safety
    ///
    /// The CPU has all of `needs`.
    pub(crate) expand: unsafe fn(key: &[u8; 16]) -> [u32; 32],
    /// Encrypts each of `blocks` blocks on its own (ECB); with the round keys in reverse order it
    /// decrypts.
    ///
    /// # Safety
    ///
    /// The CPU has all of `needs`. `src` may be read and `dst` written for `blocks` blocks; they
    /// are the same or do not overlap. Neither has to be aligned.
    pub(crate) encrypt:
        unsafe fn(keys: &[u32; 32], src: *const [u8; 16], dst: *mut [u8; 16], blocks: usize),
}

#[cfg(target_arch = "aarch64")]
use super::aarch64::PATHS as HARDWARE;
#[cfg(target_arch = "arm")]
use super::arm::PATHS as HARDWARE;
#[cfg(target_arch = "riscv64")]
use super::riscv64::PATHS as HARDWARE;
#[cfg(target_arch = "x86_64")]
use super::x86_64::PATHS as HARDWARE;
/// An architecture without paths of its own.
#[cfg(not(any(
    target_arch = "aarch64",
    target_arch = "arm",
    target_arch = "riscv64",
    target_arch = "x86_64"
)))]
const HARDWARE: &[Path] = &[];

/// All paths that were compiled in, best first. The last ones need nothing.
pub(crate) fn all() -> impl Iterator<Item = &'static Path> {
    HARDWARE.iter().chain(portable::PATHS)
}
