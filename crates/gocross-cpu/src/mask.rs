//! `GOCROSS_CPU`: features that are hidden.

use core::fmt;

use crate::once::Once;
use crate::{Feature, Features, Text, implied};

/// What `GOCROSS_CPU` says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Mask {
    hidden: Features,
    error: Option<MaskError>,
}

/// What is wrong in `GOCROSS_CPU`: the first word that does not hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum MaskError {
    /// A word that is no feature's name, on any architecture.
    Unknown(Text),
    /// A word without `-`: a feature can be hidden, never invented.
    NotHidden(Text),
}

impl Mask {
    /// The features that are hidden, with those that are built upon them.
    #[must_use]
    pub const fn hidden(&self) -> Features {
        self.hidden
    }

    /// What is wrong in the variable, where something is; the words that are right hold.
    #[must_use]
    pub const fn error(&self) -> Option<MaskError> {
        self.error
    }

    /// Nothing is hidden.
    #[cfg(test)]
    pub(crate) const NOTHING: Self = Self { hidden: Features::NONE, error: None };

    /// Reads the variable's value: words with commas or spaces between them.
    pub(crate) fn parse(value: &[u8]) -> Self {
        let mut named = Features::NONE;
        let mut error = None;
        let words = value.split(|byte| *byte == b',' || byte.is_ascii_whitespace());
        for word in words.filter(|word| !word.is_empty()) {
            match hidden(word) {
                Ok(features) => named = named.and(features),
                Err(found) => error = error.or(Some(found)),
            }
        }
        Self { hidden: implied::with_built_upon(named), error }
    }
}

/// What a word hides by itself.
fn hidden(word: &[u8]) -> Result<Features, MaskError> {
    let Some(name) = word.strip_prefix(b"-") else {
        return Err(MaskError::NotHidden(Text::new(word)));
    };
    if name == b"all" {
        return Ok(Features::ALL);
    }
    let feature = core::str::from_utf8(name).ok().and_then(Feature::named);
    feature
        .map(|feature| Features::of(&[feature]))
        .ok_or_else(|| MaskError::Unknown(Text::new(name)))
}

impl MaskError {
    /// The word, without its `-`.
    #[must_use]
    pub const fn word(&self) -> &Text {
        match self {
            Self::Unknown(word) | Self::NotHidden(word) => word,
        }
    }
}

impl fmt::Display for MaskError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unknown(word) => {
                write!(f, "`{word}` in `GOCROSS_CPU` is the name of no feature")
            }
            Self::NotHidden(word) => write!(
                f,
                "`{word}` in `GOCROSS_CPU` has no `-` before it: features can be hidden, not added"
            ),
        }
    }
}

impl core::error::Error for MaskError {}

/// What `GOCROSS_CPU` says; read once, then remembered. On systems other than Linux it is not
/// read, and nothing is hidden.
#[must_use]
pub fn mask() -> Mask {
    static MASK: Once<Mask> = Once::new();
    MASK.get(|| {
        #[cfg(target_os = "linux")]
        let value = crate::sys::variable(c"GOCROSS_CPU", Mask::parse);
        #[cfg(not(target_os = "linux"))]
        let value = None;
        value.unwrap_or_default()
    })
}

#[cfg(test)]
mod tests {
    use std::string::ToString;

    use super::*;

    fn names(value: &str) -> std::string::String {
        let mask = Mask::parse(value.as_bytes());
        assert_eq!(mask.error(), None);
        mask.hidden().to_string()
    }

    #[test]
    fn commas_and_spaces_stand_between_words() {
        for value in ["-zksed,-zknd", "-zksed -zknd", " -zksed ,\t-zknd,", "-zknd,-zksed,-zknd"] {
            assert_eq!(names(value), "zknd zksed", "{value}");
        }
        assert_eq!(names(""), "");
        assert_eq!(names(" , "), "");
    }

    #[test]
    fn names_of_all_architectures_are_known() {
        for feature in Feature::ALL {
            let mask = Mask::parse(std::format!("-{}", feature.name()).as_bytes());
            assert!(mask.hidden().has(*feature));
            assert_eq!(mask.error(), None);
        }
        assert_eq!(Mask::parse(b"-all").hidden(), Features::ALL);
    }

    #[cfg(any(target_arch = "x86_64", target_arch = "x86"))]
    #[test]
    fn what_is_built_upon_a_feature_is_hidden_with_it() {
        assert_eq!(names("-avx512bw"), "avx512bw avx512vbmi avx512vbmi2");
    }

    #[test]
    fn a_wrong_word_is_told_and_the_others_hold() {
        let error = |value: &[u8]| {
            let mask = Mask::parse(value);
            assert_eq!(mask.hidden(), Features::of(&[Feature::Zksed]), "{value:?}");
            mask.error().unwrap().to_string()
        };
        assert_eq!(error(b"-zksed,-sm5,zbb"), "`sm5` in `GOCROSS_CPU` is the name of no feature");
        for word in ["+zbb", "zbb", "sm5"] {
            assert_eq!(
                error(std::format!("{word},-zksed,-x").as_bytes()),
                std::format!(
                    "`{word}` in `GOCROSS_CPU` has no `-` before it: features can be hidden, not added"
                )
            );
        }
        assert_eq!(error(b"-zksed -\xff\n"), "`?` in `GOCROSS_CPU` is the name of no feature");
        assert_eq!(error(b"- -zksed"), "`` in `GOCROSS_CPU` is the name of no feature");
        assert_eq!(error(b"-zksed -ZKND"), "`ZKND` in `GOCROSS_CPU` is the name of no feature");
        let long = [b"-zksed,-".as_slice(), &[b'x'; 300]].concat();
        assert_eq!(Mask::parse(&long).error().unwrap().word().as_str().len(), 64);
    }
}
