//! What the user wants Rust's std to be optimized for.

use gocross_diagnostic::{Code, Diagnostic, Result};
use gocross_toolchain::Env;
use gocross_toolchain::rust::StdProfile;

/// The variable that says it.
const VARIABLE: &str = "GOCROSS_STD";

/// The profile of std for all targets of a call.
///
/// # Errors
///
/// [`Code::StdProfile`].
pub(crate) fn of(env: &Env) -> Result<StdProfile> {
    match env.var(VARIABLE) {
        Some(word) => StdProfile::parse(VARIABLE, &word),
        None => Ok(StdProfile::default()),
    }
}

/// What to tell where no target is named: cargo then gives build scripts and the program the same
/// flags, so std stays that of the toolchain.
pub(crate) fn unused(profile: StdProfile, host: &str) -> Option<Diagnostic> {
    (profile != StdProfile::default()).then(|| {
        let message = format!("no target is named, so std is not built for `{}`", profile.name());
        Diagnostic::note(Code::StdProfile, message)
            .detail(format!("`{VARIABLE}` holds for the targets behind `--target`"))
            .hint(format!("cargo gocross build --target {host}"))
    })
}
