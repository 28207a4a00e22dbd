//! `cfg(…)`: whether code is compiled, as far as that can be known without compiling.

use std::collections::BTreeSet;
use std::str::FromStr;

use cargo_platform::{Cfg, CfgExpr};

use super::token::Tree;

/// What a `cfg(…)` asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Condition {
    /// What stands in the brackets.
    Cfg(CfgExpr),
    /// Words that are no such expression, such as `version("1.90")`.
    Unreadable(String),
    /// Only tests hold this code.
    Test,
}

/// What is known of a compilation.
#[derive(Debug, Default)]
pub(super) struct World {
    /// What rustc sets for the target.
    pub(super) target: Vec<Cfg>,
    /// The features of the package that are enabled.
    pub(super) features: BTreeSet<String>,
}

/// Names that a build of a program never sets: they are for tests and documentation.
const NEVER: &[&str] =
    &["test", "doctest", "doc", "docsrs", "miri", "loom", "fuzzing", "kani", "shuttle"];

impl Condition {
    /// Reads what stands in the brackets of `cfg(…)`.
    pub(super) fn read(trees: &[Tree<'_>]) -> Self {
        let words = text(trees);
        match CfgExpr::from_str(&words) {
            Ok(expression) => Self::Cfg(expression),
            Err(_) => Self::Unreadable(words),
        }
    }

    pub(super) fn negated(self) -> Self {
        match self {
            Self::Cfg(expression) => Self::Cfg(CfgExpr::Not(Box::new(expression))),
            Self::Unreadable(words) => Self::Unreadable(format!("not({words})")),
            Self::Test => Self::Cfg(CfgExpr::True),
        }
    }

    /// Whether it holds; none where that cannot be known, as with what a build script sets.
    pub(super) fn holds(&self, world: &World) -> Option<bool> {
        match self {
            Self::Cfg(expression) => world.holds(expression),
            Self::Unreadable(_) => None,
            Self::Test => Some(false),
        }
    }
}

impl std::fmt::Display for Condition {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Cfg(expression) => write!(f, "cfg({expression})"),
            Self::Unreadable(words) => write!(f, "cfg({words})"),
            Self::Test => f.write_str("cfg(test)"),
        }
    }
}

impl World {
    fn holds(&self, expression: &CfgExpr) -> Option<bool> {
        let all = |parts: &[CfgExpr], neutral: bool| {
            let found: Vec<_> = parts.iter().map(|part| self.holds(part)).collect();
            let decided = found.contains(&Some(!neutral)).then_some(!neutral);
            decided.or_else(|| (!found.contains(&None)).then_some(neutral))
        };
        match expression {
            CfgExpr::Not(inner) => self.holds(inner).map(|holds| !holds),
            CfgExpr::All(parts) => all(parts, true),
            CfgExpr::Any(parts) => all(parts, false),
            CfgExpr::Value(value) => self.has(value),
            CfgExpr::True => Some(true),
            CfgExpr::False => Some(false),
        }
    }

    fn has(&self, value: &Cfg) -> Option<bool> {
        match value {
            Cfg::Name(name) if NEVER.contains(&name.as_str()) => Some(false),
            Cfg::Name(name) if matches!(name.as_str(), "unix" | "windows") => {
                Some(self.target.contains(value))
            }
            Cfg::Name(_) => None,
            Cfg::KeyPair(key, name) if *key == *"feature" => Some(self.features.contains(name)),
            Cfg::KeyPair(key, _) => {
                let same_key = |known: &&Cfg| matches!(known, Cfg::KeyPair(own, _) if own == key);
                let mut known = self.target.iter().filter(same_key).peekable();
                known.peek()?;
                Some(known.any(|known| known == value))
            }
        }
    }
}

/// The trees as text that can be read once more.
fn text(trees: &[Tree<'_>]) -> String {
    let mut text = String::new();
    for tree in trees {
        match tree {
            Tree::Word(word, _) => text.push_str(word),
            Tree::Literal(literal) => text.push_str(literal),
            Tree::Mark(',') => text.push_str(", "),
            Tree::Mark('=') => text.push_str(" = "),
            Tree::Mark(mark) => text.push(*mark),
            Tree::Group(_, inner) => {
                text.push_str(&format!("({})", self::text(inner)));
            }
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::super::token::{Language, trees};
    use super::*;

    fn holds(text: &str) -> Option<bool> {
        let cfg = |words| Cfg::from_str(words).unwrap();
        let world = World {
            target: vec![cfg("unix"), cfg("target_os=\"linux\"")],
            features: ["signal".to_owned()].into(),
        };
        Condition::read(&trees(text, Language::Rust)).holds(&world)
    }

    #[test]
    fn targets_and_features_are_known() {
        assert_eq!(holds("all(unix, feature = \"signal\",)"), Some(true));
        assert_eq!(holds("any(windows, feature = \"net\")"), Some(false));
        assert_eq!(holds("target_os = \"macos\""), Some(false));
        assert_eq!(holds("not(any(test, loom))"), Some(true));
    }

    #[test]
    fn what_a_build_script_sets_is_not_known() {
        assert_eq!(holds("linux_raw"), None);
        assert_eq!(holds("all(linux_raw, windows)"), Some(false));
        assert_eq!(holds("any(linux_raw, unix)"), Some(true));
        assert_eq!(holds("not(linux_raw)"), None);
        assert_eq!(holds("target_vendor = \"unknown\""), None);
        assert_eq!(holds("version(\"1.90\")"), None);
    }

    #[test]
    fn a_condition_is_told_as_it_is_written() {
        let read = |text| Condition::read(&trees(text, Language::Rust)).to_string();
        assert_eq!(read("any(a, b = \"c\")"), "cfg(any(a, b = \"c\"))");
        assert_eq!(read("version(\"1.90\")"), "cfg(version(\"1.90\"))");
    }
}
