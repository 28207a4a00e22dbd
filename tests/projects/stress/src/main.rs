//! Eight threads of Rust's call Go, which is busy with itself.

use gocross::{GoError, OwnedCStr};

mod go {
    gocross::bindings!();
}

const THREADS: i64 = 8;
const GOROUTINES: i64 = 1000;

fn work(thread: i64) -> Result<i64, GoError> {
    // SAFETY: the second result is nil or C.CString's, for us to free.
    unsafe {
        let both = go::Work(thread, GOROUTINES);
        gocross::result(both.r0, both.r1)
    }
}

fn fetch(thread: i64) -> Result<(), GoError> {
    // SAFETY: nil or C.CString's, for us to free.
    unsafe { gocross::check(go::Fetch(thread)) }
}

fn fault() -> String {
    // SAFETY: C.CString's, for us to free.
    let text = unsafe { OwnedCStr::from_raw(go::Fault()) };
    text.map_or_else(String::new, |text| text.to_string_lossy().into_owned())
}

fn all(thread: i64) {
    let sum = work(thread).expect("the goroutines");
    assert_eq!(sum, GOROUTINES * (GOROUTINES - 1) / 2, "thread {thread}");
    fetch(thread).expect("the server");
    assert!(fault().contains("nil pointer dereference"), "{}", fault());
    // SAFETY: a plain number.
    let late = unsafe { go::Timer() };
    assert!(late >= 2, "a timer rang after {late} ms");
}

fn main() {
    // SAFETY: nil or C.CString's, for us to free.
    unsafe { gocross::check(go::Start()).expect("a server on loopback") };
    std::thread::scope(|scope| {
        for thread in 0..THREADS {
            scope.spawn(move || all(thread));
        }
    });
    // SAFETY: a plain number.
    let collected = unsafe { go::Stop() };
    assert!(collected > 0, "no garbage collected");
    println!("{THREADS} threads, {} goroutines", THREADS * GOROUTINES);
}
