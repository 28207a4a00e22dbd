//! Steps that take long, told before they begin.

use gocross_targets::Target;

/// A step of a search that may take seconds or minutes.
#[derive(Debug, Clone, Copy)]
pub enum Step<'a> {
    /// rustup is asked for Rust's std.
    Rustup {
        /// For this target.
        target: &'static Target,
    },
    /// rustup is asked for the sources of Rust's std.
    RustSource,
    /// Rust's std is built from source.
    BuildStd {
        /// For this target.
        target: &'static Target,
        /// The compiler's version.
        release: &'a str,
    },
    /// Another process builds Rust's std; we wait.
    WaitForStd {
        /// For this target.
        target: &'static Target,
    },
    /// zig is tried; the first time it builds the target's C library.
    ZigLibc {
        /// For this target.
        target: &'static Target,
    },
    /// The step before has ended.
    End,
}

/// Tells the user of the steps.
pub type OnStep<'a> = &'a dyn Fn(Step<'_>);
