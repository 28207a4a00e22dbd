//! Runs a command to its end, with a limit: a test that hangs says so.

use std::ffi::{OsStr, OsString};
use std::io::Read;
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process, kill_process_group};

use crate::environment::Variables;
use crate::trial::{Result, Trouble, ensure};
use crate::workshop::Workshop;

/// More than the longest command takes on a slow machine: building std from source.
const LIMIT: Duration = Duration::from_secs(900);
/// How often a command is looked at.
const POLL: Duration = Duration::from_millis(5);

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
        self.start()?.finish(LIMIT)
    }

    /// Starts the command.
    ///
    /// # Errors
    ///
    /// It cannot be started.
    pub fn start(&self) -> Result<Running> {
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
        Ok(Running {
            line: self.to_string(),
            // Read beside the wait: a full pipe would stop the command for good.
            stdout: Pipe::read(child.stdout.take()),
            stderr: Pipe::read(child.stderr.take()),
            start: Instant::now(),
            child,
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

/// A command that was started.
#[derive(Debug)]
pub struct Running {
    line: String,
    child: Child,
    stdout: Pipe,
    stderr: Pipe,
    start: Instant,
}

impl Running {
    /// Waits until the command has written `text` to standard error.
    ///
    /// # Errors
    ///
    /// It ends before, or does not say so within the limit.
    pub fn wait_for(&mut self, text: &str, limit: Duration) -> Result {
        while !self.stderr.text().contains(text) {
            if self.child.try_wait()?.is_some() {
                // What it said last may still be in the pipe.
                self.stderr.close();
                let told = self.stderr.text();
                return ensure(told.contains(text), || {
                    format!("`{}` ended without `{text}`:\n{told}", self.line)
                });
            }
            self.check(limit)?;
            std::thread::sleep(POLL);
        }
        Ok(())
    }

    /// Sends the command a signal.
    ///
    /// # Errors
    ///
    /// There is no such command any more.
    pub fn signal(&self, signal: Signal) -> Result {
        let gone = || Trouble::wrong(format!("`{}` has ended already", self.line));
        let pid = pid(&self.child).ok_or_else(gone)?;
        kill_process(pid, signal).map_err(|error| Trouble::wrong(error.to_string()))
    }

    /// Waits until the command ends.
    ///
    /// # Errors
    ///
    /// It does not end within the limit.
    pub fn finish(mut self, limit: Duration) -> Result<Output> {
        let status = loop {
            if let Some(status) = self.child.try_wait()? {
                break status;
            }
            self.check(limit)?;
            std::thread::sleep(POLL);
        };
        // Whoever is left would keep the pipes open.
        end_group(&self.child);
        let signal = std::os::unix::process::ExitStatusExt::signal(&status);
        self.stdout.close();
        self.stderr.close();
        Ok(Output {
            status: status.code().unwrap_or_else(|| 128 + signal.unwrap_or(0)),
            stdout: self.stdout.text(),
            stderr: self.stderr.text(),
        })
    }

    /// Ends the command once the limit has passed.
    fn check(&mut self, limit: Duration) -> Result {
        if self.start.elapsed() <= limit {
            return Ok(());
        }
        end_group(&self.child);
        self.child.wait()?;
        let (line, limit) = (&self.line, limit.as_secs());
        Err(Trouble::wrong(format!("`{line}` does not end within {limit} s")))
    }
}

/// What comes out of a pipe, as far as it has come.
#[derive(Debug)]
struct Pipe {
    bytes: Arc<Mutex<Vec<u8>>>,
    reader: Option<JoinHandle<()>>,
}

impl Pipe {
    fn read(pipe: Option<impl Read + Send + 'static>) -> Self {
        let bytes = Arc::new(Mutex::new(Vec::new()));
        let kept = Arc::clone(&bytes);
        let reader = pipe.map(|mut pipe| {
            std::thread::spawn(move || {
                let mut part = [0; 4096];
                // A broken pipe only shortens the text.
                while let Ok(size @ 1..) = pipe.read(&mut part) {
                    kept.lock().unwrap_or_else(PoisonError::into_inner).extend(&part[..size]);
                }
            })
        });
        Self { bytes, reader }
    }

    /// Waits for the other end to be closed.
    fn close(&mut self) {
        // A reader that panicked only shortens the text.
        self.reader.take().map(JoinHandle::join);
    }

    fn text(&self) -> String {
        let bytes = self.bytes.lock().unwrap_or_else(PoisonError::into_inner);
        String::from_utf8_lossy(&bytes).into_owned()
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
    // None is left, most of the time.
    let _ = pid(child).map(|group| kill_process_group(group, Signal::KILL));
}

fn pid(child: &Child) -> Option<Pid> {
    i32::try_from(child.id()).ok().and_then(Pid::from_raw)
}

/// Words of a command line.
pub fn words<W: AsRef<OsStr>>(words: impl IntoIterator<Item = W>) -> Vec<OsString> {
    words.into_iter().map(|word| word.as_ref().to_owned()).collect()
}
