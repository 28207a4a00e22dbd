//! Builds a Go package in a build script and links it into the Rust crate.
//!
//! ```no_run
//! // build.rs
//! fn main() {
//!     gocross_build::GoPackage::new("go").compile("greeting");
//! }
//! ```
//!
//! `go` is a folder beside `Cargo.toml` with a `package main` that exports functions to C
//! (`//export Name`). The crate calls them through `gocross::bindings!()`.
//!
//! The target comes from cargo. Everything else follows from it: Go's names for it, a C
//! compiler that is proven to build for it, the arguments with which clang reads the
//! header. `cargo gocross build` hands all that over; a plain `cargo build` finds it
//! here, in the same order:
//!
//! | what | looked for in |
//! |---|---|
//! | Go | `GOCROSS_GO`, `PATH`, `GOROOT`, the usual places |
//! | C compiler | `CC_FOR_TARGET`, `CC_<triple>`, `TARGET_CC`, cargo's `linker`, `CC`, `<gnu>-gcc`, `clang`, `cc`, zig |
//! | archiver | `AR_<triple>`, `TARGET_AR`, the one that the C compiler names, `<gnu>-ar`, `llvm-ar` |
//! | libclang | `LIBCLANG_PATH`, LLVM's folders |
//!
//! The script runs again when a Go source, an embedded file, `go.mod`, `go.sum`, `go.work`,
//! a file of a local `replace`, the Go toolchain, the C compiler or a variable that was
//! read has changed. A new file is seen in a folder that holds nothing but such files. In one
//! that holds others too (tests, a README) `cargo gocross` sees it; a plain `cargo build` cannot,
//! since cargo watches a folder with all that lies below it or not at all.

#![expect(clippy::needless_doctest_main, reason = "the example is a whole build.rs")]

mod bindings;
mod bit_fields;
mod by_pointer;
mod cargo;
mod deferred;
mod link;
mod neighbours;
mod package;
mod script;
mod types;
mod workspace;

pub use gocross_archive::Start;
pub use package::{Error, GoPackage, Library};
