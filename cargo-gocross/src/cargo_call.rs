//! One call of cargo, with the tools of its targets: plain, listened to, or with programs that
//! are judged before they start.

use std::ffi::OsString;
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
use crate::verb::Verb;
use crate::{two_owners, ui, verification};

/// A verb of cargo's, its arguments, and the tools for them.
#[derive(Debug, Clone)]
pub(crate) struct Call<'a> {
    pub(crate) env: &'a Env,
    pub(crate) verb: Verb,
    pub(crate) args: &'a CargoArgs,
    pub(crate) prepared: &'a Prepared,
    pub(crate) changes: Changes,
}

impl<'a> Call<'a> {
    pub(crate) fn new(
        env: &'a Env,
        verb: Verb,
        args: &'a CargoArgs,
        prepared: &'a Prepared,
    ) -> Self {
        Self { env, verb, args, prepared, changes: cargo_env::changes(env, prepared) }
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

    /// Calls cargo and listens to what it makes. All that it prints is printed. Where two libraries
    /// define one symbol, the build is stopped before it links.
    ///
    /// # Errors
    ///
    /// [`Code::CargoMissing`], [`Code::Verification`].
    pub(crate) fn listened(&self) -> Result<(u8, Made)> {
        match self.args.messages {
            Wanted::Nothing => self.listen(&[cargo_messages::ARGUMENT.to_owned()], false),
            Wanted::Json => self.listen(&[], true),
            // A build in another form; nothing is said of what it made.
            Wanted::Other => Ok((self.plain()?, Made::default())),
        }
    }

    fn listen(&self, more: &[String], pass_on: bool) -> Result<(u8, Made)> {
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
                let known = all.out_dirs.len();
                all.append(made.unwrap_or_default());
                line.clear();
                let new = &all.out_dirs[known..];
                if !new.is_empty() && !self.args.no_verify {
                    if let Err(problem) = two_owners::of_signals(&all.out_dirs, new) {
                        child.kill().and_then(|()| child.wait()).map_err(failed)?;
                        return Err(problem);
                    }
                    let found = two_owners::findings(self.env, &all.out_dirs)?;
                    if !found.is_empty() {
                        child.kill().and_then(|()| child.wait()).map_err(failed)?;
                        ui::worst(&found);
                        return Ok((verification::verdict(&found)?, all));
                    }
                }
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
        let mut call = self.clone();
        for (triple, words, of_user) in self.runners()? {
            // cargo would join a list in `--config` with a runner in a file.
            if !of_user || cargo_env::joined(&words).is_some() {
                call.changes.list(triple, "RUNNER", &words);
            }
        }
        let mut command = call.command(&[]);
        command.env(VERDICT, verdict.path());
        let status = command.status().map_err(|error| self.not_started(&error))?;
        let errors = fs_err::metadata(verdict.path()).is_ok_and(|metadata| metadata.len() > 0);
        Ok((exit_code(status), errors))
    }

    /// The commands that make us the runner of each target, before the one that it has, and
    /// whether that is the user's.
    fn runners(&self) -> Result<Vec<(&str, Vec<String>, bool)>> {
        let config = CargoConfig::read(self.env, &self.args.configs)?;
        let own = std::env::current_exe().unwrap_or_else(|_| PathBuf::from("cargo-gocross"));
        let runner = |triple: &'a str, target: String, ours: Option<&Vec<String>>| {
            let theirs = config.runner(triple)?;
            let of_user = ours.is_none() && theirs.is_some();
            let behind = ours.cloned().or(theirs).unwrap_or_default();
            let words = [
                own.display().to_string(),
                "gocross".to_owned(),
                "verified-run".to_owned(),
                format!("--target={target}"),
                format!("--words={}", behind.len()),
                "--".to_owned(),
            ];
            Ok((triple, words.into_iter().chain(behind).collect(), of_user))
        };
        let host = &self.prepared.toolchain.host;
        if self.prepared.targets.is_empty() {
            return Ok(vec![runner(host, host.clone(), None)?]);
        }
        let of = |tools: &Tools| runner(tools.target.triple, word(tools), tools.runner.as_ref());
        self.prepared.targets.iter().map(of).collect()
    }

    fn command(&self, more: &[String]) -> Command {
        let cargo = &self.prepared.toolchain.cargo;
        // `cargo clippy` would start the first one in PATH, which may be another toolchain's.
        let beside = cargo.with_file_name(format!("cargo-{}", self.verb.as_str()));
        let own = self.verb.installed_by().is_some() && self.env.is_file(&beside);
        let mut command = Command::new(if own { &beside } else { cargo });
        command.env_clear().envs(self.env.all()).current_dir(self.env.current_dir());
        if own {
            command.env("CARGO", cargo);
        }
        self.changes.unset.iter().for_each(|name| {
            command.env_remove(name);
        });
        command.envs(self.changes.set.iter().map(|(name, value)| (name, value)));
        let more: Vec<String> =
            config_args(&self.changes.config).into_iter().chain(more.iter().cloned()).collect();
        command.args(words(self.verb, self.args, &self.prepared.targets, &more));
        command
    }

    fn not_started(&self, error: &std::io::Error) -> Box<Diagnostic> {
        let cargo = self.prepared.toolchain.cargo.display();
        let message = format!("`{cargo}` cannot be started");
        Box::new(Diagnostic::error(Code::CargoMissing, message).detail(error.to_string()))
    }
}

/// Arguments for cargo that carry settings of its configuration.
fn config_args(settings: &[String]) -> Vec<String> {
    settings.iter().flat_map(|setting| ["--config".to_owned(), setting.clone()]).collect()
}

/// The words behind `cargo`.
fn words(verb: Verb, args: &CargoArgs, targets: &[Tools], more: &[String]) -> Vec<OsString> {
    let is_verb = |word: &&OsString| !word.to_string_lossy().starts_with('-');
    let of_verb =
        usize::from(verb.has_verbs() && args.others.first().as_ref().is_some_and(is_verb));
    let (head, tail) = args.others.split_at(of_verb);
    let mut words = vec![verb.as_str().into()];
    words.extend_from_slice(head);
    // Without a verb of its own it prints a help.
    if !verb.has_verbs() || of_verb > 0 {
        words.extend(
            targets.iter().flat_map(|tools| ["--target", tools.target.triple]).map(OsString::from),
        );
    }
    words.extend_from_slice(tail);
    words.extend(more.iter().map(OsString::from));
    words.extend_from_slice(&args.after);
    words
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
