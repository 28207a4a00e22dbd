//! What differs, in words.

use gocross_elf::Member;

use super::facts::{BUILD_ID, COMPILERS, GO_BUILD_ID};
use super::{Difference, MemberChange, PieceChange};

/// Sums up two ELF files that are not the same.
pub(super) fn of_elf(
    found: &Difference,
    renamed: usize,
    paths: Option<(String, String)>,
) -> Vec<String> {
    let code = !found.functions.is_empty();
    let data = !found.data.is_empty() || !found.sections.is_empty();
    let differs = |what: &str| found.facts.iter().any(|fact| fact.what == what);
    let (build_id, go_build_id) = (differs(BUILD_ID), differs(GO_BUILD_ID));
    let compilers = differs(COMPILERS);
    let known = [build_id, go_build_id, compilers].map(usize::from).iter().sum::<usize>();
    let others = found.facts.len() - known;
    let mut small = Vec::new();
    for (differs, what) in [
        (others > 0, "what the file says of itself"),
        (build_id, "the build ID"),
        (go_build_id, "Go's build ID"),
        (compilers, "the names of the compilers (`.comment`)"),
        (renamed > 0, "hashes in the names of Rust's symbols"),
        (!found.debug.is_empty(), "debug information"),
    ] {
        if differs {
            small.push(what.to_owned());
        }
    }
    let mut summary = Vec::new();
    if code || data {
        let counts = [(&found.functions, "function"), (&found.data, "piece of data")];
        summary.extend(counts.iter().filter_map(|(changes, noun)| count(changes, noun)));
        if !found.sections.is_empty() {
            let names: Vec<&str> = found.sections.iter().map(|it| it.name.as_str()).collect();
            summary.push(format!("parts without a name differ in {}", names.join(", ")));
        }
        if !small.is_empty() {
            summary.push(format!("besides: {}", small.join(", ")));
        }
    } else {
        if !found.tables.is_empty() {
            let tables = found.tables.join(", ");
            small.push(format!("tables that tell where all of it lies ({tables})"));
        }
        summary.push(match small.as_slice() {
            [] => "only headers, or bytes that alignment leaves, differ".to_owned(),
            [what] => format!("only {what} differ{}", if what.ends_with("ID") { "s" } else { "" }),
            several => format!("code and data are the same; what differs: {}", several.join(", ")),
        });
    }
    if let Some((left, right)) = paths {
        summary.push(format!("built from another path: `{left}`, then `{right}`"));
    }
    summary
}

fn count(changes: &[PieceChange], noun: &str) -> Option<String> {
    let plural = if noun == "function" { "functions" } else { "pieces of data" };
    let sides = changes.iter().map(|change| (change.left.is_some(), change.right.is_some()));
    (!changes.is_empty()).then(|| format!("{plural}: {}", tally(sides)))
}

/// How many things differ, were added and were removed; of each, whether either side has it.
fn tally(sides: impl Iterator<Item = (bool, bool)>) -> String {
    let (mut changed, mut added, mut removed) = (0, 0, 0);
    for (left, right) in sides {
        match (left, right) {
            (_, false) => removed += 1,
            (false, true) => added += 1,
            (true, true) => changed += 1,
        }
    }
    let words = [(changed, "differ"), (added, "added"), (removed, "removed")];
    let words = words.iter().filter(|(count, _)| *count > 0);
    let words: Vec<String> = words.map(|(count, what)| format!("{count} {what}")).collect();
    words.join(", ")
}

/// Sums up two archives that are not the same.
pub(super) fn of_members(
    changes: &[MemberChange],
    left: &[Member<'_>],
    right: &[Member<'_>],
) -> Vec<String> {
    if !changes.is_empty() {
        let sides = changes.iter().map(|change| (change.left.is_some(), change.right.is_some()));
        return vec![format!("members: {}", tally(sides))];
    }
    let names = |members: &[Member<'_>]| -> Vec<Vec<u8>> {
        members.iter().map(|member| member.name.to_owned()).collect()
    };
    let times = |members: &[Member<'_>]| -> Vec<u64> {
        members.iter().map(|member| member.mtime).collect()
    };
    let what = if names(left) != names(right) {
        "only the order of the members differs"
    } else if times(left) != times(right) {
        "only the times of the members differ"
    } else {
        "only the archive's own headers and index differ"
    };
    vec![what.to_owned()]
}
