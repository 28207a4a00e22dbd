//! One file of Rust: the calls in it that install handlers, and the files that belong to it.

use std::collections::BTreeMap;

use super::attribute::{self, unquoted};
use super::condition::Condition;
use super::function::{self, Found};
use super::imports::Imports;
use super::token::Tree;

/// Macros of a crate that put `#[cfg(…)]` before all that stands in them, such as tokio's
/// `cfg_signal! { … }`.
pub(super) type Macros = BTreeMap<String, Vec<Condition>>;

/// A call, and the conditions under which it is compiled.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Call {
    pub(super) line: u32,
    pub(super) found: Found,
    pub(super) conditions: Vec<Condition>,
}

/// Another file of the crate.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Module {
    pub(super) place: Place,
    pub(super) conditions: Vec<Condition>,
}

#[derive(Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// `mod NAME;`: in a file of this name, below the directories of modules around it. The paths
    /// are those of `#[path = "…"]`, each with the condition under which it counts.
    Named { folders: Vec<String>, name: String, paths: Vec<(Option<Condition>, String)> },
    /// `include!("…")`.
    Included(String),
}

/// What one file holds.
#[derive(Debug, Default)]
pub(super) struct Content {
    pub(super) calls: Vec<Call>,
    pub(super) modules: Vec<Module>,
}

