//! The tests of Go's `carchive_test.go` that run a C program: a table, one const row each.

use gocross_tests::kit::{SIGPIPE, SIGQUIT, SIGSEGV};

/// One test: a C program and the Go library in it.
#[derive(Debug)]
pub(super) struct Program {
    /// The test's name in `carchive_test.go`.
    pub(super) test: &'static str,
    /// What it shows.
    pub(super) shows: &'static str,
    /// The folder of the Go library in `testdata`, and the name of its archive.
    pub(super) library: &'static str,
    /// The sources of the C program in `testdata`.
    pub(super) sources: &'static [&'static str],
    /// What the C compiler is told besides.
    pub(super) flags: &'static [&'static str],
    /// How it is run, and what must come of it.
    pub(super) runs: &'static [Run],
}

/// One run of a program.
#[derive(Debug)]
pub(super) struct Run {
    pub(super) arguments: &'static [&'static str],
    /// A signal that is sent when the program has said `OK`, and how often all of it may be
    /// tried: the kernel may give the signal to a thread that does not die of it.
    pub(super) signal: Option<(&'static str, usize)>,
    /// The exit statuses that are right.
    pub(super) ends: &'static [i32],
}

/// A run that ends well.
const fn passes(arguments: &'static [&'static str]) -> Run {
    Run { arguments, signal: None, ends: &[0] }
}

pub(super) const PROGRAMS: &[Program] = &[
    Program {
        test: "TestInstall",
        shows: "`init` has run before a call and `main` has not, `os.Args`, handlers of SIGSEGV",
        library: "libgo",
        sources: &["main.c", "main_unix.c"],
        flags: &[],
        runs: &[passes(&["arg1", "arg2"])],
    },
    Program {
        test: "TestEarlySignalHandler",
        shows: "handlers that C has set before Go starts get the signals that are not Go's",
        library: "libgo2",
        sources: &["main2.c"],
        flags: &[],
        runs: &[passes(&["0"])],
    },
    Program {
        test: "TestOsSignal",
        shows: "`signal.Notify` and `signal.Reset`, SIGPIPE in Go",
        library: "libgo3",
        sources: &["main3.c"],
        flags: &[],
        runs: &[passes(&[])],
    },
    Program {
        test: "TestSigaltstack",
        shows: "a C thread with a signal stack of its own keeps it",
        library: "libgo4",
        sources: &["main4.c"],
        flags: &[],
        runs: &[passes(&[])],
    },
    Program {
        test: "TestSignalForwarding",
        shows: "SIGSEGV and SIGPIPE in C end the program",
        library: "libgo2",
        sources: &["main5.c"],
        flags: &[],
        runs: &[
            Run { arguments: &["1"], signal: None, ends: &[SIGSEGV] },
            Run { arguments: &["3"], signal: None, ends: &[SIGPIPE] },
        ],
    },
    Program {
        test: "TestSignalForwardingExternal",
        shows: "SIGSEGV from another process ends a program that is in C",
        library: "libgo2",
        sources: &["main5.c"],
        flags: &[],
        runs: &[Run { arguments: &["2"], signal: Some(("SEGV", 20)), ends: &[SIGSEGV, SIGQUIT] }],
    },
    Program {
        test: "TestSignalForwardingGo",
        shows: "SIGSEGV from another process ends a program that is in Go",
        library: "libgo2",
        sources: &["main5.c"],
        flags: &[],
        runs: &[Run { arguments: &["4"], signal: Some(("SEGV", 1)), ends: &[SIGQUIT, SIGSEGV] }],
    },
    Program {
        test: "TestSIGPROF",
        shows: "Go's profiler in a C program",
        library: "libgo6",
        sources: &["main6.c"],
        flags: &[],
        runs: &[passes(&[])],
    },
    Program {
        test: "TestManyCalls",
        shows: "100,000 calls",
        library: "libgo7",
        sources: &["main7.c"],
        flags: &[],
        runs: &[passes(&[])],
    },
    Program {
        test: "TestPreemption",
        shows: "a goroutine that loops for ever lets a call in",
        library: "libgo8",
        sources: &["main8.c"],
        flags: &[],
        runs: &[passes(&[])],
    },
    Program {
        test: "TestDeepStack",
        shows: "calls from various depths of C's stack, a panic through C",
        library: "libgo9",
        sources: &["main9.c"],
        // Or the compiler takes the deep frame away.
        flags: &["-O0"],
        runs: &[passes(&[])],
    },
    Program {
        test: "BenchmarkCgoCallbackMainThread",
        shows: "1,000 calls from the main thread",
        library: "libgo10",
        sources: &["main10.c"],
        flags: &[],
        runs: &[passes(&["1000"])],
    },
];
