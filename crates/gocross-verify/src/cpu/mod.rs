//! CPU paths: which instructions are in a file, above what its target has, and in whose functions.

pub mod architecture;
mod declaration;
mod pattern;

pub use architecture::{Architecture, Features};
pub use declaration::{Declaration, Gated, Path};
pub use pattern::matches;
