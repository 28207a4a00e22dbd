//! Ways of doing something, measured in turn; a line a measurement: `NAME TIMES NANOSECONDS`.

use std::fmt::Write as _;
use std::io::Write as _;
use std::time::{Duration, Instant};

/// Longer than anything looks for work before it sleeps.
const PAUSE: Duration = Duration::from_millis(1);

/// A way of doing something.
pub struct Case {
    /// Its name, without blanks.
    pub name: &'static str,
    /// How many times at once: so many that the clock's own cost does not count.
    pub times: u32,
    /// Does it so many times.
    pub run: fn(u32),
}

/// Measures each case once in each round, and prints at the end.
pub fn rounds(cases: &[Case], rounds: u32) {
    let mut lines = String::new();
    for case in cases {
        (case.run)(case.times);
    }
    for round in 0..rounds {
        let mut measure = |case: &Case| {
            let start = Instant::now();
            (case.run)(case.times);
            record(&mut lines, case.name, case.times, start.elapsed().as_nanos());
        };
        // Backwards every other time: what one leaves in the caches is no neighbour's advantage.
        if round % 2 == 0 {
            cases.iter().for_each(&mut measure);
        } else {
            cases.iter().rev().for_each(&mut measure);
        }
    }
    print(&lines);
}

/// Measures a case after pauses, in which threads that wait for work go to sleep; prints at the end.
pub fn after_pauses(case: &Case, times: u32) {
    let mut lines = String::new();
    for _ in 0..times {
        std::thread::sleep(PAUSE);
        let start = Instant::now();
        (case.run)(case.times);
        record(&mut lines, case.name, case.times, start.elapsed().as_nanos());
    }
    print(&lines);
}

/// Adds the line of a measurement.
pub fn record(lines: &mut String, name: &str, times: u32, nanoseconds: u128) {
    // Writing to a string does not fail.
    let _ = writeln!(lines, "{name} {times} {nanoseconds}");
}

/// Prints what was recorded.
pub fn print(lines: &str) {
    // Who reads no longer needs no more.
    let _ = std::io::stdout().write_all(lines.as_bytes());
}

/// Does a case so many times and measures nothing: for who counts instructions from outside.
///
/// # Errors
///
/// The names that there are, where `name` is none of them.
pub fn repeat(cases: &[Case], name: &str, times: u32) -> Result<(), String> {
    let Some(case) = cases.iter().find(|case| case.name == name) else {
        let names: Vec<&str> = cases.iter().map(|case| case.name).collect();
        return Err(format!("no `{name}` among {}", names.join(", ")));
    };
    (case.run)(times);
    Ok(())
}
