//! Signals for four handlers of four owners, while goroutines run and children come and go.

use std::ffi::c_int;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering::Relaxed};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use tokio::process::Command;
use tokio::signal::unix::{SignalKind, signal};

use crate::go;

unsafe extern "C" {
    fn c_handles_by_signal(number: c_int) -> c_int;
    fn c_handles_by_sigaction(number: c_int) -> c_int;
    fn c_count() -> c_int;
}

/// Threads that are likely to be in Go: `pthread_t`, which is a number or a pointer.
static CALLERS: Mutex<Vec<usize>> = Mutex::new(Vec::new());
static STOPS: AtomicBool = AtomicBool::new(false);

/// Whose handler a signal is for.
const SIGNALS: [(c_int, &str); 5] = [
    (libc::SIGUSR1, "tokio"),
    (libc::SIGUSR2, "signal-hook"),
    (libc::SIGTERM, "ctrlc"),
    (libc::SIGVTALRM, "C, signal"),
    (libc::SIGTRAP, "C, sigaction"),
];

/// Sends every signal to the process and to a thread that calls Go, in turn.
pub(crate) fn send_until_stopped() {
    let mut round = 0;
    while !STOPS.load(Relaxed) {
        std::thread::sleep(Duration::from_micros(400));
        let (number, _) = SIGNALS[round % SIGNALS.len()];
        let callers = CALLERS.lock().unwrap();
        // SAFETY: the threads of the list run: they leave it before they end.
        unsafe {
            match callers.get(round % (callers.len() + 1)) {
                Some(thread) => libc::pthread_kill(*thread as libc::pthread_t, number),
                None => libc::kill(libc::getpid(), number),
            };
        }
        round += 1;
    }
}

/// Runs something on this thread, which meanwhile gets signals of its own.
pub(crate) fn as_target<T>(run: impl FnOnce() -> T) -> T {
    // SAFETY: no arguments.
    let own = unsafe { libc::pthread_self() } as usize;
    CALLERS.lock().unwrap().push(own);
    let result = run();
    CALLERS.lock().unwrap().retain(|thread| *thread != own);
    result
}

pub(crate) fn stop() {
    STOPS.store(true, Relaxed);
}

/// Installs the handlers of crates and of C, and gives what counts their signals.
pub(crate) fn install() -> [Arc<AtomicU32>; 2] {
    let counters = [(); 2].map(|()| Arc::new(AtomicU32::new(0)));
    let [hook, ctrlc] = counters.clone();
    // SAFETY: adding to a number is safe in a handler.
    unsafe {
        signal_hook::low_level::register(libc::SIGUSR2, move || {
            hook.fetch_add(1, Relaxed);
        })
        .unwrap();
        assert_eq!(c_handles_by_signal(libc::SIGVTALRM), 0);
        assert_eq!(c_handles_by_sigaction(libc::SIGTRAP), 0);
    }
    ctrlc::set_handler(move || {
        ctrlc.fetch_add(1, Relaxed);
    })
    .unwrap();
    counters
}

pub(crate) fn run(seconds: u64) {
    // Go runs before the first handler is there.
    assert_eq!(crate::add(1, 2), 3);
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    let (ended, counts) = runtime.unwrap().block_on(storm(Duration::from_secs(seconds)));
    for ((_, owner), count) in SIGNALS.iter().zip(counts) {
        assert!(count > 0, "{owner} got no signal");
    }
    assert!(ended.0 > 0 && ended.1 > 0, "no call or no child ended: {ended:?}");
    println!("all handlers ran, calls and children ended");
}

/// Gives how many calls of Go and how many children ended, and what each handler has counted.
async fn storm(time: Duration) -> ((u32, u32), [u32; 5]) {
    let end = Instant::now() + time;
    let mut stream = signal(SignalKind::user_defined1()).unwrap();
    let [hook, ctrlc] = install();
    let by_tokio = Arc::new(AtomicU32::new(0));
    let counter = by_tokio.clone();
    tokio::spawn(async move {
        while stream.recv().await.is_some() {
            counter.fetch_add(1, Relaxed);
        }
    });
    let callers: Vec<_> = (0..4)
        .map(|_| {
            tokio::task::spawn_blocking(move || {
                as_target(|| {
                    let mut calls = 0;
                    while Instant::now() < end {
                        // SAFETY: a number.
                        assert!(unsafe { go::Work(20) } > 0);
                        calls += 1;
                    }
                    calls
                })
            })
        })
        .collect();
    let sender = std::thread::spawn(send_until_stopped);
    let mut children = 0;
    while Instant::now() < end {
        let status = Command::new("/bin/true").status().await.unwrap();
        assert!(status.success(), "{status}");
        children += 1;
    }
    let mut calls = 0;
    for caller in callers {
        calls += caller.await.unwrap();
    }
    stop();
    sender.join().unwrap();
    // SAFETY: no arguments.
    let by_c = u32::try_from(unsafe { c_count() }).unwrap();
    let counts = [by_tokio.load(Relaxed), hook.load(Relaxed), ctrlc.load(Relaxed), by_c, by_c];
    ((calls, children), counts)
}
