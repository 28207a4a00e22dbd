//! How a verb fails: what, why, cure.

use gocross_diagnostic::Hint;

/// A failure told to a person.
#[derive(Debug)]
pub(crate) struct Failure {
    /// What went wrong: lower case, no full stop.
    pub(crate) what: String,
    /// Why, a line each.
    pub(crate) why: Vec<String>,
    /// What to do, in words.
    pub(crate) help: Vec<String>,
    /// What to type.
    pub(crate) hints: Vec<Hint>,
}

/// What a verb gives back.
pub(crate) type Result<T = ()> = std::result::Result<T, Failure>;

impl Failure {
    /// A failure that says only what.
    pub(crate) fn new(what: impl Into<String>) -> Self {
        Self { what: what.into(), why: Vec::new(), help: Vec::new(), hints: Vec::new() }
    }

    /// Adds a reason.
    pub(crate) fn why(mut self, line: impl Into<String>) -> Self {
        self.why.push(line.into());
        self
    }

    /// Adds a cure in words.
    pub(crate) fn help(mut self, help: impl Into<String>) -> Self {
        self.help.push(help.into());
        self
    }

    /// Adds a cure that is a command.
    pub(crate) fn hint(mut self, command: Hint) -> Self {
        self.hints.push(command);
        self
    }
}

/// Any library's error is a failure; its sources are the reasons.
impl<E: std::error::Error> From<E> for Failure {
    fn from(error: E) -> Self {
        let mut failure = Self::new(error.to_string());
        let mut source = error.source();
        while let Some(cause) = source {
            failure.why.push(cause.to_string());
            source = cause.source();
        }
        failure
    }
}
