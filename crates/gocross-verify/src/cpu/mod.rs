//! CPU paths: which instructions are in a file, above what its target has, and in whose functions.

pub mod architecture;
mod baseline;
mod declaration;
mod isa;
mod pattern;
mod scan;

pub use architecture::{Architecture, Features};
pub use declaration::{Declaration, Gated, Path};
pub use pattern::matches;
pub use scan::{Scan, User, function_at, name, place, scan, sites};
