//! The table itself: its keys, how it is read, and what a package takes from its workspace.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use gocross_diagnostic::Result;
use serde::{Deserialize, Deserializer, Serialize};

use crate::error::Table;
use crate::value::Value;
use crate::{Cpu, Runtime, Verify};

/// `[package.metadata.gocross]`: how `cargo gocross` builds and judges a package.
///
/// `[workspace.metadata.gocross]` has the same keys, for all packages of the workspace.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case", expecting = "a table")]
pub struct Config {
    /// When the Go runtime starts. Default: `eager`.
    pub start: Option<Start>,
    /// What the Go runtime is started with.
    pub runtime: Runtime,
    /// How Rust's standard library is built, where it is built from source.
    pub std: Option<Std>,
    /// Whether the program's signal handlers are kept off the stacks of goroutines. Default:
    /// `true`.
    pub signal_guard: Option<bool>,
    /// C symbols of the Go package that stay visible to the rest of the program. `*` stands for
    /// any text.
    pub keep_symbols: Option<Vec<String>>,
    /// What `cargo gocross verify` expects of the built files.
    pub verify: Verify,
    /// The CPU paths of a program.
    pub cpu: Cpu,
    /// Settings of single targets, by target triple.
    pub target: BTreeMap<String, TargetConfig>,
}

/// When the Go runtime starts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Start {
    /// Before `main`.
    Eager,
    /// At the first call of a Go function.
    Lazy,
    /// When the program calls `gocross::start()`.
    Explicit,
}

/// How Rust's standard library is built.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Std {
    /// For size.
    Size,
}

/// Settings of one target.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case", expecting = "a table")]
pub struct TargetConfig {
    /// The target's root file system: a directory with its headers and libraries. A relative path
    /// begins at the directory of the manifest.
    pub sysroot: Option<PathBuf>,
}

impl Config {
    /// Reads a table: the value of `gocross` under `[package.metadata]` or
    /// `[workspace.metadata]`. Relative paths in it are joined to the manifest's directory.
    ///
    /// # Errors
    ///
    /// [`gocross_diagnostic::Code::Manifest`] for an unknown key, a value of another type, and a
    /// target that is not in the table of targets.
    pub fn read<'de, D: Deserializer<'de>>(table: &Table<'_>, source: D) -> Result<Self> {
        let value =
            Value::deserialize(source).map_err(|error| table.problem(&[], error.to_string()))?;
        let mut config = Self::deserialize(value).map_err(|error| error.explain(table))?;
        let directory = table.manifest.parent().unwrap_or(Path::new("."));
        for (triple, target) in &mut config.target {
            if gocross_targets::find(triple).is_none() {
                return Err(table.unknown_target(triple));
            }
            if let Some(sysroot) = &mut target.sysroot {
                if sysroot.as_os_str().is_empty() {
                    let keys = ["target", triple.as_str()];
                    return Err(table.problem(&keys, "`sysroot` is empty"));
                }
                *sysroot = directory.join(&*sysroot);
            }
        }
        Ok(config)
    }

    /// The settings of a package in a workspace with the settings `workspace`. The package's
    /// value of a key stands over the workspace's: tables are joined key by key, a list is
    /// replaced as a whole, and so is `cpu`, which is about one program.
    #[must_use]
    pub fn in_workspace(self, workspace: &Self) -> Self {
        let mut target = workspace.target.clone();
        for (triple, own) in self.target {
            let joined = target.entry(triple).or_default();
            joined.sysroot = own.sysroot.or_else(|| joined.sysroot.take());
        }
        Self {
            start: self.start.or(workspace.start),
            runtime: self.runtime.over(&workspace.runtime),
            std: self.std.or(workspace.std),
            signal_guard: self.signal_guard.or(workspace.signal_guard),
            keep_symbols: self.keep_symbols.or_else(|| workspace.keep_symbols.clone()),
            verify: self.verify.in_workspace(&workspace.verify),
            cpu: if self.cpu.is_empty() { workspace.cpu.clone() } else { self.cpu },
            target,
        }
    }

