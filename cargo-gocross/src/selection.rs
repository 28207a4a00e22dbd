//! Which packages and targets of a workspace a call of cargo builds, by cargo's own rules.

use std::ffi::OsString;
use std::path::PathBuf;

use cargo_metadata::{CrateType, Metadata, Package, PackageId, Target};

use crate::verb::Verb;

/// What cargo's arguments select.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Selection {
    /// The values of `--package`.
    packages: Vec<String>,
    /// The values of `--exclude`.
    excluded: Vec<String>,
    /// `--workspace`, or `--all`.
    workspace: bool,
    /// The options that select targets, without their values; none selects cargo's default.
    targets: Vec<&'static str>,
    /// The names behind `--example`.
    examples: Vec<String>,
    /// The values of `--crate-type`, which `cargo rustc` has.
    crate_types: Vec<CrateType>,
    /// The value of `--path`, which `cargo install` has.
    pub(crate) path: Option<PathBuf>,
    /// The arguments that decide how dependencies are resolved, as `cargo metadata` takes them.
    pub(crate) resolution: Vec<OsString>,
}

/// Options that select targets of a package.
const TARGETS: &[&str] = &[
    "--lib",
    "--bins",
    "--bin",
    "--examples",
    "--example",
    "--tests",
    "--test",
    "--benches",
    "--bench",
    "--all-targets",
];

/// Options with a value that `cargo metadata` understands as a build does.
const RESOLUTION: &[&str] = &["--manifest-path", "--features", "--config", "--lockfile-path"];

/// The same without a value.
const RESOLUTION_FLAGS: &[&str] =
    &["--all-features", "--no-default-features", "--locked", "--offline", "--frozen"];

impl Selection {
    /// Reads cargo's arguments, up to a `--`.
    pub(crate) fn read(args: &[OsString]) -> Self {
        let mut read = Self::default();
        let mut words = args.iter().map(|word| word.to_string_lossy().into_owned());
        while let Some(word) = words.next() {
            let (name, value) = split(&word);
            let mut value = || value.map(str::to_owned).or_else(|| words.next());
            if let Some(option) = TARGETS.iter().find(|option| **option == name) {
                read.targets.push(option);
            }
            match name {
                "--package" => read.packages.extend(value()),
                "--exclude" => read.excluded.extend(value()),
                "--workspace" | "--all" => read.workspace = true,
                "--path" => read.path = value().map(PathBuf::from),
                "--example" => read.examples.extend(value()),
                "--crate-type" => {
                    let all = value().unwrap_or_default();
                    read.crate_types.extend(all.split(',').map(CrateType::from));
                }
                _ if RESOLUTION_FLAGS.contains(&name) => read.resolution.push(name.into()),
                _ if RESOLUTION.contains(&name) => {
                    let value = value().map(OsString::from);
                    read.resolution.extend([name.into()].into_iter().chain(value));
                }
                _ => {}
            }
        }
        if let Some(path) = &read.path {
            let manifest = path.join("Cargo.toml");
            read.resolution.extend(["--manifest-path".into(), manifest.into()]);
        }
        read
    }

    /// The arguments that select packages, as cargo's other verbs take them.
    pub(crate) fn packages(&self) -> Vec<OsString> {
        let named = |option: &'static str, values: &[String]| {
            let words = |value: &String| [option.into(), value.into()];
            values.iter().flat_map(words).collect::<Vec<OsString>>()
        };
        let mut words = named("--package", &self.packages);
        words.extend(self.workspace.then(|| "--workspace".into()));
        words.extend(named("--exclude", &self.excluded));
        words
    }

    /// The packages that cargo is asked to build.
    pub(crate) fn roots<'a>(&self, metadata: &'a Metadata) -> Vec<&'a PackageId> {
        let is_named = |specs: &[String], id: &PackageId| {
            specs.iter().any(|spec| matches(spec, metadata[id].name.as_str()))
        };
        let all = metadata.workspace_members.iter();
        if !self.packages.is_empty() {
            return all.filter(|id| is_named(&self.packages, id)).collect();
        }
        if self.workspace {
            return all.filter(|id| !is_named(&self.excluded, id)).collect();
        }
        // Of a cargo that does not tell its default, everything.
        if metadata.workspace_default_members.is_available() {
            metadata.workspace_default_members.iter().collect()
        } else {
            all.collect()
        }
    }

    /// The crate types for which cargo links the library of `package`, in a call of `verb` that
    /// selects the package (`is_root`), or one that depends on it.
    ///
    /// cargo links a library for all of its crate types, also where one of them is asked for.
    pub(crate) fn library(&self, verb: Verb, package: &Package, is_root: bool) -> Vec<CrateType> {
        let Some(library) = package.targets.iter().find(|target| is_library(target)) else {
            return Vec::new();
        };
        if is_root && !self.crate_types.is_empty() {
            return self.crate_types.clone();
        }
        let asked = self.targets.is_empty()
            || self.targets.iter().any(|option| matches!(*option, "--lib" | "--all-targets"));
        let for_others = library
            .crate_types
            .iter()
            .any(|kind| matches!(kind, CrateType::Lib | CrateType::RLib | CrateType::DyLib));
        // `test`, `bench` and `run` have it as a part of programs alone.
        if for_others || (is_root && asked && matches!(verb, Verb::Build | Verb::Rustc)) {
            return library.crate_types.clone();
        }
        Vec::new()
    }

    /// The examples of `package`, which the call selects, that are built as libraries.
    pub(crate) fn examples<'a>(&self, verb: Verb, package: &'a Package) -> Vec<&'a Target> {
        let has = |option: &str| self.targets.contains(&option);
        let all = has("--examples")
            || has("--all-targets")
            || (self.targets.is_empty() && matches!(verb, Verb::Test | Verb::Nextest));
        let is_built = |target: &&Target| all || self.examples.contains(&target.name);
        package.targets.iter().filter(|target| target.is_example()).filter(is_built).collect()
    }
}

