//! `corpus/broken/…`: files with one defect each give the finding that they were made for.
//! `corpus/clean/…`: what distributions ship gives no error, and the facts are those that the
//! binutils read.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use gocross_elf::{Elf, File, FloatAbi};
use gocross_tests::command::Run;
use gocross_tests::corpus::Broken;
use gocross_tests::static_programs;
use gocross_tests::tools::{self, Tools};
use gocross_tests::trial::{Result, Trouble, ensure, trial};
use gocross_tests::workshop::Workshop;
use gocross_verify::cpu::Declaration;
use gocross_verify::{Expected, Level, Levels, Question, Subject, infer, verify};
use libtest_mimic::Trial;

/// As many files have to be there, or the comparison says nothing.
const FEWEST: usize = 500;
/// How many files one call of a tool is given.
const BATCH: usize = 100;

type Test = fn(&Workshop, &[Specimen]) -> Result;

/// A file of the machine's.
struct Specimen {
    path: PathBuf,
    bytes: Vec<u8>,
}

pub(crate) fn trials(workshop: &'static Workshop) -> Result<Vec<Trial>> {
    let list = Workshop::package().join("corpus/broken.toml");
    let mut trials: Vec<Trial> = Broken::read(&list)?
        .into_iter()
        .map(|specimen| trial(specimen.name(), move || specimen.test(workshop)))
        .collect();
    for program in static_programs::read(&Workshop::package().join("corpus/static.toml"))? {
        trials.push(trial(program.name(), move || program.test(workshop)));
    }
    let tests: [(&str, Test); 4] =
        [("verdicts", verdicts), ("glibc", glibc), ("exports", exports), ("float", float)];
    for (name, test) in tests {
        trials.push(trial(format!("corpus/clean/{name}"), move || test(workshop, &clean()?)));
    }
    trials.push(trial("corpus/sarif", move || sarif(workshop)));
    Ok(trials)
}

/// SARIF of a file with findings, against the schema that OASIS publishes.
fn sarif(workshop: &Workshop) -> Result {
    let schema =
        fs_err::read_to_string(Workshop::package().join("corpus/sarif-schema-2.1.0.json"))?;
    let unreadable = |error: serde_json::Error| Trouble::wrong(error.to_string());
    // A bracket that closes nothing is taken as it stands by JavaScript, and by nobody else.
    let schema = schema.replace("[a-zA-Z]{2}]?$", "[a-zA-Z]{2}\\\\]?$");
    let schema = serde_json::from_str(&schema).map_err(unreadable)?;
    let schema = jsonschema::validator_for(&schema).map_err(|e| Trouble::wrong(e.to_string()))?;
    // A policy of another C library: this machine's programs all have errors under it.
    for policy in ["alpine", "manylinux_2_17"] {
        let line = ["cargo-gocross", "gocross", "verify", "--format=sarif", "--policy", policy];
        let mut run = Run::new(workshop, line);
        run.words.push("/bin/sh".into());
        Tools::default().equip(workshop, &mut run)?;
        let document = serde_json::from_str(&run.output()?.stdout).map_err(unreadable)?;
        let wrong: Vec<String> = schema
            .iter_errors(&document)
            .map(|error| format!("{}: {error}", error.instance_path()))
            .collect();
        ensure(wrong.is_empty(), || wrong.join("\n"))?;
        let results = document["runs"][0]["results"].as_array().map_or(0, Vec::len);
        ensure(results > 0, || format!("no findings under `{policy}`"))?;
    }
    Ok(())
}

/// The programs of this machine and the libraries of all C libraries on it, without links.
fn clean() -> Result<Vec<Specimen>> {
    let mut folders = vec![PathBuf::from("/usr/bin")];
    for entry in fs_err::read_dir("/usr")? {
        let path = entry?.path();
        if path.file_name().is_some_and(|name| name.to_string_lossy().contains("-linux-gnu")) {
            folders.push(path);
        }
    }
    let mut found = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs_err::read_dir(&folder)? {
            let entry = entry?;
            let (kind, path) = (entry.file_type()?, entry.path());
            if kind.is_dir() {
                folders.push(path);
            } else if kind.is_file() {
                let bytes = fs_err::read(&path)?;
                if bytes.starts_with(b"\x7fELF") || bytes.starts_with(b"!<arch>\n") {
                    found.push(Specimen { path, bytes });
                }
            }
        }
    }
    found.sort_by(|a, b| a.path.cmp(&b.path));
    match found.len() {
        count if count >= FEWEST => Ok(found),
        count => {
            Err(Trouble::Missing(format!("{FEWEST} programs and libraries, here are {count}")))
        }
    }
}

/// No file has an error, judged by what it is itself.
fn verdicts(_: &Workshop, specimens: &[Specimen]) -> Result {
    let mut wrong = Vec::new();
    for Specimen { path, bytes } in specimens {
        let file = read(path, bytes)?;
        let spec = infer(&file).map(|target| gocross_targets::Spec { target, glibc: None });
        let name = path.display().to_string();
        let subjects = [Subject { name, file: &file, changed: None, spec, surroundings: None }];
        let question = Question {
            subjects: &subjects,
            policy: None,
            levels: &Levels::default(),
            expected: &Expected::default(),
            cpu: &Declaration::default(),
        };
        let errors = verify(&question).into_iter().filter(|found| found.level == Level::Error);
        wrong.extend(
            errors.map(|found| format!("{}: {}: {}", found.file, found.code, found.message)),
        );
    }
    ensure(wrong.is_empty(), || wrong.join("\n"))
}

