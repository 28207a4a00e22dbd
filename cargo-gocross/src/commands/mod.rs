//! The verbs, one file each.

pub(crate) mod cargo;
pub(crate) mod completions;
pub(crate) mod diff;
pub(crate) mod doctor;
mod doctor_signals;
pub(crate) mod env;
pub(crate) mod explain;
pub(crate) mod inspect;
mod inspect_host;
pub(crate) mod man;
pub(crate) mod new;
pub(crate) mod size;
pub(crate) mod targets;
pub(crate) mod verified_run;
pub(crate) mod verify;
