//! What stands behind cargo's `--config`, read as cargo reads it: a file, or `KEY=VALUE`.
//!
//! It stands above the variables, and those above the files (`config.md#command-line-overrides` in
//! cargo's book). Of several the last wins; tables and lists are joined.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::str::FromStr as _;

use cargo_platform::{Cfg, Platform};
use gocross_diagnostic::{Code, Diagnostic, Result};
use gocross_targets::{Endian, Libc, Target};
use gocross_toolchain::Env;
use toml::{Table, Value};

/// The values of all `--config` of one call.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct CliConfig(Table);

/// A variable of `[env]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct SetVariable {
    pub(crate) value: String,
    /// Whether it also replaces one that is there.
    pub(crate) force: bool,
}

impl CliConfig {
    /// Reads them; a path starts in the current directory.
    ///
    /// # Errors
    ///
    /// [`Code::CargoConfig`].
    pub(crate) fn read(env: &Env, words: &[String]) -> Result<Self> {
        let mut all = Table::new();
        for word in words {
            let file = env.current_dir().join(word);
            let is_file = !word.is_empty() && file.exists();
            let (text, root) = if is_file {
                let text = fs_err::read_to_string(&file).map_err(|why| broken(word, &why))?;
                // As for `.cargo/config.toml`, in the directory of which the crate lies.
                (text, file.parent().and_then(Path::parent).unwrap_or(&file).to_owned())
            } else {
                (word.clone(), env.current_dir().to_owned())
            };
            let mut table: Table = text.parse().map_err(|why| broken(word, &why))?;
            if !is_file && table.len() != 1 {
                return Err(broken(word, &"it is neither a file nor one `KEY=VALUE` of TOML"));
            }
            with_whole_paths(&mut table, &root);
            join(&mut all, table);
        }
        Ok(Self(all))
    }

    /// `build.target`.
    pub(crate) fn targets(&self) -> Vec<String> {
        self.at(&["build", "target"]).map(words).unwrap_or_default()
    }

    /// `build.rustc`.
    pub(crate) fn rustc(&self) -> Option<PathBuf> {
        self.text(&["build", "rustc"]).map(PathBuf::from)
    }

    /// `build.target-dir`.
    pub(crate) fn target_dir(&self) -> Option<PathBuf> {
        self.text(&["build", "target-dir"]).map(PathBuf::from)
    }

    /// `net.offline`.
    pub(crate) fn offline(&self) -> Option<bool> {
        self.at(&["net", "offline"])?.as_bool()
    }

    /// A key of `target.<triple>`, as words.
    pub(crate) fn of_triple(&self, triple: &str, key: &str) -> Option<Vec<String>> {
        self.at(&["target", triple, key]).map(words)
    }

    /// A key of each `target.'cfg(…)'` that holds for a target, as words.
    pub(crate) fn of_cfg(&self, target: &Target, key: &str) -> Option<Vec<String>> {
        let tables = self.at(&["target"])?.as_table()?;
        let cfgs = cfgs(target);
        let holds = |name: &str| {
            let platform = Platform::from_str(name).ok();
            name.starts_with("cfg(")
                && platform.is_some_and(|platform| platform.matches(target.triple, &cfgs))
        };
        let values = tables.iter().filter(|(name, _)| holds(name));
        let values: Vec<_> =
            values.filter_map(|(_, table)| table.get(key)).flat_map(words).collect();
        (!values.is_empty()).then_some(values)
    }

    /// A key of `build`, as words.
    pub(crate) fn of_build(&self, key: &str) -> Option<Vec<String>> {
        self.at(&["build", key]).map(words)
    }

    /// `[env]`.
    pub(crate) fn variables(&self) -> BTreeMap<String, SetVariable> {
        let table = self.at(&["env"]).and_then(Value::as_table);
        let variable = |(name, value): (&String, &Value)| {
            let text = value.as_str().or_else(|| value.get("value")?.as_str())?;
            let force = value.get("force").and_then(Value::as_bool).unwrap_or_default();
            Some((name.clone(), SetVariable { value: text.to_owned(), force }))
        };
        table.into_iter().flatten().filter_map(variable).collect()
    }

    fn at(&self, path: &[&str]) -> Option<&Value> {
        let (first, rest) = path.split_first()?;
        rest.iter().try_fold(self.0.get(*first)?, |value, key| value.get(*key))
    }

    fn text(&self, path: &[&str]) -> Option<&str> {
        self.at(path)?.as_str()
    }
}

/// The words of a list, or of a text, which cargo splits at spaces.
fn words(value: &Value) -> Vec<String> {
    match value {
        Value::String(text) => text.split_whitespace().map(str::to_owned).collect(),
        Value::Array(list) => {
            list.iter().filter_map(|one| Some(one.as_str()?.to_owned())).collect()
        }
        _ => Vec::new(),
    }
}

/// Puts a later configuration over an earlier one.
fn join(all: &mut Table, more: Table) {
    for (key, value) in more {
        match (all.get_mut(&key), value) {
            (Some(Value::Table(all)), Value::Table(more)) => join(all, more),
            (Some(Value::Array(all)), Value::Array(more)) => all.extend(more),
            (_, value) => {
                all.insert(key, value);
            }
        }
    }
}

