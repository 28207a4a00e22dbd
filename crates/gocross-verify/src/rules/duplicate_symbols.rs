//! `duplicate-symbols`: what goes into one link defines each symbol once.

use std::collections::{BTreeMap, HashMap, HashSet};

use gocross_elf::{Elf, Section, Symbol};

use crate::finding::{Finding, Level, lossy};
use crate::question::{Question, objects};
use crate::rule::{Check, Rule};

/// The rule.
pub(crate) const RULE: Rule = Rule {
    code: "duplicate-symbols",
    level: Level::Error,
    summary: "no two archives or objects define the same symbol",
    why: "the linker stops with `multiple definition`, or silently takes the first one: a library then runs with another version of itself",
    page: include_str!("duplicate-symbols.md"),
    check: Check::All(check),
};

/// How many names are told of one pair of owners.
const NAMED: usize = 6;
/// How many pairs are told; more say no more.
const PAIRS: usize = 32;

/// An object among all objects of the link.
#[derive(Debug, Clone)]
struct Owner<'a> {
    file: &'a str,
    member: Option<&'a [u8]>,
}

/// The two files, their members, and what both define.
type Pairs<'a> = BTreeMap<(usize, usize), Vec<&'a [u8]>>;

fn check(question: &Question<'_>, found: &mut Vec<Finding>) {
    let mut owners = Vec::new();
    let mut seen: HashMap<&[u8], usize> = HashMap::new();
    let mut pairs: Pairs<'_> = BTreeMap::new();
    for subject in question.subjects.iter().filter(|subject| subject.is_for_linker()) {
        for object in objects(question, subject) {
            let owner = owners.len();
            owners.push(Owner { file: &subject.name, member: object.member });
            for symbol in strong(object.elf) {
                let first = *seen.entry(symbol.name()).or_insert(owner);
                if first != owner && (pairs.len() < PAIRS || pairs.contains_key(&(first, owner))) {
                    pairs.entry((first, owner)).or_default().push(symbol.name());
                }
            }
        }
    }
    for ((first, second), names) in pairs {
        found.push(finding(&owners[first], &owners[second], &names));
    }
}

/// What an object defines and no other one may: not weak, not common, and not of a group of
/// which the linker keeps one.
fn strong<'a>(elf: &'a Elf<'_>) -> impl Iterator<Item = Symbol<'a>> {
    let groups: HashSet<usize> = elf
        .sections
        .iter()
        .enumerate()
        .filter(|(_, section)| section.flags & Section::GROUP != 0)
        .map(|(index, _)| index)
        .collect();
    elf.symbols.iter().filter(move |symbol| {
        symbol.is_strong()
            && !symbol.is_undefined()
            && !symbol.is_common()
            && !symbol.is_for_tools()
            && !groups.contains(&usize::from(symbol.section))
            && !symbol.name().is_empty()
    })
}

fn finding(first: &Owner<'_>, second: &Owner<'_>, names: &[&[u8]]) -> Finding {
    let count = names.len();
    let many = if count == 1 { "a symbol".to_owned() } else { format!("{count} symbols") };
    let message = format!("defines {many} that {first} defines too");
    let mut finding = Finding::new(&RULE, second.file, message);
    let named: Vec<String> =
        names.iter().take(NAMED).map(|name| format!("`{}`", lossy(name))).collect();
    let more = if count > NAMED { format!(" and {} more", count - NAMED) } else { String::new() };
    finding = finding.detail(format!("{second}: {}{more}", named.join(", ")));
    if first.file == second.file {
        // One archive may hold variants of which a program takes one.
        return finding.level(Level::Warning);
    }
    finding.help("link one of the two, or hide the symbols of one of them")
}

impl std::fmt::Display for Owner<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.member {
            Some(member) => write!(f, "`{}({})`", self.file, lossy(member)),
            None => write!(f, "`{}`", self.file),
        }
    }
}

#[cfg(test)]
mod tests {
    use gocross_elf::File;

    use super::*;
    use crate::testing::{about_files, archive, messages, object};

    fn one(name: &'static str, symbols: &[&str]) -> File<'static> {
        archive(vec![(name, object(symbols))])
    }

    #[test]
    fn weak_and_undefined_symbols_pass() {
        let files =
            vec![("a.a", one("a.o", &["f", "g~", "h?"])), ("b.a", one("b.o", &["f?", "g~", "h"]))];
        assert_eq!(about_files(files).ask(&RULE), []);
    }

    #[test]
    fn two_owners_fail_and_both_are_named() {
        let files = vec![
            ("a.a", one("sqlite3.o", &["sqlite3_open", "sqlite3_close", "f"])),
            ("b.a", one("bundled.o", &["sqlite3_open", "sqlite3_close", "g"])),
        ];
        let found = about_files(files).ask(&RULE);
        assert_eq!(messages(&found), ["defines 2 symbols that `a.a(sqlite3.o)` defines too"]);
        assert_eq!(found[0].details, ["`b.a(bundled.o)`: `sqlite3_open`, `sqlite3_close`"]);
        assert_eq!((found[0].file.as_str(), found[0].level), ("b.a", Level::Error));
    }

    #[test]
    fn within_one_archive_it_is_a_warning() {
        let members = archive(vec![("a.o", object(&["f"])), ("b.o", object(&["f"]))]);
        assert_eq!(about_files(vec![("a.a", members)]).ask(&RULE)[0].level, Level::Warning);
    }
}