/// `--NAME=VALUE` as name and value, and the short names of cargo's as the long ones.
fn split(word: &str) -> (&str, Option<&str>) {
    for (short, long) in [("-p", "--package"), ("-F", "--features")] {
        if let Some(rest) = word.strip_prefix(short).filter(|_| !word.starts_with("--")) {
            let rest = rest.strip_prefix('=').unwrap_or(rest);
            return (long, (!rest.is_empty()).then_some(rest));
        }
    }
    match word.split_once('=') {
        Some((name, value)) if name.starts_with("--") => (name, Some(value)),
        _ => (word, None),
    }
}

/// Whether a package ID specification, or a pattern, is for a package of this name
/// (<https://doc.rust-lang.org/cargo/reference/pkgid-spec.html>).
fn matches(spec: &str, name: &str) -> bool {
    let (url, fragment) = spec.rsplit_once('#').unwrap_or((spec, ""));
    // The fragment is a version, or a name with one; without a name it is that of the directory.
    let is_name =
        !fragment.is_empty() && !fragment.starts_with(|first: char| first.is_ascii_digit());
    let last = if is_name { fragment } else { url.rsplit('/').next().unwrap_or(url) };
    let bare = last.split(['@', ':']).next().unwrap_or(last);
    let mut parts = bare.split('*');
    let head = parts.next().unwrap_or_default();
    let Some(mut rest) = name.strip_prefix(head) else { return false };
    let mut tail = None;
    for part in parts {
        let Some(at) = rest.find(part) else { return false };
        rest = &rest[at + part.len()..];
        tail = Some(part);
    }
    match tail {
        None => rest.is_empty(),
        Some("") => true,
        Some(tail) => rest.is_empty() || name.ends_with(tail),
    }
}

fn is_library(target: &Target) -> bool {
    target.is_lib()
        || target.is_rlib()
        || target.is_dylib()
        || target.is_cdylib()
        || target.is_staticlib()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(line: &str) -> Selection {
        Selection::read(&line.split_whitespace().map(OsString::from).collect::<Vec<_>>())
    }

    #[test]
    fn every_spelling_of_an_option_is_read() {
        for line in ["-p a", "-pa", "-p=a", "--package a", "--package=a"] {
            assert_eq!(read(line).packages, ["a"], "{line}");
        }
        assert_eq!(read("--workspace --exclude a --exclude=b").excluded, ["a", "b"]);
        assert_eq!(read("--lib --crate-type staticlib,rlib").crate_types.len(), 2);
        assert_eq!(
            read("-F x --manifest-path=m --release --offline").resolution,
            ["--features", "x", "--manifest-path", "m", "--offline"]
        );
    }

    #[test]
    fn specifications_and_patterns_name_packages() {
        for spec in ["plugin", "plugin@0.1.0", "path+file:///x/plugin#0.1.0", "pl*", "*in", "p*u*n"]
        {
            assert!(matches(spec, "plugin"), "{spec}");
        }
        assert!(matches("file:///x#plugin@0.1.0", "plugin"));
        assert!(!matches("plug", "plugin") && !matches("*x", "plugin"));
    }
}
