//! `docs/targets.md`: the table of targets, for readers.

use gocross_targets::{TARGETS, Target};

const TOP: &str = "\
# Targets

<!-- Written by `cargo xtask codegen` from crates/gocross-targets/src/rows.rs. -->

| target | Go | C compiler | QEMU | Debian packages | how far we answer for it |
|---|---|---|---|---|---|
";

/// The text of the page.
pub(super) fn page() -> String {
    let rows = TARGETS.iter().map(row);
    std::iter::once(TOP.to_owned()).chain(rows).collect()
}

fn row(target: &Target) -> String {
    let tuning =
        target.go.tuning.map(|(name, value)| format!(", `{name}={value}`")).unwrap_or_default();
    let cpu = target.qemu.cpu.map(|cpu| format!(" -cpu {cpu}")).unwrap_or_default();
    let packages: Vec<String> =
        target.debian_packages.iter().map(|name| format!("`{name}`")).collect();
    format!(
        "| `{}` | `{}`{tuning} | `{}-gcc` | `{}{cpu}` | {} | {} |\n",
        target.triple,
        target.go.platform(),
        target.gnu_prefix,
        target.qemu.program,
        packages.join(" "),
        target.tier.as_str(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_target_has_a_row_of_six_cells() {
        let page = page();
        for target in TARGETS {
            let row = page.lines().find(|line| line.contains(&format!("| `{}` |", target.triple)));
            assert_eq!(row.map(|row| row.matches(" | ").count()), Some(5), "{}", target.triple);
        }
    }
}
