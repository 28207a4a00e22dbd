//! What calls into Go by rust2go cost, by the clock; `cargo xtask bench calls` runs it beside
//! `calls` and reads the lines.

#[path = "../../calls/src/measure.rs"]
mod measure;
mod user;

use std::hint::black_box;
use std::process::ExitCode;
use std::sync::LazyLock;

use measure::Case;
use tokio::runtime::{Builder, Runtime};
use user::{Calls as _, CallsImpl};

const CASES: &[Case] = &[
    Case { name: "rust2go-sync", times: 200, run: sync },
    Case { name: "rust2go-async", times: 20, run: asynchronous },
];

const RARE: Case = Case { name: "rust2go-rare", times: 1, run: asynchronous };

const USAGE: &str = "\
usage: rust2go-calls call ROUNDS        both kinds of calls
       rust2go-calls rare TIMES         async ones, after a pause
       rust2go-calls repeat NAME TIMES  one of them, without a clock";

fn sync(calls: u32) {
    let mut sum = 0;
    for _ in 0..calls {
        sum = CallsImpl::add(black_box(sum), 1);
    }
    assert_eq!(i64::from(sum), i64::from(calls));
}

fn asynchronous(calls: u32) {
    // One for all rounds: its start is not what is measured.
    static RUNTIME: LazyLock<Runtime> = LazyLock::new(|| {
        Builder::new_current_thread().build().expect("a runtime without timers needs nothing")
    });
    let sum = RUNTIME.block_on(async {
        let mut sum = 0;
        for _ in 0..calls {
            sum = CallsImpl::add_async(black_box(sum), 1).await;
        }
        sum
    });
    assert_eq!(i64::from(sum), i64::from(calls));
}

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let number = words.last().and_then(|word| word.parse().ok());
    let done = match (words.as_slice(), number) {
        (["call", _], Some(rounds)) => {
            measure::rounds(CASES, rounds);
            Ok(())
        }
        (["rare", _], Some(times)) => {
            measure::after_pauses(&RARE, times);
            Ok(())
        }
        (["repeat", name, _], Some(times)) => measure::repeat(CASES, name, times),
        _ => Err(USAGE.to_owned()),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("{message}");
            ExitCode::FAILURE
        }
    }
}
