//! The report for people.

use super::function::Installs;
use super::owner::{Fate, in_order};
use super::{Call, Crate, Report};

/// Where what belongs to a crate begins.
const INDENT: &str = "                 ";

const CURE: &str = "help: call `libc::sigaction`, which gives the handler `SA_ONSTACK` and leaves \
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
    let state = match (found.is_wrapper, guarded) {
        (true, _) => "wrapper",
        (false, true) => "guarded",
        (false, false) => "not guarded",
    };
    let about = found.about.unwrap_or("calls functions that install signal handlers");
    let mut text = format!("  {state:13}{} {}: {about}\n", found.name, found.version);
    let mut line = |line: String| text.push_str(&format!("{INDENT}{line}\n"));
    // What is built itself needs no reason.
    if found.path.len() > 1 {
        line(format!("linked by {}", found.path.join(" -> ")));
    }
    if !found.is_wrapper {
        groups(&found.calls).iter().for_each(|group| line(of_calls(group)));
        found.handlers.iter().for_each(|fate| line(of_fate(fate)));
    }
    if !guarded {
        line(CURE.to_owned());
    }
    text
}

/// The calls that one line tells of: those of one function in one file.
fn groups(calls: &[Call]) -> Vec<Vec<&Call>> {
    let key = |call: &Call| {
        let chosen = call.signals.is_empty();
        (call.file.clone(), call.function.clone(), call.installs, chosen, call.conditions.clone())
    };
    let mut groups: Vec<Vec<&Call>> = Vec::new();
    for call in calls {
        match groups.iter_mut().find(|group| key(group[0]) == key(call)) {
            Some(group) => group.push(call),
            None => groups.push(vec![call]),
        }
    }
    groups
}

fn of_calls(group: &[&Call]) -> String {
    let call = group[0];
    let lines: Vec<String> = group.iter().map(|call| call.line.to_string()).collect();
    let signals = group.iter().flat_map(|call| call.signals.iter().copied()).collect();
    let action = match call.installs {
        Installs::Ignore => " with SIG_IGN",
        Installs::Default => " with SIG_DFL",
        Installs::Handler | Installs::SignalStack => "",
    };
    let what = match call.installs {
        Installs::SignalStack => "the signal stack of a thread".to_owned(),
        _ if call.signals.is_empty() => "signals chosen at run time".to_owned(),
        _ => in_order(signals).join(", "),
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
