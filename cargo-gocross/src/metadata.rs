//! `[package.metadata.gocross]` and `[workspace.metadata.gocross]` of the manifests around a
//! package: read without cargo, because a build with nothing changed should not start it twice.

use std::path::{Component, Path, PathBuf};

use gocross_config::{Config, Table};
use gocross_diagnostic::{Code, Diagnostic, Hint, Result, hint};
use gocross_toolchain::Env;
use gocross_verify::cpu;
use gocross_verify::{POLICIES, rules};
use toml::Value;

use crate::manifest;

/// What the manifests say to gocross about one package.
#[derive(Debug, Clone, Default)]
pub(crate) struct Metadata {
    /// The package's table over that of its workspace.
    pub(crate) config: Config,
    /// The package's name; none where the manifest is that of a workspace alone.
    pub(crate) package: Option<String>,
}

impl Metadata {
    /// What is said about the package with this manifest; the defaults where there is none.
    ///
    /// # Errors
    ///
    /// [`Code::Manifest`].
    pub(crate) fn of_manifest(manifest: &Path) -> Result<Self> {
        let Some(own) = Manifest::read(manifest)? else { return Ok(Self::default()) };
        let workspace = match own.root()? {
            Some(root) => root.shared()?,
            None => Config::default(),
        };
        let name = own.package().and_then(|package| package.get("name")).and_then(Value::as_str);
        let package = name.map(str::to_owned);
        Ok(Self { config: own.own()?.in_workspace(&workspace), package })
    }

    /// What is said about the package around the current directory, if there is one.
    ///
    /// # Errors
    ///
    /// [`Code::Manifest`].
    pub(crate) fn of_current_dir(env: &Env) -> Result<Self> {
        match nearest(env) {
            Some(manifest) => Self::of_manifest(&manifest),
            None => Ok(Self::default()),
        }
    }
}

/// Looks whether every manifest of the workspace is understood, as cargo does with its own
/// tables: `manifest` is that of `--manifest-path`, or else the current directory's is meant.
/// Gives what is said about that package.
///
/// # Errors
///
/// [`Code::Manifest`].
pub(crate) fn checked(env: &Env, manifest: Option<&Path>) -> Result<Metadata> {
    let manifest = match manifest {
        Some(path) => Some(normalized(&env.current_dir().join(path))),
        None => nearest(env),
    };
    let Some(manifest) = manifest else { return Ok(Metadata::default()) };
    let metadata = Metadata::of_manifest(&manifest)?;
    let root = match Manifest::read(&manifest)? {
        Some(own) => own.root()?,
        None => None,
    };
    for member in root.iter().flat_map(Manifest::members) {
        if let Some(member) = Manifest::read(&member)? {
            member.own()?;
        }
    }
    Ok(metadata)
}

fn nearest(env: &Env) -> Option<PathBuf> {
    let mut manifests = env.current_dir().ancestors().map(|dir| dir.join("Cargo.toml"));
    manifests.find(|path| path.is_file())
}

/// A manifest that is TOML. Types that are not ours are for cargo to complain about.
struct Manifest {
    path: PathBuf,
    document: toml::Table,
}

impl Manifest {
    /// None where there is no such file.
    fn read(path: &Path) -> Result<Option<Self>> {
        let text = match fs_err::read_to_string(path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(Box::new(Diagnostic::error(Code::Io, error.to_string()))),
        };
        match toml::from_str(&text) {
            Ok(document) => Ok(Some(Self { path: path.to_owned(), document })),
            Err(error) => {
                let message = format!("`{}` is no TOML", path.display());
                Err(manifest::not_understood(path, message, &error.to_string()))
            }
        }
    }

    fn table(&self, name: &str) -> Option<&toml::Table> {
        self.document.get(name)?.as_table()
    }

    fn package(&self) -> Option<&toml::Table> {
        // cargo still reads the old name.
        self.table("package").or_else(|| self.table("project"))
    }

    fn directory(&self) -> &Path {
        self.path.parent().unwrap_or(Path::new("."))
    }

    /// `[package.metadata.gocross]`.
    fn own(&self) -> Result<Config> {
        config(&Table::of_package(&self.path), self.package())
    }

    /// `[workspace.metadata.gocross]`.
    fn shared(&self) -> Result<Config> {
        config(&Table::of_workspace(&self.path), self.table("workspace"))
    }

