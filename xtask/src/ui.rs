//! The one place that prints: data on stdout, all else on stderr.

// Clippy forbids printing elsewhere, so that this file alone decides what goes where.
#![allow(clippy::print_stderr, clippy::print_stdout)]

use std::fmt::Display;
use std::io::{BufRead as _, IsTerminal as _, Write as _};

use anstyle::{AnsiColor, Style};

use crate::failure::{Failure, Result};

/// The style of commands and headings.
const STRONG: Style = Style::new().bold();
/// The style of what is well.
const GOOD: Style = AnsiColor::Green.on_default();
/// The style of what is wrong.
const BAD: Style = AnsiColor::Red.on_default().bold();
/// The style of cures.
const HINT: Style = AnsiColor::Cyan.on_default();

/// How a line of [`marked`] is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mark {
    /// All is well.
    Good,
    /// Something is wrong or missing.
    Bad,
}

/// A line of data.
pub(crate) fn data(line: impl Display) {
    // A reader that went away (`| head`) is no failure of ours.
    let _ = writeln!(anstream::stdout(), "{line}");
}

/// A line for people.
pub(crate) fn note(line: impl Display) {
    anstream::eprintln!("{line}");
}

/// The name of what starts now.
pub(crate) fn heading(text: impl Display) {
    anstream::eprintln!("\n{STRONG}== {text}{STRONG:#}");
}

/// A command that runs now, as one would type it.
pub(crate) fn command(command: impl Display) {
    anstream::eprintln!("{STRONG}$ {command}{STRONG:#}");
}

/// A line that begins with a word in colour; the word says the same without it.
pub(crate) fn marked(mark: Mark, word: &str, line: impl Display) {
    let style = if mark == Mark::Good { GOOD } else { BAD };
    anstream::eprintln!("  {style}{word:<8}{style:#}{line}");
}

/// A failure: what, why, cure.
pub(crate) fn failure(failure: &Failure) {
    anstream::eprintln!("{BAD}error{BAD:#}: {}", failure.what);
    for line in &failure.why {
        anstream::eprintln!("  {line}");
    }
    if !failure.help.is_empty() || !failure.hints.is_empty() {
        anstream::eprintln!();
    }
    for help in &failure.help {
        anstream::eprintln!("{HINT}help{HINT:#}: {help}");
    }
    for hint in &failure.hints {
        anstream::eprintln!("{HINT}hint{HINT:#}: {hint}");
    }
}

/// Asks a question whose answer is yes where nobody is there to ask.
pub(crate) fn agreed(question: &str) -> Result<bool> {
    if !std::io::stdin().is_terminal() || !std::io::stderr().is_terminal() {
        return Ok(true);
    }
    anstream::eprint!("{question} [Y/n] ");
    let mut answer = String::new();
    if std::io::stdin().lock().read_line(&mut answer)? == 0 {
        return Ok(false);
    }
    Ok(is_yes(&answer))
}

/// Whether an answer means yes; an empty one does.
fn is_yes(answer: &str) -> bool {
    matches!(answer.trim().to_lowercase().as_str(), "" | "y" | "yes")
}

/// Columns padded to their widest cell.
pub(crate) fn columns(rows: &[Vec<String>]) -> Vec<String> {
    let count = rows.iter().map(Vec::len).max().unwrap_or(0);
    let width = |column: usize| {
        rows.iter()
            .filter_map(|row| row.get(column))
            .map(|cell| cell.chars().count())
            .max()
            .unwrap_or(0)
    };
    let widths: Vec<usize> = (0..count).map(width).collect();
    rows.iter()
        .map(|row| {
            let cells = row.iter().zip(&widths).map(|(cell, width)| format!("{cell:<width$}"));
            cells.collect::<Vec<_>>().join("  ").trim_end().to_owned()
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_aligned_and_have_no_trailing_blanks() {
        let rows = [vec!["a".to_owned(), "bb".to_owned()], vec!["ccc".to_owned(), "d".to_owned()]];
        assert_eq!(columns(&rows), ["a    bb", "ccc  d"]);
    }

    #[test]
    fn only_no_means_no() {
        assert!(is_yes("\n") && is_yes("Y\n") && is_yes("yes\n"));
        assert!(!is_yes("n\n") && !is_yes("what\n"));
    }
}
