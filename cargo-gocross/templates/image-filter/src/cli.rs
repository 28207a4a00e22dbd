//! The command line: arguments in, one job done, an exit code out.

use crate::bench::{self, Bench};
use crate::filter::Filter;
use crate::path::{self, PathError};
use crate::picture::{MAX_PIXELS, Picture};
use crate::{input, output, sample, selftest};
use anyhow::Context;
use clap::{Args, Parser, Subcommand};
use std::ffi::OsString;
use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;

/// Filter PNG pictures: decoded and encoded in Go, filtered in Rust by the CPU's vectors.
#[derive(Parser)]
#[command(version, args_conflicts_with_subcommands = true, arg_required_else_help = true)]
struct Cli {
    #[command(flatten)]
    job: Option<Job>,
    #[command(subcommand)]
    verb: Option<Verb>,
}

#[derive(Subcommand)]
enum Verb {
    /// Compare each filter with its definition, and say which path ran
    Selftest {
        /// The path, instead of the best one
        #[arg(long, value_name = "NAME")]
        path: Option<String>,
    },
    /// Tell how fast each path is
    Bench(Bench),
    /// List the paths of this architecture, the best one first
    Paths,
    /// Write a picture to try the filters on
    Sample {
        /// The PNG to write
        #[arg(value_name = "OUT.png")]
        output: PathBuf,
    },
}

/// Filter IN.png to OUT.png.
#[derive(Args)]
struct Job {
    /// A filter; give several to run one after the other. The Gaussian where none is given
    #[arg(long, value_enum)]
    filter: Vec<Filter>,
    /// The path, instead of the best one; `paths` lists them
    #[arg(long, value_name = "NAME")]
    path: Option<String>,
    /// Pixels that a picture may have, 67108864 where nothing is said: a small file can hold a
    /// picture that no memory does
    #[arg(long, value_name = "N")]
    max_pixels: Option<u64>,
    /// The PNG to read
    #[arg(value_name = "IN.png")]
    input: PathBuf,
    /// The PNG to write; may be the same file
    #[arg(value_name = "OUT.png")]
    output: PathBuf,
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
    /// 2 for wrong arguments, and for a path that cannot be taken; 0 for help that was asked for;
    /// 1 for a failed job.
    pub fn code(&self) -> ExitCode {
        match self {
            Self::Usage(error) if error.use_stderr() => ExitCode::from(2),
            Self::Usage(_) => ExitCode::SUCCESS,
            Self::Job(error) if error.is::<PathError>() => ExitCode::from(2),
            Self::Job(_) => ExitCode::FAILURE,
        }
    }

    /// Tells the person: help goes to standard output, errors to standard error.
    pub fn print(&self) {
        match self {
            // Whether the help could be written changes nothing that follows.
            Self::Usage(error) => drop(error.print()),
            Self::Job(error) => tell(&mut io::stderr(), &format!("error: {error:#}")),
        }
    }
}

/// Writes a line at once: the Go runtime writes to standard error too, from threads of its own.
fn tell(stderr: &mut dyn Write, line: &str) {
    // What cannot be told changes nothing that follows.
    drop(stderr.write_all(format!("{line}\n").as_bytes()));
}

/// Runs the program. What it finds goes to `stdout`, warnings to `stderr`.
pub fn run<A>(args: A, stdout: &mut dyn Write, stderr: &mut dyn Write) -> Result<(), Failure>
where
    A: IntoIterator,
    A::Item: Into<OsString> + Clone,
{
    let cli = Cli::try_parse_from(args).map_err(Failure::Usage)?;
    if let Some(error) = gocross::cpu::mask().error() {
        tell(stderr, &format!("warning: {error}"));
    }
    match (cli.job, cli.verb) {
        (_, Some(Verb::Selftest { path })) => selftest::run(path.as_deref(), stdout),
        (_, Some(Verb::Bench(bench))) => bench::run(&bench, stdout),
        (_, Some(Verb::Paths)) => selftest::table(stdout),
        (_, Some(Verb::Sample { output })) => sample::rings(96, 64)
            .and_then(|picture| output::write(&output, |file| picture.encode(file))),
        (Some(job), None) => filter(&job),
        // clap shows the help where there are no arguments at all.
        (None, None) => Ok(()),
    }
    .map_err(Failure::Job)
}

fn filter(job: &Job) -> anyhow::Result<()> {
    let path = job.path.as_deref().map_or_else(|| Ok(path::best()), path::named)?;
    let file = input::read(&job.input)?;
    let mut picture = Picture::decode(&file, job.max_pixels.unwrap_or(MAX_PIXELS))
        .with_context(|| format!("cannot decode `{}`", job.input.display()))?;
    drop(file);
    let filters = if job.filter.is_empty() { &[Filter::Gaussian][..] } else { &job.filter };
    for filter in filters {
        filter.apply(&mut picture, path);
    }
    output::write(&job.output, |file| picture.encode(file))
}
