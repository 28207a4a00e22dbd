//! The words of the command line.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::builder::PossibleValuesParser;
use clap::{Args, Parser, Subcommand};
use gocross_targets::TARGETS;

use crate::{ci, fuzz};

/// The project's own commands.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) verb: Verb,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    /// Show what the project needs for the targets that CI runs and install what is missing
    Setup(Setup),
    /// Build the SM4 example for aarch64, run it under QEMU, compare it with OpenSSL
    Demo {
        /// Install what is missing without asking
        #[arg(long, short)]
        yes: bool,
    },
    /// Run all tests, or those of some targets
    Test(Test),
    /// Run every check, as CI does
    Ci {
        /// Run these steps alone
        #[arg(value_name = "STEP", value_parser = PossibleValuesParser::new(ci::names()))]
        steps: Vec<String>,
    },
    /// Build the plugin with which QEMU tells what a program runs, and print its path
    Plugin,
    /// Check the rules of the house that a machine can check
    Tidy,
    /// Write the generated files
    Codegen {
        /// Write nothing; fail where a file is out of date
        #[arg(long)]
        check: bool,
    },
    /// Build the documentation as a book (needs mdbook)
    Book,
    /// Feed hostile files to what reads files (needs cargo-fuzz and g++)
    Fuzz {
        /// For how long, each target
        #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u32).range(1..))]
        minutes: u32,
        /// These targets alone
        #[arg(value_name = "TARGET", value_parser = PossibleValuesParser::new(fuzz::TARGETS))]
        targets: Vec<String>,
    },
    /// Keep a program of Rust and Go busy with calls, signals, children and garbage collections
    Soak {
        /// For how long, in seconds
        #[arg(long, default_value_t = 600, value_parser = clap::value_parser!(u32).range(60..))]
        seconds: u32,
    },
    /// Measure
    #[command(subcommand)]
    Bench(Bench),
}

/// How to set up.
#[derive(Debug, Default, Args)]
pub(crate) struct Setup {
    /// Install what is missing without asking
    #[arg(long, short)]
    pub(crate) yes: bool,
    /// Install nothing; fail where something is missing
    #[arg(long, conflicts_with = "yes")]
    pub(crate) check: bool,
    /// What this target needs, and no other; may be given more than once
    #[arg(long = "target", value_name = "TRIPLE", value_parser = PossibleValuesParser::new(TARGETS.iter().map(|row| row.triple)))]
    pub(crate) targets: Vec<String>,
}

/// Which tests to run.
#[derive(Debug, Default, Args)]
pub(crate) struct Test {
    /// Install what is missing without asking
    #[arg(long, short)]
    pub(crate) yes: bool,
    /// The tests that name this target, and no other; may be given more than once
    #[arg(long = "target", value_name = "TRIPLE", value_parser = PossibleValuesParser::new(TARGETS.iter().map(|row| row.triple)))]
    pub(crate) targets: Vec<String>,
    /// The tests that name a target which CI does not run
    #[arg(long, conflicts_with = "targets")]
    pub(crate) by_hand: bool,
    /// Arguments for `cargo test`
    #[arg(trailing_var_arg = true, allow_hyphen_values = true, value_name = "ARGS", conflicts_with_all = ["targets", "by_hand"])]
    pub(crate) args: Vec<OsString>,
}

/// What to measure.
#[derive(Debug, Subcommand)]
pub(crate) enum Bench {
    /// Time the verification of a large program against readelf, nm and objdump
    Verify {
        /// Runs of each command
        #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u32).range(1..))]
        runs: u32,
        /// Fail when it takes more than this part of the time of the others together
        #[arg(long, value_name = "RATIO")]
        max_ratio: Option<f64>,
        /// The file; without it a build script with bindgen in it
        file: Option<PathBuf>,
    },
    /// Count how many instructions a second the rule `cpu-paths` reads; ten million have to be
    Scan {
        /// Runs of each file
        #[arg(long, default_value_t = 9, value_parser = clap::value_parser!(u32).range(1..))]
        runs: u32,
        /// The files; without any, a program for x86-64 and a library for aarch64
        files: Vec<PathBuf>,
    },
    /// Time `cargo gocross build` with nothing changed against plain `cargo build`
    Noop {
        /// Runs of each command
        #[arg(long, default_value_t = 30, value_parser = clap::value_parser!(u32).range(1..))]
        runs: u32,
        /// Fail when the subcommand takes more than this many times as long as plain `cargo build`
        #[arg(long, value_name = "RATIO")]
        max_ratio: Option<f64>,
    },
    /// Measure what calls from Rust into Go cost, and what Go adds to the start of a program
    Calls {
        /// How often everything is measured, in turn
        #[arg(long, default_value_t = 20, value_parser = clap::value_parser!(u32).range(1..))]
        rounds: u32,
        /// Fail where a figure is not what it has to be
        #[arg(long)]
        check: bool,
        /// Put the figures into docs/performance.md
        #[arg(long)]
        write: bool,
    },
    /// Measure the paths of the SM4 example against gmsm, OpenSSL and what is demanded of them
    Sm4 {
        /// Runs of each; the best one counts
        #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u32).range(1..))]
        runs: u32,
        /// Only on this machine, nothing under QEMU
        #[arg(long)]
        host: bool,
    },
    /// Compare the size of a program of Rust and Go with those of the two alone
    Size {
        /// Measure for this target instead of OpenWrt's; may be given more than once
        #[arg(long = "target", value_name = "TRIPLE", value_parser = PossibleValuesParser::new(TARGETS.iter().map(|row| row.triple)))]
        targets: Vec<String>,
        /// Fail when a program is more than this many times as big as its two parts
        #[arg(long, value_name = "RATIO")]
        max_ratio: Option<f64>,
        /// Only compare the profiles of the example: as it is, for size, and with a std for size
        #[arg(long, conflicts_with = "max_ratio")]
        profiles: bool,
    },
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn the_command_line_is_well_formed() {
        Cli::command().debug_assert();
    }

    #[test]
    fn setup_takes_targets_of_the_table_and_no_others() {
        let parse = |triple| {
            let words = ["xtask", "setup", "--target", "mipsel-unknown-linux-gnu", "--target"];
            Cli::try_parse_from(words.into_iter().chain([triple]))
        };
        let Verb::Setup(setup) = parse("aarch64-unknown-linux-gnu").unwrap().verb else {
            panic!("not `setup`");
        };
        assert_eq!(setup.targets, ["mipsel-unknown-linux-gnu", "aarch64-unknown-linux-gnu"]);
        assert!(parse("aarch64-unknown-linux").is_err());
    }

    #[test]
    fn test_takes_targets_or_arguments_for_cargo() {
        let parse = |words: &[&str]| {
            let words = ["xtask", "test"].iter().chain(words);
            Cli::try_parse_from(words).map(|cli| match cli.verb {
                Verb::Test(test) => test,
                verb => panic!("{verb:?}"),
            })
        };
        assert_eq!(parse(&["--", "--nocapture", "sm4"]).unwrap().args, ["--nocapture", "sm4"]);
        let triple = "s390x-unknown-linux-gnu";
        assert_eq!(parse(&["--target", triple]).unwrap().targets, [triple]);
        assert!(parse(&["--by-hand"]).unwrap().by_hand);
        assert!(parse(&["--by-hand", "--target", triple]).is_err());
        assert!(parse(&["--target", triple, "--", "sm4"]).is_err());
    }
}