/// The versions of glibc that each file asks for, against `readelf -V`.
fn glibc(workshop: &Workshop, specimens: &[Specimen]) -> Result {
    let loaded = loaded(specimens)?;
    let said = ask(workshop, &["readelf", "-V", "-W"], &paths(&loaded), "File: ")?;
    let versioned = loaded.iter().filter(|(_, elf)| elf.versions.iter().next().is_some());
    let versioned = versioned.count();
    ensure(versioned >= FEWEST, || format!("only {versioned} files ask for versions"))?;
    compare(&loaded, |path, elf| {
        let text = said.get(path).map_or("", String::as_str);
        // Only the section of needs; what a library offers has the same names.
        let needs = text.split("Version needs section").nth(1).unwrap_or_default();
        let words = needs.split_whitespace().collect::<Vec<_>>();
        let names = words.windows(2).filter(|pair| pair[0] == "Name:").map(|pair| pair[1]);
        let theirs: BTreeSet<String> =
            names.filter(|name| name.starts_with("GLIBC_")).map(str::to_owned).collect();
        let names = elf.versions.iter().map(|v| String::from_utf8_lossy(v.name).into_owned());
        let ours: BTreeSet<String> = names.filter(|name| name.starts_with("GLIBC_")).collect();
        (ours, theirs)
    })
}

/// The symbols that each file offers, against `nm -D`.
fn exports(workshop: &Workshop, specimens: &[Specimen]) -> Result {
    let loaded = loaded(specimens)?;
    let line =
        ["nm", "-D", "--defined-only", "--extern-only", "--without-symbol-versions", "-A", "-P"];
    let text = listen(workshop, &line, &paths(&loaded))?;
    let mut said: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    for line in text.lines() {
        // `path: name type value size`.
        let Some((path, rest)) = line.split_once(": ") else { continue };
        let name = rest.split(' ').next().unwrap_or_default();
        said.entry(path).or_default().insert(name.to_owned());
    }
    compare(&loaded, |path, elf| {
        let names = elf.exports().map(|symbol| String::from_utf8_lossy(symbol.name()).into_owned());
        (names.collect(), said.get(path).cloned().unwrap_or_default())
    })
}

/// How numbers with a point are passed, against `readelf -A` and `-h`.
fn float(workshop: &Workshop, specimens: &[Specimen]) -> Result {
    let loaded = loaded(specimens)?;
    let said = ask(workshop, &["readelf", "-A", "-h", "-W"], &paths(&loaded), "File: ")?;
    compare(&loaded, |path, elf| {
        let text = said.get(path).map_or("", String::as_str);
        let says = |words: &str| text.contains(words);
        let theirs = match elf.identity.machine {
            40 if says("Tag_ABI_VFP_args: VFP registers") || says("hard-float ABI") => "hard float",
            40 if says("soft-float ABI") => "soft float",
            8 if says("FP ABI: Hard float") => "hard float",
            8 if says("FP ABI: Soft float") => "soft float",
            243 if says("double-float ABI") => "hard float",
            243 if says("soft-float ABI") => "soft float",
            _ => "",
        };
        let ours = elf.float_abi.filter(|float| *float != FloatAbi::Any);
        (ours.map_or("", FloatAbi::as_str), theirs)
    })
}

/// Compares what two say of each file.
fn compare<T: PartialEq + std::fmt::Debug>(
    loaded: &[(&Path, Elf<'_>)],
    both: impl Fn(&str, &Elf<'_>) -> (T, T),
) -> Result {
    let wrong: Vec<String> = loaded
        .iter()
        .filter_map(|(path, elf)| {
            let path = path.display().to_string();
            let (ours, theirs) = both(&path, elf);
            (ours != theirs).then(|| format!("{path}: {ours:?}, the tool says {theirs:?}"))
        })
        .collect();
    ensure(wrong.is_empty(), || wrong.join("\n"))
}

/// The programs and libraries; archives have no versions and no exports.
fn loaded(specimens: &[Specimen]) -> Result<Vec<(&Path, Elf<'_>)>> {
    let mut loaded = Vec::new();
    for Specimen { path, bytes } in specimens {
        if let File::Elf(elf) = read(path, bytes)?
            && elf.kind.is_loaded()
        {
            loaded.push((path.as_path(), *elf));
        }
    }
    Ok(loaded)
}

fn read<'data>(path: &Path, bytes: &'data [u8]) -> Result<File<'data>> {
    File::read(bytes).map_err(|error| Trouble::wrong(format!("`{}`: {error}", path.display())))
}

fn paths(loaded: &[(&Path, Elf<'_>)]) -> Vec<String> {
    loaded.iter().map(|(path, _)| path.display().to_string()).collect()
}

/// What a tool says of each file; it begins a file with a line.
fn ask(
    workshop: &Workshop,
    line: &[&str],
    paths: &[String],
    heading: &str,
) -> Result<BTreeMap<String, String>> {
    let text = listen(workshop, line, paths)?;
    let mut said: BTreeMap<String, String> = BTreeMap::new();
    let mut current = String::new();
    for line in text.lines() {
        if let Some(path) = line.strip_prefix(heading) {
            path.clone_into(&mut current);
        }
        let of_file = said.entry(current.clone()).or_default();
        of_file.push_str(line);
        of_file.push('\n');
    }
    Ok(said)
}

fn listen(workshop: &Workshop, line: &[&str], paths: &[String]) -> Result<String> {
    tools::need(workshop, line[0])?;
    let mut text = String::new();
    for batch in paths.chunks(BATCH) {
        let words = line.iter().copied().chain(batch.iter().map(String::as_str));
        let mut run = Run::new(workshop, words);
        // So that a batch of one is written like the others.
        run.words.push("/usr/bin/env".into());
        run.variables.insert("LC_ALL".into(), "C".into());
        Tools::default().equip(workshop, &mut run)?;
        // A file without what is asked for makes the status another one.
        text.push_str(&run.output()?.stdout);
    }
    Ok(text)
}
