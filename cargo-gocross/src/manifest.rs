//! A user's `Cargo.toml`, to which dependencies are added; all else in it stays as it is.

use std::path::{Path, PathBuf};

use gocross_diagnostic::{Code, Diagnostic, Result, hint};
use gocross_toolchain::first_lines;
use gocross_toolchain::quoted;
use toml_edit::{DocumentMut, Item, Table, TableLike, value};

/// The table for dependencies of the program itself, and the one for its build script's.
const RUN: &str = "dependencies";
const BUILD: &str = "build-dependencies";
/// The table that `cargo gocross` reads.
const METADATA: &str = "package.metadata.gocross";

/// A manifest that was read.
#[derive(Debug)]
pub(crate) struct Manifest {
    path: PathBuf,
    document: DocumentMut,
    /// Tables that come behind the document.
    behind: String,
}

impl Manifest {
    /// Reads a manifest.
    ///
    /// # Errors
    ///
    /// [`Code::Io`], [`Code::Manifest`].
    pub(crate) fn read(path: PathBuf) -> Result<Self> {
        let text = fs_err::read_to_string(&path)
            .map_err(|error| Box::new(Diagnostic::error(Code::Io, error.to_string())))?;
        match text.parse() {
            Ok(document) => Ok(Self { path, document, behind: String::new() }),
            Err(error) => {
                let message = format!("`{}` is no TOML", path.display());
                Err(not_understood(&path, message, &error.to_string()))
            }
        }
    }

    /// The package's name; none where the manifest is that of a workspace alone.
    pub(crate) fn package(&self) -> Option<&str> {
        self.document.get("package")?.get("name")?.as_str()
    }

    /// Whether `build = false` says that there is no build script.
    pub(crate) fn forbids_build_script(&self) -> bool {
        let build = self.document.get("package").and_then(|package| package.get("build"));
        build.and_then(Item::as_bool) == Some(false)
    }

    /// Adds those dependencies of a template that `wanted` accepts and that are not there yet,
    /// in the words of `[workspace.dependencies]` where the workspace has them. Gives back what
    /// was added, a phrase for each table.
    pub(crate) fn add(
        &mut self,
        template: &str,
        workspace: Option<&Self>,
        wanted: impl Fn(&str) -> bool,
    ) -> Vec<String> {
        // Our own text; the tests parse every template.
        let template: DocumentMut = template.parse().unwrap_or_default();
        let mut added = Vec::new();
        for table in [RUN, BUILD] {
            let Some(new) = template.get(table).and_then(Item::as_table) else { continue };
            let names = self.add_table(table, new, workspace, &wanted);
            if !names.is_empty() {
                added.push(format!("{} in `[{table}]`", names.join(", ")));
            }
        }
        added
    }

    /// Adds what a template says to `cargo gocross`, with its comments, where the manifest says
    /// nothing to it yet. Gives back the table's name if it did.
    pub(crate) fn add_metadata(&mut self, template: &str) -> Option<String> {
        let mut keys = METADATA.split('.');
        let old = keys.try_fold(self.document.as_item(), |item, key| item.get(key));
        let is_metadata = |paragraph: &&str| {
            let first = paragraph.lines().find(|line| line.starts_with('['));
            first.is_some_and(|line| line.trim_start_matches('[').starts_with(METADATA))
        };
        let tables: Vec<&str> = template.split("\n\n").filter(is_metadata).collect();
        if old.is_some() || tables.is_empty() {
            return None;
        }
        self.behind = format!("\n{}\n", tables.join("\n\n").trim_end());
        Some(format!("`[{METADATA}]`"))
    }

    fn add_table(
        &mut self,
        name: &str,
        new: &Table,
        workspace: Option<&Self>,
        wanted: impl Fn(&str) -> bool,
    ) -> Vec<String> {
        let old = self.document.get(name).and_then(Item::as_table_like);
        let missing: Vec<(&str, &Item)> = new
            .iter()
            .filter(|(key, _)| wanted(key) && !old.is_some_and(|old| holds(old, key)))
            .collect();
        if missing.is_empty() {
            return Vec::new();
        }
        let place = self.document.entry(name).or_insert_with(|| {
            // With the template's comment, and behind all that is there.
            let mut table = new.clone();
            table.clear();
            table.set_position(None);
            table.decor_mut().set_prefix(prefix(new));
            Item::Table(table)
        });
        let Some(place) = place.as_table_like_mut() else { return Vec::new() };
        for (key, item) in &missing {
            if workspace.is_some_and(|workspace| workspace.shares(key)) {
                let mut inherited = Table::new();
                inherited.set_dotted(true);
                inherited.insert("workspace", value(true));
                place.insert(key, Item::Table(inherited));
            } else {
                place.insert(key, (*item).clone());
            }
        }
        missing.into_iter().map(|(key, _)| format!("`{key}`")).collect()
    }

    /// Whether `[workspace.dependencies]` has a crate.
    fn shares(&self, name: &str) -> bool {
        let workspace = self.document.get("workspace");
        let table = workspace.and_then(|workspace| workspace.get(RUN));
        table.and_then(Item::as_table_like).is_some_and(|table| table.contains_key(name))
    }

    /// Writes the manifest.
    ///
    /// # Errors
    ///
    /// [`Code::Io`].
    pub(crate) fn write(&self) -> Result<()> {
        write(&self.path, &format!("{}{}", self.document, self.behind))
    }
}

fn unwritable(path: &Path, error: &std::io::Error) -> Box<Diagnostic> {
    let folder = path.parent().unwrap_or(path);
    let message = format!("`{}` cannot be written", path.display());
    Box::new(
        Diagnostic::error(Code::Io, message)
            .detail(error.to_string())
            .hint(hint!("ls -ld {}", quoted(folder))),
    )
}

