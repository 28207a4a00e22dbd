mod go {
    gocross::bindings!();
}

fn main() {
    // SAFETY: the functions take nothing.
    unsafe { println!("zstd {} {}", go::Version(), go::RoundTrip() != 0) };
}
