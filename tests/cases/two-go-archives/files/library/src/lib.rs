//! A library with Go in it.

mod go {
    gocross::bindings!();
}

pub fn number() -> i64 {
    // SAFETY: plain numbers.
    unsafe { go::Number_library() }
}
