//! A problem and its text.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{Code, Hint};

/// How bad a problem is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Severity {
    /// The command stops.
    Error,
    /// The command goes on; the result may not be what was wanted.
    Warning,
    /// The command goes on; the user may want to know.
    Note,
}

impl Severity {
    /// The word that begins the text.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Note => "note",
        }
    }
}

/// One attempt of a search, and what came of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Try {
    /// What was looked at: a variable, a command, a path, with backticks where it is one.
    pub what: String,
    /// What was found there.
    pub outcome: String,
}

impl Try {
    /// An attempt and its outcome.
    pub fn new(what: impl Into<String>, outcome: impl Into<String>) -> Self {
        Self { what: what.into(), outcome: outcome.into() }
    }
}

impl fmt::Display for Try {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "tried {}: {}", self.what, self.outcome)
    }
}

/// A problem told to a person: what, why, cure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// How bad it is.
    pub severity: Severity,
    /// Its stable name.
    pub code: Code,
    /// What is wrong: a phrase in lower case with no full stop.
    pub message: String,
    /// Why: further phrases, or another tool's own words, a line each.
    pub details: Vec<String>,
    /// The search that led here, in order.
    pub tries: Vec<Try>,
    /// What to do, in words: a phrase each.
    pub help: Vec<String>,
    /// What to type.
    pub hints: Vec<Hint>,
}

impl Diagnostic {
    /// An error.
    pub fn error(code: Code, message: impl Into<String>) -> Self {
        Self {
            severity: Severity::Error,
            code,
            message: message.into(),
            details: Vec::new(),
            tries: Vec::new(),
            help: Vec::new(),
            hints: Vec::new(),
        }
    }

    /// A warning.
    pub fn warning(code: Code, message: impl Into<String>) -> Self {
        Self { severity: Severity::Warning, ..Self::error(code, message) }
    }

    /// A note.
    pub fn note(code: Code, message: impl Into<String>) -> Self {
        Self { severity: Severity::Note, ..Self::error(code, message) }
    }

    /// Adds lines of explanation or of another tool's output.
    #[must_use]
    pub fn detail(mut self, text: impl AsRef<str>) -> Self {
        self.details.extend(text.as_ref().lines().map(|line| line.trim_end().to_owned()));
        self
    }

    /// Adds the attempts of a search.
    #[must_use]
    pub fn tries(mut self, tries: impl IntoIterator<Item = Try>) -> Self {
        self.tries.extend(tries);
        self
    }

    /// Adds a cure in words: a `help:` line.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help.push(help.into());
        self
    }

    /// Adds a cure that is a command: a `hint:` line.
    #[must_use]
    pub fn hint(mut self, hint: Hint) -> Self {
        self.hints.push(hint);
        self
    }

    /// The lines of the text, without the `error[code]: ` that begins the first one.
    ///
    /// For carriers that put their own prefix before each line, such as cargo's `cargo::error=`.
    pub fn body_lines(&self) -> impl Iterator<Item = String> + '_ {
        let details = self.details.iter().map(|line| match line.as_str() {
            "" => String::new(),
            line => format!("  {line}"),
        });
        let tries = self.tries.iter().map(|attempt| format!("  {attempt}"));
        let has_cure = !self.help.is_empty() || !self.hints.is_empty();
        let gap = has_cure.then(String::new);
        let help = self.help.iter().map(|help| format!("help: {help}"));
        let hints = self.hints.iter().map(|hint| format!("hint: {hint}"));
        details.chain(tries).chain(gap).chain(help).chain(hints)
    }
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}[{}]: {}", self.severity.as_str(), self.code, self.message)?;
        self.body_lines().try_for_each(|line| write!(f, "\n{line}"))
    }
}

impl std::error::Error for Diagnostic {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hint;

    #[test]
    fn the_text_of_a_search_that_failed() {
        let diagnostic = Diagnostic::error(
            Code::CcWrongTarget,
            "the C compiler `cc` does not build for `aarch64-unknown-linux-gnu`",
        )
        .tries([
            Try::new("`CC_FOR_TARGET`", "not set"),
            Try::new("`CC_aarch64_unknown_linux_gnu`", "`cc`, builds ELF x86-64, want AArch64"),
        ])
        .hint(hint!("apt install gcc-aarch64-linux-gnu"))
        .help("name a compiler for the target");
        assert_eq!(
            diagnostic.to_string(),
            "\
error[cc-wrong-target]: the C compiler `cc` does not build for `aarch64-unknown-linux-gnu`
  tried `CC_FOR_TARGET`: not set
  tried `CC_aarch64_unknown_linux_gnu`: `cc`, builds ELF x86-64, want AArch64

help: name a compiler for the target
hint: apt install gcc-aarch64-linux-gnu"
        );
    }

    #[test]
    fn another_tools_words_keep_their_lines_and_blank_lines() {
        let diagnostic = Diagnostic::error(Code::GoBuild, "`go build` failed")
            .detail("# x\n\n./a.go:3:1: bad  \n");
        assert_eq!(
            diagnostic.to_string(),
            "error[go-build]: `go build` failed\n  # x\n\n  ./a.go:3:1: bad"
        );
    }

    #[test]
    fn a_note_without_more() {
        let note = Diagnostic::note(Code::ConfigClash, "yours is used");
        assert_eq!(note.to_string(), "note[config-clash]: yours is used");
    }
}
