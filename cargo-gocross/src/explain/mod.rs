//! What the names of diagnostics and rules mean: the pages are in the program.

use gocross_config::nearest;
use gocross_diagnostic::{Code, Diagnostic, Result, hint};
use gocross_verify::{Rule, rules};

/// The sections of `docs/errors.md`, one a code; `cargo xtask codegen` copies them into the package.
const DIAGNOSTICS: &str = include_str!("errors.md");

/// Where the pages' links lead from a program that has been installed.
const REPOSITORY: &str = concat!(env!("CARGO_PKG_REPOSITORY"), "/blob/main/");
/// Where the pages are themselves.
const PAGES: &str = concat!(env!("CARGO_PKG_REPOSITORY"), "/blob/main/docs/");

/// What a name belongs to.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Kind {
    /// What a command or a build script tells.
    Diagnostic(Code),
    /// What `verify` looks at.
    Rule(&'static Rule),
}

/// A name that is explained.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Topic {
    pub(crate) kind: Kind,
    /// Its section in Markdown, which begins with `## NAME`.
    section: &'static str,
}

impl Topic {
    /// That of a rule.
    pub(crate) const fn of_rule(rule: &'static Rule) -> Self {
        Self { kind: Kind::Rule(rule), section: rule.page }
    }

    /// The name, in kebab case.
    pub(crate) fn name(&self) -> &'static str {
        match self.kind {
            Kind::Diagnostic(code) => code.as_str(),
            Kind::Rule(rule) => rule.code,
        }
    }

    /// What it means, in a phrase.
    pub(crate) fn summary(&self) -> &'static str {
        match self.kind {
            Kind::Diagnostic(_) => first_sentence(self.section),
            Kind::Rule(rule) => rule.summary,
        }
    }

    /// The whole section in Markdown.
    pub(crate) fn page(&self) -> String {
        let mut parts = self.section.trim_end().split("](");
        let mut page = parts.next().unwrap_or_default().to_owned();
        for part in parts {
            page.push_str("](");
            page.push_str(&target(part));
        }
        if let Kind::Rule(rule) = self.kind {
            page.push_str(&format!("\n\nLevel: {}.", rule.level.as_str()));
        }
        page
    }
}

/// Every name: the diagnostics in the order of their page, then the rules by name.
pub(crate) fn topics() -> impl Iterator<Item = Topic> {
    let diagnostics = sections().filter_map(|section| {
        let name = section.lines().next()?.strip_prefix("## ")?;
        let code = Code::ALL.iter().find(|code| code.as_str() == name)?;
        Some(Topic { kind: Kind::Diagnostic(*code), section })
    });
    let rules = rules::ALL.iter().map(|rule| Topic::of_rule(rule));
    diagnostics.chain(rules)
}

/// The topic of a name.
///
/// # Errors
///
/// [`Code::Usage`], with the nearest name.
pub(crate) fn find(name: &str) -> Result<Topic> {
    if let Some(topic) = topics().find(|topic| topic.name() == name) {
        return Ok(topic);
    }
    let message = format!("no diagnostic and no rule is called `{name}`");
    let mut unknown = Diagnostic::error(Code::Usage, message);
    if let Some(near) = nearest(name, topics().map(|topic| topic.name())) {
        unknown = unknown.detail(format!("did you mean `{near}`?"));
    }
    Err(Box::new(unknown.hint(hint!("cargo gocross explain"))))
}

/// The sections of the page, each with its heading.
fn sections() -> impl Iterator<Item = &'static str> {
    let mut starts: Vec<usize> =
        DIAGNOSTICS.match_indices("\n## ").map(|(index, _)| index + 1).collect();
    starts.push(DIAGNOSTICS.len());
    let ranges: Vec<_> = starts.windows(2).map(|pair| pair[0]..pair[1]).collect();
    ranges.into_iter().map(|range| &DIAGNOSTICS[range])
}

/// Text that begins with the target of a link, which is relative to the folder of the pages.
fn target(text: &str) -> String {
    match text.strip_prefix("../") {
        Some(text) => format!("{REPOSITORY}{text}"),
        None if text.starts_with("https://") => text.to_owned(),
        None => format!("{PAGES}{text}"),
    }
}

/// The first sentence below the heading, without its full stop.
fn first_sentence(section: &str) -> &str {
    let text = section.split_once("\n\n").map_or("", |(_, text)| text);
    let paragraph = text.lines().next().unwrap_or_default();
    let end = paragraph.find(". ").unwrap_or(paragraph.len());
    paragraph[..end].trim_end_matches('.')
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_code_and_every_rule_is_explained_under_a_name_of_its_own() {
        let names: Vec<&str> = topics().map(|topic| topic.name()).collect();
        assert_eq!(names.len(), Code::ALL.len() + rules::ALL.len());
        let unique: BTreeSet<&str> = names.iter().copied().collect();
        let twice: Vec<_> = names.iter().filter(|name| rules::find(name).is_some()).collect();
        assert_eq!(unique.len(), names.len(), "codes and rules share names: {twice:?}");
    }

    #[test]
    fn a_summary_is_one_line() {
        for topic in topics() {
            let summary = topic.summary();
            assert!(!summary.is_empty() && !summary.ends_with('.'), "{}", topic.name());
            assert!(!summary.contains('\n') && !summary.contains("]("), "{}", topic.name());
        }
    }

    #[test]
    fn links_lead_out_of_the_program() {
        for topic in topics() {
            let page = topic.page();
            for (at, _) in page.match_indices("](") {
                assert!(page[at + 2..].starts_with("https://"), "{}: {page}", topic.name());
            }
        }
        let runtime = find("signal-guard").unwrap().page();
        assert!(runtime.contains("/blob/main/docs/runtime.md)"), "{runtime}");
    }

    #[test]
    fn a_misspelt_name_gets_the_nearest() {
        let error = find("cc-mising").unwrap_err();
        assert!(error.to_string().contains("did you mean `cc-missing`?"), "{error}");
        assert!(!find("nothing-like-it").unwrap_err().to_string().contains("did you mean"));
    }
}
