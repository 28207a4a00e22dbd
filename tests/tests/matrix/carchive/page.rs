//! `docs/go-tests.md`: which of Go's tests run, which cannot, and why. The page is made from the
//! same table as the tests, and compared with the file; `SNAPSHOTS=overwrite` writes it.

use gocross_targets::TARGETS;
use gocross_tests::trial::{Result, Trouble, ensure};
use gocross_tests::workshop::Workshop;
use snapbox::{Assert, Data, IntoData};

use super::programs::{EXCEPTIONS, NOT_RUN, PROGRAMS, Program};

const TOP: &str = "\
# Go's own tests of C archives

<!-- Written by `SNAPSHOTS=overwrite cargo test -p gocross-tests --test matrix -- carchive/page`. -->

Go tests its C archives with C programs (`GOROOT/src/cmd/cgo/internal/testcarchive`). Here the same
programs, from the `GOROOT` of the machine, are linked with archives that gocross makes, and run on
every target that CI runs, under QEMU where it is foreign. What must come of them is what Go's
`carchive_test.go` asks for. On the targets with glibc for which Go makes archives itself, the
programs run with these as well, as the measure. Go starts with the program, as it does by default:
`main.c` looks for Go's signal handlers before it has called Go.

";

/// Compares the page with the file.
pub(super) fn check() -> Result {
    let known = |name: &&str| PROGRAMS.iter().any(|program| program.test == *name);
    for entry in EXCEPTIONS {
        let rows = entry.triples.iter().all(|triple| gocross_targets::find(triple).is_some());
        ensure(rows && entry.tests.iter().all(known), || {
            format!("no such test or target: {entry:?}")
        })?;
    }
    let file = Workshop::repository().join("docs/go-tests.md");
    let assert = Assert::new().action_env("SNAPSHOTS");
    let outcome = assert.try_eq(None, page().into_data(), Data::read_from(&file, None));
    outcome.map_err(|error| Trouble::wrong(error.to_string()))
}

fn page() -> String {
    let tests = PROGRAMS.iter().map(row).collect::<String>();
    let exceptions = EXCEPTIONS.iter().map(|entry| {
        format!("| {} | {} | {} |\n", codes(entry.tests), codes(entry.triples), entry.why)
    });
    let not_run = NOT_RUN.iter().map(|(test, why)| format!("| `{test}` | {why} |\n"));
    format!(
        "{TOP}## What passes\n\nOn {} targets, but for what stands below:\n\n\
         | test | C program | Go library | shows |\n|---|---|---|---|\n{tests}\n\
         ## What cannot pass\n\n| test | target | why |\n|---|---|---|\n{}\n\
         ## What is not run\n\n| test | why |\n|---|---|\n{}",
        TARGETS.iter().filter(|row| row.tier == gocross_targets::Tier::Ci).count(),
        exceptions.collect::<String>(),
        not_run.collect::<String>(),
    )
}

fn row(program: &Program) -> String {
    let sources =
        if program.sources.is_empty() { "none".to_owned() } else { codes(program.sources) };
    format!("| `{}` | {sources} | `{}` | {} |\n", program.test, program.library, program.shows)
}

fn codes(words: &[&str]) -> String {
    words.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", ")
}
