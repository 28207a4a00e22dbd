//! What the user wants Rust's std to be optimized for.

use gocross_config::{Config, Std};
use gocross_diagnostic::{Code, Diagnostic, Result, hint};
use gocross_toolchain::Env;
use gocross_toolchain::rust::StdProfile;

/// The variable that says it.
const VARIABLE: &str = "GOCROSS_STD";

/// The profile of std for all targets of a call: that of the variable, or else of the key `std` in
/// `[package.metadata.gocross]`.
///
/// # Errors
///
/// [`Code::StdProfile`].
pub(crate) fn of(env: &Env, config: &Config) -> Result<StdProfile> {
    match (env.var(VARIABLE), config.std) {
        (Some(word), _) => StdProfile::parse(VARIABLE, &word),
        (None, Some(Std::Size)) => Ok(StdProfile::Size),
        (None, None) => Ok(StdProfile::default()),
    }
}

/// What to tell where no target is named: cargo then gives build scripts and the program the same
/// flags, so std stays that of the toolchain.
pub(crate) fn unused(profile: StdProfile, host: &str) -> Option<Diagnostic> {
    (profile != StdProfile::default()).then(|| {
        let message = format!("no target is named, so std is not built for `{}`", profile.name());
        Diagnostic::note(Code::StdProfile, message)
            .detail(format!(
                "`{VARIABLE}` and the key `std` hold for the targets behind `--target`"
            ))
            .hint(hint!("cargo gocross build --target {host}"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_variable_is_over_the_manifest() {
        let empty = Env::new(Vec::<(String, String)>::new(), "/");
        let config = Config { std: Some(Std::Size), ..Config::default() };
        assert_eq!(of(&empty, &Config::default()).unwrap(), StdProfile::Release);
        assert_eq!(of(&empty, &config).unwrap(), StdProfile::Size);
        assert_eq!(of(&empty.with(VARIABLE, "release"), &config).unwrap(), StdProfile::Release);
    }
}
