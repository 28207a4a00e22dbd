//! What a Go package asks of the linker: from `#cgo` lines to what rustc is told.
//!
//! [`words`] gathers the words in the order of Go's own linker, [`items`] reads them as a linker
//! does, and [`resolve`] decides of each library whether it becomes a part of Go's archive or is
//! left to the final link.

pub(crate) mod items;
pub(crate) mod origin;
pub(crate) mod pkg_config;
mod present;
pub(crate) mod resolve;
pub(crate) mod words;

use std::path::PathBuf;

/// One thing that the final link needs besides the archive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LinkArgument {
    /// A library by its name (`-lNAME`).
    Library(String),
    /// A library of which only the static form will do.
    StaticLibrary(String),
    /// A directory to search for libraries (`-LDIR`).
    SearchDirectory(PathBuf),
    /// A framework of macOS by its name.
    Framework(String),
    /// Words for the compiler that links, which belong together.
    Flag {
        /// The words.
        words: Vec<String>,
        /// Whether a program without them is another one. Debug information, optimisation and
        /// hardening are the program's own business.
        matters: bool,
        /// Who asks for it: `` `#cgo LDFLAGS: …` at FILE:LINE ``.
        asked_by: String,
    },
}
