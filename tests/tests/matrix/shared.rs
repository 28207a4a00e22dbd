//! `shared/<what>/<triple>`: libraries for C programs, written in Rust, with Go in a crate that
//! they depend on.

use std::path::{Path, PathBuf};

use gocross_elf::File;
use gocross_targets::{CArchive, Libc, Target};
use gocross_tests::command::Run;
use gocross_tests::kit::{Kit, Shape, told};
use gocross_tests::rows;
use gocross_tests::sandbox::Sandbox;
use gocross_tests::scenario::Scenario;
use gocross_tests::trial::{Result, Trouble, ensure, trial};
use gocross_tests::workshop::Workshop;
use libtest_mimic::Trial;

/// What the library has for C programs, and all that it is to have.
const FUNCTIONS: [&str; 4] = ["plugin_describe", "plugin_next", "plugin_start", "plugin_works"];

pub(crate) fn trials(workshop: &'static Workshop) -> Result<Vec<Trial>> {
    let mut trials = Vec::new();
    for target in rows::under_test()? {
        let mut add = |what: &str, test: fn(&Workshop, &str, &'static Target) -> Result| {
            let name = format!("shared/{what}/{}", target.triple);
            trials.push(trial(name.clone(), move || test(workshop, &name, target)));
        };
        add("static", static_library);
        if has_shared_objects(target) {
            add("loaded", loaded);
            add("dylib", dylib);
        } else {
            add("refused", refused);
        }
    }
    Ok(trials)
}

/// Go's code can be anywhere in memory, and the C library is shared.
fn has_shared_objects(target: &Target) -> bool {
    target.go.c_archive == CArchive::ByGo && target.libc == Libc::Gnu
}

/// Plays `shared/<scenario>.toml`.
fn play(
    workshop: &Workshop,
    name: &str,
    scenario: &str,
    target: &'static Target,
    start: &str,
) -> Result<Sandbox> {
    let file = Workshop::package().join("shared").join(format!("{scenario}.toml"));
    let words = [("target", target.triple), ("goarch", target.go.arch), ("start", start)];
    Scenario::read(&file)?.play(workshop, &format!("{name}/{start}"), &words)
}

fn built(sandbox: &Sandbox, target: &Target, name: &str) -> PathBuf {
    sandbox.dir().join("target").join(target.triple).join("debug").join(name)
}

/// Runs a program and compares all that it prints to standard output.
fn says(run: &Run, want: &str) -> Result {
    let output = run.output()?;
    ensure(output.status == 0 && output.stdout == want, || {
        format!("`{run}`: want {want}{}", told(&output))
    })
}

/// A `cdylib` is loaded by a C program, and closed, and loaded again; and C programs that are
/// linked with it.
fn loaded(workshop: &Workshop, name: &str, target: &'static Target) -> Result {
    let kit = Kit::find(workshop, target, &[])?;
    for (start, argument, time) in [
        ("eager", None, "before dlopen"),
        ("lazy", None, "after dlopen"),
        ("explicit", Some("start"), "after dlopen"),
    ] {
        let sandbox = play(workshop, name, "loaded", target, start)?;
        let library = built(&sandbox, target, "libplugin.so");
        only_functions_of_rust(&library)?;
        let load = sandbox.results()?.join("load");
        kit.link(sandbox.dir(), Shape::Usual, ["load.c", "-ldl"], &load)?;
        let path = library.display().to_string();
        let arguments = [path.as_str()].into_iter().chain(argument);
        let told_of: Vec<String> = arguments.clone().map(|word| format!("{word:?}")).collect();
        let want = format!(
            "round 1: call 1, works\nargs [{}], started {time:?}\nround 2: call 2, works\n\
             round 3: call 3, works\nclosed: the library stays\n",
            told_of.join(" ")
        );
        says(&kit.program(&load, arguments), &want).map_err(|trouble| trouble.at(start))?;
        if start == "eager" {
            linked_with(&kit, &sandbox, &library)?;
        }
    }
    Ok(())
}

fn linked_with(kit: &Kit, sandbox: &Sandbox, library: &Path) -> Result {
    let program = sandbox.results()?.join("program");
    let folder = library.parent().unwrap_or(Path::new("/"));
    let path = format!("-Wl,-rpath,{}", folder.display());
    kit.link(
        sandbox.dir(),
        Shape::Usual,
        [Path::new("program.c"), library, Path::new(&path)],
        &program,
    )?;
    says(&kit.program(&program, ["one", "zwei drei"]), PROGRAM)
}

/// What `program.c` prints for the arguments `one` and `zwei drei`.
const PROGRAM: &str = "call 1, works\nargs [\"one\" \"zwei drei\"], started \"\"\n";

/// Neither Go's own symbols, nor those of the functions that Go exports, are there for others.
fn only_functions_of_rust(library: &Path) -> Result {
    let bytes = fs_err::read(library)?;
    let file = File::read(&bytes).map_err(|error| Trouble::wrong(error.to_string()))?;
    let mut names: Vec<String> = file
        .objects()
        .flat_map(|(_, elf)| elf.exports())
        .map(|symbol| String::from_utf8_lossy(symbol.name()).into_owned())
        .collect();
    names.sort();
    ensure(names == FUNCTIONS, || format!("`{}` exports {names:?}", library.display()))
}

/// A `dylib` in a Rust program.
fn dylib(workshop: &Workshop, name: &str, target: &'static Target) -> Result {
    play(workshop, name, "dylib", target, "eager").map(drop)
}

/// A `staticlib` in a C program, with what rustc says that it needs besides.
fn static_library(workshop: &Workshop, name: &str, target: &'static Target) -> Result {
    let kit = Kit::find(workshop, target, &[])?;
    let sandbox = play(workshop, name, "static", target, "eager")?;
    let needs = fs_err::read_to_string(sandbox.dir().join("native-static-libs"))?;
    let program = sandbox.results()?.join("program");
    let library = built(&sandbox, target, "libplugin.a").display().to_string();
    let words = ["program.c", &library].into_iter().chain(needs.split_whitespace());
    kit.link(sandbox.dir(), Shape::Usual, words, &program)?;
    says(&kit.program(&program, ["one", "zwei drei"]), PROGRAM)
}

/// One diagnostic before the link, and what builds nevertheless.
fn refused(workshop: &Workshop, name: &str, target: &'static Target) -> Result {
    let scenario = match target.libc {
        Libc::Gnu => "refused-gnu",
        Libc::Musl => "refused-musl",
    };
    play(workshop, name, scenario, target, "eager").map(drop)
}
