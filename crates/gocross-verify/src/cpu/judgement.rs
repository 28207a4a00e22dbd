//! What a file has, beside what its project declares.

use gocross_elf::Elf;

use super::architecture::Features;
use super::callers::{Caller, How, callers};
use super::declaration::{Declaration, Path, is_on};
use super::scan::{Scan, User, name};
use super::{known, matches};

/// A file and a declaration.
pub(crate) struct Judgement<'a, 'data> {
    elf: &'a Elf<'data>,
    scan: &'a Scan<'data>,
    declaration: &'a Declaration,
    /// The functions' names, without mangling.
    names: Vec<String>,
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
        let names = functions.map(|piece| name(piece.name)).collect();
        Self { elf, scan, declaration, names }
    }

    fn arch(&self) -> &'static str {
        self.scan.architecture.name
    }

    /// The sets of features under which a function is declared: those of each path that it is
    /// part of, and of each list.
    fn declared(&self, name: &str) -> Vec<Features> {
        let is_of = |patterns: &[String]| patterns.iter().any(|pattern| matches(pattern, name));
        let set = |names: &[String]| {
            let architecture = self.scan.architecture;
            architecture.closed(architecture.set(names.iter().map(String::as_str)))
        };
        let paths = self.declaration.paths_on(self.arch()).filter(|path| is_of(&path.functions));
        let gated =
            self.declaration.gated.iter().filter(|gated| {
                is_on(gated.arch.as_deref(), self.arch()) && is_of(&gated.functions)
            });
        paths
            .map(|path| set(&path.needs))
            .chain(gated.map(|gated| set(&gated.features)))
            .filter(|set| !set.is_empty())
            .collect()
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
            for declared in self.declared(&name) {
                rest = rest.without(declared);
            }
            (!rest.is_empty()).then_some((user, rest))
        };
        self.scan.users.iter().filter_map(stray).collect()
    }

    /// Whether a path is in the program.
    pub(crate) fn presence(&self, path: &Path) -> Presence {
        let is_of = |name: &str| path.functions.iter().any(|pattern| matches(pattern, name));
        if !self.names.iter().any(|name| is_of(name)) {
            return Presence::NoFunction;
        }
        let architecture = self.scan.architecture;
        let users = self.scan.users.iter().filter(|user| is_of(&user.name()));
        let seen = users.fold(Features::NONE, |seen, user| seen.with(user.features));
        let (baseline, _) = super::baseline::of(architecture);
        let missing = path.needs.iter().filter(|need| {
            let Some(set) = architecture.feature(need) else { return true };
            // Instructions tell SVE2 from SVE only where it is for SM4.
            let stands_for = match need.as_str() {
                "sve2" => architecture.set(["sve"]),
                _ => architecture.shared(set),
            };
            !baseline.has_all(set) && !seen.meets(set.with(stands_for))
        });
        let missing: Vec<String> = missing.cloned().collect();
        if missing.is_empty() { Presence::There } else { Presence::NoInstruction(missing) }
    }

    /// Calls to functions above the baseline by functions that may run on any CPU: who, whom.
    pub(crate) fn unguarded(&self) -> Vec<(String, String)> {
        let gated = |user: &User<'_>| {
            let function = user.function?;
            let declared = self.declared(&self.names[function]);
            let uses = |set: &Features| set.meets(user.features);
            declared.iter().any(uses).then_some(function)
        };
        if self.names.is_empty() {
            return Vec::new();
        }
        let callees: Vec<usize> = self.scan.users.iter().filter_map(gated).collect();
        let callers = callers(self.elf, self.scan, &callees);
        let told = callers.iter().filter(|caller| self.is_unguarded(caller)).map(|caller| {
            let who = caller.function.map_or("code without a name", |index| &self.names[index]);
            (who.to_owned(), self.names[caller.callee].clone())
        });
        told.collect()
    }

    fn is_unguarded(&self, caller: &Caller) -> bool {
        // An address that is kept may be for a table: who calls through it, code does not say.
        if caller.how == How::KeepsAddress {
            return false;
        }
        let Some(function) = caller.function else { return true };
        let (who, whom) = (&self.names[function], &self.names[caller.callee]);
        if self.declaration.dispatch.iter().any(|pattern| matches(pattern, who)) {
            return false;
        }
        // The unlikely part of a function, which compilers put elsewhere.
        if who.strip_prefix(whom.as_str()).is_some_and(|rest| rest.starts_with(".cold")) {
            return false;
        }
        let wanted = self.declared(whom);
        let has_same = |held: &Features| wanted.iter().any(|wanted| held.has_all(*wanted));
        !self.declared(who).iter().any(has_same)
    }
}
