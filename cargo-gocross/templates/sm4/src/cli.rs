//! The command line: arguments in, one job done, an exit code out.

use crate::{block, job};
use clap::{Args, Parser, Subcommand};
use std::ffi::OsString;
use std::io::{Read, Write};
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
    /// The work itself failed.
    Job(anyhow::Error),
}

impl Failure {
    /// 2 for wrong arguments, 0 for help that was asked for, 1 for a failed job.
    pub fn code(&self) -> ExitCode {
        match self {
            Self::Usage(error) if error.use_stderr() => ExitCode::from(2),
            Self::Usage(_) => ExitCode::SUCCESS,
            Self::Job(_) => ExitCode::FAILURE,
        }
    }

    /// Tells the person: help goes to standard output, errors to standard error.
    pub fn print(&self) {
        match self {
            // Whether the help could be written changes nothing that follows.
            Self::Usage(error) => drop(error.print()),
            Self::Job(error) => eprintln!("error: {error:#}"),
        }
    }
}

/// Runs the program. `stdin` and `stdout` are what `-` stands for.
pub fn run<A>(args: A, stdin: &mut dyn Read, stdout: &mut dyn Write) -> Result<(), Failure>
where
    A: IntoIterator,
    A::Item: Into<OsString> + Clone,
{
    let cli = Cli::try_parse_from(args).map_err(Failure::Usage)?;
    let (Verb::Encrypt(job) | Verb::Decrypt(job)) = cli.verb;
    job::run(&job, stdin, stdout).map_err(Failure::Job)
}
