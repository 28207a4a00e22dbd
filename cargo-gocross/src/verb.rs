//! cargo's verbs, as far as they differ for us.

use gocross_diagnostic::{Hint, hint};

/// A verb of cargo's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verb {
    Build,
    Check,
    Clippy,
    Doc,
    Fix,
    Rustdoc,
    Run,
    Test,
    Bench,
    Nextest,
    Rustc,
    Install,
}

/// What a verb does with what it compiles.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Product {
    /// It links nothing for the target: checks and documentation.
    Nothing,
    /// It leaves files, which are judged afterwards.
    Files,
    /// It runs programs, each of which is judged before.
    Runs,
}

impl Verb {
    /// Every verb.
    pub(crate) const ALL: &[Self] = &[
        Self::Build,
        Self::Check,
        Self::Clippy,
        Self::Doc,
        Self::Fix,
        Self::Rustdoc,
        Self::Run,
        Self::Test,
        Self::Bench,
        Self::Nextest,
        Self::Rustc,
        Self::Install,
    ];

    /// The word for cargo.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Build => "build",
            Self::Check => "check",
            Self::Clippy => "clippy",
            Self::Doc => "doc",
            Self::Fix => "fix",
            Self::Rustdoc => "rustdoc",
            Self::Run => "run",
            Self::Test => "test",
            Self::Bench => "bench",
            Self::Nextest => "nextest",
            Self::Rustc => "rustc",
            Self::Install => "install",
        }
    }

    /// What it does with what it compiles.
    pub(crate) const fn product(self) -> Product {
        match self {
            Self::Check | Self::Clippy | Self::Doc | Self::Fix | Self::Rustdoc => Product::Nothing,
            Self::Build | Self::Rustc | Self::Install => Product::Files,
            Self::Run | Self::Test | Self::Bench | Self::Nextest => Product::Runs,
        }
    }

    /// How to install the program `cargo-<verb>`, for verbs that are not a part of cargo.
    pub(crate) fn installed_by(self) -> Option<Hint> {
        match self {
            Self::Clippy => Some(hint!("rustup component add clippy")),
            Self::Nextest => Some(hint!("cargo install --locked cargo-nextest")),
            _ => None,
        }
    }

    /// Whether it has verbs of its own (`cargo nextest run`), behind which its options stand.
    pub(crate) const fn has_verbs(self) -> bool {
        matches!(self, Self::Nextest)
    }

    /// Whether it takes more than one `--target`.
    pub(crate) const fn takes_targets(self) -> bool {
        !matches!(self, Self::Nextest | Self::Install)
    }

    /// Whether it works on a package in the current directory, where nothing else is said.
    pub(crate) const fn is_for_current_package(self) -> bool {
        !matches!(self, Self::Install)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_links_nothing_runs_nothing_and_is_not_judged() {
        for verb in [Verb::Check, Verb::Clippy, Verb::Doc, Verb::Fix, Verb::Rustdoc] {
            assert_eq!(verb.product(), Product::Nothing, "{}", verb.as_str());
        }
        for verb in [Verb::Run, Verb::Test, Verb::Bench, Verb::Nextest] {
            assert_eq!(verb.product(), Product::Runs, "{}", verb.as_str());
        }
    }
}
