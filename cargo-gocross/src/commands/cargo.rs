//! `build`, `check`, `run` and `test`: cargo's own verbs, with the tools of the targets.

use std::ffi::OsString;
use std::process::{Command, ExitStatus};

use gocross_archive::watch;
use gocross_diagnostic::{Code, Diagnostic, Result};
use gocross_toolchain::{Cache, Env};

use crate::cargo_args::CargoArgs;
use crate::cargo_env::{self, Changes};
use crate::prepare::{Prepared, Query, prepare};
use crate::{post_mortem, ui};

/// Prepares the tools, runs cargo once for all targets, and gives cargo's exit status.
///
/// # Errors
///
/// Whatever keeps cargo from being started.
pub(crate) fn run(env: &Env, verb: &str, args: Vec<OsString>) -> Result<u8> {
    let args = CargoArgs::read(args)?;
    let runs = matches!(verb, "run" | "test");
    let query = Query { targets: &args.targets, runs, offline: args.offline };
    let prepared = prepare(env, &query)?;
    prepared.notes.iter().for_each(ui::tell);
    let changes = cargo_env::changes(env, &prepared)?;
    watch::refresh(&Cache::of_user(env)?);
    let status = command(env, verb, &args, &prepared, &changes).status().map_err(|error| {
        let message = format!("`{}` cannot be started", prepared.toolchain.cargo.display());
        Box::new(Diagnostic::error(Code::CargoMissing, message).detail(error.to_string()))
    })?;
    let code = exit_code(status);
    if code == post_mortem::CARGO_FAILED
        && let Some(diagnostic) = post_mortem::explain(env, &args, &prepared)
    {
        ui::tell(&diagnostic);
    }
    Ok(code)
}

fn command(
    env: &Env,
    verb: &str,
    args: &CargoArgs,
    prepared: &Prepared,
    changes: &Changes,
) -> Command {
    let mut command = Command::new(&prepared.toolchain.cargo);
    command.env_clear().envs(env.all()).current_dir(env.current_dir());
    changes.unset.iter().for_each(|name| {
        command.env_remove(name);
    });
    command.envs(changes.set.iter().map(|(name, value)| (name, value)));
    command.arg(verb);
    for tools in &prepared.targets {
        command.args(["--target", tools.target.triple]);
    }
    command.args(&args.others).args(&args.after);
    command
}

/// cargo's exit status, or what a shell makes of a signal.
fn exit_code(status: ExitStatus) -> u8 {
    #[cfg(unix)]
    if let Some(signal) = std::os::unix::process::ExitStatusExt::signal(&status) {
        return u8::try_from(128 + signal).unwrap_or(u8::MAX);
    }
    status.code().and_then(|code| u8::try_from(code).ok()).unwrap_or(u8::MAX)
}
