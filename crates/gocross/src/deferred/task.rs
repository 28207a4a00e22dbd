//! A batch that was handed over to Go, and the future that waits for it.

use core::cell::UnsafeCell;
use core::hint::spin_loop;
use core::marker::PhantomData;
use core::ptr::NonNull;
use core::sync::atomic::AtomicU32;
use core::sync::atomic::Ordering::{AcqRel, Acquire, Release};
use core::task::{Context, Poll, Waker};
use core::time::Duration;
use std::time::Instant;

use super::{RawCall, Runtime};

/// How long the first poll waits where a goroutine was awake to take the batch: less than it takes to
/// put a thread to sleep and wake it, and more than a small function takes.
const SPIN: Duration = Duration::from_micros(2);
/// What each call adds, up to [`SPIN_CALLS`] of them.
const SPIN_PER_CALL: Duration = Duration::from_nanos(20);
const SPIN_CALLS: u32 = 256;

// The states of a batch; `deferred.go` of `gocross-archive` knows `SUBMITTED` and `DONE`.
/// Go has it, and nobody is to be told of its end. The future may change the waker.
const SUBMITTED: u32 = 0;
/// Go has it, and its end wakes the waker.
const WAITING: u32 = 1;
/// It has run, and Go will not touch it again.
const DONE: u32 = 2;
/// It has run, and somebody takes the waker.
const NOTIFYING: u32 = 3;
/// Go has it, and its end frees it.
const ABANDONED: u32 = 4;

/// What Go reads of a batch, and behind it what is Rust's alone.
#[repr(C)]
pub(super) struct Header {
    state: AtomicU32,
    length: u32,
    calls: *const RawCall,
    notify: unsafe extern "C" fn(*mut Header),
    waker: UnsafeCell<Option<Waker>>,
    free: unsafe fn(*mut Header),
}

/// A batch together with what holds its calls.
#[repr(C)]
struct Task<T> {
    header: Header,
    payload: T,
}

/// Something that has calls to run, at an address that stays.
///
/// # Safety
///
/// The calls are valid until the payload is dropped, and it may be dropped on any thread.
pub(super) unsafe trait Payload {
    /// The calls that are to be run. They are asked for once, when the payload has its place.
    fn calls(&mut self) -> &[RawCall];
}

/// A batch that Go has, or has run.
pub(super) struct Handle<T: Payload> {
    /// None when the payload was given back.
    task: Option<NonNull<Task<T>>>,
    /// Whether the first poll is still to come, and is worth a moment of patience.
    spins: bool,
    marker: PhantomData<Task<T>>,
}

// SAFETY: `Payload` and the callers of unsafe functions promise it for the calls; the waker's cell
// has one owner at a time, whom the state names.
unsafe impl<T: Payload> Send for Handle<T> {}
// SAFETY: nothing can be done with a shared reference.
unsafe impl<T: Payload> Sync for Handle<T> {}

impl<T: Payload> Handle<T> {
    /// Hands a payload over to Go.
    ///
    /// # Panics
    ///
    /// For more than 2³² calls.
    pub(super) fn submit(runtime: &Runtime, payload: T) -> Self {
        let header = Header {
            state: AtomicU32::new(SUBMITTED),
            length: 0,
            calls: core::ptr::null(),
            notify,
            waker: UnsafeCell::new(None),
            free: free::<T>,
        };
        let task = Box::leak(Box::new(Task { header, payload }));
        let calls = task.payload.calls();
        let length = u32::try_from(calls.len()).expect("fewer calls than 2^32");
        (task.header.calls, task.header.length) = (calls.as_ptr(), length);
        let task = NonNull::from(task);
        // SAFETY: the task stays where it is until its state is `DONE`.
        let spins = unsafe { runtime.hand_over(task.as_ptr().cast()) };
        Self { task: Some(task), spins, marker: PhantomData }
    }

