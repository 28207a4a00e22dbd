//! Finds and probes the tools of a build: Go, the compilers of C, C++ and Fortran, pkg-config and
//! the libraries of the target, libclang, Rust's std, QEMU.
//!
//! Each search is a list of tries in a documented order, and a failure tells all of
//! them. What a search reads goes through an [`Env`], which keeps a record: build
//! scripts turn it into rebuild conditions, the [`Memo`] into a cache that is right.

mod cache;
pub mod cc;
mod env;
pub mod go;
pub mod libclang;
pub mod libraries;
mod machine;
mod memo;
pub mod pkg_config;
mod process;
pub mod qemu;
pub mod rust;
mod step;
pub mod sysroot;

pub use cache::Cache;
pub use env::{Env, Stamp, Trace};
pub use machine::mismatch;
pub use memo::{Memo, digest};
pub use process::{Output, first_lines, quoted, run};
pub use step::{OnStep, Step};
