//! `cargo xtask bench`: measurements that can be repeated.

pub(crate) mod noop;
mod project;
mod stats;
pub(crate) mod verify;
