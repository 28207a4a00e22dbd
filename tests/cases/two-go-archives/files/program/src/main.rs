//! A program with Go in it.

mod go {
    gocross::bindings!();
}

fn main() {
    // SAFETY: plain numbers.
    println!("{}", unsafe { go::Number_program() });
}
