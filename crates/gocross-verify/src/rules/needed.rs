//! `needed`: every library that is asked for is on the system.

use crate::finding::{Finding, Level, lossy};
use crate::question::Object;
use crate::rule::{Check, Rule};

/// The rule.
pub(crate) const RULE: Rule = Rule {
    code: "needed",
    level: Level::Error,
    summary: "`DT_NEEDED` names libraries that the policy knows, and no paths",
    why: "the dynamic linker says `cannot open shared object file` where the library is not installed",
    page: include_str!("needed.md"),
    check: Check::Object(check),
};

fn check(object: &Object<'_>, found: &mut Vec<Finding>) {
    let Some(dynamic) = &object.elf.dynamic else { return };
    for name in dynamic.needed.iter().map(|name| lossy(name)) {
        if name.contains('/') {
            let message = format!("needs `{name}`, a path of the machine that built it");
            found.push(object.finding(&RULE, message).help("link the library with `-Wl,-soname`"));
        } else if let Some(policy) = object.policy()
            && !policy.has_library(&name)
        {
            let message = format!("needs `{name}`, which `{}` has not", policy.name);
            found.push(object.finding(&RULE, message).help("link it statically, or ship it"));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{about, messages, program};

    fn needing(name: &'static str) -> gocross_elf::Elf<'static> {
        let mut elf = program();
        elf.dynamic.as_mut().unwrap().needed.push(name.as_bytes());
        elf
    }

    #[test]
    fn libraries_of_the_policy_pass_and_without_one_all_do() {
        assert_eq!(about(needing("libssl.so.3")).ask(&RULE), []);
        assert_eq!(about(needing("libm.so.6")).policy("kylin-v10").ask(&RULE), []);
    }

    #[test]
    fn an_unknown_library_and_a_path_fail() {
        let found = about(needing("libssl.so.3")).policy("kylin-v10").ask(&RULE);
        assert_eq!(messages(&found), ["needs `libssl.so.3`, which `kylin-v10` has not"]);
        let found = about(needing("/home/a/libx.so")).ask(&RULE);
        assert_eq!(
            messages(&found),
            ["needs `/home/a/libx.so`, a path of the machine that built it"]
        );
    }
}
