//! What calls from Rust into Go cost, by the clock; `cargo xtask bench calls` runs it and reads the
//! lines.

mod calls;
mod deferred;
mod latency;
mod measure;
mod threads;

mod go {
    gocross::bindings!();
}

use std::process::ExitCode;

const USAGE: &str = "\
usage: calls call ROUNDS        one call after the other
       calls thread ROUNDS      the first call on a thread
       calls threads ROUNDS     several threads at once
       calls spawn ROUNDS       by tokio's `spawn_blocking`
       calls tick ROUNDS        a timer of tokio's beside Go calls
       calls deferred ROUNDS    in batches, and by a future
       calls rare TIMES         by a future, after a pause
       calls repeat NAME TIMES  a case of `call` or `deferred`, without a clock";

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match run(&words) {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("{message}");
            ExitCode::FAILURE
        }
    }
}

fn run(words: &[&str]) -> Result<(), String> {
    let number = words.last().and_then(|word| word.parse().ok());
    match (words, number) {
        (["call", _], Some(rounds)) => measure::rounds(calls::CASES, rounds),
        (["thread", _], Some(rounds)) => measure::rounds(threads::FIRST, rounds),
        (["threads", _], Some(rounds)) => measure::rounds(threads::MANY, rounds),
        (["spawn", _], Some(rounds)) => measure::rounds(latency::CASES, rounds),
        (["tick", _], Some(rounds)) => latency::rounds(rounds),
        (["deferred", _], Some(rounds)) => measure::rounds(deferred::CASES, rounds),
        (["rare", _], Some(times)) => measure::after_pauses(&deferred::RARE, times),
        (["repeat", name, _], Some(times)) => {
            let is_deferred = deferred::CASES.iter().any(|case| case.name == *name);
            let cases = if is_deferred { deferred::CASES } else { calls::CASES };
            return measure::repeat(cases, name, times);
        }
        _ => return Err(USAGE.to_owned()),
    }
    Ok(())
}
