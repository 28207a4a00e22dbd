//! Facts of an object file or archive, read once; no verdicts, no files, no processes.
//!
//! [`File::read`] reads all: what a file is for, how it is linked, what it defines and asks for,
//! which Go is in it. What it returns borrows from the bytes. Who needs one thing only reads
//! that: what an object is stands in its first bytes ([`Identity`]), what it defines in its
//! symbol table ([`Symbols`]).
//!
//! Files may be hostile. Every offset is checked, every chain ends, and no list is longer than
//! the file has room for; what does not fit together is told in [`Elf::damage`].

mod archive;
mod build_paths;
mod bytes;
mod code;
mod damage;
mod dynamic;
mod elf;
mod file;
mod float_abi;
mod foreign;
mod go;
mod identity;
mod layout;
mod pclntab;
mod pieces;
mod relocations;
mod symbol_table;
mod symbols;
mod tables;
#[cfg(test)]
mod tests;
mod versions;

pub use archive::{ArchiveFacts, Member, members};
pub use build_paths::{BUILD_DIRECTORIES, BuildPaths};
pub use code::{InstructionSet, Region};
pub use damage::Damage;
pub use dynamic::Dynamic;
pub use elf::{Elf, Type};
pub use file::File;
pub use float_abi::FloatAbi;
pub use foreign::Foreign;
pub use go::{GoBuildInfo, Module};
pub use identity::{Identity, Kind, kind};
pub use layout::{Part, Stretch};
pub use pclntab::GoFunction;
pub use pieces::{GO_FILE, Piece, is_padding, pieces};
pub use relocations::Relocation;
pub use symbol_table::{Symbol, SymbolTable};
pub use symbols::{Symbols, indexed_symbols};
pub use tables::{Section, Segment};
pub use versions::{Version, Versions};

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
