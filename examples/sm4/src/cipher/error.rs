//! Why a path cannot be taken.

use std::fmt;

use gocross::cpu::{self, Features, Unusable};

/// Why a path cannot be taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PathError {
    /// The CPU lacks a feature that the path needs, or `GOCROSS_CPU` hides it.
    Unusable {
        /// The path.
        path: &'static str,
        /// The feature.
        why: Unusable,
    },
    /// No path of that name was compiled in.
    Unknown {
        /// The name.
        name: String,
        /// The names that there are.
        known: Vec<&'static str>,
    },
}

impl PathError {
    pub(crate) fn unknown(name: &str, known: impl Iterator<Item = &'static str>) -> Self {
        Self::Unknown { name: name.to_owned(), known: known.collect() }
    }

    /// Fails unless all of `needs` may be used.
    pub(crate) fn check(path: &'static str, needs: Features) -> Result<(), Self> {
        cpu::require(needs).map_err(|why| Self::Unusable { path, why })
    }
}

impl fmt::Display for PathError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unusable { path, why } => write!(f, "path `{path}` {why}"),
            Self::Unknown { name, known } => {
                let known: Vec<_> = known.iter().map(|name| format!("`{name}`")).collect();
                let (verb, known) = (if known.len() == 1 { "is" } else { "are" }, known.join(", "));
                write!(f, "no path `{name}` for this architecture; there {verb} {known}")
            }
        }
    }
}

impl std::error::Error for PathError {}
