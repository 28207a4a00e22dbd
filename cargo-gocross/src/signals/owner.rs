//! Whose each signal is in a program with Go in it, and what becomes of the program's handler.
//!
//! `docs/runtime.md` has the same table for people. The start-up object of `gocross-archive` makes
//! it so.

use serde::Serialize;

use super::function::{Installs, Way};

/// The signals of Linux that a program can handle (signal(7)).
pub(super) const SIGNALS: &[&str] = &[
    "SIGHUP",
    "SIGINT",
    "SIGQUIT",
    "SIGILL",
    "SIGTRAP",
    "SIGABRT",
    "SIGBUS",
    "SIGFPE",
    "SIGUSR1",
    "SIGSEGV",
    "SIGUSR2",
    "SIGPIPE",
    "SIGALRM",
    "SIGTERM",
    "SIGSTKFLT",
    "SIGCHLD",
    "SIGCONT",
    "SIGTSTP",
    "SIGTTIN",
    "SIGTTOU",
    "SIGURG",
    "SIGXCPU",
    "SIGXFSZ",
    "SIGVTALRM",
    "SIGPROF",
    "SIGWINCH",
    "SIGIO",
    "SIGPWR",
    "SIGSYS",
];

/// The signals in the order of their numbers, each once.
pub(super) fn in_order(mut signals: Vec<&'static str>) -> Vec<&'static str> {
    signals.sort_by_key(|signal| SIGNALS.iter().position(|known| known == signal));
    signals.dedup();
    signals
}

/// Who has the first place for a signal in the kernel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Owner {
    Go,
    Program,
    /// Both handlers are called.
    Both,
}

/// What becomes of the handlers of some signals.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Fate {
    /// None where they are chosen at run time.
    pub(crate) signals: Vec<&'static str>,
    /// None where that depends on the signal.
    pub(crate) owner: Option<Owner>,
    /// Whether the start-up object sees the call.
    pub(crate) guarded: bool,
    pub(crate) what: &'static str,
    /// Whether it is about the stack on which handlers run.
    #[serde(skip)]
    pub(crate) of_stack: bool,
}

struct Row {
    signals: &'static [&'static str],
    owner: Owner,
    guarded: &'static str,
    /// What a raw system call does to it.
    raw: &'static str,
}

/// All that no other row names is the last.
const ROWS: &[Row] = &[
    Row {
        signals: &["SIGSEGV", "SIGBUS", "SIGFPE"],
        owner: Owner::Go,
        guarded: "called for faults outside of Go code; Go is first and makes panics of its own",
        raw: "takes the place of Go's handler, so faults of Go code are no panics any more",
    },
    Row {
        signals: &["SIGURG"],
        owner: Owner::Both,
        guarded: "called beside Go's handler, which preempts goroutines; also where nobody sent it",
        raw: "takes the place of Go's handler, so goroutines are not preempted any more",
    },
    Row {
        signals: &["SIGPROF"],
        owner: Owner::Program,
        guarded: "runs on the signal stack, as long as Go's own CPU profiler is not started",
        raw: RAW,
    },
    Row { signals: &[], owner: Owner::Program, guarded: GUARDED, raw: RAW },
];

const GUARDED: &str = "runs on the signal stack, never on the stack of a goroutine";
const RAW: &str = "without `SA_ONSTACK` it runs on the stack of a goroutine and overwrites memory";

/// What is said where the signal is chosen at run time.
const ANY_GUARDED: &str = "runs on the signal stack; for SIGSEGV, SIGBUS and SIGFPE Go is first";
const ANY_RAW: &str = "takes the place of a handler of Go's, and without `SA_ONSTACK` runs on the \
                       stack of a goroutine";

const STACK: &str = "holds until the thread calls Go; a stack that is too small for Go's handlers \
                     is replaced then";
const DISPOSITION: &str = "as the program sets it";
const SHARED_DISPOSITION: &str = "Go's own handler stays in place beside it";

/// What becomes of a call that installs something for some signals.
pub(crate) fn fates(way: Way, installs: Installs, signals: &[&'static str]) -> Vec<Fate> {
    let guarded = way != Way::SystemCall;
    if installs == Installs::SignalStack {
        return vec![Fate {
            signals: Vec::new(),
            owner: None,
            guarded,
            what: STACK,
            of_stack: true,
        }];
    }
    if signals.is_empty() {
        let what = match (guarded, installs) {
            (false, _) => ANY_RAW,
            (true, Installs::Handler) => ANY_GUARDED,
            (true, _) => DISPOSITION,
        };
        return vec![Fate { signals: Vec::new(), owner: None, guarded, what, of_stack: false }];
    }
    let row_of = |signal: &&str| ROWS.iter().position(|row| row.signals.contains(signal));
    let mut fates: Vec<Fate> = Vec::new();
    for (at, row) in ROWS.iter().enumerate() {
        // What no row names belongs to the last one.
        let is_here = |signal: &&&str| row_of(signal).unwrap_or(ROWS.len() - 1) == at;
        let own: Vec<_> = signals.iter().filter(is_here).copied().collect();
        let what = match (guarded, installs, row.owner) {
            (false, ..) => row.raw,
            (true, Installs::Ignore | Installs::Default, Owner::Program) => DISPOSITION,
            (true, Installs::Ignore | Installs::Default, _) => SHARED_DISPOSITION,
            (true, ..) => row.guarded,
        };
        if !own.is_empty() {
            fates.push(Fate {
                signals: own,
                owner: Some(row.owner),
                guarded,
                what,
                of_stack: false,
            });
        }
    }
    fates
}

#[cfg(test)]
mod tests {
    use super::*;

    fn handler(way: Way, signals: &[&'static str]) -> Vec<(String, Option<Owner>, bool)> {
        let fates = fates(way, Installs::Handler, signals);
        fates.iter().map(|fate| (fate.signals.join(" "), fate.owner, fate.guarded)).collect()
    }

    #[test]
    fn faults_are_gos_and_sigurg_is_shared() {
        let all = ["SIGSEGV", "SIGINT", "SIGURG", "SIGFPE", "SIGPROF"];
        assert_eq!(
            handler(Way::Crate, &all),
            [
                ("SIGSEGV SIGFPE".to_owned(), Some(Owner::Go), true),
                ("SIGURG".to_owned(), Some(Owner::Both), true),
                ("SIGPROF".to_owned(), Some(Owner::Program), true),
                ("SIGINT".to_owned(), Some(Owner::Program), true),
            ]
        );
    }

    #[test]
    fn nobody_stands_before_a_system_call() {
        assert_eq!(
            handler(Way::SystemCall, &["SIGSEGV"]),
            [("SIGSEGV".to_owned(), Some(Owner::Go), false)]
        );
        assert_eq!(handler(Way::SystemCall, &[]), [(String::new(), None, false)]);
    }

    #[test]
    fn what_is_ignored_is_no_handler() {
        let fates = fates(Way::CLibrary, Installs::Ignore, &["SIGPIPE", "SIGSEGV"]);
        assert_eq!(fates.len(), 2);
        assert!(fates.iter().all(|fate| !fate.what.contains("called")), "{fates:?}");
    }

    #[test]
    fn every_row_names_signals_of_linux() {
        let (last, others) = ROWS.split_last().unwrap();
        assert!(last.signals.is_empty());
        for row in others {
            assert!(row.signals.iter().all(|signal| SIGNALS.contains(signal)));
        }
    }
}
