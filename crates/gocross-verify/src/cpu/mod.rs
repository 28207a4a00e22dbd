//! CPU paths: which instructions are in a file, above what its target has, and in whose functions.

pub mod architecture;
mod baseline;
mod callers;
mod declaration;
mod isa;
pub(crate) mod judgement;
mod known;
mod parts;
mod pattern;
mod scan;

pub use architecture::{Architecture, Features};
pub use callers::{Caller, How, callers};
pub use declaration::check;
pub use gocross_config::{Cpu as Declaration, CpuPath as Path, Gated};
pub use pattern::matches;
pub use scan::{Scan, User, function_at, name, place, scan, sites, sites_in};
