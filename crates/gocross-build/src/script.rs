//! What cargo tells a build script of its task
//! (<https://doc.rust-lang.org/cargo/reference/environment-variables.html>).

use std::path::PathBuf;

use gocross_diagnostic::{Code, Diagnostic, Result, hint};
use gocross_targets::{Spec, Target};
use gocross_toolchain::Env;

/// The task of this build script. Cargo sets these variables anew for each run, so they
/// are read past the record of the environment.
#[derive(Debug, Clone)]
pub(crate) struct Script {
    pub(crate) manifest_dir: PathBuf,
    pub(crate) out_dir: PathBuf,
    pub(crate) target: &'static Target,
    pub(crate) native: bool,
    /// The linker of cargo's configuration, where one is set.
    pub(crate) linker: Option<String>,
    pub(crate) debug_info: bool,
    pub(crate) jobs: usize,
    /// Whether the program is linked without shared libraries (`crt-static`).
    pub(crate) links_statically: bool,
}

/// The folder for results and the folder of `Cargo.toml`, which even a build without Go needs.
pub(crate) fn folders(env: &Env) -> Result<(PathBuf, PathBuf)> {
    let env = env.clone();
    Ok((
        PathBuf::from(variable(&env, "CARGO_MANIFEST_DIR")?),
        PathBuf::from(variable(&env, "OUT_DIR")?),
    ))
}

/// Reads the task.
pub(crate) fn read(env: &Env) -> Result<Script> {
    let (manifest_dir, out_dir) = folders(env)?;
    let triple = variable(env, "TARGET")?;
    let target = gocross_targets::find(&triple).ok_or_else(|| unknown(&triple))?;
    let text = |name| env.peek(name).and_then(|value| value.into_string().ok());
    let debug = text("DEBUG").unwrap_or_default();
    Ok(Script {
        manifest_dir,
        out_dir,
        target,
        native: text("HOST").as_ref() == Some(&triple),
        linker: text("RUSTC_LINKER"),
        debug_info: !matches!(debug.as_str(), "" | "false" | "0" | "none"),
        links_statically: text("CARGO_CFG_TARGET_FEATURE")
            .is_some_and(|features| features.split(',').any(|feature| feature == "crt-static")),
        jobs: text("NUM_JOBS").and_then(|jobs| jobs.parse().ok()).unwrap_or(0),
    })
}

fn variable(env: &Env, name: &str) -> Result<String> {
    env.peek(name).and_then(|value| value.into_string().ok()).ok_or_else(|| {
        let message = format!("`{name}` is not set: this is not a build script that cargo runs");
        Box::new(Diagnostic::error(Code::NotBuildScript, message))
    })
}

fn unknown(triple: &str) -> Box<Diagnostic> {
    let message = format!("Go cannot be built for `{triple}`: the target is not in the table");
    let mut known: Vec<_> = Spec::known().collect();
    known.sort_by_key(|known| strsim::damerau_levenshtein(known, triple));
    let mut diagnostic = Diagnostic::error(Code::UnknownTarget, message);
    diagnostic = diagnostic.detail(format!("the nearest is `{}`", known[0]));
    Box::new(diagnostic.hint(hint!("cargo gocross targets")))
}
