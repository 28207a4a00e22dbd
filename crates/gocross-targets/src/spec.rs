//! What a user writes after `--target`: a triple, with a glibc version behind it or not.

use crate::row::{Libc, Target};
use crate::{TARGETS, find};

/// A target as asked for: the row, and the oldest glibc that the result must run with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Spec {
    /// The row of the triple.
    pub target: &'static Target,
    /// The glibc floor of a suffix such as `.2.28`, else none.
    pub glibc: Option<GlibcVersion>,
}

/// A version of the GNU C library, such as 2.28.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct GlibcVersion {
    /// The first number; 2 since 1997.
    pub major: u16,
    /// The second number.
    pub minor: u16,
}

/// Why a word is not a target.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SpecError {
    /// No row has this triple.
    Unknown {
        /// The triple, without a glibc suffix.
        triple: String,
    },
    /// The part behind the triple is not `.MAJOR.MINOR`.
    BadGlibc {
        /// What stands there, without the first dot.
        suffix: String,
    },
    /// A glibc version was asked of a target whose C library is another.
    NotGlibc {
        /// The row that was named.
        target: &'static Target,
    },
}

impl Spec {
    /// Reads what stands behind `--target`.
    ///
    /// The glibc suffix is cargo-zigbuild's notation: `aarch64-unknown-linux-gnu.2.28`.
    ///
    /// # Errors
    ///
    /// [`SpecError`] says which part was not understood.
    pub fn parse(word: &str) -> Result<Self, SpecError> {
        if let Some(target) = find(word) {
            return Ok(Self { target, glibc: None });
        }
        // No triple of the table has a dot, so the first one begins the suffix.
        let (triple, suffix) = match word.split_once('.') {
            Some((triple, suffix)) => (triple, Some(suffix)),
            None => (word, None),
        };
        let target =
            find(triple).ok_or_else(|| SpecError::Unknown { triple: triple.to_owned() })?;
        let Some(suffix) = suffix else {
            return Ok(Self { target, glibc: None });
        };
        if target.libc != Libc::Gnu {
            return Err(SpecError::NotGlibc { target });
        }
        let glibc = GlibcVersion::parse(suffix)
            .ok_or_else(|| SpecError::BadGlibc { suffix: suffix.to_owned() })?;
        Ok(Self { target, glibc: Some(glibc) })
    }

    /// The triples of the table, for a message that lists them.
    pub fn known() -> impl Iterator<Item = &'static str> {
        TARGETS.iter().map(|row| row.triple)
    }
}

impl GlibcVersion {
    /// Reads `MAJOR.MINOR`; none of anything else, such as glibc 2.2.5.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (major, minor) = text.split_once('.')?;
        let number = |digits: &str| {
            digits.bytes().all(|byte| byte.is_ascii_digit()).then(|| digits.parse().ok())?
        };
        Some(Self { major: number(major)?, minor: number(minor)? })
    }
}

impl std::fmt::Display for GlibcVersion {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}.{}", self.major, self.minor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plain_triple() {
        let spec = Spec::parse("x86_64-unknown-linux-gnu").unwrap();
        assert_eq!(spec.target.go.arch, "amd64");
        assert_eq!(spec.glibc, None);
    }

    #[test]
    fn a_glibc_floor() {
        let spec = Spec::parse("aarch64-unknown-linux-gnu.2.28").unwrap();
        assert_eq!(spec.target.triple, "aarch64-unknown-linux-gnu");
        assert_eq!(spec.glibc.unwrap().to_string(), "2.28");
    }

    #[test]
    fn a_floor_that_is_no_version() {
        for suffix in ["2", "2.", ".28", "2.28.1", "two.28", "+2.28", "99999999.1", ""] {
            assert_eq!(
                Spec::parse(&format!("aarch64-unknown-linux-gnu.{suffix}")),
                Err(SpecError::BadGlibc { suffix: suffix.to_owned() }),
            );
        }
    }

    #[test]
    fn an_unknown_triple_is_named_without_its_suffix() {
        let unknown = |triple: &str| Err(SpecError::Unknown { triple: triple.to_owned() });
        assert_eq!(Spec::parse("arm64-linux"), unknown("arm64-linux"));
        assert_eq!(Spec::parse("arm64-linux.2.28"), unknown("arm64-linux"));
        assert_eq!(Spec::parse(""), unknown(""));
    }
}
