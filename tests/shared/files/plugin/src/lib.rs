//! Functions for C.

/// Starts Go, where the build says that the program does so.
#[unsafe(no_mangle)]
pub extern "C" fn plugin_start() {
    counter::start();
}

/// Counts its calls.
#[unsafe(no_mangle)]
pub extern "C" fn plugin_next() -> i64 {
    counter::next()
}

/// Whether a goroutine from the beginning answers, many more do, and a panic of Rust's that was
/// on its way through frames with calls of Go is caught.
#[unsafe(no_mangle)]
pub extern "C" fn plugin_works() -> bool {
    let caught = std::panic::catch_unwind(|| {
        let seen = counter::square(7);
        assert_ne!(seen, 49, "as it should be");
    });
    caught.is_err() && counter::sum(100) == 5050
}

/// Prints what Go knows of the program.
#[unsafe(no_mangle)]
pub extern "C" fn plugin_describe() {
    println!("{}", counter::describe());
}
