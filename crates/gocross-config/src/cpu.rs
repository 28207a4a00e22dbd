//! `[package.metadata.gocross.cpu]`: the CPU paths that a package says it has.

use std::path::Path;

use serde::{Deserialize, Serialize};

/// The CPU paths of a program, as its manifest declares them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case", expecting = "a table")]
pub struct Cpu {
    /// The program that has the paths. Default: the one with the package's name.
    pub bin: Option<String>,
    /// The words after the program's name that make it test itself.
    pub selftest: Vec<String>,
    /// The words that make the self-test take one path; `{path}` stands for its name.
    pub force: Vec<String>,
    /// The paths of each side: the best first, the fall-back last.
    #[serde(rename = "path")]
    pub paths: Vec<CpuPath>,
    /// Functions of no side that have instructions above the baseline all the same.
    pub gated: Vec<Gated>,
    /// Functions that look at the CPU and may call what is gated by name.
    pub dispatch: Vec<String>,
}

/// One way to do what a side does.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, expecting = "a table")]
pub struct CpuPath {
    /// What chooses between paths: a line of the self-test's report, such as `sm4.rust`.
    pub side: String,
    /// The path, as the program calls it.
    pub name: String,
    /// Rust's `target_arch`; every architecture where it is not said.
    #[serde(default)]
    pub arch: Option<String>,
    /// The features that its code uses; none of the fall-back.
    #[serde(default)]
    pub needs: Vec<String>,
    /// Where its code is: names of functions, without Rust's mangling; `*` stands for any text.
    pub functions: Vec<String>,
}

/// Functions that look at the CPU themselves, or are only called after somebody has.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, expecting = "a table")]
pub struct Gated {
    /// Their names; `*` stands for any text.
    pub functions: Vec<String>,
    /// The features that their code uses.
    pub features: Vec<String>,
    /// Rust's `target_arch`; every architecture where it is not said.
    #[serde(default)]
    pub arch: Option<String>,
}

impl Cpu {
    /// Whether nothing is declared.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Whether it is about the program with this file name.
    #[must_use]
    pub fn is_for(&self, file: impl AsRef<Path>) -> bool {
        let stem = file.as_ref().file_stem();
        self.bin.as_ref().is_none_or(|bin| stem.is_some_and(|stem| stem == bin.as_str()))
    }

    /// The paths that an architecture has, in order.
    pub fn paths_on<'a>(&'a self, arch: &'a str) -> impl Iterator<Item = &'a CpuPath> {
        self.paths.iter().filter(move |path| is_on(path.arch.as_deref(), arch))
    }

    /// The sides that an architecture has, in order.
    #[must_use]
    pub fn sides_on<'a>(&'a self, arch: &'a str) -> Vec<&'a str> {
        let mut sides = Vec::new();
        for path in self.paths_on(arch) {
            if !sides.contains(&path.side.as_str()) {
                sides.push(&path.side);
            }
        }
        sides
    }
}

impl Gated {
    /// Whether an architecture has them.
    #[must_use]
    pub fn is_on(&self, arch: &str) -> bool {
        is_on(self.arch.as_deref(), arch)
    }
}

/// Whether something for `wanted` is for an architecture.
fn is_on(wanted: Option<&str>, arch: &str) -> bool {
    wanted.is_none_or(|wanted| wanted == arch)
}
