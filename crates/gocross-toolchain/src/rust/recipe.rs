//! How std is built from source: one sysroot for every profile of the user's, and one for size.

use std::ffi::OsString;
use std::path::Path;

use gocross_diagnostic::{Code, Diagnostic, Result, hint};

/// What std is optimized for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum StdProfile {
    /// For speed, as the std that comes with a toolchain is. A target's own std is used where
    /// there is one.
    #[default]
    Release,
    /// For size. No toolchain comes with such a std, so it is built for every target.
    ///
    /// `opt-level = "s"`, std's feature `optimize_for_size`, and no feature `backtrace`: a panic
    /// tells its message and its place, and a backtrace has addresses without names.
    Size,
}

impl StdProfile {
    /// Reads the word of a configuration; `origin` names where it stands, such as `GOCROSS_STD`.
    ///
    /// # Errors
    ///
    /// [`Code::StdProfile`] for any other word.
    pub fn parse(origin: &str, word: &str) -> Result<Self> {
        match word {
            "release" => Ok(Self::Release),
            "size" => Ok(Self::Size),
            _ => {
                let message = format!("`{origin}` is `{word}`, which is no profile of std");
                Err(Box::new(
                    Diagnostic::error(Code::StdProfile, message)
                        .detail("the profiles are `release` and `size`")
                        .hint(hint!("export GOCROSS_STD=size"))
                        .hint(hint!("unset GOCROSS_STD")),
                ))
            }
        }
    }

    /// The profile's name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Release => "release",
            Self::Size => "size",
        }
    }

    /// std's features for cargo (`[features]` of `library/std/Cargo.toml`).
    const fn features(self) -> &'static [&'static str] {
        match self {
            Self::Release => &["panic-unwind", "backtrace"],
            Self::Size => &["panic-unwind", "optimize_for_size"],
        }
    }

    /// The settings of cargo's profile `release`, from which that of std inherits. All that a
    /// user's own configuration could change is said, so that two users get the same std.
    const fn settings(self) -> &'static [&'static str] {
        match self {
            Self::Release => &["opt-level=3", "codegen-units=16"],
            Self::Size => &["opt-level=\"s\"", "codegen-units=1"],
        }
    }
}

/// Settings of cargo's profile `release` for every profile of std. Those of single crates are
/// from `library/Cargo.toml`, whose profiles do not count in another workspace.
const SETTINGS: &[&str] = &[
    "debug=false",
    "strip=\"none\"",
    "lto=false",
    "debug-assertions=false",
    "overflow-checks=false",
    "incremental=false",
    "rpath=false",
    // One object for each function: none that the linker takes brings along another one that
    // libgcc defines too.
    "package.compiler_builtins.codegen-units=10000",
    // A program with `panic = "abort"` takes this crate in the place of `panic_unwind`. rustc asks
    // that it be compiled so, whatever the rest of std is (`CrateDependencyFormats`).
    "package.panic_abort.rustflags=[\"-Cpanic=abort\"]",
    // What reads debug information for a backtrace.
    "package.addr2line.opt-level=\"s\"",
    "package.gimli.opt-level=\"s\"",
    "package.miniz_oxide.opt-level=\"s\"",
    "package.rustc-demangle.opt-level=\"s\"",
];

/// What decides a std besides its sources, its target and the compiler.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Recipe<'a> {
    pub(super) profile: StdProfile,
    /// The CPU that the user's code is compiled for, as flags for rustc.
    pub(super) cpu_flags: &'a [String],
}

impl Recipe<'_> {
    /// std's features, without those that these sources do not know: an older std has no
    /// `optimize_for_size`, and cargo refuses a name that it does not find.
    pub(super) fn features(&self, source: &Path) -> Vec<String> {
        let manifest = fs_err::read_to_string(source.join("std/Cargo.toml")).unwrap_or_default();
        let known = |feature: &&&str| {
            manifest.lines().any(|line| {
                line.trim_start()
                    .strip_prefix(**feature)
                    .is_some_and(|rest| rest.trim_start().starts_with('='))
            })
        };
        self.profile.features().iter().filter(known).map(|&feature| feature.to_owned()).collect()
    }

    /// Arguments for cargo, before its verb.
    pub(super) fn cargo_args(&self) -> Vec<OsString> {
        let mut args = vec!["-Zprofile-rustflags".into()];
        for setting in SETTINGS.iter().chain(self.profile.settings()) {
            args.push("--config".into());
            args.push(format!("profile.release.{setting}").into());
        }
        args
    }

    /// Flags for rustc, for all crates of std.
    pub(super) fn rustflags(&self) -> Vec<String> {
        // For a program with `lto`: cargo leaves the bitcode out, since it sees none here.
        let mut flags = vec!["-Cembed-bitcode=yes".to_owned()];
        flags.extend_from_slice(self.cpu_flags);
        flags
    }

    /// Everything that the recipe decides, in a text for the cache's key.
    pub(super) fn key(&self, source: &Path) -> String {
        format!("{:?} {:?} {:?}", self.features(source), self.cargo_args(), self.rustflags())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_profile_is_read_by_its_name() {
        for profile in [StdProfile::Release, StdProfile::Size] {
            assert_eq!(StdProfile::parse("GOCROSS_STD", profile.name()).unwrap(), profile);
        }
        let error = StdProfile::parse("GOCROSS_STD", "tiny").unwrap_err();
        assert_eq!(error.code, Code::StdProfile);
        assert_eq!(error.message, "`GOCROSS_STD` is `tiny`, which is no profile of std");
    }

    #[test]
    fn features_that_the_sources_do_not_know_are_left_out() {
        let dir = tempfile::tempdir().unwrap();
        fs_err::create_dir(dir.path().join("std")).unwrap();
        let features = |manifest: &str| {
            fs_err::write(dir.path().join("std/Cargo.toml"), manifest).unwrap();
            Recipe { profile: StdProfile::Size, cpu_flags: &[] }.features(dir.path())
        };
        let old = "[features]\npanic-unwind = [\"dep:panic_unwind\"]\n";
        assert_eq!(features(old), ["panic-unwind"]);
        let new = format!("{old}optimize_for_size = [\"core/optimize_for_size\"]\n");
        assert_eq!(features(&new), ["panic-unwind", "optimize_for_size"]);
    }

    #[test]
    fn the_key_tells_recipes_apart() {
        let dir = tempfile::tempdir().unwrap();
        let key = |profile, cpu: &str| {
            let flags: Vec<String> =
                (!cpu.is_empty()).then(|| cpu.to_owned()).into_iter().collect();
            Recipe { profile, cpu_flags: &flags }.key(dir.path())
        };
        let keys = [
            key(StdProfile::Release, ""),
            key(StdProfile::Size, ""),
            key(StdProfile::Release, "-Ctarget-cpu=mips32"),
        ];
        let distinct: std::collections::BTreeSet<_> = keys.iter().collect();
        assert_eq!(distinct.len(), keys.len());
    }
}