    /// Waits for the batch to have run, and gives the payload back.
    ///
    /// # Panics
    ///
    /// The payload was given back already.
    pub(super) fn poll(&mut self, context: &Context<'_>) -> Poll<T> {
        let task = self.task.expect("a future is not polled after its end");
        // SAFETY: the task is freed here, by `drop` or, abandoned, by Go.
        let header = unsafe { &task.as_ref().header };
        let is_done = (core::mem::take(&mut self.spins) && header.spin()) || header.waits(context);
        if !is_done {
            return Poll::Pending;
        }
        self.task = None;
        // SAFETY: it was leaked from a box, and Go is done with it.
        Poll::Ready(unsafe { Box::from_raw(task.as_ptr()) }.payload)
    }
}

impl<T: Payload> Drop for Handle<T> {
    fn drop(&mut self) {
        let Some(task) = self.task else { return };
        // SAFETY: nobody but this handle and Go has the task.
        unsafe {
            if task.as_ref().header.is_left() {
                drop(Box::from_raw(task.as_ptr()));
            }
        }
    }
}

impl Header {
    /// Waits a moment for the end.
    fn spin(&self) -> bool {
        let (start, limit) = (Instant::now(), SPIN + SPIN_PER_CALL * self.length.min(SPIN_CALLS));
        while start.elapsed() < limit {
            for _ in 0..16 {
                if self.state.load(Acquire) == DONE {
                    return true;
                }
                spin_loop();
            }
        }
        false
    }

    /// Gives whether the batch has run; has the waker woken otherwise.
    fn waits(&self, context: &Context<'_>) -> bool {
        loop {
            match self.state.load(Acquire) {
                DONE => return true,
                SUBMITTED => {
                    // SAFETY: in this state the cell is the future's.
                    let waker = unsafe { &mut *self.waker.get() };
                    match waker {
                        Some(waker) => waker.clone_from(context.waker()),
                        None => *waker = Some(context.waker().clone()),
                    }
                    if self.changes(SUBMITTED, WAITING) {
                        return false;
                    }
                }
                // Another task may poll now, with a waker of its own.
                WAITING => _ = self.changes(WAITING, SUBMITTED),
                _ => std::thread::yield_now(),
            }
        }
    }

    /// Leaves the batch to Go. Gives whether Go is done with it already.
    fn is_left(&self) -> bool {
        loop {
            match self.state.load(Acquire) {
                DONE => return true,
                state @ (SUBMITTED | WAITING) => {
                    if self.changes(state, ABANDONED) {
                        return false;
                    }
                }
                _ => std::thread::yield_now(),
            }
        }
    }

    fn changes(&self, from: u32, to: u32) -> bool {
        self.state.compare_exchange(from, to, AcqRel, Acquire).is_ok()
    }
}

/// Ends a batch whose state was not `SUBMITTED`. Go calls it, on any thread.
unsafe extern "C" fn notify(batch: *mut Header) {
    // SAFETY: Go calls this once for a batch, which nobody frees before it is done.
    let header = unsafe { &*batch };
    loop {
        match header.state.load(Acquire) {
            WAITING if header.changes(WAITING, NOTIFYING) => {
                // SAFETY: in this state the cell is ours.
                let waker = unsafe { &mut *header.waker.get() }.take();
                // From here on the batch may be gone.
                header.state.store(DONE, Release);
                if let Some(waker) = waker {
                    waker.wake();
                }
                return;
            }
            SUBMITTED if header.changes(SUBMITTED, DONE) => return,
            // SAFETY: its future is gone, so nobody else knows of it.
            ABANDONED => return unsafe { (header.free)(batch) },
            _ => spin_loop(),
        }
    }
}

/// Frees an abandoned batch.
unsafe fn free<T>(batch: *mut Header) {
    // SAFETY: the header is the first field of the task that `submit` has leaked.
    drop(unsafe { Box::from_raw(batch.cast::<Task<T>>()) });
}
