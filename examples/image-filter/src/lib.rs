//! PNG pictures, decoded and encoded in Go and filtered in Rust by the CPU's vectors, and the
//! command line around them.
//!
//! A library with a thin `main.rs`, so that the tests call everything in their own process: they
//! run under QEMU as they run at home.

mod bench;
pub mod cli;
pub mod filter;
mod input;
mod output;
pub mod path;
pub mod picture;
pub mod reference;
pub mod sample;
mod selftest;

/// The Go functions as the build script found them. Only [`picture`] uses them.
mod go {
    gocross::bindings!();
}
