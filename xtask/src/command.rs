//! The one way in which this program starts another.

use std::ffi::{OsStr, OsString};
use std::fmt;
use std::io::{BufRead as _, BufReader, Read as _};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Output, Stdio};
use std::time::{Duration, Instant};

use crate::environment;
use crate::failure::{Failure, Result};
use crate::ui;

/// A program, its arguments, what it sees of the environment, and where it runs.
#[derive(Debug, Clone)]
pub(crate) struct Cmd {
    program: OsString,
    args: Vec<OsString>,
    env: Vec<(OsString, OsString)>,
    dir: Option<PathBuf>,
    /// What is shown instead of the words and variables so far.
    shown: Option<Shown>,
}

/// A stand-in for the beginning of a command.
#[derive(Debug, Clone)]
struct Shown {
    words: String,
    args: usize,
    env: usize,
}

impl Cmd {
    /// A program by name or by path.
    pub(crate) fn new(program: impl AsRef<OsStr>) -> Self {
        Self {
            program: program.as_ref().to_owned(),
            args: Vec::new(),
            env: Vec::new(),
            dir: None,
            shown: None,
        }
    }

    /// Adds an argument.
    pub(crate) fn arg(mut self, arg: impl AsRef<OsStr>) -> Self {
        self.args.push(arg.as_ref().to_owned());
        self
    }

    /// Adds arguments.
    pub(crate) fn args(mut self, args: impl IntoIterator<Item = impl AsRef<OsStr>>) -> Self {
        self.args.extend(args.into_iter().map(|arg| arg.as_ref().to_owned()));
        self
    }

    /// Sets a variable.
    pub(crate) fn env(mut self, name: impl AsRef<OsStr>, value: impl AsRef<OsStr>) -> Self {
        self.env.push((name.as_ref().to_owned(), value.as_ref().to_owned()));
        self
    }

    /// Runs in `dir`.
    pub(crate) fn dir(mut self, dir: impl AsRef<Path>) -> Self {
        self.dir = Some(dir.as_ref().to_owned());
        self
    }

    /// Shows `words` for all that was set so far: what a user types, where we must say more.
    pub(crate) fn shown_as(mut self, words: &str) -> Self {
        let (args, env) = (self.args.len(), self.env.len());
        self.shown = Some(Shown { words: words.to_owned(), args, env });
        self
    }

    fn command(&self) -> Command {
        let mut command = Command::new(&self.program);
        for name in environment::set_by_cargo_run() {
            command.env_remove(name);
        }
        command.args(&self.args).envs(self.env.iter().map(|(name, value)| (name, value)));
        if let Some(dir) = &self.dir {
            command.current_dir(dir);
        }
        command
    }

    fn not_started(&self, error: &std::io::Error) -> Failure {
        Failure::new(format!("`{}` cannot be started", self.program.display()))
            .why(error.to_string())
    }

    /// What an end means; a failure holds the command's own last words, where it said any.
    fn ended(&self, status: ExitStatus, stderr: &[u8]) -> Result {
        if status.success() {
            return Ok(());
        }
        let why =
            last_words(&String::from_utf8_lossy(stderr)).map_or(status.to_string(), str::to_owned);
        Err(Failure::new(format!("`{self}` failed")).why(why))
    }

    /// Shows the command, runs it with this process's streams, and fails when it fails.
    pub(crate) fn run(&self) -> Result {
        ui::command(self);
        let status = self.command().status().map_err(|error| self.not_started(&error))?;
        self.ended(status, &[])
    }

