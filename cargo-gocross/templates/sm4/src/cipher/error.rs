//! Why a path cannot be taken.

use std::fmt;

use gocross::cpu::{self, Feature, Features};

/// Why a path cannot be taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PathError {
    /// The CPU lacks features that the path needs, or `GOCROSS_CPU` hides them.
    Unusable {
        /// The path.
        path: &'static str,
        /// The first feature that it needs and may not use.
        feature: Feature,
        /// Whether the CPU has it, and only `GOCROSS_CPU` hides it.
        hidden: bool,
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

    /// Fails unless the CPU has all of `needs`.
    pub(crate) fn check(path: &'static str, needs: Features) -> Result<(), Self> {
        match needs.without(cpu::features()).iter().next() {
            None => Ok(()),
            Some(feature) => {
                Err(Self::Unusable { path, feature, hidden: cpu::hardware().has(feature) })
            }
        }
    }
}

impl fmt::Display for PathError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unusable { path, feature, hidden } => {
                let why = if *hidden { "`GOCROSS_CPU` hides" } else { "this CPU does not have" };
                write!(f, "path `{path}` needs `{}`, which {why}", feature.name())
            }
            Self::Unknown { name, known } => {
                write!(f, "no path `{name}` for this architecture; there are ")?;
                for (at, known) in known.iter().enumerate() {
                    write!(f, "{}`{known}`", if at == 0 { "" } else { ", " })?;
                }
                Ok(())
            }
        }
    }
}

impl std::error::Error for PathError {}
