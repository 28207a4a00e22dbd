//! The words of the command line.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::builder::PossibleValuesParser;
use clap::{Args, Parser, Subcommand};
use gocross_targets::TARGETS;

use crate::ci;

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
    /// Run all tests
    Test {
        /// Arguments for `cargo test`
        #[arg(trailing_var_arg = true, allow_hyphen_values = true, value_name = "ARGS")]
        args: Vec<OsString>,
    },
    /// Run every check, as CI does
    Ci {
        /// Run these steps alone
        #[arg(value_name = "STEP", value_parser = PossibleValuesParser::new(ci::names()))]
        steps: Vec<String>,
    },
    /// Check the rules of the house that a machine can check
    Tidy,
    /// Write the generated files
    Codegen {
        /// Write nothing; fail where a file is out of date
        #[arg(long)]
        check: bool,
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

/// What to measure.
#[derive(Debug, Subcommand)]
pub(crate) enum Bench {
    /// Time `cargo gocross build` with nothing changed against plain `cargo build`
    Noop {
        /// Runs of each command
        #[arg(long, default_value_t = 30, value_parser = clap::value_parser!(u32).range(1..))]
        runs: u32,
        /// Fail when the subcommand takes more than this many times as long as plain `cargo build`
        #[arg(long, value_name = "RATIO")]
        max_ratio: Option<f64>,
    },
    /// Time `cargo gocross verify` on a large file against `readelf`, `nm` and `objdump`
    Verify {
        /// The file; without one, the library of the Rust compiler
        #[arg(long)]
        file: Option<PathBuf>,
        /// Runs of each
        #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u32).range(1..))]
        runs: u32,
        /// Fail when the verdict takes more than this many times as long as the tools
        #[arg(long, value_name = "RATIO")]
        max_ratio: Option<f64>,
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
    fn test_passes_flags_on() {
        let Verb::Test { args } =
            Cli::try_parse_from(["xtask", "test", "--", "--nocapture"]).unwrap().verb
        else {
            panic!("not `test`");
        };
        assert_eq!(args, ["--nocapture"]);
    }
}
