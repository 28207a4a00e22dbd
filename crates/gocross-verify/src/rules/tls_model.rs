//! `tls-model`: a library's thread-local storage can be made when it is loaded.

use crate::finding::{Finding, Level};
use crate::question::Object;
use crate::rule::{Check, Rule};

/// The rule.
pub(crate) const RULE: Rule = Rule {
    code: "tls-model",
    level: Level::Warning,
    summary: "a shared object does not ask for static thread-local storage",
    why: "`dlopen` fails with `cannot allocate memory in static TLS block`, on musl always",
    page: include_str!("tls-model.md"),
    check: Check::Object(check),
};

fn check(object: &Object<'_>, found: &mut Vec<Finding>) {
    let elf = object.elf;
    let static_tls = elf.dynamic.as_ref().is_some_and(|dynamic| dynamic.static_tls);
    if elf.kind == gocross_elf::Type::SharedObject && static_tls {
        let message = "its thread-local storage has to be there from the program's start";
        let hint = "compile with `-ftls-model=global-dynamic`";
        found.push(object.finding(&RULE, message).hint(hint));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{about, library, program};

    #[test]
    fn in_a_library_it_fails() {
        let with = |mut elf: gocross_elf::Elf<'static>| {
            elf.dynamic.as_mut().unwrap().static_tls = true;
            elf
        };
        assert_eq!(about(library()).ask(&RULE), []);
        assert_eq!(about(with(program())).ask(&RULE), []);
        assert_eq!(about(with(library())).ask(&RULE).len(), 1);
    }
}
