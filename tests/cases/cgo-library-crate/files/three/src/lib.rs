//! Three, by way of the library of mathematics.

mod go {
    gocross::bindings!();
}

pub fn three() -> i32 {
    // SAFETY: it takes a number.
    unsafe { go::Root(9) }
}
