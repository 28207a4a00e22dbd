//! The program: see `cli.rs` for what it takes and `ctr.rs` for the calls to Go.

use std::io;
use std::process::ExitCode;

fn main() -> ExitCode {
    let outcome = sm4::cli::run(std::env::args_os(), &mut io::stdin(), &mut io::stdout());
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            failure.print();
            failure.code()
        }
    }
}
