//! The command line: arguments in, one thing done, an exit code out.

use crate::bench::{self, Bench};
use crate::cipher::PathError;
use crate::selftest::{self, SelfTest};
use crate::{block, job, report};
use clap::builder::ArgPredicate;
use clap::{Args, Parser, Subcommand, ValueEnum};
use gocross::cpu;
use std::ffi::OsString;
use std::io::{self, Read, Write};
use std::path::PathBuf;
use std::process::ExitCode;

/// Encrypt and decrypt files with SM4 in counter mode.
#[derive(Parser)]
#[command(version)]
struct Cli {
    #[command(subcommand)]
    verb: Verb,
}

// Counter mode is its own inverse. Both verbs exist because people think in two.
#[derive(Subcommand)]
enum Verb {
    /// Encrypt IN to OUT
    Encrypt(Job),
    /// Decrypt IN to OUT
    Decrypt(Job),
    /// List the paths of this build, and which of them this CPU can take
    Paths,
    /// Test every path that this CPU can take, and Rust against Go
    #[command(name = "selftest")]
    SelfTest(SelfTest),
    /// Measure each path
    Bench(Bench),
}

/// Whose cipher.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Side {
    /// The one of this program
    Rust,
    /// gmsm's
    Go,
}

/// What to do, decided: nothing here needs checking again.
#[derive(Args)]
pub(crate) struct Job {
    /// The key, 32 hexadecimal digits
    #[arg(long, value_name = "HEX", value_parser = block::parse)]
    pub(crate) key: [u8; block::LEN],
    /// The initial counter, 32 hexadecimal digits; never use one twice with the same key
    #[arg(long, value_name = "HEX", value_parser = block::parse)]
    pub(crate) iv: [u8; block::LEN],
    /// Whose cipher: Go's, or with `--path` Rust's
    #[arg(
        long,
        value_enum,
        default_value = "go",
        default_value_if("path", ArgPredicate::IsPresent, "rust")
    )]
    pub(crate) side: Side,
    /// The path that Rust takes; `sm4 paths` lists them
    #[arg(long, value_name = "NAME")]
    pub(crate) path: Option<String>,
    /// The file to read, or `-` for standard input
    #[arg(value_name = "IN")]
    pub(crate) input: PathBuf,
    /// The file to write, or `-` for standard output; may be the same file as IN
    #[arg(value_name = "OUT")]
    pub(crate) output: PathBuf,
}

/// Why nothing was done, or not all of it.
#[derive(Debug)]
pub enum Failure {
    /// The arguments make no sense, or they ask for help or the version.
    Usage(clap::Error),
    /// What was asked for cannot be had: a path on this CPU, or what `GOCROSS_CPU` says.
    Refused(String),
    /// The work itself failed.
    Job(anyhow::Error),
}

impl Failure {
    /// 2 for what was asked wrongly, 0 for help that was asked for, 1 for a failed job.
    pub fn code(&self) -> ExitCode {
        match self {
            Self::Usage(error) if error.use_stderr() => ExitCode::from(2),
            Self::Usage(_) => ExitCode::SUCCESS,
            Self::Refused(_) => ExitCode::from(2),
            Self::Job(_) => ExitCode::FAILURE,
        }
    }

    /// Tells the person: help goes to standard output, errors to standard error.
    pub fn print(&self) {
        match self {
            // Whether the help could be written changes nothing that follows.
            Self::Usage(error) => drop(error.print()),
            Self::Refused(error) => tell(&mut io::stderr(), &format!("error: {error}")),
            Self::Job(error) => tell(&mut io::stderr(), &format!("error: {error:#}")),
        }
    }
}

impl From<anyhow::Error> for Failure {
    fn from(error: anyhow::Error) -> Self {
        Self::Job(error)
    }
}

impl From<PathError> for Failure {
    fn from(error: PathError) -> Self {
        Self::Refused(error.to_string())
    }
}

/// Writes a line at once: the Go runtime writes to standard error too, from threads of its own.
fn tell(stderr: &mut dyn Write, line: &str) {
    // What cannot be told changes nothing that follows.
    drop(stderr.write_all(format!("{line}\n").as_bytes()));
}

/// Runs the program. `stdin` and `stdout` are what `-` stands for.
pub fn run<A>(args: A, stdin: &mut dyn Read, stdout: &mut dyn Write) -> Result<(), Failure>
where
    A: IntoIterator,
    A::Item: Into<OsString> + Clone,
{
    let cli = Cli::try_parse_from(args).map_err(Failure::Usage)?;
    // A feature that only seems to be hidden would make a test of the other paths a lie.
    if let Some(error) = cpu::mask().error() {
        return Err(Failure::Refused(error.to_string()));
    }
    match cli.verb {
        Verb::Encrypt(job) | Verb::Decrypt(job) => job::run(&job, stdin, stdout),
        Verb::Paths => Ok(report::paths(stdout)?),
        Verb::SelfTest(words) => selftest::run(&words, stdout),
        Verb::Bench(words) => bench::run(&words, stdout),
    }
}
