//! The verbs, one file each.

pub(crate) mod cargo;
pub(crate) mod doctor;
pub(crate) mod env;
pub(crate) mod new;
pub(crate) mod targets;
