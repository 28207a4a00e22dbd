//! What is wrong in a table, with the heading under which it stands.

use std::borrow::Cow;
use std::path::Path;

use gocross_diagnostic::{Code, Diagnostic, hint};
use gocross_targets::Spec;
use serde::de;

/// Triples that are less alike than this are not offered in place of each other (Jaro-Winkler).
const ALIKE: f64 = 0.7;

/// Which table is read: of which manifest, and whether of its package or of its workspace.
#[derive(Debug, Clone, Copy)]
pub struct Table<'a> {
    pub(crate) manifest: &'a Path,
    root: &'static str,
}

/// A step on the way from the table to a value.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Step {
    Key(String),
    Index(usize),
}

/// Why a table could not be deserialized, and where.
#[derive(Debug)]
pub(crate) struct Error {
    what: String,
    /// The names that could be meant, and the one that stands there.
    known: Option<(String, &'static [&'static str])>,
    is_key: bool,
    /// The way from the innermost table to the value, the last step first.
    inside: Vec<Step>,
    /// The way to the innermost table, the last step first.
    outside: Vec<Step>,
    /// Whether the innermost table has been left.
    closed: bool,
}

impl<'a> Table<'a> {
    /// `[package.metadata.gocross]` of a manifest.
    #[must_use]
    pub const fn of_package(manifest: &'a Path) -> Self {
        Self { manifest, root: "package.metadata.gocross" }
    }

    /// `[workspace.metadata.gocross]` of a manifest.
    #[must_use]
    pub const fn of_workspace(manifest: &'a Path) -> Self {
        Self { manifest, root: "workspace.metadata.gocross" }
    }

    /// An error in the table below these keys.
    #[must_use]
    pub fn problem(&self, keys: &[&str], what: impl std::fmt::Display) -> Box<Diagnostic> {
        let steps: Vec<Step> = keys.iter().map(|&key| Step::Key(key.to_owned())).collect();
        Box::new(self.message(&steps, &what.to_string()))
    }

    /// An error in the table below these keys: nothing of a kind, such as a policy, has this name.
    #[must_use]
    pub fn unknown<'n>(
        &self,
        keys: &[&str],
        kind: &str,
        name: &str,
        known: impl IntoIterator<Item = &'n str>,
    ) -> Box<Diagnostic> {
        let diagnostic = self.problem(keys, format!("no {kind} is called `{name}`"));
        match nearest(name, known) {
            Some(near) => Box::new(diagnostic.detail(format!("did you mean `{near}`?"))),
            None => diagnostic,
        }
    }

    /// A key of `[….target]` that is no target.
    pub(crate) fn unknown_target(&self, triple: &str) -> Box<Diagnostic> {
        let what = format!("there is no target `{triple}` in gocross's table");
        let mut diagnostic = *self.problem(&["target"], what);
        if let Some(near) = nearest_triple(triple) {
            diagnostic = diagnostic.detail(format!("did you mean `{near}`?"));
        }
        Box::new(diagnostic.hint(hint!("cargo gocross targets")))
    }

    fn message(&self, steps: &[Step], what: &str) -> Diagnostic {
        let mut heading = self.root.to_owned();
        let mut number = None;
        for step in steps {
            match step {
                Step::Key(key) => {
                    number = None;
                    heading.push('.');
                    heading.push_str(&quoted(key));
                }
                Step::Index(index) => number = Some(index + 1),
            }
        }
        let manifest = self.manifest.display();
        let heading = match number {
            Some(number) => format!("`[[{heading}]]` of `{manifest}`, number {number}"),
            None => format!("`[{heading}]` of `{manifest}`"),
        };
        Diagnostic::error(Code::Manifest, format!("{heading}: {what}"))
    }
}

impl Error {
    fn new(what: String) -> Self {
        let (inside, outside) = (Vec::new(), Vec::new());
        Self { what, known: None, is_key: false, inside, outside, closed: false }
    }

    /// The value below a key has it.
    pub(crate) fn below(mut self, key: &str) -> Self {
        self.step(Step::Key(key.to_owned()));
        self
    }

    /// The element of a list has it.
    pub(crate) fn at(mut self, index: usize) -> Self {
        self.step(Step::Index(index));
        self
    }

    /// The table that has it is left.
    pub(crate) fn close(mut self) -> Self {
        self.closed = true;
        self
    }

    fn step(&mut self, step: Step) {
        if self.closed { self.outside.push(step) } else { self.inside.push(step) }
    }

    /// The whole diagnostic.
    pub(crate) fn explain(mut self, table: &Table<'_>) -> Box<Diagnostic> {
        self.outside.reverse();
        self.inside.reverse();
        let mut what = String::new();
        for step in &self.inside {
            match step {
                Step::Key(key) => what.push_str(&format!("`{key}`")),
                Step::Index(index) => what.push_str(&format!(", number {}", index + 1)),
            }
        }
        if !what.is_empty() {
            what.push_str(": ");
        }
        what.push_str(&self.what);
        let mut diagnostic = table.message(&self.outside, &what);
        if let Some((word, known)) = &self.known {
            if let Some(near) = nearest(word, known.iter().copied()) {
                diagnostic = diagnostic.detail(format!("did you mean `{near}`?"));
            }
            if self.is_key {
                diagnostic = diagnostic.help(match known {
                    [one] => format!("the only key there is {}", listed(&[one])),
                    _ => format!("the keys there are {}", listed(known)),
                });
            }
        }
        Box::new(diagnostic)
    }
}

impl de::Error for Error {
    fn custom<T: std::fmt::Display>(what: T) -> Self {
        Self::new(what.to_string())
    }

    fn unknown_field(field: &str, expected: &'static [&'static str]) -> Self {
        let known = Some((field.to_owned(), expected));
        Self { known, is_key: true, ..Self::new(format!("unknown key `{field}`")) }
    }

    fn missing_field(field: &'static str) -> Self {
        Self::new(format!("missing key `{field}`"))
    }

    fn unknown_variant(variant: &str, expected: &'static [&'static str]) -> Self {
        let what = match expected {
            [one] => format!("`{variant}` is not `{one}`"),
            _ => format!("`{variant}` is none of {}", listed(expected)),
        };
        let known = Some((variant.to_owned(), expected));
        Self { known, ..Self::new(what) }
    }
}

impl std::fmt::Display for Error {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.what)
    }
}

impl std::error::Error for Error {}

fn listed(names: &[&str]) -> String {
    let names: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    names.join(", ")
}

/// A key as TOML wants it in a heading.
fn quoted(key: &str) -> Cow<'_, str> {
    let bare = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    if !key.is_empty() && key.bytes().all(bare) {
        Cow::Borrowed(key)
    } else {
        Cow::Owned(format!("{key:?}"))
    }
}

/// The name that is a word with a slip of the hand in it: one letter in three may differ.
#[must_use]
pub fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let distance = |name: &'a str| (strsim::damerau_levenshtein(word, name), name);
    let slips = (word.chars().count() / 3).max(1);
    let near = known.into_iter().map(distance).filter(|(distance, _)| *distance <= slips);
    near.min_by_key(|(distance, _)| *distance).map(|(_, name)| name)
}

/// The target triple that is most like a word: parts may be left out.
fn nearest_triple(word: &str) -> Option<&'static str> {
    let likeness = |triple: &'static str| (strsim::jaro_winkler(word, triple), triple);
    let near = Spec::known().map(likeness).filter(|(likeness, _)| *likeness > ALIKE);
    near.max_by(|a, b| a.0.total_cmp(&b.0)).map(|(_, triple)| triple)
}
