//! The functions that install signal handlers, and what a call of one says.

use serde::Serialize;

use super::owner::{self, SIGNALS};
use super::token::{Tree, arguments};

/// How a call comes to the kernel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Way {
    /// By a function of the C library, which the start-up object stands before.
    CLibrary,
    /// By another crate, which has lines of its own.
    Crate,
    /// By a system call, which nobody stands before.
    SystemCall,
}

/// What a call installs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Installs {
    /// A function, or what is said in the call itself.
    Handler,
    /// `SIG_IGN`.
    Ignore,
    /// `SIG_DFL`.
    Default,
    /// The stack on which a thread's handlers run.
    SignalStack,
}

/// What the words of a call say.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Found {
    /// The function with its path, as far as that is known.
    pub(super) function: String,
    pub(super) way: Way,
    pub(super) installs: Installs,
    /// The signals that stand in the call; none where it is decided at run time.
    pub(super) signals: Vec<&'static str>,
}

/// How a call says which signal it is for.
#[derive(Debug, Clone, Copy)]
enum Which {
    /// In its first argument.
    First,
    /// It is always this one.
    Always(&'static str),
    /// It installs a stack.
    Stack,
}

/// Functions of a crate, or of a module of it.
struct Row {
    /// What their path begins with.
    path: &'static [&'static str],
    names: &'static [&'static str],
    way: Way,
    which: Which,
}

const ROWS: &[Row] = &[
    Row {
        path: &["libc"],
        names: &["sigaction", "signal", "bsd_signal", "ssignal", "sysv_signal", "sigset"],
        way: Way::CLibrary,
        which: Which::First,
    },
    Row {
        path: &["nix", "sys", "signal"],
        names: &["sigaction", "signal"],
        way: Way::CLibrary,
        which: Which::First,
    },
    Row { path: &["libc"], names: &["sigaltstack"], way: Way::CLibrary, which: Which::Stack },
    Row {
        path: &["rustix"],
        names: &["kernel_sigaction", "sigaction"],
        way: Way::SystemCall,
        which: Which::First,
    },
    Row {
        path: &["signal_hook_registry"],
        names: &[
            "register",
            "register_sigaction",
            "register_signal_unchecked",
            "register_unchecked",
        ],
        way: Way::Crate,
        which: Which::First,
    },
    Row {
        path: &["signal_hook"],
        names: &[
            "new",
            "register",
            "register_conditional_default",
            "register_conditional_shutdown",
            "register_raw",
            "register_sigaction",
            "register_unchecked",
            "register_usize",
            "with_exfiltrator",
            "with_pipe",
        ],
        way: Way::Crate,
        which: Which::First,
    },
    Row {
        path: &["signal_hook_mio"],
        names: &["new", "with_exfiltrator"],
        way: Way::Crate,
        which: Which::First,
    },
    Row {
        path: &["signal_hook_tokio"],
        names: &["new", "with_exfiltrator"],
        way: Way::Crate,
        which: Which::First,
    },
    Row { path: &["async_signal"], names: &["new"], way: Way::Crate, which: Which::First },
    Row {
        path: &["ctrlc"],
        names: &["set_handler", "try_set_handler"],
        way: Way::Crate,
        which: Which::Always("SIGINT"),
    },
    Row {
        path: &["tokio", "signal"],
        names: &["ctrl_c"],
        way: Way::Crate,
        which: Which::Always("SIGINT"),
    },
    Row {
        path: &["tokio", "signal", "unix"],
        names: &["signal"],
        way: Way::Crate,
        which: Which::First,
    },
];

/// Names that are enough by themselves: behind a path of the crate's own, or in C.
const DISTINCT: &[(&str, Way, Which)] = &[
    ("sigaction", Way::CLibrary, Which::First),
    ("bsd_signal", Way::CLibrary, Which::First),
    ("sysv_signal", Way::CLibrary, Which::First),
    ("sigaltstack", Way::CLibrary, Which::Stack),
    ("kernel_sigaction", Way::SystemCall, Which::First),
];

/// The numbers of the system calls, under all the names that they have.
const SYSTEM_CALLS: &[&str] =
    &["SYS_rt_sigaction", "SYS_sigaction", "__NR_rt_sigaction", "__NR_sigaction", "rt_sigaction"];

/// Words of which a file has at least one, where it holds such a call.
pub(super) const MENTIONS: &[&str] = &["signal", "sigaction", "sigaltstack", "sigset(", "ctrlc"];

/// Reads the call of a function of Rust. `paths` are those that its name may stand for, and
/// `inside` is what stands in the brackets.
pub(super) fn of_rust(paths: &[Vec<&str>], inside: &[Tree<'_>]) -> Option<Found> {
    let of_table = paths.iter().find_map(|path| Some((path, row(path)?)));
    if let Some((path, row)) = of_table {
        return read(path.join("::"), row.way, row.which, inside);
    }
    let path = paths.first()?;
    system_call(path.last()?, inside).or_else(|| {
        let is_foreign = matches!(path.first(), Some(&("std" | "core" | "alloc")));
        if is_foreign { None } else { of_name(path.last()?, inside) }
    })
}

fn row(path: &[&str]) -> Option<&'static Row> {
    let name = path.last()?;
    ROWS.iter().find(|row| {
        path.starts_with(row.path) && path.len() > row.path.len() && row.names.contains(name)
    })
}

