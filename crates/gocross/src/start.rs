//! When Go starts.

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
// Inlined, so that only programs that call it need a Go archive to link.
#[inline]
pub fn start() {
    unsafe extern "C" {
        safe fn gocross_go_start();
    }
    gocross_go_start();
}
