//! Whether code may run here, and why not.

use core::fmt;

use crate::{Feature, Features, features, hardware};

/// A feature that code needs and may not use.
///
/// ```
/// use gocross_cpu::{Feature, Features};
///
/// // No CPU has features of two architectures.
/// let needs = Features::of(&[Feature::Msa, Feature::Avx2]);
/// let error = gocross_cpu::require(needs).unwrap_err();
/// assert!(error.to_string().ends_with("which this CPU does not have"));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unusable {
    feature: Feature,
    is_hidden: bool,
}

impl Unusable {
    /// The first feature that is needed and may not be used.
    #[must_use]
    pub const fn feature(self) -> Feature {
        self.feature
    }

    /// Whether the CPU has it, and only `GOCROSS_CPU` hides it.
    #[must_use]
    pub const fn is_hidden(self) -> bool {
        self.is_hidden
    }

    /// Of what is needed, what is not among the usable features.
    fn of(needs: Features, usable: Features, hardware: Features) -> Option<Self> {
        let feature = needs.without(usable).iter().next()?;
        Some(Self { feature, is_hidden: hardware.has(feature) })
    }
}

/// "needs `sm4`, which this CPU does not have": the words behind the name of what needs it.
impl fmt::Display for Unusable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let why = if self.is_hidden { "`GOCROSS_CPU` hides" } else { "this CPU does not have" };
        write!(f, "needs `{}`, which {why}", self.feature.name())
    }
}

impl core::error::Error for Unusable {}

/// Fails unless code may use all of `needs` here: what forces a path asks this first, and gets an
/// error in place of SIGILL.
///
/// # Errors
///
/// The first feature that the CPU lacks, or that `GOCROSS_CPU` hides.
pub fn require(needs: Features) -> Result<(), Unusable> {
    match Unusable::of(needs, features(), hardware()) {
        None => Ok(()),
        Some(unusable) => Err(unusable),
    }
}

#[cfg(test)]
mod tests {
    use std::string::ToString as _;

    use super::*;

    #[test]
    fn says_whether_the_cpu_or_the_mask_is_the_reason() {
        let aes = Features::of(&[Feature::Aes]);
        let lacking = Unusable::of(aes, Features::NONE, Features::NONE).unwrap();
        assert_eq!(lacking.to_string(), "needs `aes`, which this CPU does not have");
        let hidden = Unusable::of(aes, Features::NONE, aes).unwrap();
        assert_eq!(hidden.to_string(), "needs `aes`, which `GOCROSS_CPU` hides");
        assert!(hidden.is_hidden() && hidden.feature() == Feature::Aes);
        assert_eq!(Unusable::of(aes, aes, aes), None);
    }

    #[test]
    fn nothing_is_missing_where_nothing_is_needed() {
        assert_eq!(require(Features::NONE), Ok(()));
        assert_eq!(require(features()), Ok(()));
    }
}
