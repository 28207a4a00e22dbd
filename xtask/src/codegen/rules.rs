//! `docs/rules.md`: the rules of `cargo gocross verify` and the policies, for readers.

use gocross_verify::{Level, POLICIES, rules};

const TOP: &str = "\
# Rules

<!-- Written by `cargo xtask codegen` from crates/gocross-verify/src/rules/*.md and policy.rs. -->

What `cargo gocross verify` looks at. Each finding has the name of its rule; `cargo gocross explain NAME` prints its section. Names are stable. The exit status is 97 where there is an error, and 0 otherwise.

Levels are set in `Cargo.toml`:

```toml
[package.metadata.gocross.verify]
policy = \"kylin-v10\"               # the system that it is to run on
static = false                     # programs have to be dynamic
stripped = true                    # and without symbols
exports = [\"Greet\"]                # Go functions that a library has to offer
go = true                          # Go has to be in it

[package.metadata.gocross.verify.rules]
build-paths = \"error\"              # off, note, warning or error
```

";

/// The text of the page.
pub(super) fn page() -> String {
    let mut page = TOP.to_owned();
    page.push_str("| rule | level | what it demands |\n|---|---|---|\n");
    for rule in rules::ALL {
        let (code, level) = (rule.code, rule.level.as_str());
        page.push_str(&format!("| [`{code}`](#{code}) | {level} | {} |\n", rule.summary));
    }
    page.push_str(
        "\nPolicies, for `--policy`:\n\n| policy | system | symbols up to |\n|---|---|---|\n",
    );
    for policy in POLICIES {
        let newest = policy.versions.iter().map(|ceiling| format!("`{ceiling}`"));
        let newest = newest.collect::<Vec<_>>().join(", ");
        page.push_str(&format!("| `{}` | {} | {newest} |\n", policy.name, policy.title));
    }
    for rule in rules::ALL {
        page.push_str(&format!("\n{}\nLevel: {}.\n", rule.page, level(rule.level)));
    }
    page
}

fn level(level: Level) -> &'static str {
    match level {
        Level::Error => "error; `verify` and the builds end with 97",
        other => other.as_str(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_and_every_policy_is_there() {
        let page = page();
        for rule in rules::ALL {
            assert_eq!(page.matches(&format!("\n## {}\n", rule.code)).count(), 1);
        }
        assert!(page.contains("| `kylin-v10` |") && page.contains("`GLIBC_2.28`"));
    }
}
