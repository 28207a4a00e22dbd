//! Sets of features.

use core::fmt;

use crate::Feature;

const _: () = assert!(Feature::ALL.len() <= u64::BITS as usize, "a set has one bit a feature");

/// A set of features.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Features(u64);

impl Features {
    /// No feature at all.
    pub const NONE: Self = Self(0);

    /// Every feature of every architecture.
    pub const ALL: Self = Self::of(Feature::ALL);

    /// A set of these.
    #[must_use]
    pub const fn of(features: &[Feature]) -> Self {
        let mut set = Self::NONE;
        let mut at = 0;
        while at < features.len() {
            set = set.with(features[at]);
            at += 1;
        }
        set
    }

    /// Whether `feature` is among them.
    #[must_use]
    pub const fn has(self, feature: Feature) -> bool {
        self.0 >> feature as u8 & 1 != 0
    }

    /// Whether all of `others` are among them.
    #[must_use]
    pub const fn has_all(self, others: Self) -> bool {
        others.0 & !self.0 == 0
    }

    /// These, and `feature`.
    #[must_use]
    pub const fn with(self, feature: Feature) -> Self {
        Self(self.0 | 1 << feature as u8)
    }

    /// These, and `others`.
    #[must_use]
    pub const fn and(self, others: Self) -> Self {
        Self(self.0 | others.0)
    }

    /// Those that are among `others` too.
    #[must_use]
    pub const fn common(self, others: Self) -> Self {
        Self(self.0 & others.0)
    }

    /// These, less `others`.
    #[must_use]
    pub const fn without(self, others: Self) -> Self {
        Self(self.0 & !others.0)
    }

    /// Whether there is none.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Each of them, in the order of [`Feature::ALL`].
    pub fn iter(self) -> impl Iterator<Item = Feature> {
        Feature::ALL.iter().copied().filter(move |feature| self.has(*feature))
    }
}

/// Their names with a space between them, nothing for none.
impl fmt::Display for Features {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, feature) in self.iter().enumerate() {
            let gap = if index == 0 { "" } else { " " };
            write!(f, "{gap}{}", feature.name())?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::string::ToString;

    use super::*;

    #[test]
    fn each_feature_has_a_bit_and_a_name_of_its_own() {
        for feature in Feature::ALL {
            assert_eq!(Features::of(&[*feature]).iter().collect::<std::vec::Vec<_>>(), [*feature]);
            assert_eq!(Feature::named(feature.name()), Some(*feature));
        }
        assert_eq!(Features::ALL.iter().count(), Feature::ALL.len());
    }

    #[test]
    fn sets_are_joined_cut_and_compared() {
        let one = Features::of(&[Feature::Neon, Feature::Aes]);
        let other = Features::of(&[Feature::Aes, Feature::Sm4]);
        assert_eq!(one.common(other), Features::of(&[Feature::Aes]));
        assert_eq!(one.without(other), Features::of(&[Feature::Neon]));
        assert_eq!(one.and(other).to_string(), "neon aes sm4");
        assert!(one.and(other).has_all(other));
        assert!(!one.has_all(other));
        assert!(one.has_all(Features::NONE));
        assert_eq!(Features::NONE.to_string(), "");
    }
}
