//! One test for the runner, and the two ways in which it can end badly.

use libtest_mimic::{Completion, Failed, Trial};

use crate::{environment, times};

/// Why a test did not pass.
#[derive(Debug)]
pub enum Trouble {
    /// The machine has not got what the test needs.
    Missing(String),
    /// What came out is not what had to.
    Wrong(String),
}

/// The outcome of a test or of a part of one.
pub type Result<T = ()> = std::result::Result<T, Trouble>;

impl Trouble {
    /// An outcome that is not the right one.
    pub fn wrong(what: impl Into<String>) -> Self {
        Self::Wrong(what.into())
    }

    /// The same trouble, with where it occurred.
    #[must_use]
    pub fn at(self, place: &str) -> Self {
        match self {
            Self::Missing(what) => Self::Missing(what),
            Self::Wrong(what) => Self::Wrong(format!("{place}: {what}")),
        }
    }
}

impl From<std::io::Error> for Trouble {
    fn from(error: std::io::Error) -> Self {
        Self::Wrong(error.to_string())
    }
}

/// A test with its name.
///
/// One that misses a tool is reported as ignored, with the reason, and fails where
/// `GOCROSS_TESTS_NO_IGNORED=1` says that all must run.
pub fn trial(name: impl Into<String>, test: impl FnOnce() -> Result + Send + 'static) -> Trial {
    let name = name.into();
    let told = name.clone();
    Trial::ignorable_test(name, move || match times::measured(&told, test) {
        Ok(()) => Ok(Completion::Completed),
        Err(Trouble::Missing(what)) if environment::forbids_ignored() => {
            Err(Failed::from(format!("cannot run here, and may not be ignored: {what}")))
        }
        Err(Trouble::Missing(what)) => Ok(Completion::ignored_with(what)),
        Err(Trouble::Wrong(what)) => Err(Failed::from(what)),
    })
}

/// Fails with a text unless a condition holds.
///
/// # Errors
///
/// [`Trouble::Wrong`].
pub fn ensure(holds: bool, otherwise: impl FnOnce() -> String) -> Result {
    if holds { Ok(()) } else { Err(Trouble::Wrong(otherwise())) }
}
