//! The report for people.

use super::function::Installs;
use super::owner::Fate;
use super::{Call, Crate, Report};

/// Where what belongs to a crate begins.
const INDENT: &str = "                 ";

const CURE: &str = "hint: call `libc::sigaction`, which gives the handler `SA_ONSTACK` and leaves \
                    Go's in place";

/// Lines like those of `doctor` without `--signals`.
pub(crate) fn human(reports: &[Report]) -> String {
    let mut text = String::new();
    for report in reports {
        text.push_str(&format!("{}\n", report.target));
        report.crates.iter().for_each(|found| text.push_str(&of_crate(found)));
        for unseen in &report.unseen {
            text.push_str(&format!("  {:13}{unseen}\n", "not seen"));
        }
    }
    text.trim_end().to_owned()
}

fn of_crate(found: &Crate) -> String {
    let guarded = found.handlers.iter().all(|fate| fate.guarded);
    let state = if guarded { "guarded" } else { "not guarded" };
    let about = found.about.unwrap_or("calls functions that install signal handlers");
    let mut text = format!("  {state:13}{} {}: {about}\n", found.name, found.version);
    let mut line = |line: String| text.push_str(&format!("{INDENT}{line}\n"));
    // What is built itself needs no reason.
    if found.path.len() > 1 {
        line(format!("linked by {}", found.path.join(" -> ")));
    }
    let mut calls = found.calls.iter().peekable();
    while let Some(call) = calls.next() {
        let mut lines = vec![call.line];
        while let Some(next) = calls.next_if(|next| is_same(call, next)) {
            lines.push(next.line);
        }
        line(of_call(call, &lines));
    }
    found.handlers.iter().for_each(|fate| line(of_fate(fate)));
    if !guarded {
        line(CURE.to_owned());
    }
    text
}

/// Whether two calls differ only in their lines.
fn is_same(one: &Call, other: &Call) -> bool {
    (&one.file, &one.function, one.installs, &one.signals, &one.conditions)
        == (&other.file, &other.function, other.installs, &other.signals, &other.conditions)
}

fn of_call(call: &Call, lines: &[u32]) -> String {
    let lines: Vec<String> = lines.iter().map(u32::to_string).collect();
    let action = match call.installs {
        Installs::Ignore => " with SIG_IGN",
        Installs::Default => " with SIG_DFL",
        Installs::Handler | Installs::SignalStack => "",
    };
    let what = match call.installs {
        Installs::SignalStack => "the signal stack of a thread".to_owned(),
        _ if call.signals.is_empty() => "signals chosen at run time".to_owned(),
        _ => call.signals.join(", "),
    };
    let place = format!("{}:{}", call.file.display(), lines.join(","));
    let conditions = match call.conditions.as_slice() {
        [] => String::new(),
        conditions => format!(", where {}", conditions.join(" and ")),
    };
    format!("{place}: `{}`{action} for {what}{conditions}", call.function)
}

fn of_fate(fate: &Fate) -> String {
    let signals = match (fate.signals.as_slice(), fate.of_stack) {
        ([], true) => "signal stack".to_owned(),
        ([], false) => "chosen at run time".to_owned(),
        (signals, _) => signals.join(", "),
    };
    format!("{signals}: {}", fate.what)
}
