//! SM4 twice, in Rust and from a Go library, and the command line around both.
//!
//! Each side chooses for itself how to compute the cipher on the CPU at hand: [`cipher`] shows how
//! that is done in Rust.
//!
//! A library with a thin `main.rs`, so that the tests call everything in their own process: they
//! run under QEMU as they run at home.

mod bench;
mod block;
pub mod cipher;
pub mod cli;
pub mod ctr;
pub mod gmsm;
mod hex;
mod input;
mod job;
pub mod modes;
mod output;
mod progress;
mod report;
mod sample;
mod selftest;

/// The Go functions as the build script found them. Only [`ctr`] and [`gmsm`] use them: all
/// that is unsafe about Go is in two small files.
mod go {
    gocross::bindings!();
}
