//! What does not fit together in a file that can be read all the same.

/// The first few contradictions of a file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Damage(Vec<String>);

/// As many tell that a file is damaged as all of a million would.
const MOST: usize = 8;

impl Damage {
    pub(crate) fn add(&mut self, what: impl std::fmt::Display) {
        if self.0.len() < MOST {
            let what = what.to_string();
            // The `object` crate's phrases begin with a capital letter.
            let mut letters = what.chars();
            let first = letters.next().map(|first| first.to_lowercase().to_string());
            let text = first.unwrap_or_default() + letters.as_str();
            self.0.push(text);
        }
    }

    /// The contradictions, each a phrase.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}
