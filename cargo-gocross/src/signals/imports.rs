//! `use` declarations: which path a name of a file stands for.

use std::collections::BTreeMap;

use super::token::Tree;

/// The names of a file that others define.
#[derive(Debug, Default)]
pub(super) struct Imports<'a> {
    /// The paths of each name: it may have one on one system and another elsewhere.
    paths: BTreeMap<&'a str, Vec<Vec<&'a str>>>,
    /// The paths before `::*`.
    globs: Vec<Vec<&'a str>>,
}

impl<'a> Imports<'a> {
    /// Gathers the declarations of a file. A scope smaller than the file counts as the file: one
    /// name seldom stands for two things in one file.
    pub(super) fn read(trees: &[Tree<'a>]) -> Self {
        let mut imports = Self::default();
        imports.gather(trees);
        imports
    }

    fn gather(&mut self, trees: &[Tree<'a>]) {
        for (at, tree) in trees.iter().enumerate() {
            match tree {
                Tree::Word("use", _) => {
                    let rest = trees[at + 1..].split(|tree| tree.is_mark(';')).next();
                    self.declare(&[], rest.unwrap_or_default());
                }
                Tree::Word("extern", _) => self.foreign(&trees[at + 1..]),
                Tree::Group(_, inner) => self.gather(inner),
                _ => {}
            }
        }
    }

    /// One declaration, or a part of one in braces.
    fn declare(&mut self, above: &[&'a str], trees: &[Tree<'a>]) {
        let mut path = above.to_vec();
        let mut name = None;
        let mut words = trees.iter();
        while let Some(tree) = words.next() {
            match tree {
                Tree::Word("as", _) => name = words.next().and_then(Tree::word),
                Tree::Word("self", _) if !path.is_empty() => {}
                Tree::Word(word, _) => path.push(word),
                Tree::Mark('*') => return self.globs.push(path),
                Tree::Group('{', inner) => {
                    for part in inner.split(|tree| tree.is_mark(',')) {
                        self.declare(&path, part);
                    }
                    return;
                }
                _ => {}
            }
        }
        if let Some(name) = name.or(path.last().copied()) {
            self.add(name, path);
        }
    }

    /// `extern crate`, and the C functions of `extern "C" { … }`.
    fn foreign(&mut self, behind: &[Tree<'a>]) {
        match behind {
            [Tree::Word("crate", _), Tree::Word(name, _), Tree::Word("as", _), alias, ..] => {
                self.add(alias.word().unwrap_or(name), vec![*name]);
            }
            [Tree::Literal(_), Tree::Group('{', inner), ..] | [Tree::Group('{', inner), ..] => {
                for pair in inner.windows(2) {
                    if let [Tree::Word("fn", _), Tree::Word(name, _)] = pair {
                        self.add(name, vec!["libc", name]);
                    }
                }
            }
            _ => {}
        }
    }

    fn add(&mut self, name: &'a str, path: Vec<&'a str>) {
        self.paths.entry(name).or_default().push(path);
    }

    /// The paths that `path` may stand for.
    pub(super) fn resolve(&self, path: &[&'a str]) -> Vec<Vec<&'a str>> {
        let Some((first, rest)) = path.split_first() else { return Vec::new() };
        if let Some(paths) = self.paths.get(first) {
            return paths.iter().map(|full| [full, rest].concat()).collect();
        }
        let behind_glob = self.globs.iter().map(|glob| [glob, path].concat());
        std::iter::once(path.to_vec()).chain(behind_glob).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::super::token::{Language, trees};
    use super::*;

    fn resolved(text: &str, path: &str) -> Vec<String> {
        let all = trees(text, Language::Rust);
        let imports = Imports::read(&all);
        let words: Vec<&str> = path.split("::").collect();
        let paths = imports.resolve(&words);
        paths.iter().map(|path| path.join("::")).collect()
    }

    #[test]
    fn names_lead_to_their_paths() {
        let text = "use nix::sys::signal::{self, sigaction as act, unix::{a, b}};\n\
                    mod m { use libc as c; }";
        assert_eq!(resolved(text, "signal::x"), ["nix::sys::signal::x"]);
        assert_eq!(resolved(text, "act"), ["nix::sys::signal::sigaction"]);
        assert_eq!(resolved(text, "b"), ["nix::sys::signal::unix::b"]);
        assert_eq!(resolved(text, "c::signal"), ["libc::signal"]);
        assert_eq!(resolved(text, "other::x"), ["other::x"]);
    }

    #[test]
    fn a_glob_may_bring_a_name() {
        assert_eq!(resolved("use libc::*;", "signal"), ["signal", "libc::signal"]);
    }

    #[test]
    fn a_name_may_have_several_paths() {
        let text = "#[cfg(unix)] use a::b as c; #[cfg(windows)] use d as c;";
        assert_eq!(resolved(text, "c::x"), ["a::b::x", "d::x"]);
    }

    #[test]
    fn c_functions_are_those_of_the_c_library() {
        let text = "unsafe extern \"C\" { pub fn signal(n: i32) -> usize; }";
        assert_eq!(resolved(text, "signal"), ["libc::signal"]);
        assert_eq!(resolved("extern crate signal_hook as s;", "s::x"), ["signal_hook::x"]);
    }
}
