//! Asks Go for what pkg-config found.

mod go {
    gocross::bindings!();
}

fn main() {
    // SAFETY: the functions take nothing.
    unsafe { println!("zstd {} {}", go::Version(), go::RoundTrip() != 0) };
}
