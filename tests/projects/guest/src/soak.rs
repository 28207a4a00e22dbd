//! Everything at once, for a long time.

use std::ffi::c_int;
use std::ptr::null_mut;
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicUsize, Ordering::Relaxed};
use std::time::{Duration, Instant};

use tokio::process::Command;
use tokio::signal::unix::{SignalKind, signal};

use crate::{go, storm, threads};

const CALLERS: usize = 16;
const GOROUTINES: i32 = 10_000;
/// How much the memory at the end may be of that after the first minute, or part of it.
const GROWTH: f64 = 1.05;

static STOPS: AtomicBool = AtomicBool::new(false);
static CALLS: AtomicUsize = AtomicUsize::new(0);
static PROFILED: AtomicU32 = AtomicU32::new(0);

extern "C" fn on_profile(_: c_int) {
    PROFILED.fetch_add(1, Relaxed);
}

/// SIGPROF for each millisecond of CPU time, as profilers have it.
fn profile() {
    let each = libc::timeval { tv_sec: 0, tv_usec: 1000 };
    let timer = libc::itimerval { it_interval: each, it_value: each };
    // SAFETY: the handler counts.
    unsafe {
        libc::signal(libc::SIGPROF, on_profile as *const () as libc::sighandler_t);
        assert_eq!(libc::setitimer(libc::ITIMER_PROF, &raw const timer, null_mut()), 0);
    }
}

fn call_until_stopped(thread: i32) {
    let mut round = 0;
    while !STOPS.load(Relaxed) {
        for i in 0..500 {
            assert_eq!(crate::add(thread, i), thread + i);
            // SAFETY: no arguments.
            unsafe { go::Count() };
        }
        CALLS.fetch_add(500, Relaxed);
        round += 1;
        if round % 8 == 0 {
            // SAFETY: a number.
            assert!(unsafe { go::Work(2) } > 0);
        }
        std::thread::sleep(Duration::from_millis(1));
    }
}

/// Starts children, and gives how many have ended, and how many signals tokio has got.
async fn children(end: Instant) -> (u32, u32) {
    let mut stream = signal(SignalKind::user_defined1()).unwrap();
    let signals = tokio::spawn(async move {
        let mut count = 0;
        while tokio::time::timeout(Duration::from_secs(2), stream.recv()).await.is_ok() {
            count += 1;
        }
        count
    });
    let mut ended = 0;
    while Instant::now() < end {
        assert!(Command::new("/bin/true").status().await.unwrap().success());
        ended += 1;
    }
    storm::stop();
    (ended, signals.await.unwrap())
}

pub(crate) fn run(seconds: u64) {
    let (begin, time) = (Instant::now(), Duration::from_secs(seconds));
    // SAFETY: a number.
    unsafe { go::Busy(GOROUTINES) };
    let _counters = storm::install();
    profile();
    let callers: Vec<_> = (0..CALLERS)
        .map(|i| std::thread::spawn(move || call_until_stopped(i32::try_from(i).unwrap())))
        .collect();
    let sender = std::thread::spawn(storm::send_until_stopped);
    // A tenth of the time, for all that grows to its size first.
    let warm = std::thread::spawn(move || {
        std::thread::sleep((time / 10).max(Duration::from_secs(20)));
        threads::usage().resident
    });
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(4).enable_all().build();
    let (children, signals) = runtime.unwrap().block_on(children(begin + time));
    let last = threads::usage().resident;
    STOPS.store(true, Relaxed);
    callers.into_iter().for_each(|caller| caller.join().unwrap());
    sender.join().unwrap();
    // SAFETY: no arguments.
    let counted = unsafe {
        go::Idle();
        usize::try_from(go::Counted()).unwrap()
    };
    let (calls, profiled) = (CALLS.load(Relaxed), PROFILED.load(Relaxed));
    assert_eq!(counted, calls, "calls were lost");
    assert!(children > 0 && signals > 0 && profiled > 0, "{children} {signals} {profiled}");
    let warm = warm.join().unwrap();
    println!(
        "{seconds} s: {calls} calls, {children} children, {profiled} SIGPROF, {signals} SIGUSR1"
    );
    println!("resident memory: {warm} KiB, at the end {last} KiB");
    #[expect(clippy::cast_precision_loss, reason = "kibibytes")]
    let growth = last as f64 / warm as f64;
    assert!(growth <= GROWTH, "memory grew to {growth:.3} of what it was");
}
