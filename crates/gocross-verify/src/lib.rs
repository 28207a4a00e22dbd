//! Facts, a target's row and a policy in; findings out. No files, no processes.
//!
//! [`verify`] asks every rule of [`rules`] about every file. A rule is one file in `rules/`, with
//! its page beside it. What a system has (which glibc, which libraries) is a row of
//! [`POLICIES`], and no rule knows a system by name.

pub mod cpu;
mod finding;
mod infer;
pub mod owner;
mod policy;
mod question;
mod rule;
pub mod rules;
#[cfg(test)]
mod testing;

pub use finding::{Finding, Level, Place};
pub use infer::infer;
pub use policy::{Ceiling, POLICIES, Policy};
pub use question::{Expected, Found, Levels, Library, Lookup, Question, Subject, Surroundings};
pub use rule::Rule;

use rule::Check;

/// Judges files that belong together: what goes into one link, or what was built at once.
///
/// Findings come file by file, the worst first.
#[must_use]
pub fn verify(question: &Question<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for rule in rules::ALL {
        findings.extend(ask(rule, question));
    }
    let order = |file: &str| question.subjects.iter().position(|subject| subject.name == file);
    findings.sort_by_key(|finding| (order(&finding.file), std::cmp::Reverse(finding.level)));
    findings
}

/// Asks one rule.
fn ask(rule: &Rule, question: &Question<'_>) -> Vec<Finding> {
    let level = question.levels.of(rule);
    let mut found = Vec::new();
    if level == Some(Level::Off) {
        return found;
    }
    match rule.check {
        Check::Object(check) => {
            for subject in question.subjects {
                question::objects(question, subject).for_each(|object| check(&object, &mut found));
            }
        }
        Check::Subject(check) => {
            question.subjects.iter().for_each(|subject| check(question, subject, &mut found));
        }
        Check::All(check) => check(question, &mut found),
    }
    if let Some(level) = level {
        found.iter_mut().for_each(|finding| finding.level = level);
    }
    finding::merged(found)
}
