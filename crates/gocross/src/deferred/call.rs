//! One call.

use core::fmt;
use core::future::{Future, IntoFuture};
use core::pin::Pin;
use core::ptr::from_mut;
use core::task::{Context, Poll};

use super::task::{Handle, Payload};
use super::{Frame, RawCall};

/// A call of a Go function that has not run yet: `.await` it, or put it into a
/// [`Batch`](super::Batch).
#[must_use = "a call does nothing until it is awaited or put into a batch"]
#[derive(Clone, Copy)]
pub struct Call<F: Frame>(F);

// SAFETY: who makes a call promises that it can run on any thread.
unsafe impl<F: Frame> Send for Call<F> {}

impl<F: Frame> Call<F> {
    /// For generated code.
    ///
    /// # Safety
    ///
    /// The Go function may be called with these arguments, on any thread and until the call has run.
    #[doc(hidden)]
    pub const unsafe fn new(frame: F) -> Self {
        Self(frame)
    }

    pub(super) const fn frame(self) -> F {
        self.0
    }
}

impl<F: Frame> fmt::Debug for Call<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Call").finish_non_exhaustive()
    }
}

impl<F: Frame> IntoFuture for Call<F> {
    type Output = F::Output;
    type IntoFuture = Running<F>;

    fn into_future(self) -> Running<F> {
        Running(State::New(self))
    }
}

/// The future of a [`Call`]. Its first poll hands the call over to Go, which runs it on a goroutine.
///
/// It needs no particular executor. Dropped before its end, it leaves the call to Go, which runs it to
/// its end; the results are lost.
#[must_use = "futures do nothing unless you `.await` or poll them"]
pub struct Running<F: Frame>(State<F>);

enum State<F: Frame> {
    New(Call<F>),
    Submitted(Handle<Single<F>>),
}

/// A call at the place where Go reads and writes it.
struct Single<F> {
    call: RawCall,
    frame: F,
}

// SAFETY: the one call points to the frame beside it.
unsafe impl<F: Frame> Payload for Single<F> {
    fn calls(&mut self) -> &[RawCall] {
        self.call.frame = from_mut(&mut self.frame).cast();
        core::slice::from_ref(&self.call)
    }
}

// Nothing points into it: what Go writes to has a place of its own.
impl<F: Frame> Unpin for Running<F> {}

impl<F: Frame> Future for Running<F> {
    type Output = F::Output;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<F::Output> {
        let polled = match &mut self.0 {
            State::Submitted(handle) => handle.poll(context),
            State::New(call) => {
                let raw = RawCall { function: F::FUNCTION, frame: core::ptr::null_mut() };
                let single = Single { call: raw, frame: call.frame() };
                let mut handle = Handle::submit(F::RUNTIME, single);
                let polled = handle.poll(context);
                self.0 = State::Submitted(handle);
                polled
            }
        };
        polled.map(|single| single.frame.output())
    }
}

impl<F: Frame> fmt::Debug for Running<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let state = match self.0 {
            State::New(_) => "new",
            State::Submitted(_) => "submitted",
        };
        f.debug_tuple("Running").field(&state).finish()
    }
}
