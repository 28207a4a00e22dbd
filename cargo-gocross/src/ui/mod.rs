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
    let hint = Style::new().bold().fg_color(Some(AnsiColor::Cyan.into()));
    for line in diagnostic.body_lines() {
        match line.strip_prefix("hint: ") {
            Some(cure) => text.push_str(&format!("{hint}hint{hint:#}: {cure}\n")),
            None => text.push_str(&format!("{line}\n")),
        }
    }
    // anstream leaves the colours out where nobody sees them (NO_COLOR, a pipe).
    anstream::stderr().write_all(text.as_bytes()).ok();
}

/// Prints data. A reader that went away ends nothing badly.
pub(crate) fn print(text: &str) {
    writeln!(anstream::stdout(), "{text}").ok();
}
