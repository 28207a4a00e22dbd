//! `GOCROSS_CPU`: features that are hidden.

use core::fmt;

use crate::Features;

/// What `GOCROSS_CPU` says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Mask {
    hidden: Features,
    error: Option<MaskError>,
}

/// What is wrong in `GOCROSS_CPU`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum MaskError {
    /// A word that is no feature's name.
    Unknown,
    /// A word without `-`: a feature can be hidden, never invented.
    NotHidden,
}

impl Mask {
    /// The features that are hidden.
    #[must_use]
    pub const fn hidden(&self) -> Features {
        self.hidden
    }

    /// What is wrong in the variable, where something is; the words that are right hold.
    #[must_use]
    pub const fn error(&self) -> Option<MaskError> {
        self.error
    }
}

impl fmt::Display for MaskError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Unknown => "`GOCROSS_CPU` names a feature that is none",
            Self::NotHidden => "`GOCROSS_CPU` can hide a feature (`-aes`), not add one",
        })
    }
}

impl core::error::Error for MaskError {}

/// What `GOCROSS_CPU` says; read once, then remembered.
#[must_use]
pub fn mask() -> Mask {
    Mask::default()
}
