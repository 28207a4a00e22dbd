//! The one place that prints: data to standard output, all else to standard error.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "the one place that prints")]

mod progress;
mod table;

use std::io::Write;

use anstyle::{AnsiColor, Style};
use gocross_diagnostic::{Diagnostic, Severity};

pub(crate) use progress::Progress;
pub(crate) use table::table;

/// Tells a problem to a person.
pub(crate) fn tell(diagnostic: &Diagnostic) {
    let color = match diagnostic.severity {
        Severity::Error => AnsiColor::Red,
        Severity::Warning => AnsiColor::Yellow,
        Severity::Note => AnsiColor::Cyan,
    };
    let style = Style::new().bold().fg_color(Some(color.into()));
    let (severity, code) = (diagnostic.severity.as_str(), diagnostic.code);
    let mut text = format!("{style}{severity}[{code}]{style:#}: {}\n", diagnostic.message);
    for line in diagnostic.body_lines() {
        match line.strip_prefix("hint: ") {
            Some(cure) => text.push_str(&hint_line(cure)),
            None => text.push_str(&format!("{line}\n")),
        }
    }
    // anstream leaves the colours out where nobody sees them (NO_COLOR, a pipe).
    anstream::stderr().write_all(text.as_bytes()).ok();
}

/// Tells of something that is neither data nor a problem.
pub(crate) fn say(text: &str) {
    writeln!(anstream::stderr(), "{text}").ok();
}

/// Tells what to do next.
pub(crate) fn hint(cure: &str) {
    anstream::stderr().write_all(hint_line(cure).as_bytes()).ok();
}

fn hint_line(cure: &str) -> String {
    let style = Style::new().bold().fg_color(Some(AnsiColor::Cyan.into()));
    format!("{style}hint{style:#}: {cure}\n")
}

/// Prints data. A reader that went away ends nothing badly.
pub(crate) fn print(text: &str) {
    writeln!(anstream::stdout(), "{text}").ok();
}
