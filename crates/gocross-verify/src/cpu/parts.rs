//! Parts of declared functions: what nobody but them calls.
//!
//! Without optimisation, a helper or an intrinsic stays a function of its own. It is guarded as
//! its callers are, where each way to it leads through them.

use std::collections::{BTreeMap, BTreeSet};

use gocross_elf::Elf;

use super::callers::{How, callers, kept_in_data};
use super::scan::Scan;

/// How many calls may lie between a declared function and its part.
const DEPTH: usize = 8;
/// More functions are not followed: ways that wide are no helper's.
const MOST: usize = 10_000;

/// The functions from which some others are called, and nothing else.
#[derive(Debug, Default)]
pub(crate) struct Parts {
    /// By a function: all declared ones from which a way leads to it.
    roots: BTreeMap<usize, BTreeSet<usize>>,
    /// Those to which no other way leads.
    closed: BTreeSet<usize>,
}

/// Who calls a function; none of code without a name, and of an address that is kept.
type Callers = BTreeMap<usize, BTreeSet<Option<usize>>>;

impl Parts {
    /// Follows the calls of `functions` (by their index) back to those that are declared.
    pub(crate) fn new(
        elf: &Elf<'_>,
        scan: &Scan<'_>,
        functions: BTreeSet<usize>,
        is_declared: impl Fn(usize) -> bool,
    ) -> Self {
        let edges = edges(elf, scan, functions, &is_declared);
        let mut parts = Self { roots: roots(&edges, &is_declared), closed: BTreeSet::new() };
        let asked: Vec<usize> = edges.keys().copied().collect();
        let in_data = kept_in_data(elf, scan, &asked);
        parts.closed = asked.into_iter().filter(|function| !in_data.contains(function)).collect();
        // What is called from elsewhere is no part, nor is what that calls.
        loop {
            let holds = |caller: &Option<usize>| {
                caller.is_some_and(|one| is_declared(one) || parts.closed.contains(&one))
            };
            let is_part = |function: &usize| {
                let callers = &edges[function];
                !callers.is_empty() && callers.iter().all(holds)
            };
            let closed: BTreeSet<usize> = parts.closed.iter().copied().filter(is_part).collect();
            if closed.len() == parts.closed.len() {
                return parts;
            }
            parts.closed = closed;
        }
    }

    /// The declared functions that a function is a part of; none where it is called from elsewhere.
    pub(crate) fn of(&self, function: usize) -> Option<&BTreeSet<usize>> {
        self.roots
            .get(&function)
            .filter(|roots| self.closed.contains(&function) && !roots.is_empty())
    }

    /// Whether a declared function leads to a function, be it the only one or not.
    pub(crate) fn leads(&self, root: impl Fn(usize) -> bool, function: usize) -> bool {
        self.roots.get(&function).is_some_and(|roots| roots.iter().any(|one| root(*one)))
    }
}

/// Who calls each of the functions, and who calls those, up to what is declared.
fn edges(
    elf: &Elf<'_>,
    scan: &Scan<'_>,
    functions: BTreeSet<usize>,
    is_declared: &impl Fn(usize) -> bool,
) -> Callers {
    let mut edges = Callers::new();
    let mut next = functions;
    for _ in 0..DEPTH {
        next.retain(|function| !edges.contains_key(function));
        if next.is_empty() || edges.len() > MOST {
            break;
        }
        let asked: Vec<usize> = std::mem::take(&mut next).into_iter().collect();
        edges.extend(asked.iter().map(|function| (*function, BTreeSet::new())));
        for caller in callers(elf, scan, &asked) {
            let who = caller.function.filter(|_| caller.how == How::Calls);
            edges.entry(caller.callee).or_default().insert(who);
            next.extend(who.filter(|who| !is_declared(*who)));
        }
    }
    edges
}

fn roots(
    edges: &Callers,
    is_declared: &impl Fn(usize) -> bool,
) -> BTreeMap<usize, BTreeSet<usize>> {
    let mut roots: BTreeMap<usize, BTreeSet<usize>> = BTreeMap::new();
    // A way has as many calls as there were turns of `edges`, so it is known after as many here.
    for _ in 0..DEPTH {
        for (function, callers) in edges {
            let mut found = roots.remove(function).unwrap_or_default();
            for caller in callers.iter().flatten() {
                if is_declared(*caller) {
                    found.insert(*caller);
                } else if let Some(theirs) = roots.get(caller) {
                    found.extend(theirs);
                }
            }
            roots.insert(*function, found);
        }
    }
    roots
}
