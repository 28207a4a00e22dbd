//! The typed schema of `[package.metadata.gocross]` and `[workspace.metadata.gocross]`.
//!
//! The command line reads a manifest itself and build scripts ask cargo for it: both hand the
//! table to [`Config::read`], so that a key means the same to both and an unknown key is the same
//! error. The crate opens no file, and knows neither TOML nor JSON.

mod config;
mod cpu;
mod error;
mod runtime;
mod value;
mod verify;

pub use config::{Config, Start, Std, TargetConfig};
pub use cpu::{Cpu, CpuPath, Gated};
pub use error::{Table, nearest};
pub use runtime::Runtime;
pub use verify::{Level, Verify};

#[cfg(feature = "schema")]
pub use schema::schema;

#[cfg(feature = "schema")]
mod schema;
