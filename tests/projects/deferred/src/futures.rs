//! Futures of calls and batches.

use std::future::IntoFuture;
use std::task::{Context, Poll, Waker};
use std::thread;

use gocross::deferred::Batch;

use crate::executor::{all, block_on, waker};
use crate::go;

pub(crate) fn one_by_one() {
    for n in 0..2000 {
        assert_eq!(block_on(unsafe { go::deferred::Add(n, 1) }), n + 1);
        // Longer than the goroutine looks for the next call.
        if n % 100 == 0 {
            thread::sleep(std::time::Duration::from_millis(1));
        }
    }
    println!("2000 calls");
}

pub(crate) fn at_once() {
    let sums = all((0..3000).map(|n| unsafe { go::deferred::Add(n, 1) }));
    assert!(sums.into_iter().eq(1..=3000));
    let batches = (0..300).map(|batch| {
        let mut calls = Batch::new();
        let tickets: Vec<_> =
            (0..batch).map(|n| calls.push(unsafe { go::deferred::Add(n, batch) })).collect();
        (calls.submit(), tickets)
    });
    let (batches, tickets): (Vec<_>, Vec<_>) = batches.unzip();
    for ((at, batch), tickets) in (0..).zip(all(batches)).zip(tickets) {
        assert!(tickets.iter().map(|ticket| batch.get(*ticket)).eq(at..2 * at));
    }
    println!("3000 calls, 300 batches");
}

/// Calls that wait do so at the same time, and let others pass.
pub(crate) fn waiting() {
    let calls = (0..500).map(|_| unsafe { go::deferred::WaitForRelease() }.into_future());
    let mut calls: Vec<_> = calls.map(Box::pin).collect();
    for call in &mut calls {
        assert!(call.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending());
    }
    while unsafe { go::Waiting() } < 500 {
        thread::yield_now();
    }
    assert_eq!(block_on(unsafe { go::deferred::Add(1, 2) }), 3);
    unsafe { go::Release() };
    all(calls);
    assert_eq!(unsafe { go::Waiting() }, 0);
    println!("500 calls waited, others passed");
}

/// A call that takes the CPU lets others pass too.
pub(crate) fn computing() {
    let rounds = 200_000_000;
    let mut long = Some(Box::pin(unsafe { go::deferred::Compute(rounds) }.into_future()));
    let polled = long.as_mut().unwrap().as_mut().poll(&mut Context::from_waker(&waker()));
    for n in 0..20 {
        assert_eq!(block_on(unsafe { go::deferred::Add(n, 1) }), n + 1);
    }
    let sum = match polled {
        Poll::Ready(sum) => sum,
        Poll::Pending => block_on(long.take().unwrap()),
    };
    assert_eq!(sum, (rounds - 1) * rounds / 2);
    println!("21 calls");
}

/// What is dropped runs nevertheless, and is freed.
pub(crate) fn dropped() {
    let before = unsafe { go::Ran() };
    for n in 0..4000 {
        let mut call = Box::pin(unsafe { go::deferred::Add(n, 1) }.into_future());
        // One that was never polled does not run.
        if n % 4 == 0 {
            continue;
        }
        let mut polled = call.as_mut().poll(&mut Context::from_waker(Waker::noop()));
        if n % 4 == 2 && polled.is_pending() {
            thread::yield_now();
            polled = call.as_mut().poll(&mut Context::from_waker(Waker::noop()));
        }
        assert!(polled.is_pending() || polled == Poll::Ready(n + 1));
        if n % 4 == 3 {
            let mut batch = Batch::new();
            batch.push(unsafe { go::deferred::Nothing() });
            drop(batch.submit());
        }
    }
    while unsafe { go::Ran() } - before < 4000 {
        thread::yield_now();
    }
    assert_eq!(unsafe { go::Ran() } - before, 4000);
    println!("4000 calls ran");
}

/// A future that one thread has polled is woken on another, by that one's waker.
pub(crate) fn moved() {
    for n in 0..200 {
        let mut call = Box::pin(unsafe { go::deferred::Wait(1000 + n) }.into_future());
        if call.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_ready() {
            continue;
        }
        thread::spawn(move || block_on(call)).join().unwrap();
    }
    println!("200 futures moved");
}

pub(crate) fn threads() {
    let threads = (0..8).map(|thread| {
        thread::spawn(move || {
            for n in 0..500 {
                assert_eq!(block_on(unsafe { go::deferred::Add(n, thread) }), n + thread);
                let mut batch = Batch::new();
                let tickets: Vec<_> =
                    (0..20).map(|k| batch.push(unsafe { go::deferred::Add(k, n) })).collect();
                let batch = block_on(batch.submit());
                assert!(tickets.iter().map(|ticket| batch.get(*ticket)).eq(n..n + 20));
            }
        })
    });
    threads.collect::<Vec<_>>().into_iter().for_each(|thread| thread.join().unwrap());
    assert_eq!(unsafe { go::Ran() }, 8 * 500 * 21);
    println!("84000 calls of 8 threads");
}

/// More batches than the ring has places for, from several threads.
pub(crate) fn full() {
    let threads = (0..4).map(|_| {
        thread::spawn(|| {
            let sums = all((0..1000).map(|n| unsafe { go::deferred::Add(n, 0) }));
            assert!(sums.into_iter().eq(0..1000));
        })
    });
    threads.collect::<Vec<_>>().into_iter().for_each(|thread| thread.join().unwrap());
    println!("4000 calls at once");
}
