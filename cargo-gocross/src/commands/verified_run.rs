//! What cargo starts instead of a program: judges the program, and then becomes it, under its
//! emulator where it has one.

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::Command;

use gocross_diagnostic::{Code, Diagnostic, ExitStatus, Result};
use gocross_targets::Spec;
use gocross_toolchain::Env;

use crate::cli::VerifiedRunArgs;
use crate::ui;
use crate::verification::{self, Candidate, Settings};

/// The variable with the file in which an error is noted for whoever has started cargo.
pub(crate) const VERDICT: &str = "GOCROSS_VERDICT";

/// Judges the program and starts it; does not return where that goes well.
///
/// # Errors
///
/// The program has errors, or cannot be started.
pub(crate) fn run(env: &Env, args: &VerifiedRunArgs) -> Result<u8> {
    let Some(program) = args.command.get(args.words).map(PathBuf::from) else {
        return Err(Box::new(Diagnostic::error(Code::Usage, "no program behind the runner")));
    };
    let spec = Spec::parse(&args.target).ok();
    let manifest =
        env.var_os("CARGO_MANIFEST_DIR").map(|folder| PathBuf::from(folder).join("Cargo.toml"));
    let settings =
        manifest.map_or_else(|| Ok(Settings::default()), |path| Settings::of_manifest(&path))?;
    let findings = verification::judge_built(env, &Candidate { file: program, spec }, &settings)?;
    ui::worst(&findings);
    if let Err(diagnostic) = verification::verdict(&findings) {
        if let Some(note) = env.var_os(VERDICT) {
            fs_err::write(PathBuf::from(note), "errors").ok();
        }
        ui::tell(&diagnostic);
        return Ok(ExitStatus::Verification as u8);
    }
    become_it(env, &args.command)
}

#[cfg(unix)]
fn become_it(env: &Env, command: &[OsString]) -> Result<u8> {
    let mut process = Command::new(&command[0]);
    process.args(&command[1..]).env_clear().envs(env.all()).env_remove(VERDICT);
    let error = std::os::unix::process::CommandExt::exec(&mut process);
    Err(cannot_start(command, &error))
}

#[cfg(not(unix))]
fn become_it(env: &Env, command: &[OsString]) -> Result<u8> {
    let mut process = Command::new(&command[0]);
    process.args(&command[1..]).env_clear().envs(env.all()).env_remove(VERDICT);
    let status = process.status().map_err(|error| cannot_start(command, &error))?;
    Ok(status.code().and_then(|code| u8::try_from(code).ok()).unwrap_or(u8::MAX))
}

fn cannot_start(command: &[OsString], error: &std::io::Error) -> Box<Diagnostic> {
    let message = format!("`{}` cannot be started", command[0].display());
    Box::new(Diagnostic::error(Code::Io, message).detail(error.to_string()))
}
