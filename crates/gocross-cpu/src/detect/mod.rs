//! One file an architecture: what the CPU and the kernel offer.
//!
//! Each has a pure part, words in and features out, which is tested on every machine, and a part
//! that asks the machine, which compiles where it can run.

#[cfg(any(test, all(target_arch = "aarch64", target_os = "linux")))]
mod aarch64;
#[cfg(any(test, all(target_arch = "arm", target_os = "linux")))]
mod arm;
#[cfg(any(test, all(any(target_arch = "mips", target_arch = "mips64"), target_os = "linux")))]
mod mips;
#[cfg(any(test, all(target_arch = "riscv64", target_os = "linux")))]
pub(crate) mod riscv64;
#[cfg(any(test, target_arch = "x86_64", target_arch = "x86"))]
mod x86;

#[cfg(all(target_arch = "aarch64", target_os = "linux"))]
use aarch64::look;
#[cfg(all(target_arch = "arm", target_os = "linux"))]
use arm::look;
#[cfg(all(any(target_arch = "mips", target_arch = "mips64"), target_os = "linux"))]
use mips::look;
#[cfg(all(target_arch = "riscv64", target_os = "linux"))]
use riscv64::look;
#[cfg(any(target_arch = "x86_64", target_arch = "x86"))]
use x86::look;

use crate::once::Once;
use crate::{Feature, Features, Source};

/// What was found, and where.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Found {
    pub(crate) features: Features,
    pub(crate) source: Source,
}

/// What the CPU and the kernel offer; found once.
pub(crate) fn found() -> Found {
    static FOUND: Once<Found> = Once::new();
    FOUND.get(look)
}

#[cfg(not(any(
    target_arch = "x86_64",
    target_arch = "x86",
    all(
        any(
            target_arch = "aarch64",
            target_arch = "arm",
            target_arch = "mips",
            target_arch = "mips64",
            target_arch = "riscv64"
        ),
        target_os = "linux"
    )
)))]
fn look() -> Found {
    Found { features: Features::NONE, source: Source::None }
}

/// The features whose bit is set in `word`.
#[allow(dead_code, reason = "some architectures are not looked at")]
fn of_bits(word: u64, bits: &[(u8, Feature)]) -> Features {
    bits.iter()
        .filter(|(bit, _)| word >> bit & 1 != 0)
        .fold(Features::NONE, |set, (_, feature)| set.with(*feature))
}
