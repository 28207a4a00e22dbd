//! `cpu-paths`: no instruction above the baseline without a guard, and no path missing.

use std::collections::BTreeMap;

use gocross_elf::Elf;

use crate::cpu::judgement::{Judgement, Presence};
use crate::cpu::{Features, Path, Scan, User, scan};
use crate::finding::{Finding, Level, Place};
use crate::question::Object;
use crate::rule::{Check, Rule};

/// The rule.
pub(crate) const RULE: Rule = Rule {
    code: "cpu-paths",
    level: Level::Error,
    summary: "instructions above the target's baseline are guarded, and declared CPU paths are there",
    why: "a CPU without the instruction stops the program with SIGILL",
    page: include_str!("cpu-paths.md"),
    check: Check::Object(check),
};

/// How many calls without a guard are named.
const NAMED: usize = 6;

fn check(object: &Object<'_>, found: &mut Vec<Finding>) {
    let declaration = object.question.cpu;
    if !declaration.is_empty() && object.elf.kind.is_loaded() && object.elf.is_stripped() {
        let message = "it has no symbols, so its CPU paths are not told apart";
        let help = "verify it before it is stripped";
        found.push(object.finding(&RULE, message).level(Level::Warning).help(help));
        return;
    }
    let Some(scan) = scan(object.elf) else { return };
    let judgement = Judgement::new(object.elf, &scan, declaration);
    found.extend(strays(object, &scan, &judgement.strays()));
    if !object.elf.kind.is_loaded() {
        return;
    }
    if declaration.is_for(&object.subject.name) {
        for side in declaration.sides_on(scan.architecture.name) {
            sides(object, &scan, &judgement, side, found);
        }
    }
    found.extend(unguarded(object, &judgement.unguarded()));
}

