//! Attributes of Rust, and what they stand before.

use super::condition::Condition;
use super::token::Tree;

/// The attributes before an item, as far as they decide what is compiled.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Attributes {
    /// All must hold.
    pub(super) conditions: Vec<Condition>,
    /// The file of a module, and when that one is meant.
    pub(super) paths: Vec<(Option<Condition>, String)>,
}

/// The attributes that begin at `trees[at]`, and where they end; none where there are none.
pub(super) fn outer(trees: &[Tree<'_>], at: usize) -> Option<(Attributes, usize)> {
    let mut found = Attributes::default();
    let mut end = at;
    while let Some(attribute) = attribute(trees, end) {
        found.add(attribute);
        end += 2;
    }
    (end > at).then_some((found, end))
}

/// What stands in `#[…]`.
pub(super) fn attribute<'t, 'a>(trees: &'t [Tree<'a>], at: usize) -> Option<&'t [Tree<'a>]> {
    let mark = trees.get(at).filter(|tree| tree.is_mark('#'));
    mark.and(trees.get(at + 1)).and_then(|tree| tree.group('['))
}

/// What `#![…]` asks for of all that follows it. Macros give the words without `cfg(…)` around
/// them, as in `feature! { #![any(unix, windows)] … }`.
pub(super) fn inner(trees: &[Tree<'_>], at: usize) -> Option<Option<Condition>> {
    let is_bang = trees.get(at)?.is_mark('#') && trees.get(at + 1)?.is_mark('!');
    let attribute = trees.get(at + 2).filter(|_| is_bang)?.group('[')?;
    let is_bare = matches!(
        attribute.first().and_then(Tree::word),
        Some("any" | "all" | "not" | "feature" | "unix" | "windows" | "target_os")
    );
    // `#![feature(…)]` is another attribute.
    let is_expression = is_bare && !(attribute[0].word() == Some("feature") && is_call(attribute));
    Some(cfg(attribute).or_else(|| is_expression.then(|| Condition::read(attribute))))
}

fn is_call(attribute: &[Tree<'_>]) -> bool {
    attribute.get(1).is_some_and(|tree| tree.group('(').is_some())
}

/// The condition of `cfg(…)`.
pub(super) fn cfg(attribute: &[Tree<'_>]) -> Option<Condition> {
    let name = attribute.first().filter(|name| name.word() == Some("cfg"));
    let words = name.and(attribute.get(1)).and_then(|tree| tree.group('('))?;
    Some(Condition::read(words))
}

impl Attributes {
    fn add(&mut self, attribute: &[Tree<'_>]) {
        self.conditions.extend(cfg(attribute));
        // `#[test]`, and `#[tokio::test]` with or without arguments.
        let name = attribute.iter().take_while(|tree| !matches!(tree, Tree::Group(..)));
        if matches!(name.filter_map(Tree::word).last(), Some("test" | "bench")) {
            self.conditions.push(Condition::Test);
        }
        match attribute {
            [Tree::Word("path", _), Tree::Mark('='), Tree::Literal(path)] => {
                self.paths.push((None, unquoted(path)));
            }
            [Tree::Word("cfg_attr", _), Tree::Group('(', words)] => {
                let Some(comma) = words.iter().position(|tree| tree.is_mark(',')) else { return };
                if let [Tree::Word("path", _), Tree::Mark('='), Tree::Literal(path), ..] =
                    words[comma + 1..]
                {
                    let condition = Condition::read(&words[..comma]);
                    self.paths.push((Some(condition), unquoted(path)));
                }
            }
            _ => {}
        }
    }
}

/// A literal without its quotes.
pub(super) fn unquoted(literal: &str) -> String {
    literal.trim_matches('"').to_owned()
}

/// Words that stand before the one that says what an item is.
const MODIFIERS: &[&str] = &["pub", "unsafe", "async", "default", "safe", "extern"];

/// Where that ends which begins at `trees[from]`: an item, a statement, a field or an arm.
///
/// What cannot be told apart by words alone ends too early rather than too late, so that nothing
/// is taken to be under a condition that is not.
pub(super) fn extent(trees: &[Tree<'_>], from: usize) -> usize {
    let mut words = trees[from..].iter().filter_map(Tree::word);
    let first = words.find(|word| !MODIFIERS.contains(word)).unwrap_or_default();
    let second = words.next().unwrap_or_default();
    let is_function = first == "fn" || second == "fn" || MODIFIERS.contains(&second);
    let until_semicolon =
        matches!(first, "let" | "use" | "static" | "type") || (first == "const" && !is_function);
    let is_item = is_function
        || until_semicolon
        || matches!(
            first,
            "mod" | "struct" | "enum" | "union" | "trait" | "impl" | "macro_rules" | "crate"
        );
    let ends = |tree: &Tree<'_>| match tree {
        Tree::Mark(';') => true,
        Tree::Mark(',') => !is_item,
        Tree::Group('{', _) => !until_semicolon,
        _ => false,
    };
    trees[from..].iter().position(ends).map_or(trees.len(), |at| from + at + 1)
}

#[cfg(test)]
mod tests {
    use super::super::token::{Language, trees};
    use super::*;

    /// The words that an attribute before them is for.
    fn reach(text: &str) -> Vec<&str> {
        let trees = trees(text, Language::Rust);
        let (_, from) = outer(&trees, 0).unwrap();
        Tree::words(&trees[from..extent(&trees, from)])
    }

    #[test]
    fn an_attribute_is_for_one_item() {
        assert_eq!(reach("#[cfg(x)] fn a<B, C>() { d } e"), ["fn", "a", "B", "C", "d"]);
        assert_eq!(reach("#[cfg(x)] pub(crate) mod a; b"), ["pub", "crate", "mod", "a"]);
        assert_eq!(reach("#[a] #[cfg(x)] use a::{b, c}; d"), ["use", "a", "b", "c"]);
        assert_eq!(reach("#[cfg(x)] let a = if b { c } else { d }; e").len(), 7);
        assert_eq!(reach("#[cfg(x)] const A: B = C { d }; e").len(), 5);
        assert_eq!(reach("#[cfg(x)] pub const unsafe fn a() {} b").len(), 5);
        assert_eq!(reach("#[cfg(x)] a: B, c: D"), ["a", "B"]);
        assert_eq!(reach("#[cfg(x)] A(b) => c(d, e), f => g"), ["A", "b", "c", "d", "e"]);
        assert_eq!(reach("#[cfg(x)] unsafe extern \"C\" { fn a(); } b").len(), 4);
    }

    #[test]
    fn attributes_say_when_and_where() {
        let read = |text| outer(&trees(text, Language::Rust), 0).unwrap().0;
        let test = Attributes { conditions: vec![Condition::Test], paths: Vec::new() };
        assert_eq!(read("#[test] fn a() {}"), test);
        assert_eq!(read("#[tokio::test(flavor = \"x\")] fn a() {}"), test);
        let path = read("#[cfg_attr(unix, path = \"a.rs\")] #[path = \"b.rs\"] mod c;").paths;
        assert_eq!((path[0].1.as_str(), &path[1]), ("a.rs", &(None, "b.rs".to_owned())));
        assert!(path[0].0.is_some());
    }

    #[test]
    fn inner_attributes_may_be_bare_in_macros() {
        let read = |text| inner(&trees(text, Language::Rust), 0).unwrap();
        assert!(read("#![cfg(unix)]").is_some());
        assert!(read("#![any(unix, feature = \"a\")]").is_some());
        assert!(read("#![feature = \"a\"]").is_some());
        assert_eq!(read("#![feature(asm)]"), None);
        assert_eq!(read("#![allow(x)]"), None);
    }
}
