//! Threads: the first call on a new one, and calls on several at once.

use std::thread;

use crate::calls::add;
use crate::measure::Case;

/// Threads one after the other: a millisecond, or less.
const THREADS: u32 = 20;
/// Calls that the threads share: far more than what it takes to start eight of them.
const CALLS: u32 = 200_000;

/// The cases for the first call: a thread that calls, and one that does not.
pub const FIRST: &[Case] = &[
    Case { name: "thread", times: THREADS, run: |threads| start(threads, || ()) },
    Case { name: "thread-add", times: THREADS, run: |threads| start(threads, || add(1)) },
];

/// The cases for calls on several threads.
pub const MANY: &[Case] = &[
    Case { name: "threads-1", times: CALLS, run: |calls| share(calls, 1) },
    Case { name: "threads-2", times: CALLS, run: |calls| share(calls, 2) },
    Case { name: "threads-4", times: CALLS, run: |calls| share(calls, 4) },
    Case { name: "threads-8", times: CALLS, run: |calls| share(calls, 8) },
];

fn start(threads: u32, work: fn()) {
    for _ in 0..threads {
        thread::spawn(work).join().expect("the thread does not panic");
    }
}

fn share(calls: u32, threads: u32) {
    thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| add(calls / threads));
        }
    });
}
