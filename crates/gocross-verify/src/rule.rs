//! What a rule is.

use crate::finding::{Finding, Level};
use crate::question::{Object, Question, Subject};

/// A rule: its name, its page, and what it looks at.
#[derive(Debug)]
pub struct Rule {
    /// The rule's name, in kebab case. Names are stable: scripts may match on them.
    pub code: &'static str,
    /// How bad a finding of it is, unless the configuration or the finding says otherwise.
    pub level: Level,
    /// What it demands, in a few words.
    pub summary: &'static str,
    /// Why it matters, in a phrase.
    pub why: &'static str,
    /// Its page.
    pub page: &'static str,
    pub(crate) check: Check,
}

/// What a rule is asked about.
#[derive(Debug)]
pub(crate) enum Check {
    /// Each ELF file, the members of archives among them.
    Object(fn(&Object<'_>, &mut Vec<Finding>)),
    /// Each file as a whole.
    Subject(fn(&Question<'_>, &Subject<'_>, &mut Vec<Finding>)),
    /// All files together.
    All(fn(&Question<'_>, &mut Vec<Finding>)),
}
