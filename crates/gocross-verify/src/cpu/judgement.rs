//! What a file has, beside what its project declares.

use std::cell::OnceCell;

use gocross_elf::{Elf, Piece};

use super::architecture::{Architecture, Features};
use super::callers::{Caller, How, callers};
use super::parts::Parts;
use super::scan::{NAMELESS, Scan, User, name};
use super::{Declaration, Path};
use super::{known, matches};

/// A file and a declaration.
pub(crate) struct Judgement<'a, 'data> {
    elf: &'a Elf<'data>,
    scan: &'a Scan<'data>,
    declaration: &'a Declaration,
    /// The functions' names, without mangling; several of one that has several symbols.
    names: Vec<Vec<String>>,
    /// What each function is declared with.
    declared: Vec<Vec<Features>>,
    /// What code without a name is declared with: by `*`, say.
    nameless: Vec<Features>,
    /// Parts of declared functions, found when somebody asks.
    parts: OnceCell<Parts>,
}

/// Whether a path is in a program.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Presence {
    /// It is.
    There,
    /// No function has one of its names.
    NoFunction,
    /// Its functions have no instruction of these features.
    NoInstruction(Vec<String>),
}

impl<'a, 'data> Judgement<'a, 'data> {
    pub(crate) fn new(
        elf: &'a Elf<'data>,
        scan: &'a Scan<'data>,
        declaration: &'a Declaration,
    ) -> Self {
        // Without patterns, nobody asks for the names.
        let wanted = !declaration.is_empty();
        let functions = scan.functions.iter().filter(|_| wanted);
        let all = |piece: &Piece<'_>| {
            std::iter::once(&piece.name).chain(&piece.aliases).map(|symbol| name(symbol)).collect()
        };
        let names: Vec<Vec<String>> = functions.map(all).collect();
        let lists = lists(scan.architecture, declaration);
        let of_names = |names: &[String]| {
            let of_names = lists.iter().filter(|(patterns, _)| is_one_of(patterns, names));
            of_names.map(|(_, features)| *features).collect()
        };
        let declared = names.iter().map(|names| of_names(names)).collect();
        let nameless = of_names(&[NAMELESS.to_owned()]);
        Self { elf, scan, declaration, names, declared, nameless, parts: OnceCell::new() }
    }

    /// What a function is called first of all.
    fn name(&self, function: usize) -> &str {
        &self.names[function][0]
    }

    /// The functions with instructions that nobody guards: what they are, and the features.
    pub(crate) fn strays(&self) -> Vec<(&'a User<'data>, Features)> {
        let stray = |user: &'a User<'data>| {
            let name = user.name();
            let known = known::guarded(self.scan.architecture, user.owner().category, &name);
            let mut rest = user.features.without(known);
            if rest.is_empty() {
                return None;
            }
            // Where nothing is declared, there are no names.
            let function = user.function.filter(|_| !self.names.is_empty());
            let declared = function.map_or(&self.nameless, |function| &self.declared[function]);
            rest = declared.iter().copied().fold(rest, Features::without);
            if let Some(function) = function.filter(|_| !rest.is_empty()) {
                rest = rest.without(self.inherited(function));
            }
            (!rest.is_empty()).then_some((user, rest))
        };
        self.scan.users.iter().filter_map(stray).collect()
    }

    /// Parts of declared functions, among those with instructions above the baseline.
    fn parts(&self) -> &Parts {
        self.parts.get_or_init(|| {
            let is_declared = |function: usize| !self.declared[function].is_empty();
            let users = self.scan.users.iter().filter_map(|user| user.function);
            let undeclared = users.filter(|function| !is_declared(*function)).collect();
            Parts::new(self.elf, self.scan, undeclared, is_declared)
        })
    }

    /// The features under which all callers of a function are declared.
    fn inherited(&self, function: usize) -> Features {
        let Some(roots) = self.parts().of(function) else { return Features::NONE };
        let of_root = |root: &usize| {
            self.declared[*root].iter().copied().fold(Features::NONE, Features::with)
        };
        roots.iter().map(of_root).reduce(Features::common).unwrap_or(Features::NONE)
    }

    /// The features of all instructions of a path's functions, and of what they call if `deep`.
    fn seen(&self, is_of: impl Fn(&[String]) -> bool, deep: bool) -> Features {
        let of_path = |function: usize| is_of(&self.names[function]);
        let users = self.scan.users.iter().filter(|user| {
            let function = user.function;
            function.is_some_and(|at| of_path(at) || (deep && self.parts().leads(of_path, at)))
        });
        users.fold(Features::NONE, |seen, user| seen.with(user.features))
    }

    /// Whether a path is in the program.
    pub(crate) fn presence(&self, path: &Path) -> Presence {
        let is_of = |names: &[String]| is_one_of(&path.functions, names);
        if !self.names.iter().any(|names| is_of(names)) {
            return Presence::NoFunction;
        }
        let architecture = self.scan.architecture;
        let (baseline, _) = super::baseline::of(architecture);
        let missing = |seen: Features| -> Vec<String> {
            let is_missing = |need: &&String| {
                let Some(set) = architecture.feature(need) else { return true };
                // What no instruction tells, or every CPU of the target has, cannot be missing.
                let told_by = architecture.told_by(set).without(baseline);
                let seen = architecture.closed(seen);
                !baseline.has_all(set) && !told_by.is_empty() && !seen.meets(told_by)
            };
            path.needs.iter().filter(is_missing).cloned().collect()
        };
        let own = missing(self.seen(is_of, false));
        let missing = if own.is_empty() { own } else { missing(self.seen(is_of, true)) };
        if missing.is_empty() { Presence::There } else { Presence::NoInstruction(missing) }
    }

    /// Calls to functions above the baseline by functions that may run on any CPU: who, whom.
    pub(crate) fn unguarded(&self) -> Vec<(String, String)> {
        let gated = |user: &User<'_>| {
            let function = user.function?;
            let uses = |set: &Features| set.meets(user.features);
            self.declared[function].iter().any(uses).then_some(function)
        };
        if self.names.is_empty() {
            return Vec::new();
        }
        let callees: Vec<usize> = self.scan.users.iter().filter_map(gated).collect();
        let callers = callers(self.elf, self.scan, &callees);
        let told = callers.iter().filter(|caller| self.is_unguarded(caller)).map(|caller| {
            let who = caller.function.map_or("code without a name", |index| self.name(index));
            (who.to_owned(), self.name(caller.callee).to_owned())
        });
        told.collect()
    }

    fn is_unguarded(&self, caller: &Caller) -> bool {
        // An address that is kept may be for a table: who calls through it, code does not say.
        if caller.how == How::KeepsAddress {
            return false;
        }
        let Some(function) = caller.function else { return true };
        let (who, whom) = (self.name(function), self.name(caller.callee));
        if is_one_of(&self.declaration.dispatch, &self.names[function]) {
            return false;
        }
        // The unlikely part of a function, which compilers put elsewhere.
        if who.strip_prefix(whom).is_some_and(|rest| rest.starts_with(".cold")) {
            return false;
        }
        let wanted = &self.declared[caller.callee];
        // Whoever is known to look at the CPU for his own instructions does so for these too.
        let category = self.scan.owner(function).category;
        let known = known::guarded(self.scan.architecture, category, who);
        if wanted.iter().any(|wanted| known.has_all(*wanted)) {
            return false;
        }
        let has_same = |held: &Features| wanted.iter().any(|wanted| held.has_all(*wanted));
        !self.declared[function].iter().any(has_same)
    }
}

/// Patterns of functions, and the features under which those are declared: the paths of an
/// architecture, and the lists.
fn lists<'a>(
    architecture: &Architecture,
    declaration: &'a Declaration,
) -> Vec<(&'a [String], Features)> {
    let arch = architecture.name;
    let paths = declaration.paths_on(arch).map(|path| (&path.functions, &path.needs));
    let gated = declaration.gated.iter().filter(|gated| gated.is_on(arch));
    let gated = gated.map(|gated| (&gated.functions, &gated.features));
    let set =
        |names: &[String]| architecture.closed(architecture.set(names.iter().map(String::as_str)));
    paths
        .chain(gated)
        .map(|(functions, features)| (functions.as_slice(), set(features)))
        .filter(|(_, features)| !features.is_empty())
        .collect()
}

/// Whether a function is meant, by any of its names.
fn is_one_of(patterns: &[String], names: &[String]) -> bool {
    patterns.iter().any(|pattern| names.iter().any(|name| matches(pattern, name)))
}
