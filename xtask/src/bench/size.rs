//! `cargo xtask bench size`: what Go and Rust in one program weigh, against the two alone.
//!
//! All three come from `examples/hello`, are built for the same target with the same profile, and
//! are stripped:
//!
//! - the example as it is;
//! - *Go alone*: its Go file without `import "C"`, and a `main` that calls the same functions with
//!   the same values (`size/go_alone.go`); plain `go build` without cgo, so it is static;
//! - *Rust alone*: its `main.rs` and the crate `gocross`, with functions of the same names and
//!   types in the place of Go's (`size/rust_alone.rs`).
//!
//! On 64-bit targets with glibc the first is 7 to 10 % bigger than the two alone: Rust makes
//! position-independent programs there, so each pointer in Go's data has a relocation of 24 bytes
//! (7,000 to 8,000 of them), and a plain Go program is not position-independent.
//! Built with `-C relocation-model=static`, it is 1.00 times as big on x86-64.
//!
//! `--profiles` compares the example as it is with what a user can do about its size: cargo's
//! profile, and `GOCROSS_STD=size`.

use std::path::{Path, PathBuf};

use gocross_targets::{TARGETS, Target};

use super::project;
use crate::command::Cmd;
use crate::failure::{Failure, Result};
use crate::{environment, ui, workspace};

/// What is built.
const EXAMPLE: &str = "hello";
/// Where a program's size counts most: OpenWrt's routers have 8 MB of flash.
const TARGET: &str = "mipsel-unknown-linux-musl";

/// What stands in the example's Go file, and what stands there without C.
const WITHOUT_C: &[(&str, &str)] = &[
    ("import \"C\"\n\n", ""),
    ("*C.char", "*string"),
    ("C.CString(", "cString("),
    ("// main must exist and is never called: Rust's main runs.\nfunc main() {}\n", ""),
];
/// The same for the example's `main.rs` without Go.
const WITHOUT_GO: &[(&str, &str)] = &[("mod go {\n    gocross::bindings!();\n}\n", "mod go;\n")];
/// The same for its manifest: there is nothing to build before.
const WITHOUT_BUILD: &[(&str, &str)] = &[("[build-dependencies]\n", "[dev-dependencies]\n")];

/// The sizes of the three programs, in bytes.
#[derive(Debug, Clone, Copy)]
struct Sizes {
    both: u64,
    go: u64,
    rust: u64,
}

impl Sizes {
    /// How many times as big as the two alone the program with both is.
    fn ratio(self) -> f64 {
        self.both as f64 / (self.go + self.rust) as f64
    }
}

/// What is set for each column of `--profiles`: nothing; what is usual where flash is scarce; the
/// same with a std for size.
const PROFILES: [(&str, &[(&str, &str)]); 3] =
    [("release", &[]), ("opt-level=z, LTO, abort", SMALL), ("and GOCROSS_STD=size", SMALL_STD)];
const SMALL: &[(&str, &str)] = &[
    ("CARGO_PROFILE_RELEASE_OPT_LEVEL", "z"),
    ("CARGO_PROFILE_RELEASE_LTO", "fat"),
    ("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "1"),
    ("CARGO_PROFILE_RELEASE_PANIC", "abort"),
];
const SMALL_STD: &[(&str, &str)] =
    &[SMALL[0], SMALL[1], SMALL[2], SMALL[3], ("GOCROSS_STD", "size")];

/// The rows that were asked for, with the subcommand built.
fn rows(triples: &[String]) -> Result<Vec<&'static Target>> {
    let named = |row: &&Target| {
        if triples.is_empty() {
            row.triple == TARGET
        } else {
            triples.iter().any(|triple| triple == row.triple)
        }
    };
    ui::heading("build the subcommand");
    Cmd::new("cargo").args(["build", "--package", "cargo-gocross"]).dir(workspace::root()).run()?;
    Ok(TARGETS.iter().filter(named).collect())
}

/// Runs `cargo xtask bench size --profiles`.
pub(crate) fn profiles(triples: &[String]) -> Result {
    let mut table = Vec::new();
    for row in rows(triples)? {
        ui::heading(row.triple);
        let parts = [("both", project::copy(EXAMPLE, &fresh("both")?)?), ("Rust", without_go()?)];
        for (what, project) in parts {
            let mut line = vec![row.triple.to_owned(), what.to_owned()];
            for (_, variables) in PROFILES {
                line.push(bytes(rust_program(row, &project, variables)?));
            }
            table.push(line);
        }
    }
    let head = ["target", "program"].into_iter().chain(PROFILES.map(|(name, _)| name));
    table.insert(0, head.map(str::to_owned).collect());
    ui::data(format!("{EXAMPLE}, release, stripped, in bytes"));
    ui::columns(&table).into_iter().for_each(ui::data);
    Ok(())
}

/// Runs `cargo xtask bench size`.
pub(crate) fn run(triples: &[String], max_ratio: Option<f64>) -> Result {
    let mut measured = Vec::new();
    for row in rows(triples)? {
        ui::heading(row.triple);
        measured.push((row.triple, measure(row)?));
    }
    report(&measured);
    let worst = measured.iter().map(|(_, sizes)| sizes.ratio()).fold(0.0, f64::max);
    match max_ratio {
        Some(max) if worst > max => Err(Failure::new(format!(
            "a program is {worst:.3} times as big as its parts, at most {max:.3} are allowed"
        ))),
        _ => Ok(()),
    }
}

fn measure(row: &Target) -> Result<Sizes> {
    Ok(Sizes {
        both: rust_program(row, &project::copy(EXAMPLE, &fresh("both")?)?, &[])?,
        go: go_program(row)?,
        rust: rust_program(row, &without_go()?, &[])?,
    })
}

