//! Calls Go with a number of another crate.

mod go {
    gocross::bindings!();
}

fn main() {
    // SAFETY: plain numbers.
    println!("{}", unsafe { go::Add(other::number(), 2) });
}
