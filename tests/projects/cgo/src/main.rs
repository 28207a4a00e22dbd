//! The bindings once more in a program beside the library, which it uses as well.

mod go {
    #![allow(dead_code)]
    gocross::bindings!();
}

fn main() {
    for line in cgo::lines() {
        println!("{line}");
    }
    // SAFETY: it takes a number.
    println!("main {}", unsafe { go::Third(0) });
}
