//! `[package.metadata.gocross.verify]`: what is expected of the built files.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// What `cargo gocross verify` expects of the built files.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case", expecting = "a table")]
pub struct Verify {
    /// The system that programs are for: a policy of docs/rules.md.
    pub policy: Option<String>,
    /// Whether programs are static.
    #[serde(rename = "static")]
    pub is_static: Option<bool>,
    /// Whether programs and libraries are stripped of their symbols.
    pub stripped: Option<bool>,
    /// Whether Go is in them.
    pub go: Option<bool>,
    /// The C names of the Go functions that others call.
    pub exports: Option<Vec<String>>,
    /// The level of single rules, by the rule's name.
    pub rules: BTreeMap<String, Level>,
}

/// How bad a finding is, from good to bad.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// The rule is not asked.
    Off,
    /// Good to know.
    Note,
    /// It may not do what was wanted.
    Warning,
    /// It does not run, or not as asked.
    Error,
}

impl Level {
    /// The word for it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Off => "off",
            Self::Note => "note",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

impl Verify {
    pub(crate) fn in_workspace(self, workspace: &Self) -> Self {
        let mut rules = workspace.rules.clone();
        rules.extend(self.rules);
        Self {
            policy: self.policy.or_else(|| workspace.policy.clone()),
            is_static: self.is_static.or(workspace.is_static),
            stripped: self.stripped.or(workspace.stripped),
            go: self.go.or(workspace.go),
            exports: self.exports.or_else(|| workspace.exports.clone()),
            rules,
        }
    }
}
