//! The program: see `cli.rs` for what it takes, `path/mod.rs` for the choice of a CPU path, and
//! `picture.rs` for the memory that Go and Rust share.

use std::io;
use std::process::ExitCode;

fn main() -> ExitCode {
    match {{crate}}::cli::run(std::env::args_os(), &mut io::stdout(), &mut io::stderr()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            failure.print();
            failure.code()
        }
    }
}
