//! What well-known crates use signals for.

/// What is said of one crate.
struct Row {
    name: &'static str,
    about: &'static str,
}

const ROWS: &[Row] = &[
    Row {
        name: "async-process",
        about: "waits for children by SIGCHLD, where the kernel has no pidfd",
    },
    Row { name: "async-signal", about: "gives signals as a stream, by signal-hook-registry" },
    Row { name: "backtrace-on-stack-overflow", about: "prints a backtrace when a stack overflows" },
    Row {
        name: "crash-handler",
        about: "calls a function when the process crashes, to write a report",
    },
    Row {
        name: "crossterm",
        about: "tells of a new size of the terminal by SIGWINCH, with its feature `events`",
    },
    Row {
        name: "ctrlc",
        about: "calls a function at SIGINT, with its feature `termination` at SIGTERM and SIGHUP too",
    },
    Row { name: "nix", about: "wraps the functions of the C library; installs nothing by itself" },
    Row { name: "pprof", about: "samples stacks in a handler of SIGPROF" },
    Row { name: "rustix", about: "wraps the system calls; installs nothing by itself" },
    Row {
        name: "rustyline",
        about: "tells of a new size of the terminal by SIGWINCH, and of SIGINT, while it reads a line",
    },
    Row {
        name: "signal-hook",
        about: "sets flags and calls functions when signals come, by signal-hook-registry",
    },
    Row { name: "signal-hook-mio", about: "tells mio of signals, by signal-hook" },
    Row { name: "signal-hook-tokio", about: "gives signals as a stream for tokio, by signal-hook" },
    Row {
        name: "signal-hook-registry",
        about: "installs one handler a signal, for all that is registered for it; an earlier \
                handler is called first",
    },
    Row {
        name: "tokio",
        about: "listens to signals by signal-hook-registry, with its feature `signal`; to SIGCHLD \
                with its feature `process`, where the kernel has no pidfd",
    },
    Row { name: "wasmtime", about: "makes traps of the faults of WebAssembly code" },
];

/// What Rust's standard library does before `main` (`library/std/src/sys/pal/unix`).
pub(super) const STD: &str = "tells of stack overflows by SIGSEGV and SIGBUS and ignores SIGPIPE, \
                              in programs whose `main` is Rust's";

/// Crates that hand on the calls of others, and install nothing by themselves.
const WRAPPERS: &[&str] = &["nix", "rustix"];

/// Whether the calls in a crate are those of its users, which have lines of their own.
pub(super) fn is_wrapper(name: &str) -> bool {
    WRAPPERS.contains(&name)
}

/// A sentence on a crate, where it is well known.
pub(super) fn about(name: &str) -> Option<&'static str> {
    ROWS.iter().find(|row| row.name == name).map(|row| row.about)
}
