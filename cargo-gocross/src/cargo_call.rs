//! One call of cargo, with the tools of its targets: plain, listened to, or with programs that
//! are judged before they start.

use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Command, ExitStatus, Stdio};

use gocross_diagnostic::{Code, Diagnostic, Result};
use gocross_toolchain::Env;

use crate::cargo_args::{CargoArgs, Wanted};
use crate::cargo_config::CargoConfig;
use crate::cargo_env::{self, Changes};
use crate::cargo_messages::{self, Made};
use crate::commands::verified_run::VERDICT;
use crate::prepare::{Prepared, Tools};
use crate::ui;

/// A verb of cargo's, its arguments, and the tools for them.
#[derive(Debug)]
pub(crate) struct Call<'a> {
    pub(crate) env: &'a Env,
    pub(crate) verb: &'a str,
    pub(crate) args: &'a CargoArgs,
    pub(crate) prepared: &'a Prepared,
    pub(crate) changes: Changes,
}

impl<'a> Call<'a> {
    /// # Errors
    ///
    /// Those of [`cargo_env::changes`].
    pub(crate) fn new(
        env: &'a Env,
        verb: &'a str,
        args: &'a CargoArgs,
        prepared: &'a Prepared,
    ) -> Result<Self> {
        Ok(Self { env, verb, args, prepared, changes: cargo_env::changes(env, prepared)? })
    }

    /// Calls cargo, and gives its exit status.
    ///
    /// # Errors
    ///
    /// [`Code::CargoMissing`].
    pub(crate) fn plain(&self) -> Result<u8> {
        let status = self.command(&[]).status().map_err(|error| self.not_started(&error))?;
        Ok(exit_code(status))
    }

    /// Calls cargo and listens to what it makes. All that it prints is printed.
    ///
    /// # Errors
    ///
    /// [`Code::CargoMissing`].
    pub(crate) fn listened(&self) -> Result<(u8, Made)> {
        match self.args.messages {
            Wanted::Nothing => self.listen(&[cargo_messages::ARGUMENT], false),
            Wanted::Json => self.listen(&[], true),
            // A build in another form; nothing is said of what it made.
            Wanted::Other => Ok((self.plain()?, Made::default())),
        }
    }

    fn listen(&self, more: &[&str], pass_on: bool) -> Result<(u8, Made)> {
        let mut command = self.command(more);
        let failed = |error| self.not_started(&error);
        let mut child = command.stdout(Stdio::piped()).spawn().map_err(failed)?;
        let mut all = Made::default();
        if let Some(stdout) = child.stdout.take() {
            let mut reader = BufReader::new(stdout);
            let mut line = Vec::new();
            while reader.read_until(b'\n', &mut line).is_ok_and(|size| size > 0) {
                let text = String::from_utf8_lossy(&line);
                let made = cargo_messages::read(&text);
                if pass_on || made.is_none() {
                    ui::pass_on(&text);
                }
                all.append(made.unwrap_or_default());
                line.clear();
            }
        }
        let status = child.wait().map_err(failed)?;
        Ok((exit_code(status), all))
    }

    /// Calls cargo so that it starts programs through us, who judge them first. Gives its exit
    /// status, and whether a program had errors.
    ///
    /// # Errors
    ///
    /// [`Code::CargoMissing`], [`Code::CargoConfig`], [`Code::Io`].
    pub(crate) fn judging_programs(&self) -> Result<(u8, bool)> {
        let io = |error: std::io::Error| {
            Box::new(Diagnostic::error(Code::Io, "no temporary file").detail(error.to_string()))
        };
        let verdict = tempfile::NamedTempFile::new().map_err(io)?;
        let mut command = self.command(&[]);
        command.env(VERDICT, verdict.path());
        for (variable, runner) in self.runners()? {
            command.env(variable, runner);
        }
        let status = command.status().map_err(|error| self.not_started(&error))?;
        let errors = fs_err::metadata(verdict.path()).is_ok_and(|metadata| metadata.len() > 0);
        Ok((exit_code(status), errors))
    }

    /// The variables that make us the runner of each target, before the one that it has.
    fn runners(&self) -> Result<Vec<(String, String)>> {
        let config = CargoConfig::read(self.env, &self.args.configs)?;
        let own = std::env::current_exe().unwrap_or_else(|_| PathBuf::from("cargo-gocross"));
        let runner = |triple: &str, target: String, ours: Option<&Vec<String>>| {
            let theirs = config.runner(triple)?;
            let behind = ours.cloned().or(theirs).unwrap_or_default();
            let words = [
                own.display().to_string(),
                "gocross".to_owned(),
                "verified-run".to_owned(),
                format!("--target={target}"),
                format!("--words={}", behind.len()),
                "--".to_owned(),
            ];
            let words: Vec<String> = words.into_iter().chain(behind).collect();
            let variable =
                format!("CARGO_TARGET_{}_RUNNER", triple.replace(['-', '.'], "_").to_uppercase());
            // cargo splits it at spaces, so a path with one cannot stand there.
            let fits = !words.iter().any(|word| word.contains(char::is_whitespace));
            Ok(fits.then(|| (variable, words.join(" "))))
        };
        let host = &self.prepared.toolchain.host;
        let runners: Vec<Option<(String, String)>> = if self.prepared.targets.is_empty() {
            vec![runner(host, host.clone(), None)?]
        } else {
            let of =
                |tools: &Tools| runner(tools.target.triple, word(tools), tools.runner.as_ref());
            self.prepared.targets.iter().map(of).collect::<Result<_>>()?
        };
        Ok(runners.into_iter().flatten().collect())
    }

    fn command(&self, more: &[&str]) -> Command {
        let mut command = Command::new(&self.prepared.toolchain.cargo);
        command.env_clear().envs(self.env.all()).current_dir(self.env.current_dir());
        self.changes.unset.iter().for_each(|name| {
            command.env_remove(name);
        });
        command.envs(self.changes.set.iter().map(|(name, value)| (name, value)));
        command.arg(self.verb);
        for tools in &self.prepared.targets {
            command.args(["--target", tools.target.triple]);
        }
        command.args(&self.args.others).args(more).args(&self.args.after);
        command
    }

    fn not_started(&self, error: &std::io::Error) -> Box<Diagnostic> {
        let cargo = self.prepared.toolchain.cargo.display();
        let message = format!("`{cargo}` cannot be started");
        Box::new(Diagnostic::error(Code::CargoMissing, message).detail(error.to_string()))
    }
}

/// A target as it is written behind `--target`.
fn word(tools: &Tools) -> String {
    let suffix = tools.glibc.map(|glibc| format!(".{glibc}")).unwrap_or_default();
    format!("{}{suffix}", tools.target.triple)
}

/// cargo's exit status, or what a shell makes of a signal.
fn exit_code(status: ExitStatus) -> u8 {
    #[cfg(unix)]
    if let Some(signal) = std::os::unix::process::ExitStatusExt::signal(&status) {
        return u8::try_from(128 + signal).unwrap_or(u8::MAX);
    }
    status.code().and_then(|code| u8::try_from(code).ok()).unwrap_or(u8::MAX)
}
