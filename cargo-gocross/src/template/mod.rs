//! What `new` and `init` write: an example, with the user's names in it.

mod list;

pub(crate) use list::TEMPLATES;

/// A project to begin with.
#[derive(Debug)]
pub(crate) struct Template {
    /// Its name on the command line, which is the example's.
    pub(crate) name: &'static str,
    /// What it shows, in a phrase.
    pub(crate) about: &'static str,
    /// The tables of dependencies of its manifest.
    pub(crate) manifest: &'static str,
    /// All other files by their path, with words to fill in.
    pub(crate) files: &'static [(&'static str, &'static str)],
}

/// A part of a project, which is written as a whole or not at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Part {
    /// The Go package.
    Go,
    /// The build script.
    BuildScript,
    /// The Rust program and its tests.
    Rust,
}

impl Part {
    /// The part that a file of a template belongs to.
    pub(crate) fn of(file: &str) -> Self {
        if file.starts_with("go/") {
            Self::Go
        } else if file == "build.rs" {
            Self::BuildScript
        } else {
            Self::Rust
        }
    }
}

impl Template {
    /// The template of a name that the command line has accepted, else the first one.
    pub(crate) fn named(name: &str) -> &'static Self {
        TEMPLATES.iter().find(|template| template.name == name).unwrap_or(&TEMPLATES[0])
    }

    /// The files of some parts, for a package called `package`.
    pub(crate) fn files(&self, package: &str, parts: &[Part]) -> Vec<(&'static str, String)> {
        let words =
            [("{{crate}}", package.replace('-', "_")), ("{{module}}", module_path(package))];
        let fill = |text: &str| {
            words.iter().fold(text.to_owned(), |text, (word, value)| text.replace(word, value))
        };
        let files = self.files.iter().filter(|(file, _)| parts.contains(&Part::of(file)));
        files.map(|(file, text)| (*file, fill(text))).collect()
    }

    /// The call of the build script that builds the Go package.
    pub(crate) fn call(&self) -> &'static str {
        let script = self.files.iter().find(|(file, _)| Part::of(file) == Part::BuildScript);
        let mut lines = script.map_or("", |(_, text)| text).lines().map(str::trim);
        lines.find(|line| line.starts_with("gocross_build::")).unwrap_or_default()
    }
}

/// The path of the Go module of a package. Go takes ASCII alone where cargo takes more, and
/// refuses what Windows cannot have as a file's name.
fn module_path(package: &str) -> String {
    let ascii: String = package.chars().filter(char::is_ascii).collect();
    let name = ascii.trim_start_matches('-');
    let lower = name.to_ascii_lowercase();
    let is_port = |kind: &str| {
        let number = lower.strip_prefix(kind);
        number.is_some_and(|rest| rest.len() == 1 && rest != "0" && rest.parse::<u8>().is_ok())
    };
    if name.is_empty() {
        "example.com/app".to_owned()
    } else if DEVICES.contains(&lower.as_str()) || is_port("com") || is_port("lpt") {
        format!("example.com/{name}-go")
    } else {
        format!("example.com/{name}")
    }
}

/// Names that no file has on Windows, besides `com1` to `com9` and `lpt1` to `lpt9`.
const DEVICES: &[&str] = &["con", "prn", "aux", "nul"];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_template_is_whole() {
        for template in TEMPLATES {
            for part in [Part::Go, Part::BuildScript, Part::Rust] {
                assert!(!template.files("x", &[part]).is_empty(), "{} {part:?}", template.name);
            }
            assert!(template.call().ends_with(");"), "{}", template.name);
            assert_eq!(Template::named(template.name).name, template.name);
        }
    }

    #[test]
    fn names_are_filled_in() {
        let all = [Part::Go, Part::BuildScript, Part::Rust];
        for template in TEMPLATES {
            let files = template.files("my-vault", &all);
            // Braces in assembly are doubled as well.
            let word =
                |(_, text): &(_, String)| text.contains("{{crate}}") || text.contains("{{module}}");
            assert!(!files.iter().any(word), "{}", template.name);
            let (_, module) = files.iter().find(|(file, _)| *file == "go/go.mod").unwrap();
            assert!(module.starts_with("module example.com/my-vault\n"), "{module}");
        }
        let sm4 = Template::named("sm4").files("my-vault", &[Part::Rust]);
        assert!(sm4.iter().any(|(_, text)| text.contains("my_vault::cli::run")));
    }

    #[test]
    fn module_paths_are_such_as_go_takes() {
        for (package, module) in [
            ("greet_2", "example.com/greet_2"),
            ("été", "example.com/t"),
            ("日本", "example.com/app"),
            ("é-x", "example.com/x"),
            ("v2", "example.com/v2"),
            ("con", "example.com/con-go"),
            ("com1", "example.com/com1-go"),
            ("common", "example.com/common"),
        ] {
            assert_eq!(module_path(package), module);
        }
    }
}
