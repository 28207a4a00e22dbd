//! The sources of one package: the calls in what is compiled of them.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use super::c;
use super::condition::{Condition, World};
use super::function::{Found, MENTIONS};
use super::rust::{self, Macros, Module, Place};
use super::token::{Language, trees};

/// A call in a file of a package.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Call {
    pub(super) file: PathBuf,
    pub(super) line: u32,
    pub(super) found: Found,
    /// Conditions that may or may not hold, as they are written.
    pub(super) conditions: Vec<String>,
}

/// The files of a package, with their texts.
#[derive(Debug, Default)]
pub(super) struct Sources {
    pub(super) rust: BTreeMap<PathBuf, String>,
    /// Those that a build script may compile.
    pub(super) c: BTreeMap<PathBuf, String>,
}

/// The calls in what is compiled of a package. `roots` are the files with which its libraries and
/// programs begin.
pub(super) fn calls(sources: &Sources, roots: &[PathBuf], world: &World) -> Vec<Call> {
    let mut calls: Vec<Call> = sources.c.iter().flat_map(|(file, text)| of_c(file, text)).collect();
    if sources.rust.values().any(|text| mentions(text)) {
        let mut reach = Reach::new(&sources.rust, world);
        roots.iter().for_each(|root| reach.root(root));
        calls.extend(reach.calls);
    }
    calls.sort();
    calls
}

/// Only the build script knows which files it compiles.
const OF_SCRIPT: &str = "its build script compiles the file";

fn mentions(text: &str) -> bool {
    MENTIONS.iter().any(|word| text.contains(word))
}

fn of_c(file: &Path, text: &str) -> Vec<Call> {
    if !mentions(text) {
        return Vec::new();
    }
    let conditions = vec![OF_SCRIPT.to_owned()];
    let of_file =
        |(line, found)| Call { file: file.to_owned(), line, found, conditions: conditions.clone() };
    c::calls(&trees(text, Language::C)).into_iter().map(of_file).collect()
}

/// Follows the modules of a crate from its root.
struct Reach<'a> {
    files: &'a BTreeMap<PathBuf, String>,
    world: &'a World,
    macros: Macros,
    seen: BTreeSet<PathBuf>,
    calls: Vec<Call>,
}

impl<'a> Reach<'a> {
    fn new(files: &'a BTreeMap<PathBuf, String>, world: &'a World) -> Self {
        let mut macros = Macros::new();
        for text in files.values().filter(|text| text.contains("macro_rules!")) {
            rust::macros(&trees(text, Language::Rust), &mut macros);
        }
        Self { files, world, macros, seen: BTreeSet::new(), calls: Vec::new() }
    }

    fn root(&mut self, root: &Path) {
        let directory = root.parent().unwrap_or(Path::new(""));
        let mut queue = vec![(root.to_owned(), directory.to_owned(), Vec::new())];
        while let Some((file, directory, above)) = queue.pop() {
            let Some(text) = self.files.get(&file) else { continue };
            if !self.seen.insert(file.clone()) {
                continue;
            }
            let content = rust::content(&trees(text, Language::Rust), &self.macros);
            for call in content.calls {
                if let Some(conditions) = self.open(&above, &call.conditions) {
                    let (line, found) = (call.line, call.found);
                    self.calls.push(Call { file: file.clone(), line, found, conditions });
                }
            }
            for module in content.modules {
                let Some(conditions) = self.open(&above, &module.conditions) else { continue };
                let place = self.place(&module, &file, &directory);
                queue.extend(place.map(|(file, directory)| (file, directory, conditions)));
            }
        }
    }

    /// The conditions that may hold; none where one does not.
    fn open(&self, above: &[String], conditions: &[Condition]) -> Option<Vec<String>> {
        let mut open = above.to_vec();
        for condition in conditions {
            match condition.holds(self.world) {
                Some(true) => {}
                Some(false) => return None,
                None => open.push(condition.to_string()),
            }
        }
        open.dedup();
        Some(open)
    }

    /// The file of a module, and the directory in which its own modules lie.
    fn place(&self, module: &Module, file: &Path, directory: &Path) -> Option<(PathBuf, PathBuf)> {
        let beside = file.parent().unwrap_or(Path::new(""));
        let (folders, name, paths) = match &module.place {
            Place::Included(path) => return Some((joined(beside, path), directory.to_owned())),
            Place::Named { folders, name, paths } => (folders, name, paths),
        };
        let inside = folders.iter().fold(directory.to_owned(), |path, folder| path.join(folder));
        let holds = |condition: &Option<Condition>| {
            condition.as_ref().is_none_or(|condition| condition.holds(self.world) != Some(false))
        };
        if let Some((_, path)) = paths.iter().find(|(condition, _)| holds(condition)) {
            let file = joined(if folders.is_empty() { beside } else { &inside }, path);
            let directory = file.parent()?.to_owned();
            return Some((file, directory));
        }
        let own = inside.join(name);
        let candidates = [own.with_file_name(format!("{name}.rs")), own.join("mod.rs")];
        let found = candidates.into_iter().find(|file| self.files.contains_key(file))?;
        Some((found, own))
    }
}

/// A path as it stands in a source file, from a directory on.
fn joined(directory: &Path, path: &str) -> PathBuf {
    let mut joined = directory.to_owned();
    for part in path.split(['/', '\\']) {
        match part {
            "." | "" => {}
            ".." => drop(joined.pop()),
            part => joined.push(part),
        }
    }
    joined
}
