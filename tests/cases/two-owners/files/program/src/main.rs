//! Asks both owners.

mod go {
    gocross::bindings!();
}

fn main() {
    // SAFETY: it takes nothing.
    println!("go {}, rust {}", unsafe { go::Ask() }, other::ask());
}
