//! Why a path cannot be taken.

use std::fmt;

use gocross::cpu::{self, Feature, Features};

/// Why a path cannot be taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PathError {
    /// The CPU lacks a feature that the path needs, or `GOCROSS_CPU` hides it.
    Unusable {
        /// The path.
        path: &'static str,
        /// The first feature that it needs and may not use.
        feature: Feature,
        /// Whether the CPU has it, and only `GOCROSS_CPU` hides it.
        hidden: bool,
    },
    /// This architecture has no path of that name.
    Unknown {
        /// The name.
        name: String,
        /// The names that there are.
        known: Vec<&'static str>,
    },
}

impl PathError {
    pub(super) fn unknown(name: &str, known: impl Iterator<Item = &'static str>) -> Self {
        Self::Unknown { name: name.to_owned(), known: known.collect() }
    }

    /// Fails unless all of `needs` may be used.
    pub(super) fn check(path: &'static str, needs: Features) -> Result<(), Self> {
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
                let known: Vec<_> = known.iter().map(|name| format!("`{name}`")).collect();
                let verb = if known.len() == 1 { "is" } else { "are" };
                let known = known.join(", ");
                write!(f, "no path `{name}` for this architecture; there {verb} {known}")
            }
        }
    }
}

impl std::error::Error for PathError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn says_whether_the_cpu_or_the_mask_is_the_reason() {
        let mut error = PathError::Unusable { path: "sve2", feature: Feature::Sve2, hidden: false };
        assert_eq!(error.to_string(), "path `sve2` needs `sve2`, which this CPU does not have");
        if let PathError::Unusable { hidden, .. } = &mut error {
            *hidden = true;
        }
        assert_eq!(error.to_string(), "path `sve2` needs `sve2`, which `GOCROSS_CPU` hides");
    }

    #[test]
    fn nothing_is_missing_where_nothing_is_needed() {
        assert_eq!(PathError::check("scalar", Features::NONE), Ok(()));
        // No architecture has both.
        let both = Features::of(&[Feature::Avx2, Feature::Msa]);
        assert!(PathError::check("both", both).is_err());
    }
}
