//! What a Go call does to other tasks of an asynchronous runtime: how late a timer wakes its task.

use std::sync::LazyLock;
use std::time::{Duration, Instant};

use tokio::runtime::{Builder, Runtime};
use tokio::task;

use crate::measure::{Case, print, record};
use crate::{calls, go};

/// Threads that run tasks.
const WORKERS: usize = 2;
/// Tasks that call Go without a pause: two for each worker.
const TASKS: usize = 4;
/// How long a Go call takes, in microseconds.
const LONG: i64 = 1000;
/// The timer.
const TICK: Duration = Duration::from_millis(5);
/// How often it wakes its task, in each round.
const TICKS: u32 = 40;

/// A call that goes to another thread and back.
pub const CASES: &[Case] = &[Case { name: "spawn_blocking", times: 50, run: by_spawn_blocking }];

/// What the other tasks do meanwhile.
#[derive(Clone, Copy)]
struct Load {
    name: &'static str,
    /// The Go function; none for an idle runtime.
    call: Option<unsafe extern "C" fn(i64)>,
    spawn_blocking: bool,
}

const LOADS: &[Load] = &[
    Load { name: "tick-idle", call: None, spawn_blocking: false },
    Load { name: "tick-wait-direct", call: Some(go::Wait), spawn_blocking: false },
    Load { name: "tick-wait-spawn_blocking", call: Some(go::Wait), spawn_blocking: true },
    Load { name: "tick-compute-direct", call: Some(go::Compute), spawn_blocking: false },
    Load { name: "tick-compute-spawn_blocking", call: Some(go::Compute), spawn_blocking: true },
];

fn runtime() -> Runtime {
    let runtime = Builder::new_multi_thread().worker_threads(WORKERS).enable_time().build();
    runtime.expect("threads can be started")
}

/// As a task does it, which is not the thread that waits for the runtime.
fn by_spawn_blocking(calls: u32) {
    // One for all rounds: its start is not what is measured.
    static RUNTIME: LazyLock<Runtime> = LazyLock::new(runtime);
    let task = RUNTIME.spawn(async move {
        for _ in 0..calls {
            task::spawn_blocking(|| calls::add(1)).await.expect("the call does not panic");
        }
    });
    RUNTIME.block_on(task).expect("the task does not panic");
}

/// Measures how late the timer is with each load, once a round, and prints at the end.
pub fn rounds(rounds: u32) {
    let mut lines = String::new();
    for _ in 0..rounds {
        for load in LOADS {
            for late in lateness(*load) {
                record(&mut lines, load.name, 1, late.as_nanos());
            }
        }
    }
    print(&lines);
}

/// How late each tick is.
fn lateness(load: Load) -> Vec<Duration> {
    let runtime = runtime();
    if let Some(call) = load.call {
        for _ in 0..TASKS {
            runtime.spawn(call_without_pause(call, load.spawn_blocking));
        }
    }
    let ticks = runtime.spawn(async {
        let mut late = Vec::new();
        for _ in 0..TICKS {
            let start = Instant::now();
            tokio::time::sleep(TICK).await;
            late.push(start.elapsed().saturating_sub(TICK));
        }
        late
    });
    let late = runtime.block_on(ticks).expect("the timer's task does not panic");
    // A call in progress ends by itself; the tasks end where they wait.
    runtime.shutdown_timeout(Duration::from_secs(1));
    late
}

async fn call_without_pause(call: unsafe extern "C" fn(i64), spawn_blocking: bool) {
    // SAFETY: both functions take a plain number.
    let call = move || unsafe { call(LONG) };
    loop {
        if spawn_blocking {
            task::spawn_blocking(call).await.expect("the call does not panic");
        } else {
            call();
            task::yield_now().await;
        }
    }
}
