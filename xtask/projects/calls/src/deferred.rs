//! Calls that run later: in batches of 64, and one by one by a future.

use std::hint::black_box;
use std::sync::LazyLock;

use gocross::deferred::{Batch, Ticket};
use tokio::runtime::{Builder, Runtime};

use crate::go;
use crate::measure::Case;

/// Calls of one batch.
const DEPTH: i32 = 64;
/// The cases.
pub const CASES: &[Case] = &[
    Case { name: "batch", times: 1024, run: batch },
    Case { name: "batch-await", times: 1024, run: batch_await },
    Case { name: "async", times: 50, run: one_by_one },
];
/// A call after a pause: the goroutine that takes it sleeps.
pub const RARE: Case = Case { name: "async-rare", times: 1, run: one_by_one };

type Tickets = Vec<Ticket<go::deferred::Add_frame>>;

/// As rust2go's async call is measured: one runtime for all rounds, its start does not count.
fn runtime() -> &'static Runtime {
    static RUNTIME: LazyLock<Runtime> = LazyLock::new(|| {
        Builder::new_current_thread().build().expect("a runtime without timers needs nothing")
    });
    &RUNTIME
}

fn fill(batch: &mut Batch, tickets: &mut Tickets) {
    batch.clear();
    tickets.clear();
    for n in 0..DEPTH {
        // SAFETY: Add takes and gives plain numbers.
        tickets.push(batch.push(unsafe { go::deferred::Add(black_box(n), 1) }));
    }
}

fn check(batch: &Batch, tickets: &Tickets) {
    for (n, ticket) in (1..).zip(tickets) {
        assert_eq!(batch.get(*ticket), n);
    }
}

/// Whole batches only: more calls than asked for never count as fewer.
fn batches(calls: u32) -> u32 {
    calls.div_ceil(DEPTH.unsigned_abs())
}

fn batch(calls: u32) {
    let (mut batch, mut tickets) = (Batch::new(), Tickets::new());
    for _ in 0..batches(calls) {
        fill(&mut batch, &mut tickets);
        batch.run();
        check(&batch, &tickets);
    }
}

fn batch_await(calls: u32) {
    let (mut batch, mut tickets) = (Batch::new(), Tickets::new());
    runtime().block_on(async {
        for _ in 0..batches(calls) {
            fill(&mut batch, &mut tickets);
            batch = batch.submit().await;
            check(&batch, &tickets);
        }
    });
}

fn one_by_one(calls: u32) {
    let sum = runtime().block_on(async {
        let mut sum = 0;
        for _ in 0..calls {
            // SAFETY: Add takes and gives plain numbers.
            sum = unsafe { go::deferred::Add(black_box(sum), 1) }.await;
        }
        sum
    });
    assert_eq!(i64::from(sum), i64::from(calls));
}
