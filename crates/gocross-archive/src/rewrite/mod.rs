//! Rewrites the objects of an archive: bytes and a plan in, bytes out. No I/O.
//!
//! Go's linker decides for itself when its runtime starts (an entry of `.init_array`), and
//! hides the function that starts it. Both are undone here, so that one small start-up
//! object decides instead, the same way for every target and C library.
//!
//! An object is changed by adding to it: a symbol table with more symbols goes to its end,
//! and the header of the old one is pointed there. Nothing moves, so no relocation has to
//! be understood, but for one kind that Go writes wrongly on i386.

mod archive;
mod fields;
#[cfg(feature = "fuzz")]
mod fuzz;
mod globals;
mod object;

#[cfg(test)]
pub(crate) mod tests;

pub(crate) use archive::{Input, write_archive};
#[cfg(feature = "fuzz")]
pub use fuzz::fuzz;
pub(crate) use globals::{add_symbols, rename_globals};
pub(crate) use object::rewrite_object;

/// What is to be changed in an object.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Plan {
    /// Definitions to offer under another name as well: `(name, new name)`. The new symbol
    /// is global, and hidden from other shared objects.
    pub(crate) aliases: Vec<(String, String)>,
    /// Uses of symbols that another object defines: `(name, new name)`.
    pub(crate) redirect: Vec<(String, String)>,
    /// Definitions to rename: `(name, new name)`.
    pub(crate) rename: Vec<(String, String)>,
    /// Whether the functions of `.init_array` are to be left out of the program's start.
    pub(crate) drop_init_array: bool,
}

impl Plan {
    pub(crate) fn alias(mut self, name: &str, new_name: &str) -> Self {
        self.aliases.push((name.to_owned(), new_name.to_owned()));
        self
    }

    pub(crate) fn redirect(mut self, name: &str, new_name: &str) -> Self {
        self.redirect.push((name.to_owned(), new_name.to_owned()));
        self
    }

    pub(crate) fn rename(mut self, name: &str, new_name: &str) -> Self {
        self.rename.push((name.to_owned(), new_name.to_owned()));
        self
    }

    pub(crate) fn drop_init_array(mut self) -> Self {
        self.drop_init_array = true;
        self
    }
}
