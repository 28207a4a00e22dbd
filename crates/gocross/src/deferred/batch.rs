//! Several calls that run one after another.

use core::fmt;
use core::future::Future;
use core::marker::PhantomData;
use core::pin::Pin;
use core::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use core::task::{Context, Poll};

use super::memory::Memory;
use super::task::{Handle, Payload};
use super::{Call, Frame, RawCall, Runtime};

/// Calls that run one after another, in one call of Go.
///
/// The memory of a batch is kept by [`clear`](Self::clear), so a batch that is used again allocates
/// nothing.
#[derive(Default)]
pub struct Batch {
    calls: Vec<RawCall>,
    /// How many of the calls have run.
    done: usize,
    memory: Memory,
    runtime: Option<&'static Runtime>,
    id: Id,
}

// SAFETY: who makes a call promises that it can run on any thread.
unsafe impl Send for Batch {}

/// Where the results of a call of a [`Batch`] will be.
pub struct Ticket<F> {
    id: Id,
    index: usize,
    marker: PhantomData<fn() -> F>,
}

/// Which batch, and which of its rounds between two calls of `clear`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Id(usize, u64);

impl Default for Id {
    fn default() -> Self {
        static NEXT: AtomicUsize = AtomicUsize::new(0);
        let next = NEXT.fetch_update(Relaxed, Relaxed, |id| id.checked_add(1));
        Self(next.expect("fewer batches than addresses"), 0)
    }
}

impl Batch {
    /// An empty batch.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a call. Its ticket gives the results, once it has run.
    #[inline]
    pub fn push<F: Frame>(&mut self, call: Call<F>) -> Ticket<F> {
        const { assert!(align_of::<F>() <= align_of::<u64>(), "Go aligns nothing to more") };
        let frame = self.memory.take(size_of::<F>());
        // SAFETY: as many bytes, aligned to 8.
        unsafe { frame.cast::<F>().write(call.frame()) };
        let index = self.calls.len();
        self.calls.push(RawCall { function: F::FUNCTION, frame: frame.as_ptr().cast() });
        self.runtime = Some(F::RUNTIME);
        Ticket { id: self.id, index, marker: PhantomData }
    }

    /// How many calls the batch has.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.calls.len()
    }

    /// Whether the batch has no calls.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.calls.is_empty()
    }

    /// Runs, on this thread, the calls that have not run yet. Returns when all have.
    ///
    /// It is one call of Go, and costs one; each call of the batch adds a few nanoseconds and what
    /// its function takes.
    pub fn run(&mut self) {
        let Some(runtime) = self.runtime else { return };
        let waiting = &mut self.calls[self.done..];
        // SAFETY: who made the calls promised that they may run; their frames are ours.
        unsafe { (runtime.run)(waiting.as_mut_ptr().cast(), waiting.len()) };
        self.done = self.calls.len();
    }

    /// Hands the batch over to Go, which runs it on a goroutine. The future gives it back when all of
    /// its calls have run.
    pub fn submit(self) -> Submitted {
        Submitted(match self.runtime {
            None => State::Idle(Some(self)),
            Some(runtime) => State::Submitted(Handle::submit(runtime, self)),
        })
    }

    /// The results of a call.
    ///
    /// # Panics
    ///
    /// The call has not run yet, or its ticket is of another batch, or from before
    /// [`clear`](Self::clear).
    #[inline]
    #[track_caller]
    pub fn get<F: Frame>(&self, ticket: Ticket<F>) -> F::Output {
        assert!(ticket.id == self.id, "the ticket is not one of this batch");
        assert!(ticket.index < self.done, "the call has not run yet");
        // SAFETY: `push` has written such a frame, and gave the ticket.
        unsafe { &*self.calls[ticket.index].frame.cast::<F>() }.output()
    }

    /// Forgets all calls and results, and keeps the memory.
    pub fn clear(&mut self) {
        self.calls.clear();
        self.done = 0;
        self.memory.clear();
        self.id.1 += 1;
    }
}

// SAFETY: the frames lie in memory of the batch that does not move with it.
unsafe impl Payload for Batch {
    fn calls(&mut self) -> &[RawCall] {
        &self.calls[self.done..]
    }
}

impl fmt::Debug for Batch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Batch")
            .field("calls", &self.calls.len())
            .field("done", &self.done)
            .finish_non_exhaustive()
    }
}

impl<F> Clone for Ticket<F> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<F> Copy for Ticket<F> {}

impl<F> fmt::Debug for Ticket<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Ticket").field(&self.index).finish()
    }
}

/// The future of a [`Batch`] that Go has. It needs no particular executor.
///
/// Go runs the batch whether the future is polled or not. Dropped before its end, the future leaves
/// the batch to Go, which runs it to its end; the results are lost.
#[must_use = "the batch comes back from this future only"]
#[derive(Debug)]
pub struct Submitted(State);

enum State {
    /// There was nothing to run.
    Idle(Option<Batch>),
    Submitted(Handle<Batch>),
}

impl fmt::Debug for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if matches!(self, Self::Idle(_)) { "idle" } else { "submitted" })
    }
}

impl Future for Submitted {
    type Output = Batch;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Batch> {
        let polled = match &mut self.0 {
            State::Idle(batch) => Poll::Ready(batch.take().expect("polled after its end")),
            State::Submitted(handle) => handle.poll(context),
        };
        polled.map(|mut batch| {
            batch.done = batch.calls.len();
            batch
        })
    }
}
