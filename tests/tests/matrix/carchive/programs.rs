//! The tests of Go's `carchive_test.go` that run a C program: a table, one const row each.

use gocross_tests::kit::{SIGPIPE, SIGQUIT, SIGSEGV, Shape};
use rustix::process::Signal;

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
    /// What it is linked to be.
    pub(super) shape: Shape,
    /// What the C compiler is told besides.
    pub(super) flags: &'static [&'static str],
    /// Go's `GOFLAGS`.
    pub(super) go_flags: &'static str,
    /// How it is run, and what must come of it.
    pub(super) runs: &'static [Run],
}

/// One run of a program.
#[derive(Debug)]
pub(super) struct Run {
    pub(super) arguments: &'static [&'static str],
    /// A signal that is sent when the program has said `OK`, and how often all of it may be
    /// tried: the kernel may give the signal to a thread that does not die of it.
    pub(super) signal: Option<(Signal, usize)>,
    /// The exit statuses that are right.
    pub(super) ends: &'static [i32],
}

/// A run that ends well.
const fn passes(arguments: &'static [&'static str]) -> Run {
    Run { arguments, signal: None, ends: &[0] }
}

/// C ends itself by a signal.
const FORWARDING: &[Run] = &[
    Run { arguments: &["1"], signal: None, ends: &[SIGSEGV] },
    Run { arguments: &["3"], signal: None, ends: &[SIGPIPE] },
];

/// What most programs are.
const USUAL: Program = Program {
    test: "",
    shows: "",
    library: "",
    sources: &[],
    shape: Shape::Usual,
    flags: &[],
    go_flags: "",
    runs: &[],
};

/// All tests of `carchive_test.go` that link something.
pub(super) const PROGRAMS: &[Program] = &[
    Program {
        test: "TestInstall",
        shows: "`init` has run before a call and `main` has not, `os.Args`, handlers of SIGSEGV",
        library: "libgo",
        sources: &["main.c", "main_unix.c"],
        runs: &[passes(&["arg1", "arg2"])],
        ..USUAL
    },
    Program {
        test: "TestEarlySignalHandler",
        shows: "handlers that C has set before Go starts get the signals that are not Go's",
        library: "libgo2",
        sources: &["main2.c"],
        runs: &[passes(&["0"])],
        ..USUAL
    },
    Program {
        test: "TestOsSignal",
        shows: "`signal.Notify` and `signal.Reset`, SIGPIPE in Go",
        library: "libgo3",
        sources: &["main3.c"],
        runs: &[passes(&[])],
        ..USUAL
    },
    Program {
        test: "TestSigaltstack",
        shows: "a C thread with a signal stack of its own keeps it",
        library: "libgo4",
        sources: &["main4.c"],
        runs: &[passes(&[])],
        ..USUAL
    },
    Program {
        test: "TestSignalForwarding",
        shows: "SIGSEGV and SIGPIPE in C end the program",
        library: "libgo2",
        sources: &["main5.c"],
        runs: FORWARDING,
        ..USUAL
    },
    Program {
        test: "TestSignalForwardingExternal",
        shows: "SIGSEGV from another process ends a program that is in C",
        library: "libgo2",
        sources: &["main5.c"],
        runs: &[Run {
            arguments: &["2"],
            signal: Some((Signal::SEGV, 20)),
            ends: &[SIGSEGV, SIGQUIT],
        }],
        ..USUAL
    },
    Program {
        test: "TestSignalForwardingGo",
        shows: "SIGSEGV from another process ends a program that is in Go",
        library: "libgo2",
        sources: &["main5.c"],
        runs: &[Run {
            arguments: &["4"],
            signal: Some((Signal::SEGV, 1)),
            ends: &[SIGQUIT, SIGSEGV],
        }],
        ..USUAL
    },
    Program {
        test: "TestCompileWithoutShared",
        shows: "as `TestSignalForwarding`, with Go code that is position-dependent",
        library: "libgo2",
        sources: &["main5.c"],
        shape: Shape::Fixed,
        go_flags: "-gcflags=-shared=false",
        runs: FORWARDING,
        ..USUAL
    },
    Program {
        test: "TestPIE",
        shows: "`main.c` in a program that can be moved in memory, without `DT_TEXTREL`",
        library: "libgo",
        sources: &["main.c", "main_unix.c"],
        shape: Shape::Pie,
        runs: &[passes(&["arg1", "arg2"])],
        ..USUAL
    },
    Program {
        test: "TestSharedObject",
        shows: "the archive can be linked into a shared object",
        library: "libgo",
        // Go's test has no source, and so links nothing out of the archive.
        sources: &["main.c", "main_unix.c"],
        shape: Shape::Shared,
        ..USUAL
    },
    Program {
        test: "TestSIGPROF",
        shows: "Go's profiler in a C program",
        library: "libgo6",
        sources: &["main6.c"],
        runs: &[passes(&[])],
        ..USUAL
    },
    Program {
        test: "TestManyCalls",
        shows: "100,000 calls",
        library: "libgo7",
        sources: &["main7.c"],
        runs: &[passes(&[])],
        ..USUAL
    },
    Program {
        test: "TestPreemption",
        shows: "a goroutine that loops for ever lets a call in",
        library: "libgo8",
        sources: &["main8.c"],
        runs: &[passes(&[])],
        ..USUAL
    },
    Program {
        test: "TestDeepStack",
        shows: "calls from various depths of C's stack, a panic through C",
        library: "libgo9",
        sources: &["main9.c"],
        // Or the compiler takes the deep frame away.
        flags: &["-O0"],
        runs: &[passes(&[])],
        ..USUAL
    },
    Program {
        test: "BenchmarkCgoCallbackMainThread",
        shows: "1,000 calls from the main thread",
        library: "libgo10",
        sources: &["main10.c"],
        runs: &[passes(&["1000"])],
        ..USUAL
    },
];