    /// As [`Cmd::run`]; each line that the command writes to stdout is also handed to `line`.
    pub(crate) fn run_watched(&self, mut line: impl FnMut(&str)) -> Result {
        ui::command(self);
        let mut child = self
            .command()
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|error| self.not_started(&error))?;
        if let Some(stdout) = child.stdout.take() {
            for text in BufReader::new(stdout).split(b'\n') {
                let text = text?;
                let text = String::from_utf8_lossy(&text);
                ui::data(&text);
                line(&text);
            }
        }
        self.ended(child.wait()?, &[])
    }

    /// Runs with stdout sent to stderr: what an installer says is no data of ours.
    pub(crate) fn run_to_stderr(&self) -> Result {
        ui::command(self);
        let status = self
            .command()
            .stdout(std::io::stderr())
            .status()
            .map_err(|error| self.not_started(&error))?;
        self.ended(status, &[])
    }

    /// Runs silently and gives back whatever came of it.
    pub(crate) fn output(&self) -> Result<Output> {
        self.command().stdin(Stdio::null()).output().map_err(|error| self.not_started(&error))
    }

    /// Runs silently and gives back stdout; a failure holds the command's own last words.
    pub(crate) fn read(&self) -> Result<String> {
        let output = self.output()?;
        self.ended(output.status, &output.stderr)?;
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    }

    /// As [`Cmd::output`], without stdout; stops the command when `limit` has passed.
    pub(crate) fn output_within(&self, limit: Duration) -> Result<Output> {
        let mut child = self
            .command()
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(|error| self.not_started(&error))?;
        // Read beside the wait: a full pipe would stop the command for good.
        let stderr = child.stderr.take();
        let reader = std::thread::spawn(move || {
            let mut words = Vec::new();
            // A broken pipe only shortens the words.
            let _ = stderr.map(|mut stderr| stderr.read_to_end(&mut words));
            words
        });
        let start = Instant::now();
        let status = loop {
            if let Some(status) = child.try_wait()? {
                break status;
            }
            if start.elapsed() > limit {
                child.kill()?;
                child.wait()?;
                return Err(Failure::new(format!("`{self}` failed"))
                    .why(format!("no answer within {} s", limit.as_secs())));
            }
            std::thread::sleep(Duration::from_millis(50));
        };
        let stderr = reader.join().unwrap_or_default();
        Ok(Output { status, stdout: Vec::new(), stderr })
    }
}

/// The line that says what went wrong: the first that calls itself an error, else the last one.
pub(crate) fn last_words(stderr: &str) -> Option<&str> {
    let mut lines = stderr.lines().map(str::trim).filter(|line| !line.is_empty());
    let named = lines.clone().find(|line| line.starts_with("error") || line.starts_with("E: "));
    named.or_else(|| lines.next_back())
}

/// As one would type it.
impl fmt::Display for Cmd {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (program, args, env) = match &self.shown {
            Some(shown) => (shown.words.clone(), shown.args, shown.env),
            None => (quoted(&self.program), 0, 0),
        };
        for (name, value) in self.env.iter().skip(env) {
            write!(f, "{}={} ", name.display(), quoted(value))?;
        }
        f.write_str(&program)?;
        for arg in self.args.iter().skip(args) {
            write!(f, " {}", quoted(arg))?;
        }
        Ok(())
    }
}

/// A word with quotes where a shell needs them.
fn quoted(word: &OsStr) -> String {
    let word = word.to_string_lossy();
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_./=:,+@%".contains(&byte);
    if !word.is_empty() && word.bytes().all(plain) {
        word.into_owned()
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_reads_as_one_would_type_it() {
        let cmd = Cmd::new("cargo").args(["doc", "a b", ""]).env("RUSTDOCFLAGS", "-D warnings");
        assert_eq!(cmd.to_string(), "RUSTDOCFLAGS='-D warnings' cargo doc 'a b' ''");
    }

    #[test]
    fn a_command_can_be_shown_under_another_name() {
        let cmd =
            Cmd::new("/x/cargo-tool").env("A", "b").arg("tool").shown_as("cargo tool").arg("build");
        assert_eq!(cmd.to_string(), "cargo tool build");
    }

    #[test]
    fn a_failure_holds_the_last_words() {
        let failure =
            Cmd::new("sh").args(["-c", "echo one >&2; echo two >&2; exit 3"]).read().unwrap_err();
        assert_eq!(failure.why, ["two"]);
    }

    #[test]
    fn the_line_that_names_the_error_is_preferred() {
        let text = "info: fetching\nerror: no network\n\nCaused by:\n  15: <unknown>\n";
        assert_eq!(last_words(text), Some("error: no network"));
        assert_eq!(last_words("one\ntwo\n\n"), Some("two"));
        assert_eq!(last_words("\n"), None);
    }

    #[test]
    fn a_command_that_hangs_is_stopped() {
        let start = Instant::now();
        let failure =
            Cmd::new("sleep").arg("20").output_within(Duration::from_millis(200)).unwrap_err();
        assert!(failure.why[0].starts_with("no answer"), "{:?}", failure.why);
        assert!(start.elapsed() < Duration::from_secs(10));
    }

    #[test]
    fn a_program_that_does_not_exist_is_told_by_name() {
        let failure = Cmd::new("no-such-program").read().unwrap_err();
        assert_eq!(failure.what, "`no-such-program` cannot be started");
    }
}
