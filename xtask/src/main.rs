//! The project's own commands, run as `cargo xtask <verb>`: one verb a file.

mod bench;
mod book;
mod ci;
mod cli;
mod codegen;
mod command;
mod demo;
mod environment;
mod failure;
mod fuzz;
mod plugin;
mod setup;
mod soak;
mod test;
mod tidy;
mod tree;
mod ui;
mod workspace;

use std::process::ExitCode;

use clap::Parser as _;

use crate::cli::{Bench, Cli, Verb};

fn main() -> ExitCode {
    let done = match Cli::parse().verb {
        Verb::Setup(args) => setup::run(&args),
        Verb::Demo { yes } => demo::run(yes),
        Verb::Test(args) => test::run(&args),
        Verb::Ci { steps } => ci::run(&steps),
        Verb::Plugin => plugin::run(),
        Verb::Tidy => tidy::run(),
        Verb::Codegen { check } => codegen::run(check),
        Verb::Book => book::run(),
        Verb::Fuzz { minutes, targets } => fuzz::run(minutes, &targets),
        Verb::Soak { seconds } => soak::run(seconds),
        Verb::Bench(Bench::Scan { runs, files }) => bench::scan::run(runs, files),
        Verb::Bench(Bench::Verify { runs, file, max_ratio }) => {
            bench::verify::run(runs, file, max_ratio)
        }
        Verb::Bench(Bench::Noop { runs, max_ratio }) => bench::noop::run(runs, max_ratio),
        Verb::Bench(Bench::Calls { rounds, check, write }) => {
            bench::calls::run(rounds, check, write)
        }
        Verb::Bench(Bench::Sm4 { runs, host }) => bench::sm4::run(runs, host),
        Verb::Bench(Bench::Size { targets, profiles: true, .. }) => bench::size::profiles(&targets),
        Verb::Bench(Bench::Size { targets, max_ratio, .. }) => {
            bench::size::run(&targets, max_ratio)
        }
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            ui::failure(&failure);
            ExitCode::FAILURE
        }
    }
}
