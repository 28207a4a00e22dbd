//! A program that starts and ends. With an argument it calls Go in between, where Go is in it.

use std::process::ExitCode;

#[cfg(feature = "go")]
mod go {
    gocross::bindings!();
}

#[cfg(feature = "go")]
fn add(a: i32, b: i32) -> i32 {
    // SAFETY: Add takes and gives plain numbers.
    unsafe { go::Add(a, b) }
}

#[cfg(not(feature = "go"))]
fn add(a: i32, b: i32) -> i32 {
    std::hint::black_box(a) + b
}

fn main() -> ExitCode {
    let sum = if std::env::args_os().len() > 1 { add(40, 2) } else { 42 };
    if sum == 42 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
