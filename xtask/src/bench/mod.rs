//! `cargo xtask bench`: measurements that can be repeated.

pub(crate) mod calls;
mod counted;
mod demand;
pub(crate) mod noop;
mod project;
pub(crate) mod scan;
pub(crate) mod size;
pub(crate) mod sm4;
mod stats;
pub(crate) mod verify;
