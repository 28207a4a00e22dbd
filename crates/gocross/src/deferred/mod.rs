//! Calls that run later: several in one call of Go, or on a goroutine while a future waits.
//!
//! A call of Go from Rust costs tens of nanoseconds however little the Go function does, and it
//! blocks its thread until Go returns. With `GoPackage::deferred_calls(true)` in the build script,
//! [`bindings!`](crate::bindings) has a module `deferred` with a second function for each export. It
//! takes the same arguments and returns a [`Call`], which has not run yet:
//!
//! ```text
//! mod go {
//!     gocross::bindings!();
//! }
//!
//! // Waits without blocking the thread, in any executor: Go runs it on a goroutine.
//! let sum = unsafe { go::deferred::Add(1, 2) }.await;
//!
//! // Many small calls at the price of one.
//! let mut batch = gocross::deferred::Batch::new();
//! let tickets: Vec<_> = (0..64).map(|n| batch.push(unsafe { go::deferred::Add(n, 1) })).collect();
//! batch.run();
//! assert_eq!(batch.get(tickets[3]), 4);
//! ```
//!
//! # What is different from a plain call
//!
//! * What arguments point to (strings, slices) has to stay until the call has run, also where the
//!   future is dropped before: Go cannot be stopped in the middle of a function. The functions of
//!   `deferred` are `unsafe` for this reason too.
//! * Calls that a future waits for run on any thread. A Go function that calls C code which keeps
//!   something for each thread is for plain calls and for [`Batch::run`].
//! * Calls of one batch run one after another. One that waits lets the rest of its batch wait, and no
//!   other batch.
//! * Functions that take or return complex numbers, bit-fields, unions or vectors by value have no
//!   counterpart.
//! * A Go panic that leaves an exported function ends the process, as it does in a plain call.

mod batch;
mod call;
mod memory;
mod ring;
mod task;

use core::ffi::{c_int, c_void};

pub use batch::{Batch, Submitted, Ticket};
pub use call::{Call, Running};
use ring::Ring;
use task::Header;

/// The arguments and results of one call of a Go function, as cgo lays them out in memory
/// (`cmd/cgo/out.go`, `_cgo_argtype`). Implemented by generated code.
///
/// # Safety
///
/// The memory is what [`Frame::FUNCTION`] takes a pointer to, and all zeros in the results is valid.
pub unsafe trait Frame: Copy {
    /// What the Go function returns: nothing, a value, or a struct of several.
    type Output;

    /// Go's function that takes a pointer to the frame; only Go can call it.
    #[doc(hidden)]
    const FUNCTION: unsafe extern "C" fn();

    /// The functions of the program's Go archive.
    #[doc(hidden)]
    const RUNTIME: &'static Runtime;

    /// The results, of a call that has run.
    #[doc(hidden)]
    fn output(&self) -> Self::Output;
}

/// The functions of a Go archive that run calls. They are not named in this crate, so that a program
/// without Go links.
#[doc(hidden)]
#[derive(Debug)]
pub struct Runtime {
    /// Gives 0, or 1 where a fork has lost the runtime.
    pub try_start: unsafe extern "C" fn() -> c_int,
    /// Makes a number of calls on this thread.
    pub run: unsafe extern "C" fn(*mut c_void, usize),
    /// Gives the ring.
    pub ring: unsafe extern "C" fn() -> *mut c_void,
    /// Has a goroutine look into the ring.
    pub wake: unsafe extern "C" fn(),
    /// Takes a batch that the ring has no room for.
    pub submit: unsafe extern "C" fn(*mut c_void),
}

/// One call, as Go reads it.
#[repr(C)]
#[derive(Debug, Clone, Copy)]
struct RawCall {
    function: unsafe extern "C" fn(),
    frame: *mut c_void,
}

impl Runtime {
    /// Hands a batch over to a goroutine. Gives whether one was awake to take it.
    ///
    /// # Safety
    ///
    /// The batch is valid, and nobody moves or frees it until it is done.
    unsafe fn hand_over(&self, batch: *mut Header) -> bool {
        // In the child of a fork nobody would ever look into the ring. Like every call of Go, this one
        // ends the process there, with a message.
        // SAFETY: functions of the archive; they take nothing.
        if unsafe { (self.try_start)() } != 0 {
            // SAFETY: as before.
            unsafe { (self.wake)() };
        }
        let ring = Ring::of(self);
        if !ring.push(batch) {
            // SAFETY: as promised by the caller.
            unsafe { (self.submit)(batch.cast()) };
            return false;
        }
        let is_watched = ring.is_watched();
        if !is_watched {
            // SAFETY: it takes nothing.
            unsafe { (self.wake)() };
        }
        is_watched
    }
}
