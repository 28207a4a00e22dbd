//! Which features the CPU has, at run time.
//!
//! ```
//! use gocross_cpu::Feature;
//!
//! let features = gocross_cpu::features();
//! if features.has(Feature::Aes) {
//!     // call the function that is compiled for it
//! }
//! println!("{}", gocross_cpu::report());
//! ```
//!
//! It needs neither std nor an allocator, and nothing but stable Rust. On Linux it calls
//! `getauxval`, `getenv`, `open`, `read`, `close` and, on RISC-V, `prctl` and `syscall` of the C
//! library.
//!
//! # Where features are learnt
//!
//! | architecture | source |
//! |---|---|
//! | aarch64, arm, mips (Linux) | `AT_HWCAP` and `AT_HWCAP2` |
//! | riscv64 (Linux) | the system call `riscv_hwprobe`; the letters of `AT_HWCAP` where the kernel has none, which tell of `v` alone |
//! | x86 of 32 and 64 bits | `cpuid`; what uses the registers YMM and ZMM only where the system saves them (`xgetbv`) |
//! | all others | nothing: the set is empty |
//!
//! # Each feature asks for its own bit
//!
//! A path must ask for every feature that it uses. That differs from others: std's
//! `is_aarch64_feature_detected!("sm4")` wants the kernel's bits of SM3 and of SM4, and the crate
//! `cpufeatures` (0.3.1) takes either of them for both, so it says SM4 on a CPU with SM3 alone.
//! [`Feature::Sm4`] is the bit of SM4 and no other. Likewise `sha2` is SHA-256, where std's also
//! wants SHA-1, and `sha3` is SHA-3, where std's also wants SHA-512.
//!
//! # Hiding features
//!
//! `GOCROSS_CPU=-sm4,-aes` hides features from [`features`], for tests and for trouble in the
//! field, like `GODEBUG=cpu.*` of Go; `-all` hides all of them. What is built upon a hidden
//! feature is hidden with it. It can hide a feature, never invent one. It is read once. What is
//! wrong in it is ignored, and told by [`mask`] and [`report`].

#![no_std]
#![cfg_attr(
    not(target_os = "linux"),
    allow(dead_code, reason = "systems other than Linux are asked less, or nothing")
)]

#[cfg(test)]
extern crate std;

#[cfg(any(target_arch = "x86_64", target_arch = "x86"))]
mod cpuid;
mod detect;
mod feature;
mod features;
mod identity;
mod implied;
mod json;
mod mask;
mod once;
mod report;
mod require;
mod source;
#[cfg(target_os = "linux")]
mod sys;
mod text;

pub use feature::Feature;
pub use features::Features;
pub use identity::{Core, Identity, IdentitySource, Numbers, identity};
pub use json::Json;
pub use mask::{Mask, MaskError, mask};
pub use report::{Report, report};
pub use require::{Unusable, require};
pub use source::Source;
pub use text::Text;

/// The features that code may use: what the CPU and the kernel offer, less what `GOCROSS_CPU`
/// hides. Found once, then remembered.
#[must_use]
pub fn features() -> Features {
    hardware().without(mask().hidden())
}

/// The features that the CPU and the kernel offer, whatever `GOCROSS_CPU` says.
#[must_use]
pub fn hardware() -> Features {
    detect::found().features
}

/// Where the features were learnt.
#[must_use]
pub fn source() -> Source {
    detect::found().source
}
