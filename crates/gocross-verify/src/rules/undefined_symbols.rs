//! `undefined-symbols`: a static program has all that it uses.
//!
//! Two tables may tell of a symbol that is missing. A dynamic relocation names one in `.dynsym`:
//! whoever applies it finds nothing. And `.symtab` has one without a section where the linker was
//! told to accept it: lld leaves its name there, GNU ld takes it out. That table also keeps what
//! the linker has relaxed away or resolved to a value of its own: `names_of_linkers` of the row.

use std::collections::BTreeSet;

use gocross_elf::Symbol;

use crate::finding::{Finding, Level};
use crate::question::Object;
use crate::rule::{Check, Rule};

/// The rule.
pub(crate) const RULE: Rule = Rule {
    code: "undefined-symbols",
    level: Level::Error,
    summary: "a static program has nothing left to look up",
    why: "nobody will look it up: the first call jumps to address 0",
    page: include_str!("undefined-symbols.md"),
    check: Check::Object(check),
};

fn check(object: &Object<'_>, found: &mut Vec<Finding>) {
    let elf = object.elf;
    if !elf.is_static() {
        return;
    }
    let of_linkers = object.row().map_or(&[][..], |row| row.elf.names_of_linkers);
    let is_theirs = |name: &[u8]| of_linkers.iter().any(|theirs| theirs.as_bytes() == name);
    let is_left = |symbol: &Symbol<'_>| is_missing(symbol) && !is_theirs(symbol.name());
    let mut missing: BTreeSet<&[u8]> =
        elf.symbols.iter().filter(is_left).map(|symbol| symbol.name()).collect();
    let imports = elf.dynamic_symbols();
    let asked = elf.dynamic_relocations().filter_map(|asked| imports.symbol(asked.symbol));
    missing.extend(asked.filter(is_missing).map(|symbol| symbol.name()));
    for name in missing {
        let message = "is static, and uses symbols that are not in it";
        let help = "link without `--unresolved-symbols=ignore-all`";
        found.push(object.finding(&RULE, message).symbol(name).help(help));
    }
}

/// A strong symbol without a definition. A weak one is 0 by right (gABI, chapter 4, "Symbol
/// Table"), and so is a local one, which lld makes of a hidden weak one.
fn is_missing(symbol: &Symbol<'_>) -> bool {
    symbol.is_undefined() && symbol.is_strong() && !symbol.name().is_empty()
}

#[cfg(test)]
mod tests {
    use gocross_elf::Type;

    use super::*;
    use crate::testing::{ARMHF, about, object};

    fn linked(symbols: &[&str]) -> gocross_elf::Elf<'static> {
        let mut elf = object(symbols);
        elf.kind = Type::Executable;
        elf
    }

    #[test]
    fn a_program_with_all_that_it_uses_passes() {
        assert_eq!(about(linked(&["main", "f"])).ask(&RULE), []);
        assert_eq!(about(object(&["f?"])).ask(&RULE), []);
    }

    #[test]
    fn what_the_linker_has_relaxed_away_passes() {
        assert_eq!(about(linked(&["main", "__tls_get_addr?"])).ask(&RULE), []);
        // ARM's linkers relax nothing: there it is called.
        let found = about(linked(&["main", "__tls_get_addr?"])).target(ARMHF).ask(&RULE);
        assert_eq!(found.len(), 1);
    }

    #[test]
    fn a_symbol_that_is_left_fails() {
        let found = about(linked(&["main", "f?"])).ask(&RULE);
        assert_eq!(found[0].places[0].symbol.as_deref(), Some("f"));
    }
}