/// Writes each path as a whole one, since nobody knows later where it came from.
fn with_whole_paths(table: &mut Table, root: &Path) {
    let whole = |value: Option<&mut Value>, is_program: bool| {
        let value = match value {
            Some(Value::Array(list)) => list.first_mut(),
            other => other,
        };
        if let Some(Value::String(text)) = value
            && (!is_program || text.contains('/'))
        {
            *text = root.join(&*text).display().to_string();
        }
    };
    if let Some(Value::Table(build)) = table.get_mut("build") {
        whole(build.get_mut("rustc"), true);
        whole(build.get_mut("target-dir"), false);
    }
    let mut tables = |name: &str| match table.remove(name) {
        Some(Value::Table(inner)) => inner,
        _ => Table::new(),
    };
    let (mut targets, mut variables) = (tables("target"), tables("env"));
    for target in targets.iter_mut().filter_map(|(_, value)| value.as_table_mut()) {
        whole(target.get_mut("linker"), true);
        whole(target.get_mut("runner"), true);
    }
    for variable in variables.iter_mut().filter_map(|(_, value)| value.as_table_mut()) {
        if variable.get("relative").and_then(Value::as_bool) == Some(true) {
            whole(variable.get_mut("value"), false);
        }
    }
    for (name, inner) in [("target", targets), ("env", variables)] {
        if !inner.is_empty() {
            table.insert(name.to_owned(), Value::Table(inner));
        }
    }
}

/// What rustc's `--print cfg` says of a target, as far as its row tells.
pub(crate) fn cfgs(target: &Target) -> Vec<Cfg> {
    let libc = match target.libc {
        Libc::Gnu => "gnu",
        Libc::Musl => "musl",
    };
    let endian = match target.elf.endian {
        Endian::Little => "little",
        Endian::Big => "big",
    };
    let pairs = [
        ("target_arch", target.rust_arch.to_owned()),
        ("target_env", libc.to_owned()),
        ("target_os", "linux".to_owned()),
        ("target_family", "unix".to_owned()),
        ("target_endian", endian.to_owned()),
        ("target_pointer_width", target.elf.class.bits().to_string()),
    ];
    let pair = |(name, value): (&str, String)| Cfg::from_str(&format!("{name}={value:?}")).ok();
    pairs.into_iter().filter_map(pair).chain(Cfg::from_str("unix").ok()).collect()
}

fn broken(word: &str, why: &dyn std::fmt::Display) -> Box<Diagnostic> {
    let message = format!("`--config {word}` cannot be read");
    Box::new(Diagnostic::error(Code::CargoConfig, message).detail(why.to_string().trim_end()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(words: &[&str]) -> CliConfig {
        let words: Vec<String> = words.iter().map(|&word| word.to_owned()).collect();
        CliConfig::read(&Env::new(Vec::<(String, String)>::new(), "/here"), &words).unwrap()
    }

    #[test]
    fn values_are_joined_and_the_last_wins() {
        let all = read(&[
            "target.T.linker=\"cc\"",
            "target.T.linker=\"tools/cc\"",
            "target.T.rustflags=[\"-Ca=b c\"]",
            "target.T.rustflags=[\"-Cd\"]",
            "build.target-dir=\"t\"",
            "net.offline=true",
        ]);
        assert_eq!(all.of_triple("T", "linker").unwrap(), ["/here/tools/cc"]);
        assert_eq!(all.of_triple("T", "rustflags").unwrap(), ["-Ca=b c", "-Cd"]);
        assert_eq!(all.target_dir(), Some("/here/t".into()));
        assert_eq!((all.offline(), all.rustc()), (Some(true), None));
    }

    #[test]
    fn a_file_has_its_paths_from_where_it_lies() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("settings/more.toml");
        fs_err::create_dir(dir.path().join("settings")).unwrap();
        fs_err::write(&file, "[env]\nCC = { value = \"bin/cc\", relative = true, force = true }\n")
            .unwrap();
        let all = read(&[file.to_str().unwrap()]);
        let set = SetVariable { value: format!("{}/bin/cc", dir.path().display()), force: true };
        assert_eq!(all.variables(), BTreeMap::from([("CC".to_owned(), set)]));
    }

    #[test]
    fn cfg_keys_hold_where_they_say() {
        let all = read(&["target.'cfg(all(unix, target_env = \"musl\"))'.rustflags=\"-Ca -Cb\""]);
        let of = |triple| all.of_cfg(gocross_targets::find(triple).unwrap(), "rustflags");
        assert_eq!(of("mipsel-unknown-linux-musl").unwrap(), ["-Ca", "-Cb"]);
        assert_eq!(of("mipsel-unknown-linux-gnu"), None);
    }

    #[test]
    fn what_is_no_toml_is_one_error() {
        let env = Env::new(Vec::<(String, String)>::new(), "/");
        for word in ["a.b=c", "no-such-file", "", "[a]\nb=1\n[c]\nd=1"] {
            let error = CliConfig::read(&env, &[word.to_owned()]).unwrap_err();
            assert_eq!(error.code, Code::CargoConfig, "{word:?}");
        }
    }
}
