//! When Go starts, and where it cannot.

use core::fmt;

unsafe extern "C" {
    safe fn gocross_go_start();
    /// Gives 0, or 1 where a fork has lost the runtime.
    safe fn gocross_go_try_start() -> core::ffi::c_int;
}

/// Starts the Go runtime of this program, if it does not run yet.
///
/// A package built with `Start::Explicit` needs this call before the first call of a Go
/// function: after a daemon's `fork` (a fork keeps only the calling thread, and Go's runtime
/// does not survive the loss of the others), or after the program has dropped privileges. With
/// `Start::Lazy` it moves the start to a time of the program's choice. With `Start::Eager` it
/// does nothing, since Go runs already.
///
/// It returns at once; the first call of a Go function waits until the runtime is ready.
/// Go sees the arguments as the kernel handed them over, and the environment as it is now.
///
/// In the child of a `fork` whose parent had started Go it ends the process with a message, as
/// every call of a Go function does there; [`try_start`] returns an error.
// Inlined, so that only programs that call it need a Go archive to link.
#[inline]
pub fn start() {
    gocross_go_start();
}

/// Starts the Go runtime as [`start`] does, and tells where there is none.
///
/// # Errors
///
/// [`LostByFork`] in the child of a `fork` whose parent had started Go. Functions of Go cannot be
/// called there.
#[inline]
pub fn try_start() -> Result<(), LostByFork> {
    if gocross_go_try_start() == 0 { Ok(()) } else { Err(LostByFork) }
}

/// This process is the child of a `fork`, and the threads of its Go runtime are in the parent
/// (`fork(2)`; golang/go#15538).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LostByFork;

impl fmt::Display for LostByFork {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(
            "Go cannot be called in the child of a fork, because its threads stay in the parent",
        )
    }
}

impl std::error::Error for LostByFork {}
