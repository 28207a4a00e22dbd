//! `[package.metadata.gocross.cpu]`: the CPU paths that a package says it has.

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
}
