//! A program that does not use the library beside it.

mod go {
    #![allow(dead_code)]
    gocross::bindings!();
}

/// C code of the Go package calls it.
#[unsafe(no_mangle)]
extern "C" fn of_rust(n: i32) -> i32 {
    n + 2
}

fn main() {
    // SAFETY: they take numbers.
    unsafe { println!("alone {} {}", go::Third(0), go::OfRust(0)) };
}