    /// The sysroot of a target: an absolute path, or one below the manifest's directory as that
    /// was named.
    #[must_use]
    pub fn sysroot(&self, triple: &str) -> Option<&Path> {
        self.target.get(triple)?.sysroot.as_deref()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Config> {
        let table = Table::of_package(Path::new("/p/Cargo.toml"));
        Config::read(&table, toml::from_str::<toml::Value>(text).unwrap())
    }

    const ALL: &str = r#"
start = "lazy"
std = "size"
signal-guard = false
keep-symbols = ["sqlite3_*"]
[runtime]
gomemlimit = "256MiB"
gogc = "off"
gomaxprocs = 2
godebug = { madvdontneed = 1, "cpu.aes" = "off" }
[verify]
policy = "alpine"
static = true
exports = ["A"]
rules = { relro = "error" }
[cpu]
selftest = ["selftest"]
path = [{ side = "a", name = "b", functions = ["f"] }]
[target.mipsel-unknown-linux-musl]
sysroot = "staging"
[target.x86_64-unknown-linux-gnu]
sysroot = "/opt/sdk"
"#;

    #[test]
    fn all_keys_are_read() {
        let config = read(ALL).unwrap();
        assert_eq!((config.start, config.std), (Some(Start::Lazy), Some(Std::Size)));
        assert_eq!(config.signal_guard, Some(false));
        assert_eq!(config.keep_symbols.as_deref(), Some(&["sqlite3_*".to_owned()][..]));
        let runtime = ["256MiB", "off", "2", "cpu.aes=off,madvdontneed=1"];
        assert!(config.runtime.variables().iter().map(|(_, value)| value).eq(runtime));
        assert_eq!(config.verify.is_static, Some(true));
        assert_eq!(config.cpu.paths[0].name, "b");
        let sysroot = |triple| config.sysroot(triple).map(Path::to_owned);
        assert_eq!(sysroot("mipsel-unknown-linux-musl"), Some("/p/staging".into()));
        assert_eq!(sysroot("x86_64-unknown-linux-gnu"), Some("/opt/sdk".into()));
        assert_eq!(sysroot("aarch64-unknown-linux-gnu"), None);
        assert_eq!(read("").unwrap(), Config::default());
    }

    #[test]
    fn toml_and_the_json_that_cargo_gives_are_read_alike() {
        let value: toml::Value = toml::from_str(ALL).unwrap();
        let json = serde_json::to_value(&value).unwrap();
        let table = Table::of_package(Path::new("/p/Cargo.toml"));
        assert_eq!(Config::read(&table, json).unwrap(), read(ALL).unwrap());
    }

    #[test]
    fn what_is_not_understood_is_named_with_its_table() {
        for (text, message, detail) in [
            (
                "[verfy]\npolicy = \"alpine\"",
                "`[package.metadata.gocross]` of `/p/Cargo.toml`: unknown key `verfy`",
                Some("did you mean `verify`?"),
            ),
            (
                "[verify]\npolcy = \"alpine\"",
                "`[package.metadata.gocross.verify]` of `/p/Cargo.toml`: unknown key `polcy`",
                Some("did you mean `policy`?"),
            ),
            (
                "[verify]\nstatic = 1",
                "`[package.metadata.gocross.verify]` of `/p/Cargo.toml`: `static`: invalid type: \
                 integer `1`, expected a boolean",
                None,
            ),
            (
                "[verify.rules]\nrelro = \"on\"",
                "`[package.metadata.gocross.verify.rules]` of `/p/Cargo.toml`: `relro`: `on` is \
                 none of `off`, `note`, `warning`, `error`",
                None,
            ),
            (
                "start = \"eagr\"",
                "`[package.metadata.gocross]` of `/p/Cargo.toml`: `start`: `eagr` is none of \
                 `eager`, `lazy`, `explicit`",
                Some("did you mean `eager`?"),
            ),
            (
                "std = 3",
                "`[package.metadata.gocross]` of `/p/Cargo.toml`: `std`: invalid type: integer \
                 `3`, expected a string",
                None,
            ),
            (
                "cpu.path = [{ side = \"a\", name = \"b\", functions = [] }, { side = \"a\" }]",
                "`[[package.metadata.gocross.cpu.path]]` of `/p/Cargo.toml`, number 2: missing \
                 key `name`",
                None,
            ),
            (
                "keep-symbols = [\"a\", true]",
                "`[package.metadata.gocross]` of `/p/Cargo.toml`: `keep-symbols`, number 2: \
                 invalid type: boolean `true`, expected a string",
                None,
            ),
            (
                "target.x86_64-unknown-linux-gnu.sysrot = \"a\"",
                "`[package.metadata.gocross.target.x86_64-unknown-linux-gnu]` of \
                 `/p/Cargo.toml`: unknown key `sysrot`",
                Some("did you mean `sysroot`?"),
            ),
            (
                "target.x86_64-linux-gnu.sysroot = \"a\"",
                "`[package.metadata.gocross.target]` of `/p/Cargo.toml`: there is no target \
                 `x86_64-linux-gnu` in gocross's table",
                Some("did you mean `x86_64-unknown-linux-gnu`?"),
            ),
            (
                "target.x86_64-unknown-linux-gnu.sysroot = \"\"",
                "`[package.metadata.gocross.target.x86_64-unknown-linux-gnu]` of \
                 `/p/Cargo.toml`: `sysroot` is empty",
                None,
            ),
        ] {
            let error = read(text).unwrap_err();
            assert_eq!(error.message, message, "{text}");
            assert_eq!(error.details.first().map(String::as_str), detail, "{text}");
        }
    }

    #[test]
    fn settings_of_the_runtime_that_go_does_not_read_are_refused() {
        for (text, what) in [
            (
                "gomemlimit = \"256MB\"",
                "`gomemlimit`: `256MB` is not a size such as `\"256MiB\"`, or `\"off\"`; Go's \
                 units are `B`, `KiB`, `MiB`, `GiB` and `TiB`",
            ),
            (
                "gomemlimit = 256",
                "`gomemlimit`: invalid type: integer `256`, expected a size such as \
                 `\"256MiB\"`, or `\"off\"`",
            ),
            ("gogc = -2", "`gogc`: `-2` is not a percentage such as `50`, or `\"off\"`"),
            ("gomaxprocs = 0", "`gomaxprocs`: `0` is not a number of threads, 1 or more"),
            (
                "gomaxprocs = \"2\"",
                "`gomaxprocs`: invalid type: string \"2\", expected a number of threads, 1 or more",
            ),
            ("godebug = \"a=1\"", "`godebug`: invalid type: string \"a=1\", expected a table"),
            (
                "godebug.cpu.aes = \"off\"",
                "`godebug`: write a name with a dot in quotes: `\"cpu.aes\"`",
            ),
            (
                "godebug.gctrace = true",
                "`godebug`: invalid type: boolean `true`, expected an integer or a string for \
                 `gctrace`",
            ),
            (
                "godebug.gctrace = \"1,b=2\"",
                "`godebug`: `1,b=2` cannot be the value of the `GODEBUG` setting `gctrace`",
            ),
        ] {
            let error = read(&format!("[runtime]\n{text}")).unwrap_err();
            let heading = "`[package.metadata.gocross.runtime]` of `/p/Cargo.toml`: ";
            assert_eq!(error.message, format!("{heading}{what}"), "{text}");
        }
        let error = read("[runtime]\ngomaxproc = 2").unwrap_err();
        assert_eq!(error.details, ["did you mean `gomaxprocs`?"]);
    }

    #[test]
    fn a_table_that_is_none_is_an_error() {
        let table = Table::of_workspace(Path::new("Cargo.toml"));
        let error = Config::read(&table, toml::Value::Boolean(true)).unwrap_err();
        let message = "`[workspace.metadata.gocross]` of `Cargo.toml`: invalid type: boolean \
                       `true`, expected a table";
        assert_eq!(error.message, message);
    }

    #[test]
    fn a_package_stands_over_its_workspace() {
        let workspace = read(ALL).unwrap();
        let own = "start = \"eager\"\nkeep-symbols = []\n\
                   [runtime]\ngogc = 50\ngodebug = { madvdontneed = 0 }\n\
                   [verify]\nstatic = false\n\
                   rules = { runpath = \"off\" }\n\
                   [target.aarch64-unknown-linux-gnu]\nsysroot = \"a\"";
        let joined = read(own).unwrap().in_workspace(&workspace);
        assert_eq!((joined.start, joined.std), (Some(Start::Eager), Some(Std::Size)));
        assert_eq!((joined.signal_guard, joined.keep_symbols), (Some(false), Some(vec![])));
        let runtime = &joined.runtime;
        assert_eq!(
            (runtime.gogc.as_deref(), runtime.gomaxprocs.as_deref()),
            (Some("50"), Some("2"))
        );
        assert_eq!(runtime.godebug["madvdontneed"], "0");
        assert_eq!(runtime.godebug["cpu.aes"], "off");
        let verify = &joined.verify;
        assert_eq!((verify.policy.as_deref(), verify.is_static), (Some("alpine"), Some(false)));
        assert_eq!(verify.rules.len(), 2);
        assert_eq!(joined.cpu, workspace.cpu);
        assert_eq!(joined.target.len(), 3);
        assert_eq!(Config::default().in_workspace(&workspace), workspace);
    }
}
