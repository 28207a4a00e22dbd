//! `cargo gocross`: one cargo command that builds Go into Rust programs, for every target.
//!
//! The command line becomes a list of targets and cargo's own arguments (`cargo_args`),
//! the targets become tools (`prepare`), the tools become environment variables
//! (`cargo_env`), and cargo does the rest. Only `ui` prints.

mod cargo_args;
mod cargo_call;
mod cargo_config;
mod cargo_env;
mod cargo_messages;
mod cli;
mod cli_config;
mod codegen;
mod command_tree;
mod commands;
mod cpu_facts;
mod cpu_matrix;
mod crt_static;
mod difference;
mod explain;
mod manifest;
mod metadata;
mod post_mortem;
mod prepare;
mod project;
mod scaffold;
mod selection;
mod shared_objects;
mod signals;
mod sizes;
mod std_profile;
mod sysroots;
mod targets;
mod template;
mod two_owners;
mod ui;
mod verb;
mod verification;

use std::ffi::OsString;
use std::process::ExitCode;

use clap::Parser;
use gocross_diagnostic::{Code, Diagnostic};
use gocross_toolchain::Env;

use cli::{Cli, Verb};
use verb::Verb as CargoVerb;

/// Runs the command line of this process.
#[must_use]
pub fn main() -> ExitCode {
    let cli = match Cli::try_parse_from(without_own_name(std::env::args_os())) {
        Ok(cli) => cli,
        Err(error) => {
            // A reader that went away (`cargo gocross --help | head -1`) is no failure.
            error.print().ok();
            return ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2));
        }
    };
    let outcome = match Env::of_process() {
        Ok(env) => run(cli, &env),
        Err(error) => Err(Box::new(
            Diagnostic::error(Code::Io, "the current folder cannot be read")
                .detail(error.to_string()),
        )),
    };
    match outcome {
        Ok(status) => ExitCode::from(status),
        Err(diagnostic) => {
            ui::tell(&diagnostic);
            ExitCode::from(diagnostic.code.exit_status() as u8)
        }
    }
}

fn run(cli: Cli, env: &Env) -> gocross_diagnostic::Result<u8> {
    match cli.verb {
        Verb::Build(cargo) => commands::cargo::run(env, CargoVerb::Build, cargo.args),
        Verb::Check(cargo) => commands::cargo::run(env, CargoVerb::Check, cargo.args),
        Verb::Clippy(cargo) => commands::cargo::run(env, CargoVerb::Clippy, cargo.args),
        Verb::Doc(cargo) => commands::cargo::run(env, CargoVerb::Doc, cargo.args),
        Verb::Fix(cargo) => commands::cargo::run(env, CargoVerb::Fix, cargo.args),
        Verb::Run(cargo) => commands::cargo::run(env, CargoVerb::Run, cargo.args),
        Verb::Test(cargo) => commands::cargo::run(env, CargoVerb::Test, cargo.args),
        Verb::Bench(cargo) => commands::cargo::run(env, CargoVerb::Bench, cargo.args),
        Verb::Nextest(cargo) => commands::cargo::run(env, CargoVerb::Nextest, cargo.args),
        Verb::Rustc(cargo) => commands::cargo::run(env, CargoVerb::Rustc, cargo.args),
        Verb::Rustdoc(cargo) => commands::cargo::run(env, CargoVerb::Rustdoc, cargo.args),
        Verb::Install(cargo) => commands::cargo::run(env, CargoVerb::Install, cargo.args),
        Verb::New(args) => commands::new::new(env, &args),
        Verb::Init(args) => commands::new::init(env, &args),
        Verb::Env(args) => commands::env::run(env, &args),
        Verb::Doctor(args) => commands::doctor::run(env, &args),
        Verb::Verify(args) => commands::verify::run(env, &args),
        Verb::Inspect(args) => commands::inspect::run(env, &args),
        Verb::Size(args) => commands::size::run(env, &args),
        Verb::Diff(args) => commands::diff::run(env, &args),
        Verb::VerifiedRun(args) => commands::verified_run::run(env, &args),
        Verb::Explain(args) => commands::explain::run(&args),
        Verb::Completions(args) => Ok(commands::completions::run(args.shell)),
        Verb::Man(args) => commands::man::run(env, &args),
        Verb::Targets(args) => commands::targets::run(env, &args),
    }
}

/// cargo starts its subcommands with their own name as the first argument.
fn without_own_name(args: impl Iterator<Item = OsString>) -> Vec<OsString> {
    let mut args: Vec<OsString> = args.collect();
    if args.get(1).is_some_and(|word| word == "gocross") {
        args.remove(1);
    }
    args
}
