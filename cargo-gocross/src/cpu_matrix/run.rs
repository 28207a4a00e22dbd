//! Runs a self-test to its end, or to the end of our patience.

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::fs::File;
use std::io::{Read as _, Seek as _};
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use super::watch::Account;

/// More than any self-test has to say.
const MOST_OUTPUT: u64 = 64 << 20;
/// How often a process is looked at.
const PAUSE: Duration = Duration::from_millis(10);

/// How a process ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum End {
    /// By itself.
    Status(i32),
    /// By a signal. QEMU ends itself by the signal that ends its program.
    Signal(i32),
    /// By us: it took too long.
    Hung,
    /// By us: it printed without an end.
    Flood,
}

/// What a process left behind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Ran {
    pub(crate) end: End,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
    /// The gated instructions that ran; none where nobody looked.
    pub(crate) sites: Option<BTreeSet<u64>>,
}

/// A command, and what it sees.
#[derive(Debug, Clone, Default)]
pub(crate) struct Task {
    pub(crate) words: Vec<OsString>,
    pub(crate) variables: Vec<(OsString, OsString)>,
    pub(crate) folder: PathBuf,
    pub(crate) limit: Duration,
    /// Where QEMU tells what ran.
    pub(crate) account: Option<Account>,
}

impl Task {
    /// Runs it.
    ///
    /// # Errors
    ///
    /// It cannot be started, or has nowhere to write.
    pub(crate) fn run(&self) -> std::io::Result<Ran> {
        // Files and not pipes: a child of the child that stays behind would keep a pipe open.
        let (stdout, stderr) = (tempfile::tempfile()?, tempfile::tempfile()?);
        let mut command = Command::new("sh");
        // A program that dies on purpose leaves no memory image behind.
        command.args(["-c", "ulimit -c 0; exec \"$@\"", "sh"]).args(&self.words);
        command.env_clear().envs(self.variables.iter().map(|(name, value)| (name, value)));
        command.current_dir(&self.folder).stdin(Stdio::null());
        let mut child = command.stdout(stdout.try_clone()?).stderr(stderr.try_clone()?).spawn()?;
        let (end, is_cut) = self.wait(&mut child, &[&stdout, &stderr])?;
        // What was killed may have been in the midst of a line.
        let is_whole = matches!(end, End::Status(_)) && !is_cut;
        let sites = self.account.as_ref().filter(|_| is_whole).and_then(Account::read);
        self.account.as_ref().inspect(|account| account.remove());
        Ok(Ran { end, stdout: text(stdout)?, stderr: text(stderr)?, sites })
    }

    /// How it ended, and whether QEMU's log was cut.
    fn wait(&self, child: &mut Child, outputs: &[&File]) -> std::io::Result<(End, bool)> {
        let start = Instant::now();
        let mut is_cut = false;
        loop {
            if let Some(status) = child.try_wait()? {
                return Ok((end(status), is_cut));
            }
            is_cut |= self.account.as_ref().is_some_and(Account::cut);
            let is_flood = outputs
                .iter()
                .any(|file| file.metadata().is_ok_and(|metadata| metadata.len() > MOST_OUTPUT));
            let is_late = start.elapsed() > self.limit;
            if is_flood || is_late {
                child.kill()?;
                child.wait()?;
                return Ok((if is_flood { End::Flood } else { End::Hung }, is_cut));
            }
            std::thread::sleep(PAUSE);
        }
    }
}

fn end(status: ExitStatus) -> End {
    #[cfg(unix)]
    if let Some(signal) = std::os::unix::process::ExitStatusExt::signal(&status) {
        return End::Signal(signal);
    }
    End::Status(status.code().unwrap_or(-1))
}

/// What was written, at most as much as is good for a report.
fn text(mut file: File) -> std::io::Result<String> {
    file.rewind()?;
    let mut bytes = Vec::new();
    file.take(MOST_OUTPUT).read_to_end(&mut bytes)?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// The name of a signal that programs die of (signal(7); the numbers are those of Linux).
pub(crate) fn signal_name(signal: i32) -> String {
    let name = match signal {
        4 => "SIGILL",
        5 => "SIGTRAP",
        6 => "SIGABRT",
        7 => "SIGBUS",
        8 => "SIGFPE",
        9 => "SIGKILL",
        11 => "SIGSEGV",
        _ => return format!("signal {signal}"),
    };
    format!("{name} (signal {signal})")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(script: &str, limit: Duration) -> Ran {
        let words = ["sh", "-c", script].map(OsString::from).to_vec();
        let variables = vec![("PATH".into(), "/usr/bin:/bin".into()), ("A".into(), "b".into())];
        Task { words, variables, folder: "/".into(), limit, account: None }.run().unwrap()
    }

    const LONG: Duration = Duration::from_secs(60);

    #[test]
    fn the_end_is_known_and_so_are_the_words() {
        let ran = run("echo $A$HOME; pwd >&2; exit 3", LONG);
        assert_eq!(ran.end, End::Status(3));
        assert_eq!((ran.stdout.as_str(), ran.stderr.as_str()), ("b\n", "/\n"));
        assert_eq!(run("kill -ILL $$", LONG).end, End::Signal(4));
        assert_eq!(signal_name(4), "SIGILL (signal 4)");
        assert_eq!(signal_name(15), "signal 15");
    }

    #[test]
    fn what_hangs_or_floods_is_ended() {
        let start = Instant::now();
        let ran = run("echo before; exec sleep 60", Duration::from_millis(200));
        assert_eq!((ran.end, ran.stdout.as_str()), (End::Hung, "before\n"));
        assert_eq!(run("exec yes", LONG).end, End::Flood);
        assert!(start.elapsed() < Duration::from_secs(50));
    }

    #[test]
    fn a_program_that_is_not_there_gives_the_shells_status() {
        let words = vec!["/no/such/program".into()];
        let task =
            Task { words, variables: vec![], folder: "/".into(), limit: LONG, account: None };
        assert_eq!(task.run().unwrap().end, End::Status(127));
    }
}
