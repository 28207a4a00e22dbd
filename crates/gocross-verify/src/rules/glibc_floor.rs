//! `glibc-floor`: no newer glibc is asked for than the system has.

use std::collections::BTreeMap;

use gocross_diagnostic::hint;

use crate::finding::{Finding, Level, Place, lossy};
use crate::policy::{dotted, numbered};
use crate::question::Object;
use crate::rule::{Check, Rule};

/// The rule.
pub(crate) const RULE: Rule = Rule {
    code: "glibc-floor",
    level: Level::Error,
    summary: "no newer glibc is asked for than the system has",
    why: "the dynamic linker says `version 'GLIBC_2.34' not found`, even where the function is never called",
    page: include_str!("glibc-floor.md"),
    check: Check::Object(check),
};

/// How many symbols are named.
const NAMED: usize = 8;

fn check(object: &Object<'_>, found: &mut Vec<Finding>) {
    let suffix = object.subject.glibc().map(|glibc| [glibc.major, glibc.minor, 0]);
    let policy = object.policy();
    let Some(floor) = suffix.or_else(|| policy?.newest("GLIBC")) else { return };
    let Some(highest) = object.elf.versions.iter().filter_map(|v| glibc(v.name)).max() else {
        return;
    };
    if highest <= floor {
        return;
    }
    let system = match (suffix, policy) {
        (Some(_), _) => "the target asked for".to_owned(),
        (None, policy) => format!("`{}`", policy.map_or("", |policy| policy.name)),
    };
    let message = format!("asks for glibc {}, {system} has {}", dotted(highest), dotted(floor));
    let mut finding = object.finding(&RULE, message);
    let newer = newer(object, floor);
    let more = newer.len().saturating_sub(NAMED);
    for (symbol, version) in newer.into_iter().take(NAMED) {
        finding = finding.detail(format!("`{}` asks for {}", lossy(symbol), lossy(version)));
        finding.places.push(Place {
            member: object.member.map(lossy),
            symbol: Some(lossy(symbol)),
            ..Place::default()
        });
    }
    finding.more_places = more;
    if more > 0 {
        finding = finding.detail(format!("and {more} more"));
    }
    if let Some(row) = object.row() {
        let (triple, floor) = (row.triple, dotted(floor));
        finding = finding.hint(hint!("cargo gocross build --target {triple}.{floor}"));
    }
    found.push(finding);
}

fn glibc(version: &[u8]) -> Option<[u16; 3]> {
    numbered(version).filter(|(family, _)| *family == "GLIBC").map(|(_, number)| number)
}

/// The symbols that ask for more, the newest first; a version that no symbol asks for stands for
/// itself.
fn newer<'a>(object: &Object<'a>, floor: [u16; 3]) -> Vec<(&'a [u8], &'a [u8])> {
    let above = |version: &[u8]| glibc(version).filter(|number| *number > floor);
    let mut unasked: BTreeMap<&[u8], [u16; 3]> =
        object.elf.versions.iter().filter_map(|v| Some((v.name, above(v.name)?))).collect();
    let mut newer = Vec::new();
    for (symbol, version) in object.elf.imports() {
        let Some(version) = version else { continue };
        let Some(number) = above(version.name) else { continue };
        unasked.remove(version.name);
        newer.push((number, symbol.name(), version.name));
    }
    newer.extend(unasked.into_iter().map(|(name, number)| (number, &b"-"[..], name)));
    newer.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(b.1)));
    newer.into_iter().map(|(_, symbol, version)| (symbol, version)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{about, compiled, static_program};

    /// A program of this machine: what it asks for depends on the glibc here.
    fn program() -> gocross_elf::Elf<'static> {
        compiled("#include <stdio.h>\nint main(void) { return puts(\"\"); }", &[])
    }

    #[test]
    fn what_the_system_has_passes() {
        let highest = program().versions.iter().filter_map(|v| glibc(v.name)).max().unwrap();
        let target: &'static str =
            format!("x86_64-unknown-linux-gnu.{}.{}", highest[0], highest[1]).leak();
        assert_eq!(about(program()).target(target).ask(&RULE), []);
        assert_eq!(about(program()).ask(&RULE), []);
        assert_eq!(about(static_program()).policy("manylinux_2_17").ask(&RULE), []);
    }

    #[test]
    fn newer_symbols_fail_and_are_named() {
        let found = about(program()).target("x86_64-unknown-linux-gnu.2.2").ask(&RULE);
        assert_eq!(found.len(), 1);
        assert!(found[0].message.ends_with(", the target asked for has 2.2"), "{found:?}");
        let puts = found[0].details.iter().any(|line| line == "`puts` asks for GLIBC_2.2.5");
        assert!(puts, "{found:?}");
        assert!(found[0].places.iter().any(|place| place.symbol.as_deref() == Some("puts")));
    }
}