/// A manifest that cannot be used, with why, and the command that repeats it.
pub(crate) fn not_understood(path: &Path, message: String, why: &str) -> Box<Diagnostic> {
    Box::new(
        Diagnostic::error(Code::Manifest, message)
            .detail(first_lines(why, 20))
            .hint(hint!("cargo check --manifest-path {}", quoted(path))),
    )
}

/// Whether a table of dependencies has a crate, be it under another name.
fn holds(table: &dyn TableLike, name: &str) -> bool {
    table.iter().any(|(key, item)| {
        let package = item.get("package").and_then(Item::as_str);
        package.unwrap_or(key) == name
    })
}

/// A blank line, and the comment that stands before a table.
fn prefix(table: &Table) -> String {
    let prefix = table.decor().prefix().and_then(|prefix| prefix.as_str()).unwrap_or_default();
    format!("\n{}", prefix.trim_start())
}

/// The crates that a template's program uses.
pub(crate) fn dependencies(template: &str) -> Vec<String> {
    let template: DocumentMut = template.parse().unwrap_or_default();
    let tables = [RUN, BUILD].map(|table| template.get(table).and_then(Item::as_table).cloned());
    let keys = tables.into_iter().flatten().flat_map(|table| table.into_iter());
    keys.map(|(key, _)| key.to_string()).collect()
}

/// Writes a file and the folders that it lies in.
///
/// # Errors
///
/// [`Code::Io`].
pub(crate) fn write(path: &Path, text: &str) -> Result<()> {
    let folders = path.parent().map_or(Ok(()), fs_err::create_dir_all);
    folders.and_then(|()| fs_err::write(path, text)).map_err(|error| unwritable(path, &error))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::template::TEMPLATES;

    const NEW: &str = "[dependencies]\nclap = \"4\"\ngocross = \"0.1\"\n\n\
                       # Why.\n[build-dependencies]\ngocross-build = \"0.1\"\n";

    fn manifest(text: &str) -> Manifest {
        Manifest { path: PathBuf::new(), document: text.parse().unwrap(), behind: String::new() }
    }

    fn added(old: &str, workspace: Option<&str>) -> String {
        let mut manifest = manifest(old);
        let workspace = workspace.map(self::manifest);
        manifest.add(NEW, workspace.as_ref(), |name| name.starts_with("gocross"));
        manifest.document.to_string()
    }

    #[test]
    fn what_a_template_says_to_us_is_added_once() {
        let template = "[dependencies]\na = \"1\"\n\n# When.\n[package.metadata.gocross]\n\
                        start = \"lazy\"\n\n[[package.metadata.gocross.cpu.path]]\nname = \"x\"\n";
        let mut new = manifest("[package]\nname = \"a\"\n");
        let added = new.add_metadata(template);
        assert_eq!(added.as_deref(), Some("`[package.metadata.gocross]`"));
        let text = format!("{}{}", new.document, new.behind);
        assert_eq!(text.matches("start = \"lazy\"").count(), 1);
        assert!(text.contains("\n\n# When.\n[package.metadata.gocross]\n"), "{text}");
        let mut again = manifest(&text);
        assert_eq!(
            again.document["package"]["metadata"]["gocross"]["start"].as_str(),
            Some("lazy")
        );
        assert_eq!(again.add_metadata(template), None);
        assert_eq!(manifest("").add_metadata("[dependencies]\na = \"1\"\n"), None);
    }

    #[test]
    fn every_template_is_parsed() {
        for template in TEMPLATES {
            let names = dependencies(template.manifest);
            for name in ["gocross", "gocross-build"] {
                assert!(names.iter().any(|found| found == name), "{} {names:?}", template.name);
            }
        }
    }

    #[test]
    fn a_fresh_manifest_of_cargos_gets_both_tables() {
        let old = "[package]\nname = \"x\"\n\n[dependencies]\n";
        let new = "gocross = \"0.1\"\n\n# Why.\n[build-dependencies]\ngocross-build = \"0.1\"\n";
        assert_eq!(added(old, None), format!("{old}{new}"));
    }

    #[test]
    fn comments_and_order_stay_and_what_is_there_is_not_added_again() {
        let old = "# Mine.\n[package]\nname = 'x' # so\n\n[dependencies]\nb = \"1\" # b\na = \"1\"\n\n[profile.release]\nlto = true\n";
        let text = added(old, None);
        assert!(text.contains("name = 'x' # so\n"), "{text}");
        assert!(text.contains("b = \"1\" # b\na = \"1\"\ngocross = \"0.1\"\n"), "{text}");
        assert!(
            text.ends_with("lto = true\n\n# Why.\n[build-dependencies]\ngocross-build = \"0.1\"\n")
        );
        assert_eq!(added(&text, None), text);
    }

    #[test]
    fn a_dependency_under_another_name_or_in_its_own_table_is_there() {
        let old = "[dependencies]\ng = { package = \"gocross\", version = \"0.1\" }\n\
                   \n[build-dependencies.gocross-build]\npath = \"x\"\n";
        assert_eq!(added(old, None), old);
    }

    #[test]
    fn what_the_workspace_shares_is_taken_from_there() {
        let workspace = "[workspace.dependencies]\ngocross = \"0.1\"\n";
        let text = added("[package]\nname = \"x\"\n", Some(workspace));
        assert!(text.contains("\n[dependencies]\ngocross.workspace = true\n"), "{text}");
        assert!(text.contains("gocross-build = \"0.1\"\n"), "{text}");
    }

    #[test]
    fn a_workspace_alone_has_no_package() {
        assert_eq!(manifest("[workspace]\nmembers = []\n").package(), None);
        assert!(manifest("[package]\nname = \"x\"\nbuild = false\n").forbids_build_script());
    }
}
