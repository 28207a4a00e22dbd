//! A library that is written in Rust and shipped in a Go module: it has a copy of Rust's standard
//! library in it, and the program has another.

use std::collections::BTreeMap;
use std::panic::catch_unwind;

/// Allocates, starts a thread and unwinds.
#[unsafe(no_mangle)]
pub extern "C" fn rusty(n: i32) -> i32 {
    let squares: BTreeMap<i32, i32> = (0..=n).map(|n| (n, n * n)).collect();
    let sum = std::thread::spawn(move || squares.values().sum::<i32>()).join().unwrap();
    let caught = catch_unwind(|| {
        if n > 0 {
            std::panic::resume_unwind(Box::new("unwinds"));
        }
    });
    sum + i32::from(caught.is_err()) * 1000
}
