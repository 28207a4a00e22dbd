//! `undefined-symbols`: a static program has all that it uses.

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
    if !object.elf.is_static() {
        return;
    }
    let symbols = object.elf.symbols.iter();
    let missing = symbols.filter(|symbol| symbol.is_undefined() && symbol.is_strong());
    for symbol in missing.filter(|symbol| !symbol.name().is_empty()) {
        let message = "is static, and uses symbols that are not in it";
        let hint = "link without `--unresolved-symbols=ignore-all`";
        found.push(object.finding(&RULE, message).symbol(symbol.name()).hint(hint));
    }
}

#[cfg(test)]
mod tests {
    use gocross_elf::Type;

    use super::*;
    use crate::testing::{about, object};

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
    fn a_symbol_that_is_left_fails() {
        let found = about(linked(&["main", "f?"])).ask(&RULE);
        assert_eq!(found[0].places[0].symbol.as_deref(), Some("f"));
    }
}
