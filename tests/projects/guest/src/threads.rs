//! Threads that call Go, and functions that Go calls.

use std::cell::RefCell;
use std::ffi::{c_int, c_void};
use std::sync::Barrier;
use std::sync::atomic::{AtomicI32, Ordering::Relaxed};

use crate::go;

/// 64 threads call for the first time at once.
pub(crate) fn many_at_once() {
    let barrier = Barrier::new(64);
    std::thread::scope(|scope| {
        for i in 0..64 {
            let barrier = &barrier;
            scope.spawn(move || {
                barrier.wait();
                for j in 0..100 {
                    assert_eq!(crate::add(i, j), i + j);
                }
            });
        }
    });
    println!("64 threads");
}

/// What the system counts for this process.
pub(crate) struct Usage {
    mappings: usize,
    /// In KiB.
    pub(crate) resident: u64,
}

pub(crate) fn usage() -> Usage {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
    Usage {
        mappings: std::fs::read_to_string("/proc/self/maps").unwrap().lines().count(),
        resident: line.trim().trim_end_matches(" kB").parse().unwrap(),
    }
}

/// Threads that live for one call: neither they nor their stacks pile up. An emulator's memory is
/// its own, so `resident` says whether that counts.
pub(crate) fn churn(count: usize, resident: bool) {
    let round = |count: usize| {
        for _ in 0..count / 4 {
            let threads = [1, 2, 3, 4]
                .map(|i| std::thread::spawn(move || assert_eq!(crate::add(i, i), 2 * i)));
            threads.into_iter().for_each(|thread| thread.join().unwrap());
        }
    };
    round(count / 10);
    let before = usage();
    round(count - count / 10);
    let after = usage();
    let (from, to) = (before.mappings, after.mappings);
    assert!(to < from + 40, "mappings went from {from} to {to}");
    let (from, to) = (before.resident, after.resident);
    assert!(!resident || to < from + 8192, "resident memory went from {from} to {to} KiB");
    println!("{count} threads");
}

static CALLS_AT_THE_END: AtomicI32 = AtomicI32::new(0);

struct CallsGo;

impl Drop for CallsGo {
    fn drop(&mut self) {
        CALLS_AT_THE_END.fetch_add(crate::add(1, 0), Relaxed);
        // What the kernel has, and not what the C library's function tells.
        // SAFETY: writes to `now`.
        unsafe {
            let mut now: libc::stack_t = std::mem::zeroed();
            let none = std::ptr::null::<libc::stack_t>();
            assert_eq!(libc::syscall(libc::SYS_sigaltstack, none, &raw mut now), 0);
            assert_eq!(now.ss_flags & libc::SS_DISABLE, 0, "Go runs without a signal stack");
        }
    }
}

thread_local! {
    static LAST: RefCell<Option<CallsGo>> = const { RefCell::new(None) };
}

/// Thread-local values whose destructors call Go: on threads that did so before, and on others.
pub(crate) fn destructors() {
    for i in 0..200 {
        let body = move || {
            LAST.set(Some(CallsGo));
            assert!(i % 2 == 0 || crate::add(1, 2) == 3);
        };
        std::thread::spawn(body).join().unwrap();
    }
    println!("{} destructors", CALLS_AT_THE_END.load(Relaxed));
}

/// A call when the program ends.
pub(crate) fn at_exit() {
    extern "C" fn last() {
        println!("at exit: {}", crate::add(20, 22));
    }
    assert_eq!(crate::add(1, 1), 2);
    // SAFETY: a function without arguments.
    assert_eq!(unsafe { libc::atexit(last) }, 0);
}

/// Goroutines call a closure of Rust's, which calls Go again.
pub(crate) fn callbacks() {
    extern "C" fn call<F: Fn(c_int) -> c_int>(context: *mut c_void, n: c_int) -> c_int {
        // SAFETY: the context is the closure, which outlives the call.
        unsafe { (*context.cast::<F>())(n) }
    }
    fn with<F: Fn(c_int) -> c_int + Sync>(f: &F, n: i32) -> i64 {
        // SAFETY: Go keeps neither the function nor its context.
        unsafe { go::CallBack(Some(call::<F>), std::ptr::from_ref(f).cast_mut().cast(), 4, n) }
    }
    let seen = AtomicI32::new(0);
    let sum = with(
        &|n| {
            seen.fetch_add(1, Relaxed);
            crate::add(n, 1)
        },
        1000,
    );
    assert_eq!((sum, seen.load(Relaxed)), (4 * 500_500, 4000));
    println!("4000 calls back");
}

/// A panic in a function that Go calls does not unwind into Go.
pub(crate) fn rust_panic() {
    extern "C" fn call(_: *mut c_void, _: c_int) -> c_int {
        panic!("a panic of Rust's")
    }
    // The message alone.
    std::panic::set_hook(Box::new(|panic| {
        eprintln!("{}", panic.payload().downcast_ref::<&str>().unwrap_or(&"no text"));
    }));
    // SAFETY: no context is used.
    unsafe { go::CallBack(Some(call), std::ptr::null_mut(), 1, 1) };
    println!("not reached");
}

/// A panic of Go's that nobody recovers.
pub(crate) fn go_panic() {
    // SAFETY: no arguments.
    unsafe { go::Panic() };
    println!("not reached");
}

/// One that Go recovers and returns.
pub(crate) fn wrapped_panic() {
    // SAFETY: the text is made by C.CString.
    println!("{}", unsafe { gocross::check(go::Nil()) }.unwrap_err());
}
