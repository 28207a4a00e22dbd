//! How a verb fails: what, why, cure.

/// A failure told to a person.
#[derive(Debug)]
pub(crate) struct Failure {
    /// What went wrong: lower case, no full stop.
    pub(crate) what: String,
    /// Why, a line each.
    pub(crate) why: Vec<String>,
    /// Commands that help.
    pub(crate) hints: Vec<String>,
}

/// What a verb gives back.
pub(crate) type Result<T = ()> = std::result::Result<T, Failure>;

impl Failure {
    /// A failure that says only what.
    pub(crate) fn new(what: impl Into<String>) -> Self {
        Self { what: what.into(), why: Vec::new(), hints: Vec::new() }
    }

    /// Adds a reason.
    pub(crate) fn why(mut self, line: impl Into<String>) -> Self {
        self.why.push(line.into());
        self
    }

    /// Adds a command that helps.
    pub(crate) fn hint(mut self, command: impl Into<String>) -> Self {
        self.hints.push(command.into());
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
