//! A Go runtime as the guest of a Rust program.
//!
//! `guest SITUATION [ARGUMENT…]`: each situation checks itself and says in one line what held.

mod faults;
mod forks;
mod soak;
mod stacks;
mod storm;
mod threads;

mod go {
    gocross::bindings!();
}

/// `Add` of Go's, safely.
fn add(a: i32, b: i32) -> i32 {
    // SAFETY: two numbers.
    unsafe { go::Add(a, b) }
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["soak", seconds] => soak::run(seconds.parse().unwrap()),
        ["storm", seconds] => storm::run(seconds.parse().unwrap()),
        ["overflow", place] => stacks::overflow(place),
        ["signal-stacks"] => stacks::signal_stacks(),
        ["destructor-in-storm"] => stacks::destructor_in_storm(),
        ["faults"] => faults::shared(),
        ["fault-of-rust"] => faults::of_rust(),
        ["urgent"] => faults::urgent(),
        ["read-back"] => faults::read_back(),
        ["kernel-flags"] => faults::kernel_flags(None),
        ["kernel-flags", library] => faults::kernel_flags(Some(library)),
        ["fork-call"] => forks::call_in_child(),
        ["fork-try"] => forks::try_in_child(),
        ["fork-handlers"] => forks::handlers_in_child(),
        ["command"] => forks::command(),
        ["threads"] => threads::many_at_once(),
        ["churn", count] => threads::churn(count.parse().unwrap(), false),
        ["churn", count, "resident"] => threads::churn(count.parse().unwrap(), true),
        ["destructors"] => threads::destructors(),
        ["at-exit"] => threads::at_exit(),
        ["callbacks"] => threads::callbacks(),
        ["rust-panic"] => threads::rust_panic(),
        ["go-panic"] => threads::go_panic(),
        ["wrapped-panic"] => threads::wrapped_panic(),
        _ => panic!("unknown situation: {words:?}"),
    }
}
