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
/// In how many parts of the time memory is looked at. What it is at one moment depends on how far
/// the garbage collector is, so the median of each part counts.
const PARTS: usize = 10;
/// How much the memory of the last part may be of that of the second one, in ten minutes or more.
const GROWTH: f64 = 1.05;
/// The same in a shorter time, in which not all has grown to its size on a busy machine.
const GROWTH_SOON: f64 = 1.25;

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

/// Gives the resident memory, in KiB, ten times a second.
fn watch_memory() -> Vec<u64> {
    let mut samples = Vec::new();
    while !STOPS.load(Relaxed) {
        samples.push(threads::usage().resident);
        std::thread::sleep(Duration::from_millis(100));
    }
    samples
}

fn median(samples: &[u64]) -> u64 {
    let mut sorted = samples.to_vec();
    sorted.sort_unstable();
    sorted[sorted.len() / 2]
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
    let memory = std::thread::spawn(watch_memory);
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(4).enable_all().build();
    let (children, signals) = runtime.unwrap().block_on(children(begin + time));
    STOPS.store(true, Relaxed);
    let memory = memory.join().unwrap();
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
    println!(
        "{seconds} s: {calls} calls, {children} children, {profiled} SIGPROF, {signals} SIGUSR1"
    );
    // The first part is for all that grows to its size.
    let parts: Vec<u64> = memory.chunks(memory.len().div_ceil(PARTS)).map(median).collect();
    println!("resident memory, in {PARTS} parts of the time: {parts:?} KiB");
    #[expect(clippy::cast_precision_loss, reason = "kibibytes")]
    let growth = parts[parts.len() - 1] as f64 / parts[1] as f64;
    let most = if seconds < 600 { GROWTH_SOON } else { GROWTH };
    assert!(growth <= most, "memory grew to {growth:.3} of what it was");
}
