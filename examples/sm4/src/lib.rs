//! SM4-CTR from a Go library, and the command line around it.
//!
//! A library with a thin `main.rs`, so that the tests call everything in their own process: they
//! run under QEMU as they run at home.

mod block;
pub mod cipher;
pub mod cli;
pub mod ctr;
mod input;
mod job;
pub mod modes;
mod output;
mod progress;
mod sample;

/// The Go functions as the build script found them. Only [`ctr`] uses them: everything unsafe
/// is in one small file.
mod go {
    gocross::bindings!();
}
