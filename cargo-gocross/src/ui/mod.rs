//! The one place that prints: data to standard output, all else to standard error.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "the one place that prints")]

mod finding;
mod page;
mod progress;
mod table;

use std::io::Write;

use anstyle::{AnsiColor, Style};
use gocross_diagnostic::{Diagnostic, Hint, Severity};
use serde::Serialize;

pub(crate) use finding::{finding, worst};
pub(crate) use page::page;
pub(crate) use progress::Progress;
pub(crate) use table::{columns, table};

/// Tells a problem to a person.
pub(crate) fn tell(diagnostic: &Diagnostic) {
    let code = diagnostic.code.as_str();
    block(diagnostic.severity, code, &diagnostic.message, diagnostic.body_lines());
}

/// A heading and the lines below it, in the one shape that problems have.
fn block(severity: Severity, code: &str, message: &str, lines: impl Iterator<Item = String>) {
    let color = match severity {
        Severity::Error => AnsiColor::Red,
        Severity::Warning => AnsiColor::Yellow,
        Severity::Note => AnsiColor::Cyan,
    };
    let style = Style::new().bold().fg_color(Some(color.into()));
    let mut text = format!("{style}{}[{code}]{style:#}: {message}\n", severity.as_str());
    for line in lines {
        text.push_str(&match line.split_once(": ") {
            Some((word @ ("help" | "hint"), cure)) => cure_line(word, cure),
            _ => format!("{line}\n"),
        });
    }
    // anstream leaves the colours out where nobody sees them (NO_COLOR, a pipe).
    anstream::stderr().write_all(text.as_bytes()).ok();
}

/// Tells of something that is neither data nor a problem.
pub(crate) fn say(text: &str) {
    writeln!(anstream::stderr(), "{text}").ok();
}

/// Tells what to type next.
pub(crate) fn hint(command: &Hint) {
    anstream::stderr().write_all(cure_line("hint", command.as_str()).as_bytes()).ok();
}

fn cure_line(word: &str, cure: &str) -> String {
    let style = Style::new().bold().fg_color(Some(AnsiColor::Cyan.into()));
    format!("{style}{word}{style:#}: {cure}\n")
}

/// `1 file`, `2 files`.
pub(crate) fn many(count: usize, noun: &str) -> String {
    if count == 1 { format!("1 {noun}") } else { format!("{count} {noun}s") }
}

/// Prints data. A reader that went away ends nothing badly.
pub(crate) fn print(text: &str) {
    writeln!(anstream::stdout(), "{text}").ok();
}

/// Prints data for programs.
pub(crate) fn json(data: &impl Serialize) {
    print(&serde_json::to_string_pretty(data).unwrap_or_default());
}

/// Passes on a line of cargo's that we have read.
pub(crate) fn pass_on(line: &str) {
    let mut stdout = std::io::stdout();
    stdout.write_all(line.as_bytes()).and_then(|()| stdout.flush()).ok();
}