/// An empty folder for a project. Always the same one, so cargo knows what it has compiled.
fn fresh(name: &str) -> Result<PathBuf> {
    let folder = kept()?.join(name);
    if folder.exists() {
        fs_err::remove_dir_all(&folder)?;
    }
    fs_err::create_dir_all(&folder)?;
    Ok(folder)
}

fn kept() -> Result<PathBuf> {
    Ok(workspace::target_dir(workspace::root())?.join("bench/size"))
}

/// The example with the Go functions taken out.
fn without_go() -> Result<PathBuf> {
    let project = project::copy(EXAMPLE, &fresh("rust")?)?;
    for (file, changes) in [("src/main.rs", WITHOUT_GO), ("Cargo.toml", WITHOUT_BUILD)] {
        let path = project.join(file);
        fs_err::write(&path, changed(&fs_err::read_to_string(&path)?, changes)?)?;
    }
    fs_err::write(project.join("src/go.rs"), include_str!("size/rust_alone.rs"))?;
    fs_err::remove_file(project.join("build.rs"))?;
    Ok(project)
}

fn rust_program(row: &Target, project: &Path, variables: &[(&str, &str)]) -> Result<u64> {
    let subcommand = workspace::target_dir(workspace::root())?.join("debug/cargo-gocross");
    let target_dir = kept()?.join("target");
    let command = variables
        .iter()
        .fold(Cmd::new(subcommand), |command, (name, value)| command.env(name, value));
    command
        .arg("gocross")
        .shown_as("cargo gocross")
        .args(["build", "--quiet", "--release", "--target", row.triple])
        .env("CARGO_PROFILE_RELEASE_STRIP", "symbols")
        .env("CARGO_TARGET_DIR", &target_dir)
        .dir(project)
        .run()?;
    size(&target_dir.join(row.triple).join("release").join(EXAMPLE))
}

fn go_program(row: &Target) -> Result<u64> {
    let from = workspace::root().join("examples").join(EXAMPLE).join("go");
    let folder = fresh("go")?;
    let code = changed(&fs_err::read_to_string(from.join("hello.go"))?, WITHOUT_C)?;
    fs_err::write(folder.join("hello.go"), code)?;
    fs_err::write(folder.join("main.go"), include_str!("size/go_alone.go"))?;
    fs_err::copy(from.join("go.mod"), folder.join("go.mod"))?;
    let build = Cmd::new(environment::gocross_go().unwrap_or_else(|| "go".into()))
        .env("CGO_ENABLED", "0")
        .env("GOOS", row.go.os)
        .env("GOARCH", row.go.arch);
    let build = row.go.tuning.iter().fold(build, |cmd, (name, value)| cmd.env(name, value));
    build
        .args(["build", "-trimpath", "-buildvcs=false", "-ldflags=-s -w", "-o=alone", "."])
        .dir(&folder)
        .run()?;
    size(&folder.join("alone"))
}

/// The text with each change made; an example that has become another one is an error.
fn changed(text: &str, changes: &[(&str, &str)]) -> Result<String> {
    let mut text = text.to_owned();
    for (old, new) in changes {
        if !text.contains(old) {
            return Err(Failure::new(format!("the example `{EXAMPLE}` has changed"))
                .why(format!("it does not hold {old:?}"))
                .help("edit xtask/src/bench/size.rs"));
        }
        text = text.replace(old, new);
    }
    Ok(text)
}

fn size(program: &Path) -> Result<u64> {
    Ok(fs_err::metadata(program)?.len())
}

fn report(measured: &[(&str, Sizes)]) {
    let head = ["target", "both", "Go alone", "Rust alone", "both/(Go + Rust)"];
    let rows = measured.iter().map(|(triple, sizes)| {
        let ratio = format!("{:.3}", sizes.ratio());
        vec![(*triple).to_owned(), bytes(sizes.both), bytes(sizes.go), bytes(sizes.rust), ratio]
    });
    let rows: Vec<_> = std::iter::once(head.map(str::to_owned).to_vec()).chain(rows).collect();
    ui::data(format!("{EXAMPLE}, release, stripped, in bytes"));
    for line in ui::columns(&rows) {
        ui::data(line);
    }
}

/// A number with its digits in groups of three.
fn bytes(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push('_');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn example(file: &str) -> String {
        fs_err::read_to_string(workspace::root().join("examples").join(EXAMPLE).join(file)).unwrap()
    }

    #[test]
    fn the_example_without_c_has_no_c() {
        let text = changed(&example("go/hello.go"), WITHOUT_C).unwrap();
        assert!(!text.contains("C.") && !text.contains("func main"), "{text}");
        for function in ["func Greet(", "func Add(", "func Divide("] {
            assert!(text.contains(function), "{function}");
        }
    }

    #[test]
    fn the_example_without_go_has_nothing_to_build_before() {
        let text = changed(&example("src/main.rs"), WITHOUT_GO).unwrap();
        assert!(text.contains("mod go;") && !text.contains("bindings!"), "{text}");
        let text = changed(&example("Cargo.toml"), WITHOUT_BUILD).unwrap();
        assert!(!text.contains("build-dependencies"), "{text}");
    }

    #[test]
    fn an_example_that_has_changed_is_told() {
        assert!(changed("package main\n", WITHOUT_C).is_err());
    }

    #[test]
    fn sizes_are_readable_and_compared_with_the_sum() {
        assert_eq!(bytes(999), "999");
        assert_eq!(bytes(2_453_908), "2_453_908");
        assert!((Sizes { both: 3, go: 1, rust: 2 }.ratio() - 1.0).abs() < 1e-9);
    }
}
