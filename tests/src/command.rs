//! Runs a command to its end, with a limit: a test that hangs says so.

use std::ffi::{OsStr, OsString};
use std::io::Read;
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process_group};

use crate::environment::Variables;
use crate::trial::{Result, Trouble};
use crate::workshop::Workshop;

/// More than the longest command takes on a slow machine: building std from source.
const LIMIT: Duration = Duration::from_secs(900);

/// A command line and its surroundings, which are all that it sees.
#[derive(Debug, Clone)]
pub struct Run {
    /// The program and its arguments.
    pub words: Vec<OsString>,
    /// The current folder.
    pub dir: PathBuf,
    /// All environment variables.
    pub variables: Variables,
}

/// What a command left behind.
#[derive(Debug, Clone)]
pub struct Output {
    /// The exit status, or what a shell makes of a signal.
    pub status: i32,
    /// What it wrote to standard output.
    pub stdout: String,
    /// What it wrote to standard error.
    pub stderr: String,
}

impl Run {
    /// A command in the folder of all sandboxes, with the variables that all commands have.
    pub fn new<W: AsRef<OsStr>>(workshop: &Workshop, line: impl IntoIterator<Item = W>) -> Self {
        let dir = workshop.root().to_owned();
        Self { words: words(line), dir, variables: workshop.variables() }
    }

    /// Runs the command.
    ///
    /// # Errors
    ///
    /// It cannot be started, or does not end.
    pub fn output(&self) -> Result<Output> {
        let [program, arguments @ ..] = self.words.as_slice() else {
            return Err(Trouble::wrong("an empty command line"));
        };
        let mut child = Command::new(program)
            .args(arguments)
            .current_dir(&self.dir)
            .env_clear()
            .envs(&self.variables)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .process_group(0)
            .spawn()
            .map_err(|error| Trouble::wrong(format!("`{self}` cannot be started: {error}")))?;
        // Read beside the wait: a full pipe would stop the command for good.
        let stdout = reader(child.stdout.take());
        let stderr = reader(child.stderr.take());
        let start = Instant::now();
        let status = loop {
            if let Some(status) = child.try_wait()? {
                break status;
            }
            if start.elapsed() > LIMIT {
                end_group(&child);
                let limit = LIMIT.as_secs();
                return Err(Trouble::wrong(format!("`{self}` does not end within {limit} s")));
            }
            std::thread::sleep(Duration::from_millis(5));
        };
        // Whoever is left would keep the pipes open.
        end_group(&child);
        let signal = std::os::unix::process::ExitStatusExt::signal(&status);
        Ok(Output {
            status: status.code().unwrap_or_else(|| 128 + signal.unwrap_or(0)),
            stdout: stdout.join().unwrap_or_default(),
            stderr: stderr.join().unwrap_or_default(),
        })
    }

    /// Runs the command and gives its standard output; any status but 0 is an error.
    ///
    /// # Errors
    ///
    /// It cannot be started, does not end, or fails.
    pub fn read(&self) -> Result<String> {
        let output = self.output()?;
        if output.status == 0 {
            return Ok(output.stdout);
        }
        Err(Trouble::wrong(format!("`{self}` failed: {}\n{}", output.status, output.stderr)))
    }
}

impl std::fmt::Display for Run {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let words: Vec<_> = self.words.iter().map(|word| word.to_string_lossy()).collect();
        f.write_str(&words.join(" "))
    }
}

/// Ends what the command has started and left behind.
fn end_group(child: &Child) {
    if let Ok(group) = i32::try_from(child.id()).map(Pid::from_raw) {
        // None is left, most of the time.
        let _ = group.map(|group| kill_process_group(group, Signal::KILL));
    }
}

fn reader(pipe: Option<impl Read + Send + 'static>) -> std::thread::JoinHandle<String> {
    std::thread::spawn(move || {
        let mut bytes = Vec::new();
        // A broken pipe only shortens the text.
        let _ = pipe.map(|mut pipe| pipe.read_to_end(&mut bytes));
        String::from_utf8_lossy(&bytes).into_owned()
    })
}

/// Words of a command line.
pub fn words<W: AsRef<OsStr>>(words: impl IntoIterator<Item = W>) -> Vec<OsString> {
    words.into_iter().map(|word| word.as_ref().to_owned()).collect()
}