    /// The manifest of the workspace that it belongs to, found as cargo finds it: itself, the one
    /// that `package.workspace` names, or the first above that does not exclude it.
    fn root(&self) -> Result<Option<Self>> {
        if self.table("workspace").is_some() {
            return Ok(Some(Self { path: self.path.clone(), document: self.document.clone() }));
        }
        if let Some(root) = self.package().and_then(|package| package.get("workspace")?.as_str()) {
            return Self::read(&normalized(&self.directory().join(root).join("Cargo.toml")));
        }
        for above in self.directory().ancestors().skip(1) {
            let Some(root) = Self::read(&above.join("Cargo.toml")).ok().flatten() else { continue };
            if root.table("workspace").is_some() {
                return Ok((!root.excludes(&self.path)).then_some(root));
            }
        }
        Ok(None)
    }

    fn list(&self, key: &str) -> impl Iterator<Item = &str> {
        let list = self.table("workspace").and_then(|workspace| workspace.get(key)?.as_array());
        list.into_iter().flatten().filter_map(Value::as_str)
    }

    /// Whether `workspace.exclude` names it and `workspace.members` does not.
    fn excludes(&self, manifest: &Path) -> bool {
        let names = |key| {
            self.list(key)
                .any(|path| manifest.starts_with(normalized(&self.directory().join(path))))
        };
        !names("members") && names("exclude")
    }

    /// The manifests of `workspace.members`.
    fn members(&self) -> Vec<PathBuf> {
        let patterns = self.list("members");
        let manifests = patterns.flat_map(|pattern| matching(self.directory(), pattern));
        let manifests = manifests.map(|directory| directory.join("Cargo.toml"));
        manifests.filter(|manifest| !self.excludes(manifest)).collect()
    }
}

fn config(table: &Table<'_>, parent: Option<&toml::Table>) -> Result<Config> {
    let ours = parent.and_then(|parent| parent.get("metadata")?.get("gocross"));
    let Some(ours) = ours else { return Ok(Config::default()) };
    let config = Config::read(table, ours.clone())?;
    names_exist(table, &config)?;
    Ok(config)
}

/// What the types do not say: which policies, rules and CPU features there are.
fn names_exist(table: &Table<'_>, config: &Config) -> Result<()> {
    if let Some(name) = &config.verify.policy
        && gocross_verify::Policy::find(name).is_none()
    {
        let names: Vec<&str> = POLICIES.iter().map(|policy| policy.name).collect();
        let error = table.unknown(&["verify"], "policy", name, names.iter().copied());
        return Err(Box::new(error.help(format!("the policies are {}", names.join(", ")))));
    }
    for name in config.verify.rules.keys() {
        if rules::find(name).is_none() {
            let names = rules::ALL.iter().map(|rule| rule.code);
            let error = table.unknown(&["verify", "rules"], "rule", name, names);
            return Err(Box::new(error.hint(hint!("cargo gocross explain"))));
        }
    }
    cpu::check(&config.cpu).map_err(|what| Box::new(table.problem(&["cpu"], what).hint(cpu_keys())))
}

/// Tells which keys `[package.metadata.gocross.cpu]` has.
pub(crate) fn cpu_keys() -> Hint {
    hint!("cargo gocross explain cpu-paths")
}

/// The directories below `directory` that a pattern of `workspace.members` names: each part may
/// have `*` for any text and `?` for any letter.
fn matching(directory: &Path, pattern: &str) -> Vec<PathBuf> {
    let mut found = vec![directory.to_owned()];
    for part in Path::new(pattern) {
        let words = part.to_string_lossy();
        found = if words.contains(['*', '?']) {
            let entries = found
                .iter()
                .flat_map(|directory| fs_err::read_dir(directory).into_iter().flatten().flatten());
            let is_meant = |name: &std::ffi::OsStr| glob(&words, &name.to_string_lossy());
            entries.filter(|entry| is_meant(&entry.file_name())).map(|entry| entry.path()).collect()
        } else {
            found.into_iter().map(|directory| directory.join(part)).collect()
        };
    }
    found.iter().map(|path| normalized(path)).collect()
}

