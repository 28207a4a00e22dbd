//! What files are judged by: what the manifests say, and what the command line says over them.

use std::path::Path;

use gocross_config::Table;
use gocross_diagnostic::{Code, Diagnostic, Result};
use gocross_toolchain::Env;
use gocross_verify::cpu::Declaration;
use gocross_verify::{Expected, Levels, POLICIES, Policy};

use crate::metadata::{self, Metadata};

/// What files are judged by.
#[derive(Debug, Clone, Default)]
pub(crate) struct Settings {
    pub(crate) policy: Option<&'static Policy>,
    pub(crate) levels: Levels,
    pub(crate) expected: Expected,
    /// The CPU paths; nothing where none are declared.
    pub(crate) cpu: Declaration,
    /// The program that the CPU paths are in, where the manifest names one.
    pub(crate) named_bin: Option<String>,
}

impl Settings {
    /// The settings of a manifest; the defaults where it has none.
    ///
    /// # Errors
    ///
    /// [`Code::Manifest`].
    pub(crate) fn of_manifest(manifest: &Path) -> Result<Self> {
        Ok(Self::of(Metadata::of_manifest(manifest)?))
    }

    fn of(Metadata { config, package }: Metadata) -> Self {
        let (table, mut cpu) = (config.verify, config.cpu);
        let named_bin = cpu.bin.clone();
        if !cpu.is_empty() && cpu.bin.is_none() {
            cpu.bin = package;
        }
        let mut levels = Levels::default();
        for (rule, level) in &table.rules {
            // That there is such a rule was looked at with the manifest.
            levels.set(rule, *level);
        }
        let expected = Expected {
            is_static: table.is_static,
            stripped: table.stripped,
            exports: table.exports.unwrap_or_default(),
            go: table.go,
        };
        let policy = table.policy.as_deref().and_then(Policy::find);
        Self { policy, levels, expected, cpu, named_bin }
    }

    /// The settings of the package around the current directory, if there is one.
    ///
    /// # Errors
    ///
    /// [`Code::Manifest`].
    pub(crate) fn of_current_dir(env: &Env) -> Result<Self> {
        Ok(Self::of(Metadata::of_current_dir(env)?))
    }

    /// The same with the policy of the command line.
    ///
    /// # Errors
    ///
    /// [`Code::Usage`].
    pub(crate) fn with_policy(mut self, name: Option<&str>) -> Result<Self> {
        let Some(name) = name else { return Ok(self) };
        let policy = Policy::find(name).ok_or_else(|| {
            let names: Vec<_> = POLICIES.iter().map(|policy| policy.name).collect();
            Box::new(
                Diagnostic::error(Code::Usage, format!("no policy is called `{name}`"))
                    .help(format!("the policies are {}", names.join(", "))),
            )
        })?;
        self.policy = Some(policy);
        Ok(self)
    }
}

/// A package says that its paths are in a program that it has not.
pub(crate) fn no_program(manifest: &Path, bin: &str, programs: &[String]) -> Box<Diagnostic> {
    let known: Vec<String> = programs.iter().map(|name| format!("`{name}`")).collect();
    let known = match known.as_slice() {
        [] => "the package has none".to_owned(),
        _ => format!("there is {}", known.join(", ")),
    };
    let what = format!("`bin`: no program is called `{bin}`; {known}");
    Box::new(Table::of_package(manifest).problem(&["cpu"], what).hint(metadata::cpu_keys()))
}

#[cfg(test)]
mod tests {
    use gocross_verify::Level;

    use super::*;

    fn settings(table: &str) -> Result<Settings> {
        let dir = tempfile::tempdir().unwrap();
        let manifest = dir.path().join("Cargo.toml");
        let text = format!("[package]\nname = \"a\"\n[package.metadata.gocross.verify]\n{table}");
        fs_err::write(&manifest, text).unwrap();
        Settings::of_manifest(&manifest)
    }

    #[test]
    fn all_keys_are_read() {
        let table = "policy = \"kylin-v10\"\nstatic = true\ngo = true\nstripped = false\n\
                     exports = [\"A\"]\n[package.metadata.gocross.verify.rules]\nrelro = \"error\"\n";
        let settings = settings(table).unwrap();
        assert_eq!(settings.policy.unwrap().name, "kylin-v10");
        assert_eq!(settings.expected.is_static, Some(true));
        assert_eq!(settings.expected.exports, ["A"]);
        let relro = gocross_verify::rules::find("relro").unwrap();
        assert_eq!(settings.levels.of(relro), Some(Level::Error));
    }

    #[test]
    fn what_does_not_exist_is_an_error() {
        for table in [
            "polcy = \"alpine\"",
            "policy = \"x\"",
            "rules = { relo = \"off\" }",
            "rules = { relro = \"on\" }",
            "static = 1",
        ] {
            assert_eq!(settings(table).unwrap_err().code, Code::Manifest, "{table}");
        }
        assert!(settings("").is_ok());
        assert!(Settings::default().with_policy(Some("x")).is_err());
    }

    const DECLARED: &str = r#"
[package.metadata.gocross.cpu]
selftest = ["selftest"]
force = ["--path", "{path}"]
dispatch = ["sm4_choose"]

[[package.metadata.gocross.cpu.path]]
side = "sm4.rust"
name = "sm4e"
arch = "aarch64"
needs = ["sm4"]
functions = ["sm4_sm4e_*"]

[[package.metadata.gocross.cpu.path]]
side = "sm4.rust"
name = "portable"
functions = ["sm4_portable_*"]

[[package.metadata.gocross.cpu.gated]]
functions = ["zlib_crc32_pclmul"]
features = ["pclmulqdq"]
"#;

    #[test]
    fn cpu_paths_are_read() {
        assert!(settings("").unwrap().cpu.is_empty());
        let cpu = settings(DECLARED).unwrap().cpu;
        assert_eq!(cpu.selftest, ["selftest"]);
        assert_eq!(cpu.bin.as_deref(), Some("a"));
        assert_eq!(cpu.paths[0].needs, ["sm4"]);
        assert_eq!((cpu.paths.len(), cpu.paths[1].arch.as_deref()), (2, None));
        assert_eq!(cpu.gated[0].features, ["pclmulqdq"]);
    }

    #[test]
    fn cpu_paths_that_cannot_be_meant_are_an_error() {
        for (right, wrong, words) in [
            ("side = \"sm4.rust\"\nname = \"sm4e\"", "name = \"sm4e\"", "missing key `side`"),
            (
                "selftest = [\"selftest\"]",
                "selftest = \"selftest\"",
                "`selftest`: invalid type: string \"selftest\", expected a sequence",
            ),
            ("force =", "forced =", "unknown key `forced`"),
            ("needs = [\"sm4\"]", "need = [\"sm4\"]", "unknown key `need`"),
            ("needs = [\"sm4\"]", "needs = [\"sm5\"]", "aarch64 has no feature `sm5`"),
            ("arch = \"aarch64\"", "arch = \"arm64\"", "no target has the architecture `arm64`"),
        ] {
            let error = settings(&DECLARED.replacen(right, wrong, 1)).unwrap_err();
            assert_eq!(error.code, Code::Manifest);
            let said = error.message.clone();
            assert!(said.contains(words), "{said}");
            assert!(said.contains("gocross.cpu"), "{said}");
        }
    }
}
