//! `docs/targets.md`: the table of targets, for readers.

use gocross_targets::{CArchive, GO_RELEASES, OLDEST_GO, TARGETS, Target};

const TOP: &str = "\
# Targets

<!-- Written by `cargo xtask codegen` from crates/gocross-targets/src/rows.rs. -->

";

/// A column: its head, and what stands in it for a target.
type Column = (&'static str, fn(&Target) -> String);

const COLUMNS: &[Column] = &[
    ("target", |row| code(row.triple)),
    ("how far we answer for it", |row| row.tier.as_str().to_owned()),
    ("Go", go),
    ("C archive", archive),
    ("C library", |row| row.libc.as_str().to_owned()),
    ("floating point", |row| if row.elf.soft_float { "soft" } else { "hard" }.to_owned()),
    ("C compiler", compiler),
    ("Debian packages", packages),
    ("QEMU", qemu),
];

const FOOT: &str = "
*run in CI*: on each change. *run by hand*: with `cargo xtask test --by-hand`, which builds and runs
the examples there too. *built only*: the same command builds them, and no emulator of the project's
runs them: Rust and zig compile for loongarch64's LSX, which QEMU 7.2 lacks (\"uncaught target signal
4 (Illegal instruction)\"), and zig brings no glibc to load a program with. There, bindgen needs
libclang 16 or newer.

A C archive comes about *by Go*, with `go build -buildmode=c-archive`, or *by overlay* where Go has
none: an executable is built with a changed start of Go's runtime, and its objects are taken before
they are linked. Such a program is position-dependent. With glibc Rust's own code stays
position-independent there, because linkers do not get its PLT right otherwise.

A `GODEBUG` in the column of QEMU is what Go's runtime needs under that emulator alone; a test shows
the defect with a static program of Go's (compare golang/go#36981). It does not help against other
signals: Go programs for i686 that meet a nil pointer (\"morestack on g0\", also without cgo) or keep
many threads busy still crash or hang under QEMU 7.2. So they run without it on x86-64, whose kernel takes them; for i686-unknown-linux-gnu that needs the
Debian packages libc6-i386 and lib32gcc-s1.

The Debian packages are those for another machine; for this machine itself, gcc and libc6-dev.

The C compiler is the one that `cargo xtask setup` brings. zig can stand in for each of the others,
and brings the C library with it.
";

/// The text of the page.
pub(super) fn page() -> String {
    let heads = line(COLUMNS.iter().map(|(head, _)| (*head).to_owned()));
    let rule = format!("|{}\n", "---|".repeat(COLUMNS.len()));
    let rows = TARGETS.iter().map(|row| line(COLUMNS.iter().map(|(_, cell)| cell(row))));
    let foot = [FOOT.to_owned(), releases()];
    [TOP.to_owned(), heads, rule].into_iter().chain(rows).chain(foot).collect()
}

fn releases() -> String {
    let (major, minor) = OLDEST_GO;
    let head = format!(
        "
Go {major}.{minor} is the oldest that is accepted. CI builds and runs programs with the Go of the
machine on every target, and for each way to a C archive with the last release of each line:
"
    );
    let list = GO_RELEASES.iter().map(|release| format!("- {release}\n"));
    let foot = "
With another release the archive's parts are looked at in the same way: what is not as expected is
refused with the version and the part, and nothing is guessed.
";
    [head, "\n".to_owned()].into_iter().chain(list).chain([foot.to_owned()]).collect()
}

fn line(cells: impl Iterator<Item = String>) -> String {
    format!("| {} |\n", cells.collect::<Vec<_>>().join(" | "))
}

fn code(text: &str) -> String {
    format!("`{text}`")
}

fn go(row: &Target) -> String {
    let tuning = row.go.tuning.map(|(name, value)| format!(", `{name}={value}`"));
    format!("`{}`{}", row.go.platform(), tuning.unwrap_or_default())
}

fn archive(row: &Target) -> String {
    let way = match row.go.c_archive {
        CArchive::ByGo => "by Go",
        CArchive::ByOverlay => "by overlay",
    };
    way.to_owned()
}

fn compiler(row: &Target) -> String {
    if row.debian_packages.is_empty() {
        return "zig".to_owned();
    }
    format!("`{}-gcc`", row.gnu_prefix)
}

fn packages(row: &Target) -> String {
    if row.debian_packages.is_empty() {
        return "none".to_owned();
    }
    row.debian_packages.iter().map(|name| code(name)).collect::<Vec<_>>().join(" ")
}

fn qemu(row: &Target) -> String {
    let cpu = row.qemu.cpu.map(|cpu| format!(" -cpu {cpu}"));
    let godebug = row.qemu.godebug.map(|godebug| format!(", `GODEBUG={godebug}`"));
    let command = code(&format!("{}{}", row.qemu.program, cpu.unwrap_or_default()));
    command + &godebug.unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cells(triple: &str) -> Vec<String> {
        let page = page();
        let row = page.lines().find(|line| line.starts_with(&format!("| `{triple}` |"))).unwrap();
        row.trim_matches('|').split('|').map(|cell| cell.trim().to_owned()).collect()
    }

    #[test]
    fn every_target_has_a_row_with_every_cell_filled() {
        for target in TARGETS {
            let cells = cells(target.triple);
            assert_eq!(cells.len(), COLUMNS.len(), "{}", target.triple);
            assert!(cells.iter().all(|cell| !cell.is_empty()), "{cells:?}");
        }
    }

    #[test]
    fn a_row_without_debian_packages_is_compiled_by_zig() {
        let cells = cells("mipsel-unknown-linux-musl");
        assert_eq!(
            cells[1..],
            [
                "run in CI",
                "`linux/mipsle`, `GOMIPS=softfloat`",
                "by overlay",
                "musl",
                "soft",
                "zig",
                "none",
                "`qemu-mipsel -cpu 24Kc`"
            ]
        );
    }
}
