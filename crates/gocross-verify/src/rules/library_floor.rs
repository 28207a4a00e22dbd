//! `library-floor`: no newer version of GCC's libraries is asked for than the system has.

use std::collections::BTreeMap;

use crate::finding::{Finding, Level, lossy};
use crate::policy::{Policy, dotted, numbered};
use crate::question::Object;
use crate::rule::{Check, Rule};

/// The rule.
pub(crate) const RULE: Rule = Rule {
    code: "library-floor",
    level: Level::Error,
    summary: "no newer libstdc++ and libgcc is asked for than the system has",
    why: "the dynamic linker says `version 'GLIBCXX_3.4.30' not found`",
    page: include_str!("library-floor.md"),
    check: Check::Object(check),
};

fn check(object: &Object<'_>, found: &mut Vec<Finding>) {
    let Some(policy) = object.policy() else { return };
    // The newest of each family that is too new; glibc has a rule of its own.
    let mut newest: BTreeMap<&str, ([u16; 3], &[u8])> = BTreeMap::new();
    for version in object.elf.versions.iter() {
        let Some((family, number)) = numbered(version.name) else { continue };
        if family != "GLIBC" && too_new(policy, family, number) {
            let entry = newest.entry(family).or_insert((number, version.library));
            *entry = (*entry).max((number, version.library));
        }
    }
    for (family, (number, library)) in newest {
        let has = policy.newest(family).map(dotted).unwrap_or_default();
        let message = format!(
            "asks `{}` for {family}_{}, `{}` has {has}",
            lossy(library),
            dotted(number),
            policy.name
        );
        found.push(
            object
                .finding(&RULE, message)
                .help("link it statically: `-static-libgcc -static-libstdc++`"),
        );
    }
}

fn too_new(policy: &Policy, family: &str, number: [u16; 3]) -> bool {
    policy.newest(family).is_some_and(|newest| number > newest)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{about, compiled};

    /// Asks libgcc for a function that it has had since GCC 3.0.
    fn program() -> gocross_elf::Elf<'static> {
        let source = "extern void _Unwind_Resume(void); int main(void) { _Unwind_Resume(); }";
        compiled(source, &["-shared-libgcc", "-lgcc_s"])
    }

    #[test]
    fn an_old_version_passes() {
        assert_eq!(about(program()).policy("kylin-v10").ask(&RULE), []);
    }

    #[test]
    fn a_version_is_compared_number_by_number() {
        let kylin = Policy::find("kylin-v10").unwrap();
        assert!(!too_new(kylin, "GLIBCXX", [3, 4, 9]) && too_new(kylin, "GLIBCXX", [3, 4, 30]));
        assert!(!too_new(kylin, "OPENSSL", [9, 0, 0]));
    }

    #[test]
    fn a_new_version_fails() {
        // No system of the table is older than GCC 3; a policy made for the test is.
        const OLD: Policy = Policy {
            name: "old",
            title: "",
            libc: gocross_targets::Libc::Gnu,
            versions: &[crate::Ceiling { family: "GCC", version: [2, 0, 0] }],
            libraries: &[],
        };
        let found = about(program()).under(&OLD).ask(&RULE);
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(found[0].message.starts_with("asks `libgcc_s.so.1` for GCC_"), "{found:?}");
    }
}