/// A call by a name that is enough by itself.
pub(super) fn of_name(name: &str, inside: &[Tree<'_>]) -> Option<Found> {
    let (_, way, which) = DISTINCT.iter().find(|(distinct, ..)| *distinct == name)?;
    read(name.to_owned(), *way, *which, inside)
}

/// A call of C's `signal`, or of one like it.
pub(super) fn of_signal(name: &str, inside: &[Tree<'_>]) -> Option<Found> {
    read(name.to_owned(), Way::CLibrary, Which::First, inside)
}

/// `syscall(SYS_rt_sigaction, …)`, as a function or as a macro.
pub(super) fn system_call(name: &str, inside: &[Tree<'_>]) -> Option<Found> {
    let arguments = arguments(inside);
    let argument = |at: usize| arguments.get(at).copied().unwrap_or_default();
    let words = Tree::words(argument(0));
    let word = words.iter().find(|word| SYSTEM_CALLS.contains(word))?;
    // Without an action it only asks for the present one.
    let installs = name.starts_with("syscall") && !is_null(argument(2));
    installs.then(|| Found {
        function: format!("{name}({word})"),
        way: Way::SystemCall,
        installs: Installs::Handler,
        signals: signals(argument(1)),
    })
}

fn read(function: String, way: Way, which: Which, inside: &[Tree<'_>]) -> Option<Found> {
    let arguments = arguments(inside);
    let first = arguments.first().copied().unwrap_or_default();
    let (installs, signals) = match which {
        // Without a stack it only asks for the present one.
        Which::Stack if is_null(first) => return None,
        Which::Stack => (Installs::SignalStack, Vec::new()),
        Which::Always(signal) => (Installs::Handler, vec![signal]),
        Which::First => {
            let second = arguments.get(1).copied().unwrap_or_default();
            // Without an action it only asks for the present one.
            if function.ends_with("sigaction") && is_null(second) {
                return None;
            }
            (action(second), signals(first))
        }
    };
    Some(Found { function, way, installs, signals })
}

fn is_null(argument: &[Tree<'_>]) -> bool {
    let words = Tree::words(argument);
    words.iter().any(|word| matches!(*word, "null" | "null_mut" | "NULL" | "nullptr" | "None"))
        || argument == [Tree::Literal("0")]
}

fn action(argument: &[Tree<'_>]) -> Installs {
    let words = Tree::words(argument);
    let has = |names: [&str; 2]| words.iter().any(|word| names.contains(word));
    if has(["SIG_IGN", "SigIgn"]) {
        Installs::Ignore
    } else if has(["SIG_DFL", "SigDfl"]) {
        Installs::Default
    } else {
        Installs::Handler
    }
}

/// Names of other crates for signals: of `tokio::signal::unix::SignalKind`, and of signal-hook.
const OTHER_NAMES: &[(&str, &[&str])] = &[
    ("alarm", &["SIGALRM"]),
    ("child", &["SIGCHLD"]),
    ("hangup", &["SIGHUP"]),
    ("interrupt", &["SIGINT"]),
    ("io", &["SIGIO"]),
    ("pipe", &["SIGPIPE"]),
    ("quit", &["SIGQUIT"]),
    ("terminate", &["SIGTERM"]),
    ("user_defined1", &["SIGUSR1"]),
    ("user_defined2", &["SIGUSR2"]),
    ("window_change", &["SIGWINCH"]),
    ("TERM_SIGNALS", &["SIGTERM", "SIGQUIT", "SIGINT"]),
];

/// Variants of enumerations called `Signal` that are not the signal's name without `SIG`.
const VARIANTS: &[(&str, &str)] = &[("ABORT", "ABRT"), ("ALARM", "ALRM"), ("CHILD", "CHLD")];

/// The signals that an argument names, each once.
fn signals(argument: &[Tree<'_>]) -> Vec<&'static str> {
    let words = Tree::words(argument);
    let has = |word: &str| words.contains(&word);
    let (is_enumeration, is_kind) = (has("Signal"), has("SignalKind"));
    let mut found: Vec<&'static str> = Vec::new();
    for word in &words {
        let upper = word.to_uppercase();
        let variant = VARIANTS.iter().find(|(name, _)| *name == upper);
        let variant = format!("SIG{}", variant.map_or(upper.as_str(), |(_, name)| name));
        let is_named =
            |signal: &&&str| *signal == word || (is_enumeration && ***signal == *variant);
        // `child` alone is any variable.
        let other = OTHER_NAMES.iter().filter(|_| is_kind || word.starts_with("TERM"));
        let other = other.filter(|(name, _)| name == word).flat_map(|(_, signals)| *signals);
        found.extend(SIGNALS.iter().filter(is_named).chain(other));
    }
    owner::in_order(found)
}