/// Reads a file.
pub(super) fn content(trees: &[Tree<'_>], macros: &Macros) -> Content {
    let imports = Imports::read(trees);
    let mut walk = Walk {
        macros,
        imports,
        conditions: Vec::new(),
        folders: Vec::new(),
        content: Content::default(),
    };
    walk.block(trees);
    walk.content
}

/// Gathers the macros of a file that have one rule, which only puts attributes before items.
pub(super) fn macros(trees: &[Tree<'_>], found: &mut Macros) {
    for (at, tree) in trees.iter().enumerate() {
        if let [Tree::Word("macro_rules", _), Tree::Mark('!'), Tree::Word(name, _), body, ..] =
            &trees[at..]
            && let Tree::Group(_, body) = body
        {
            let conditions = conditions_of_rule(body);
            let entry = found.entry((*name).to_owned()).or_insert_with(|| conditions.clone());
            // One name for two macros, on different systems perhaps: nothing is known.
            if *entry != conditions {
                entry.clear();
            }
        } else if let Tree::Group(_, inner) = tree {
            macros(inner, found);
        }
    }
}

/// `(…$item…) => { $( #[cfg(…)] $item )* }`.
fn conditions_of_rule(body: &[Tree<'_>]) -> Vec<Condition> {
    let [Tree::Group(..), Tree::Mark('='), Tree::Mark('>'), Tree::Group(_, result), rest @ ..] =
        body
    else {
        return Vec::new();
    };
    let repeated = match result.as_slice() {
        [Tree::Mark('$'), Tree::Group('(', repeated), Tree::Mark('*')] => repeated,
        _ => result,
    };
    let only_rule = rest.iter().all(|tree| tree.is_mark(';'));
    let attributes = attribute::outer(repeated, 0).filter(|_| only_rule);
    let Some((attributes, end)) = attributes else { return Vec::new() };
    // What follows the attributes is the macro's argument and nothing else.
    let is_argument = matches!(repeated[end..], [Tree::Mark('$'), Tree::Word(..)]);
    // `cfg($meta)`: the argument says it, as an attribute of its own.
    let is_known = |condition: &Condition| !matches!(condition, Condition::Unreadable(_));
    let conditions = attributes.conditions.into_iter().filter(is_known);
    if is_argument { conditions.collect() } else { Vec::new() }
}

struct Walk<'s, 'a> {
    macros: &'s Macros,
    imports: Imports<'a>,
    /// Those around the place.
    conditions: Vec<Condition>,
    /// The names of the modules around the place that are in this file.
    folders: Vec<String>,
    content: Content,
}

impl<'a> Walk<'_, 'a> {
    fn block(&mut self, trees: &[Tree<'a>]) {
        let around = self.conditions.len();
        let mut at = 0;
        while at < trees.len() {
            at = self.step(trees, at);
        }
        self.conditions.truncate(around);
    }

    fn under(&mut self, conditions: Vec<Condition>, walk: impl FnOnce(&mut Self)) {
        let around = self.conditions.len();
        self.conditions.extend(conditions);
        walk(self);
        self.conditions.truncate(around);
    }

    /// Walks what begins at `trees[at]`, and gives the place behind it.
    fn step(&mut self, trees: &[Tree<'a>], at: usize) -> usize {
        if let Some((attributes, from)) = attribute::outer(trees, at) {
            let end = attribute::extent(trees, from);
            let item = &trees[from..end];
            let paths = attributes.paths;
            self.under(attributes.conditions, |walk| {
                if !walk.module(item, paths) {
                    walk.block(item);
                }
            });
            return end;
        }
        if let Some(condition) = attribute::inner(trees, at) {
            self.conditions.extend(condition);
            return at + 3;
        }
        match &trees[at] {
            Tree::Group(_, inner) => self.block(inner),
            Tree::Word("if", _) if attribute::attribute(trees, at + 1).is_some() => {
                return self.branches(trees, at);
            }
            Tree::Word("mod", _) if self.module(&trees[at..], Vec::new()) => return at + 3,
            Tree::Word(word, line) => return self.word(word, *line, trees, at),
            _ => {}
        }
        at + 1
    }

    /// `mod name;` and `mod name { … }`; false where it is neither.
    fn module(&mut self, item: &[Tree<'a>], paths: Vec<(Option<Condition>, String)>) -> bool {
        let start = item.iter().position(|tree| tree.word() == Some("mod"));
        // Only the visibility stands before it.
        let start = start
            .filter(|start| item[..*start].iter().all(|tree| tree.word().is_none_or(is_visible)));
        match start.map(|start| &item[start + 1..]) {
            Some([Tree::Word(name, _), Tree::Mark(';'), ..]) => {
                let name = (*name).to_owned();
                let place = Place::Named { folders: self.folders.clone(), name, paths };
                let conditions = self.conditions.clone();
                self.content.modules.push(Module { place, conditions });
                true
            }
            Some([Tree::Word(name, _), Tree::Group('{', inner), ..]) => {
                self.folders.push((*name).to_owned());
                self.block(inner);
                self.folders.pop();
                true
            }
            _ => false,
        }
    }

    /// The branches of `cfg_if! { if #[cfg(…)] { … } else { … } }`.
    fn branches(&mut self, trees: &[Tree<'a>], mut at: usize) -> usize {
        let mut before: Vec<Condition> = Vec::new();
        loop {
            let condition = match &trees[at..] {
                [Tree::Word("if", _), ..] => attribute::attribute(trees, at + 1),
                _ => None,
            };
            let condition = condition.and_then(attribute::cfg);
            let body = at + if condition.is_some() { 3 } else { 0 };
            let Some(inner) = trees.get(body).and_then(|tree| tree.group('{')) else {
                return body.max(at + 1);
            };
            let mut all = before.clone();
            all.extend(condition.clone());
            self.under(all, |walk| walk.block(inner));
            let has_else = trees.get(body + 1).and_then(Tree::word) == Some("else");
            let Some(condition) = condition.filter(|_| has_else) else { return body + 1 };
            before.push(condition.negated());
            at = body + 2;
        }
    }

    /// A word that may be the name of a function or of a macro.
    fn word(&mut self, word: &'a str, line: u32, trees: &[Tree<'a>], at: usize) -> usize {
        match &trees[at + 1..] {
            [Tree::Group('(', inside), ..] => {
                self.call(&trees[..=at], line, inside);
                at + 1
            }
            [Tree::Mark('!'), Tree::Group(_, inside), ..] => {
                self.macro_call(word, line, inside);
                at + 3
            }
            _ => at + 1,
        }
    }

    /// A call of the function whose name is the last of `trees`.
    fn call(&mut self, trees: &[Tree<'a>], line: u32, inside: &[Tree<'a>]) {
        let mut path: Vec<&'a str> = Vec::new();
        let mut rest = trees;
        while let Some((Tree::Word(word, _), before)) = rest.split_last() {
            path.insert(0, word);
            rest = before;
            match before {
                [above @ .., Tree::Mark(':'), Tree::Mark(':')] => rest = above,
                _ => break,
            }
        }
        // A definition, or a method of something.
        let is_other = rest.last().is_some_and(|before| {
            matches!(before.word(), Some("fn" | "struct" | "enum")) || before.is_mark('.')
        });
        let found = function::of_rust(&self.imports.resolve(&path), inside);
        if let Some(found) = found.filter(|_| !is_other) {
            let conditions = self.conditions.clone();
            self.content.calls.push(Call { line, found, conditions });
        }
    }

    fn macro_call(&mut self, name: &str, line: u32, inside: &[Tree<'a>]) {
        if let Some(found) = function::system_call(name, inside) {
            let conditions = self.conditions.clone();
            self.content.calls.push(Call { line, found, conditions });
        }
        if let ("include", [Tree::Literal(path), ..]) = (name, inside) {
            let place = Place::Included(unquoted(path));
            self.content.modules.push(Module { place, conditions: self.conditions.clone() });
        }
        if name == "cfg_select" {
            return self.arms(inside);
        }
        let conditions = self.macros.get(name).cloned().unwrap_or_default();
        self.under(conditions, |walk| walk.block(inside));
    }

    /// The arms of `cfg_select! { unix => { … } feature = "a" => …, _ => { … } }`: the first whose
    /// condition holds counts.
    fn arms(&mut self, mut rest: &[Tree<'a>]) {
        let mut before: Vec<Condition> = Vec::new();
        let is_arrow = |pair: &[Tree<'a>]| pair[0].is_mark('=') && pair[1].is_mark('>');
        while let Some(arrow) = rest.windows(2).position(is_arrow) {
            let (words, body) = (&rest[..arrow], &rest[arrow + 2..]);
            let end = match body.first() {
                Some(Tree::Group('{', _)) => 1,
                _ => body.iter().position(|tree| tree.is_mark(',')).unwrap_or(body.len()),
            };
            let mut all = before.clone();
            if words.first().and_then(Tree::word) != Some("_") {
                let condition = Condition::read(words);
                all.push(condition.clone());
                before.push(condition.negated());
            }
            self.under(all, |walk| walk.block(&body[..end]));
            rest = &body[end..];
            rest = rest.strip_prefix(&[Tree::Mark(',')]).unwrap_or(rest);
        }
    }
}

fn is_visible(word: &str) -> bool {
    matches!(word, "pub" | "crate" | "super" | "self" | "in" | "unsafe")
}
