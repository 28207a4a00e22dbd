//! The Go functions, made safe.

mod go {
    gocross::bindings!();
}

/// Counts its calls.
pub fn next() -> i64 {
    // SAFETY: no arguments, and a plain number comes back.
    unsafe { go::Next() }
}

/// `n` times `n`, by a goroutine that was there from the beginning.
pub fn square(n: i64) -> i64 {
    // SAFETY: plain numbers.
    unsafe { go::Square(n) }
}

/// The sum of the numbers up to `n`, on as many goroutines.
pub fn sum(n: i64) -> i64 {
    // SAFETY: plain numbers.
    unsafe { go::Sum(n) }
}

/// What Go knows of the program.
pub fn describe() -> String {
    // SAFETY: the result is C.CString's, for us to free.
    let text = unsafe { gocross::OwnedCStr::from_raw(go::Describe()) };
    text.map_or_else(String::new, |text| text.to_string_lossy().into_owned())
}

/// Starts Go, where the build says that the program does so.
pub fn start() {
    gocross::start();
}