/// Instructions in functions that nobody guards.
fn strays(
    object: &Object<'_>,
    scan: &Scan<'_>,
    strays: &[(&User<'_>, Features)],
) -> Option<Finding> {
    if strays.is_empty() {
        return None;
    }
    let message = format!(
        "it has instructions above its baseline ({}), in functions that are not known to look at \
         the CPU",
        scan.baseline
    );
    let mut finding = object.finding(&RULE, message);
    let member = finding.places.pop().and_then(|place| place.member);
    let mut counts: BTreeMap<&str, (u64, usize)> = BTreeMap::new();
    for (user, features) in strays {
        for one in features.each() {
            let uses = user.counts.iter().filter(|(set, _)| set.has_all(one));
            for name in scan.architecture.names_of(one) {
                let count = counts.entry(name).or_default();
                count.0 += uses.clone().map(|(_, count)| count).sum::<u64>();
                count.1 += 1;
            }
        }
        finding = finding.at(Place {
            member: member.clone(),
            symbol: (!user.symbol.is_empty()).then(|| user.name()),
            section: None,
            // In brackets is what is not known.
            origin: Some(user.owner().part).filter(|part| !part.starts_with('(')),
        });
    }
    for (name, (instructions, functions)) in counts {
        let (instructions, functions) =
            (many(instructions, "instruction"), many(functions as u64, "function"));
        finding = finding.detail(format!("{name}: {instructions} in {functions}"));
    }
    let help = "declare what looks at the CPU in `[package.metadata.gocross.cpu]`, or build without \
                `-Ctarget-cpu`, `-Ctarget-feature` and `-march`";
    // Who declares nothing has not asked.
    let level = if object.question.cpu.is_empty() { Level::Note } else { Level::Error };
    Some(finding.level(level).help(help))
}

fn many(count: u64, noun: &str) -> String {
    if count == 1 { format!("1 {noun}") } else { format!("{count} {noun}s") }
}

/// The paths of one side.
fn sides(
    object: &Object<'_>,
    scan: &Scan<'_>,
    judgement: &Judgement<'_, '_>,
    side: &str,
    found: &mut Vec<Finding>,
) {
    let paths = object.question.cpu.paths_on(scan.architecture.name);
    let paths: Vec<(&Path, Presence)> = paths
        .filter(|path| path.side == side)
        .map(|path| (path, judgement.presence(path)))
        .collect();
    let is_there = |(_, presence): &&(&Path, Presence)| *presence == Presence::There;
    let (hardware, fall_back): (Vec<_>, Vec<_>) =
        paths.iter().partition(|(path, _)| !path.needs.is_empty());
    if !hardware.is_empty() && !hardware.iter().any(is_there) {
        let names: Vec<String> =
            hardware.iter().map(|(path, _)| format!("`{}`", path.name)).collect();
        let message =
            format!("no {}: `{side}` has none of its paths {}", of_side(side), names.join(", "));
        let mut finding = absent(object, message, &hardware);
        if let Some(tags) = tags(object.elf).filter(|_| side.ends_with(".go")) {
            finding = finding.detail(format!("its Go code is built with `-tags={tags}`"));
        }
        found.push(finding);
    } else {
        for path in hardware.into_iter().filter(|path| !is_there(path)) {
            let message = format!("the path `{}` of `{side}` is not in it", path.0.name);
            found.push(absent(object, message, &[path]));
        }
    }
    for path in fall_back.into_iter().filter(|path| !is_there(path)) {
        let message = format!("the fall-back `{}` of `{side}` is not in it", path.0.name);
        found.push(absent(object, message, &[path]));
    }
}

/// A finding about paths that are not there.
fn absent(object: &Object<'_>, message: String, paths: &[&(&Path, Presence)]) -> Finding {
    let why = "what is declared and not in it is never taken: the program is slower than it looks, \
               or the declaration is wrong";
    let mut finding = object.finding(&RULE, message).why(why);
    for (path, presence) in paths {
        finding = finding.detail(missing(path, presence));
    }
    finding.help(
        "`functions` has the names that `nm --demangle` shows; `bin` says which of a package's \
         programs has the paths",
    )
}

/// `SM4 path in Go` of `sm4.go`.
fn of_side(side: &str) -> String {
    match side.rsplit_once('.') {
        Some((what, "go")) => format!("{} path in Go", what.to_uppercase()),
        Some((what, "rust")) => format!("{} path in Rust", what.to_uppercase()),
        Some((what, "c")) => format!("{} path in C", what.to_uppercase()),
        _ => "path for hardware".to_owned(),
    }
}

fn missing(path: &Path, presence: &Presence) -> String {
    let functions: Vec<String> =
        path.functions.iter().map(|pattern| format!("`{pattern}`")).collect();
    let functions = functions.join(", ");
    match presence {
        Presence::NoInstruction(features) => {
            format!("`{}`: no instruction of {} in {functions}", path.name, features.join(", "))
        }
        _ => format!("`{}`: no function is called {functions}", path.name),
    }
}

/// The build tags of the Go code.
fn tags<'data>(elf: &Elf<'data>) -> Option<&'data str> {
    elf.go.iter().find_map(|info| info.setting("-tags"))
}

/// Calls without a guard.
fn unguarded(object: &Object<'_>, calls: &[(String, String)]) -> Option<Finding> {
    if calls.is_empty() {
        return None;
    }
    let message = "functions above the baseline are called without a look at the CPU";
    let mut finding = object.finding(&RULE, message);
    for (who, whom) in calls.iter().take(NAMED) {
        finding = finding.detail(format!("`{who}` calls `{whom}`"));
    }
    if calls.len() > NAMED {
        finding = finding.detail(format!("and {} more calls", calls.len() - NAMED));
    }
    let help = "call through what was chosen once; a function that looks at the CPU and then calls \
                by name stands under `dispatch` in `[package.metadata.gocross.cpu]`";
    Some(finding.help(help))
}

#[cfg(test)]
#[path = "cpu_paths/tests.rs"]
mod tests;

#[cfg(test)]
#[path = "cpu_paths/parts_tests.rs"]
mod parts_tests;
