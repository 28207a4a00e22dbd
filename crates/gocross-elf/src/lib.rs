//! Facts of an object file or archive, read once; no verdicts, no files, no processes.
//!
//! What an object is stands in its first bytes ([`Identity`]); what it defines
//! stands in its symbol table ([`Symbols`]). Both are read over the `object` crate.

mod archive;
mod identity;
mod symbols;

pub use archive::{Member, members};
pub use identity::{Identity, Kind, kind};
pub use symbols::Symbols;

/// Why bytes could not be read as what they seem to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadError(String);

impl ReadError {
    /// An error in the words of whoever reads further than this crate does.
    pub fn new(what: impl Into<String>) -> Self {
        Self(what.into())
    }
}

impl From<object::read::Error> for ReadError {
    fn from(error: object::read::Error) -> Self {
        Self(error.to_string().to_lowercase())
    }
}

impl std::fmt::Display for ReadError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for ReadError {}
