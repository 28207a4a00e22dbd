//! What a rule has found.

use gocross_diagnostic::Hint;
use serde::{Deserialize, Serialize};

pub use gocross_config::Level;

use crate::rule::Rule;

/// Where in a file.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// The member of an archive.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub member: Option<String>,
    /// The section.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub section: Option<String>,
    /// The symbol.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub symbol: Option<String>,
    /// The object, crate or Go package that brought it, where that is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub origin: Option<String>,
}

impl std::fmt::Display for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let parts = [
            ("member", &self.member),
            ("section", &self.section),
            ("symbol", &self.symbol),
            ("from", &self.origin),
        ];
        let mut first = true;
        for (word, name) in parts {
            let Some(name) = name else { continue };
            write!(f, "{}{word} `{name}`", if first { "" } else { ", " })?;
            first = false;
        }
        Ok(())
    }
}

/// Something that does not fit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// The rule's name, in kebab case.
    pub code: String,
    /// How bad it is.
    pub level: Level,
    /// The file, as it was named.
    pub file: String,
    /// What: a phrase in lower case with no full stop.
    pub message: String,
    /// Further phrases, a line each.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub details: Vec<String>,
    /// Where: the first few places.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub places: Vec<Place>,
    /// In how many more places.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub more_places: usize,
    /// Why it matters.
    pub why: String,
    /// What to do, in words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub help: Option<String>,
    /// What to type.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hint: Option<Hint>,
}

/// How many places of one finding are named.
const PLACES: usize = 6;

fn is_zero(number: &usize) -> bool {
    *number == 0
}

impl Finding {
    /// A finding of a rule about a file.
    pub(crate) fn new(rule: &Rule, file: &str, message: impl Into<String>) -> Self {
        Self {
            code: rule.code.to_owned(),
            level: rule.level,
            file: file.to_owned(),
            message: message.into(),
            details: Vec::new(),
            places: Vec::new(),
            more_places: 0,
            why: rule.why.to_owned(),
            help: None,
            hint: None,
        }
    }

    #[must_use]
    pub(crate) fn at(mut self, place: Place) -> Self {
        if place != Place::default() {
            self.places.push(place);
        }
        self
    }

    /// Names a section, in the place that is there already.
    #[must_use]
    pub(crate) fn section(mut self, name: &[u8]) -> Self {
        self.last_place().section = Some(lossy(name));
        self
    }

    /// Names a symbol, in the place that is there already.
    #[must_use]
    pub(crate) fn symbol(mut self, name: &[u8]) -> Self {
        self.last_place().symbol = Some(lossy(name));
        self
    }

    fn last_place(&mut self) -> &mut Place {
        if self.places.is_empty() {
            self.places.push(Place::default());
        }
        let last = self.places.len() - 1;
        &mut self.places[last]
    }

    #[must_use]
    pub(crate) fn detail(mut self, line: impl Into<String>) -> Self {
        self.details.push(line.into());
        self
    }

    #[must_use]
    pub(crate) fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    #[must_use]
    pub(crate) fn hint(mut self, hint: Hint) -> Self {
        self.hint = Some(hint);
        self
    }

    #[must_use]
    pub(crate) fn why(mut self, why: impl Into<String>) -> Self {
        self.why = why.into();
        self
    }

    #[must_use]
    pub(crate) fn level(mut self, level: Level) -> Self {
        self.level = level;
        self
    }
}

/// A name of a file, in letters.
pub(crate) fn lossy(name: &[u8]) -> String {
    String::from_utf8_lossy(name).into_owned()
}

/// Makes one finding of those that say the same of a file's members.
pub(crate) fn merged(findings: Vec<Finding>) -> Vec<Finding> {
    let mut merged: Vec<Finding> = Vec::new();
    for mut finding in findings {
        let same = merged.iter_mut().rev().take(8).find(|other| {
            (&other.file, &other.message, other.level)
                == (&finding.file, &finding.message, finding.level)
        });
        match same {
            Some(other) => other.places.append(&mut finding.places),
            None => merged.push(finding),
        }
    }
    for finding in &mut merged {
        finding.more_places += finding.places.len().saturating_sub(PLACES);
        finding.places.truncate(PLACES);
    }
    merged
}