fn glob(pattern: &str, name: &str) -> bool {
    let mut letters = pattern.chars();
    match letters.next() {
        None => name.is_empty(),
        Some('*') => {
            let rest = letters.as_str();
            name.char_indices().any(|(at, _)| glob(rest, &name[at..])) || glob(rest, "")
        }
        Some(letter) => {
            let mut others = name.chars();
            let other = others.next();
            other.is_some_and(|other| letter == '?' || letter == other)
                && glob(letters.as_str(), others.as_str())
        }
    }
}

/// The path without `.` and `..`, as cargo writes it: links stay.
fn normalized(path: &Path) -> PathBuf {
    let mut normal = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => drop(normal.pop()),
            _ => normal.push(part),
        }
    }
    normal
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Writes manifests into a directory of their own.
    fn laid(files: &[(&str, &str)]) -> tempfile::TempDir {
        let dir = tempfile::tempdir().unwrap();
        for (directory, text) in files {
            let directory = dir.path().join(directory);
            fs_err::create_dir_all(&directory).unwrap();
            fs_err::write(directory.join("Cargo.toml"), text).unwrap();
        }
        dir
    }

    fn said(dir: &tempfile::TempDir, directory: &str) -> Result<Metadata> {
        let env = Env::new(Vec::<(String, String)>::new(), dir.path().join(directory));
        checked(&env, None)
    }

    const ROOT: &str = "[workspace]\nmembers = [\"a\", \"crates/*\"]\nexclude = [\"crates/x\"]\n\
                        [workspace.metadata.gocross]\nstart = \"lazy\"\n";

    #[test]
    fn a_member_has_its_workspaces_settings() {
        let a = "[package]\nname = \"a\"\n[package.metadata.gocross.verify]\npolicy = \"alpine\"";
        let dir = laid(&[("", ROOT), ("a", a), ("crates/x", "[package]\nname = \"x\"")]);
        let found = said(&dir, "a").unwrap();
        assert_eq!(found.config.start, Some(gocross_config::Start::Lazy));
        assert_eq!(found.config.verify.policy.as_deref(), Some("alpine"));
        assert_eq!(found.package.as_deref(), Some("a"));
        assert_eq!(said(&dir, "").unwrap().config.start, Some(gocross_config::Start::Lazy));
        assert_eq!(said(&dir, "crates/x").unwrap().config, Config::default());
    }

    #[test]
    fn package_workspace_leads_to_the_root() {
        let own = "[package]\nname = \"b\"\nworkspace = \"../w\"";
        let dir = laid(&[("w", ROOT), ("b", own)]);
        assert_eq!(said(&dir, "b").unwrap().config.start, Some(gocross_config::Start::Lazy));
    }

    #[test]
    fn every_member_is_checked() {
        let wrong = "[package]\nname = \"c\"\n[package.metadata.gocross.verfy]\n";
        let a = "[package]\nname = \"a\"";
        let dir = laid(&[("", ROOT), ("a", a), ("crates/c", wrong), ("crates/x", wrong)]);
        for directory in ["", "a", "crates/c"] {
            let error = said(&dir, directory).unwrap_err();
            assert!(error.message.contains("crates/c/Cargo.toml`: unknown key `verfy`"), "{error}");
        }
    }

    #[test]
    fn a_manifest_that_is_no_toml_is_an_error() {
        let dir = laid(&[("", "[package")]);
        assert_eq!(said(&dir, "").unwrap_err().code, Code::Manifest);
        let nowhere = Metadata::of_manifest(&dir.path().join("none/Cargo.toml")).unwrap();
        assert_eq!(nowhere.config, Config::default());
    }

    #[test]
    fn names_that_do_not_exist_are_errors_with_the_nearest() {
        for (table, message, near) in [
            ("policy = \"alpin\"", "no policy is called `alpin`", "`alpine`"),
            ("rules.relo = \"off\"", "no rule is called `relo`", "`relro`"),
        ] {
            let text = format!("[package]\n[package.metadata.gocross.verify]\n{table}");
            let error = said(&laid(&[("", &text)]), "").unwrap_err();
            assert!(error.message.ends_with(message), "{error}");
            assert_eq!(error.details, [format!("did you mean {near}?")]);
        }
    }

    #[test]
    fn patterns_are_those_of_cargo() {
        assert!(glob("*", "a") && glob("a*c", "abc") && glob("a*c", "ac") && glob("?", "ä"));
        assert!(!glob("a*c", "ab") && !glob("?", "") && !glob("a", "ab"));
    }
}
