//! `go-versions/<release>/<triple>`: each line of Go's releases on rows whose archive gocross
//! changes most; `go-versions/unknown/…`: a runtime that is not as expected is refused;
//! `go-versions/cpu-features/<release>`: what a release knows in `GODEBUG=cpu.*`.

use std::collections::BTreeSet;
use std::path::Path;

use gocross_diagnostic::Code;
use gocross_targets::{GO_RELEASES, cpu_features_of_go};
use gocross_tests::command::Run;
use gocross_tests::kit::{Builder, Kit};
use gocross_tests::sandbox::Sandbox;
use gocross_tests::scenario::row;
use gocross_tests::tools::{self, Tools};
use gocross_tests::trial::{Result, Trouble, ensure, trial};
use gocross_tests::workshop::Workshop;
use libtest_mimic::Trial;

use crate::start;

/// Both kinds of floating point where Go makes no archive, and an archive of Go's whose start
/// does not work as it is.
const ROWS: [&str; 3] =
    ["mipsel-unknown-linux-gnu", "mipsel-unknown-linux-musl", "aarch64-unknown-linux-musl"];

/// Files of Go's runtime that are changed for a row without archives of Go's.
const CHANGED: [&str; 2] = ["runtime2.go", "rt0_linux_mipsx.s"];

pub(crate) fn trials(workshop: &'static Workshop) -> Vec<Trial> {
    let mut trials = Vec::new();
    for triple in ROWS {
        for release in GO_RELEASES {
            let name = format!("go-versions/{release}/{triple}");
            trials.push(trial(name.clone(), move || with(workshop, &name, release, triple)));
        }
    }
    for release in GO_RELEASES {
        let name = format!("go-versions/cpu-features/{release}");
        trials.push(trial(name, move || cpu_features(workshop, release)));
    }
    for file in CHANGED {
        for (state, change) in [("changed", changed as Change), ("missing", missing)] {
            let name = format!("go-versions/unknown/{file}-{state}");
            trials.push(trial(name.clone(), move || unknown(workshop, &name, file, change)));
        }
    }
    trials
}

/// A program with this release's runtime in it works.
fn with(workshop: &Workshop, name: &str, release: &str, triple: &str) -> Result {
    // What is not there is not fetched: a test that needs the network is no test of ours.
    let variables = [("GOTOOLCHAIN", release), ("GOPROXY", "off")];
    need(workshop, release, &variables)?;
    let kit = Kit::find(workshop, row(triple)?, &variables)?;
    let sandbox = Sandbox::new(workshop, name, "")?;
    start::check(&kit, &start::build(&kit, &sandbox, Builder::Gocross)?)?;
    // In other folders the same bytes come about.
    let elsewhere = Sandbox::new(workshop, &format!("{name}-elsewhere"), "")?;
    let package = start::lay(&elsewhere)?;
    let second = kit.archive(Builder::Gocross, &package, "start", &elsewhere.results()?)?;
    let first = fs_err::read(sandbox.results()?.join("libstart.a"))?;
    ensure(first == fs_err::read(second)?, || "the archive depends on a folder".to_owned())
}

/// The table of the features that Go's runtime knows, against its sources: all of the names, and
/// no others.
fn cpu_features(workshop: &Workshop, release: &str) -> Result {
    let variables = [("GOTOOLCHAIN", release), ("GOPROXY", "off")];
    need(workshop, release, &variables)?;
    let kit = Kit::find(workshop, row(ROWS[0])?, &variables)?;
    let minor = release.split('.').nth(1).and_then(|minor| minor.parse().ok());
    let minor = minor.ok_or_else(|| Trouble::wrong(format!("`{release}` is no release")))?;
    for (arch, file) in [
        ("386", "x86"),
        ("amd64", "x86"),
        ("arm", "arm"),
        ("arm64", "arm64"),
        ("mips", "mips"),
        ("mips64le", "mips64x"),
        ("mipsle", "mipsle"),
        ("riscv64", "riscv64"),
    ] {
        let path = kit.go.goroot.join(format!("src/internal/cpu/cpu_{file}.go"));
        let text = fs_err::read_to_string(path)?;
        let names = text.match_indices("{Name: \"").filter_map(|(at, mark)| {
            let rest = &text[at + mark.len()..];
            Some(rest.split_once('"')?.0)
        });
        let found: BTreeSet<&str> = names.collect();
        let known: BTreeSet<&str> = cpu_features_of_go(arch, minor).collect();
        ensure(found == known, || format!("{arch}: want {found:?}, the table has {known:?}"))?;
    }
    Ok(())
}

fn need(workshop: &Workshop, release: &str, variables: &[(&str, &str)]) -> Result {
    let go = tools::need(workshop, "go")?;
    let mut run = Run::new(workshop, [go.as_os_str(), "env".as_ref(), "GOVERSION".as_ref()]);
    run.variables.extend(variables.iter().map(|(name, value)| (name.into(), value.into())));
    Tools::default().equip(workshop, &mut run)?;
    let absent = || Trouble::Missing(format!("{release}, which `cargo xtask setup` fetches"));
    // A `go` before 1.21 does not know the variable, and answers for itself.
    if run.output()?.stdout.trim() == release { Ok(()) } else { Err(absent()) }
}

type Change = fn(&Path) -> std::io::Result<()>;

/// The file as a later release may have it: with other names.
fn changed(file: &Path) -> std::io::Result<()> {
    let text = fs_err::read_to_string(file)?;
    fs_err::write(file, text.replace("isarchive", "isanarchive").replace("rt0_go", "rt0_start"))
}

fn missing(file: &Path) -> std::io::Result<()> {
    fs_err::remove_file(file)
}

/// One diagnostic, which names the version and the file, and nothing is built.
fn unknown(workshop: &Workshop, name: &str, file: &str, change: Change) -> Result {
    let mut kit = Kit::find(workshop, row("mipsel-unknown-linux-gnu")?, &[])?;
    let sandbox = Sandbox::new(workshop, name, "")?;
    let goroot = sandbox.dir().join("goroot");
    let runtime = goroot.join("src/runtime");
    fs_err::create_dir_all(&runtime)?;
    for copied in CHANGED {
        fs_err::copy(kit.go.goroot.join("src/runtime").join(copied), runtime.join(copied))?;
    }
    change(&runtime.join(file))?;
    kit.go.goroot = goroot;
    "go1.99".clone_into(&mut kit.go.version_text);
    let package = start::lay(&sandbox)?;
    let results = sandbox.results()?;
    let Err(diagnostic) = kit.by_gocross(&package, "start", &results) else {
        return Err(Trouble::wrong("a runtime that nobody knows was changed"));
    };
    let named = runtime.join(file).display().to_string();
    let text = diagnostic.to_string();
    ensure(diagnostic.code == Code::GoTarget && !diagnostic.hints.is_empty(), || text.clone())?;
    ensure(diagnostic.message.contains("go1.99") && text.contains(&named), || text.clone())?;
    ensure(!results.join("libstart.a").exists(), || "an archive was left behind".to_owned())
}
