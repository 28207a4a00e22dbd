//! Which features the CPU has, at run time.
//!
//! ```
//! use gocross_cpu::Feature;
//!
//! let features = gocross_cpu::features();
//! if features.has(Feature::Aes) {
//!     // call the function that is compiled for it
//! }
//! ```
//!
//! # Hiding features
//!
//! `GOCROSS_CPU=-sm4,-aes` hides features from [`features`], for tests and for trouble in the
//! field, like `GODEBUG=cpu.*` of Go. It can hide a feature, never invent one. It is read once.
//! What is wrong in it is ignored, and told by [`mask`].

#![no_std]

mod detect;
mod feature;
mod features;
mod mask;

pub use feature::Feature;
pub use features::Features;
pub use mask::{Mask, MaskError, mask};

/// The features that code may use: what the CPU and the kernel offer, less what `GOCROSS_CPU`
/// hides. Found once, then remembered.
#[must_use]
pub fn features() -> Features {
    hardware().without(mask().hidden())
}

/// The features that the CPU and the kernel offer, whatever `GOCROSS_CPU` says.
#[must_use]
pub fn hardware() -> Features {
    detect::features()
}