/// Tests that cannot pass on a target.
#[derive(Debug)]
pub(super) struct Exception {
    pub(super) tests: &'static [&'static str],
    pub(super) triples: &'static [&'static str],
    pub(super) why: &'static str,
    /// The linker's words, where it is asked: the test then is that it says them.
    pub(super) refusal: Option<&'static str>,
}

/// Everything that passes with glibc and Go's own archive, and not here.
pub(super) const EXCEPTIONS: &[Exception] = &[
    Exception {
        tests: &["TestPIE", "TestSharedObject"],
        triples: &["mipsel-unknown-linux-gnu"],
        why: "Go's code for MIPS is position-dependent; the linker says so, and its words are tested",
        refusal: Some("recompile with -fPIC"),
    },
    Exception {
        tests: &["TestPIE", "TestSharedObject"],
        triples: &["mipsel-unknown-linux-musl"],
        why: "as for mipsel-unknown-linux-gnu; not tried, because zig would first build its C library once more",
        refusal: None,
    },
    Exception {
        tests: &["TestSharedObject"],
        triples: &["riscv64gc-unknown-linux-musl"],
        why: "zig's linker refuses a jump of Go's to `crosscall2` in a shared object, in Go's own archive as well; GNU ld takes it, and zig's with `-Wl,-Bsymbolic`; the words are tested",
        refusal: Some("relocation R_RISCV_JAL cannot be used against symbol 'crosscall2'"),
    },
];

/// Tests that link no program, and why they are not ours.
pub(super) const NOT_RUN: &[(&str, &str)] = &[
    ("TestExtar", "Go's `-extar`: gocross writes the archive itself"),
    ("TestCachedInstall", "`go install` and its header: gocross installs nothing"),
];

/// The exception for a test on a target.
pub(super) fn exception(program: &Program, triple: &str) -> Option<&'static Exception> {
    EXCEPTIONS
        .iter()
        .find(|entry| entry.tests.contains(&program.test) && entry.triples.contains(&triple))
}
