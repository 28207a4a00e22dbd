//! `cargo-gocross/templates/`: the examples, as `cargo gocross new` writes them for a user.
//!
//! A template is an example without what only this repository needs: its manifest holds the
//! dependencies, by version, and what `cargo gocross` reads (cargo makes the rest of a new
//! manifest), and where the example's
//! own name is the name of a crate or a Go module there is a word to fill in. The manifest is
//! called `Cargo.toml.in`, because cargo leaves folders with a `Cargo.toml` out of a package.

use std::collections::{BTreeMap, BTreeSet};

use crate::failure::{Failure, Result};
use crate::tree::Source;

/// Where the templates are.
pub(super) const FOLDER: &str = "cargo-gocross/templates/";
/// The list of them, for the compiler.
const LIST: &str = "cargo-gocross/src/template/list.rs";

/// Files of an example that tell of the example, or are cargo's to write.
const LEFT_OUT: &[&str] = &["Cargo.lock", "README.md"];
/// rustfmt's `max_width`.
const WIDTH: usize = 100;
/// The tables of a manifest that a template has.
const TABLES: &[&str] = &["dependencies", "build-dependencies", "dev-dependencies"];
/// How the tables begin that `cargo gocross` reads.
const METADATA: &str = "package.metadata.gocross";

/// The templates' files, and the list of them.
pub(super) fn files(sources: &[Source]) -> Result<BTreeMap<String, String>> {
    let mut files = BTreeMap::new();
    let mut list = Vec::new();
    for (example, manifest) in examples(sources) {
        let mut names = BTreeSet::new();
        for (name, source) in files_of(example, sources) {
            let text = fill_in(name, &source.text, example)?;
            files.insert(format!("{FOLDER}{example}/{name}"), text);
            names.insert(name);
        }
        files.insert(format!("{FOLDER}{example}/Cargo.toml.in"), kept(&manifest.text)?);
        list.push(entry(example, &description(&manifest.text)?, &names));
    }
    files.insert(LIST.to_owned(), format!("{TOP}{}];\n", list.concat()));
    Ok(files)
}

/// Each example's name and manifest.
fn examples(sources: &[Source]) -> impl Iterator<Item = (&str, &Source)> {
    sources.iter().filter_map(|source| {
        let name = source.path.strip_prefix("examples/")?.strip_suffix("/Cargo.toml")?;
        (!name.contains('/')).then_some((name, source))
    })
}

/// The files that the template of an example has, by their names in it.
fn files_of<'a>(
    example: &str,
    sources: &'a [Source],
) -> impl Iterator<Item = (&'a str, &'a Source)> {
    let folder = format!("examples/{example}/");
    sources.iter().filter_map(move |source| {
        let name = source.path.strip_prefix(&folder)?;
        (name != "Cargo.toml" && !LEFT_OUT.contains(&name)).then_some((name, source))
    })
}

/// The text with words to fill in where the example's name is a crate or a Go module.
fn fill_in(name: &str, text: &str, example: &str) -> Result<String> {
    if name.ends_with("go.mod") {
        let module = format!("module example.com/{example}\n");
        if !text.starts_with(&module) {
            return Err(not_as_expected(example, name, &module));
        }
        return Ok(text.replacen(&module, "module {{module}}\n", 1));
    }
    if name.ends_with(".rs") {
        // Rust's name of a crate has no `-`.
        let name = example.replace('-', "_");
        return Ok(text.replace(&format!("{name}::"), "{{crate}}::"));
    }
    Ok(text.to_owned())
}

/// The tables of dependencies, with our own crates by version, and `cargo gocross`'s own.
fn kept(manifest: &str) -> Result<String> {
    let is_kept = |paragraph: &&str| {
        let tables = TABLES.iter().map(|table| format!("[{table}]"));
        let metadata = [format!("[{METADATA}"), format!("[[{METADATA}")];
        tables.into_iter().any(|table| paragraph.lines().any(|line| line == table))
            || metadata
                .iter()
                .any(|table| paragraph.lines().any(|line| line.starts_with(table.as_str())))
    };
    let paragraphs: Vec<_> = manifest.split("\n\n").filter(is_kept).map(by_version).collect();
    let text = paragraphs.join("\n\n").trim_end().to_owned() + "\n";
    if text.contains("path = ") || !text.contains("gocross = \"") {
        return Err(Failure::new("the dependencies of an example are not as expected").why(text));
    }
    Ok(text)
}

/// A paragraph of a manifest with `name = "0.1"` for each dependency with a path to our crates.
fn by_version(paragraph: &str) -> String {
    let line = |line: &str| match line.split_once(" = ") {
        Some((name, value)) if value.contains("path = \"../../crates/") => {
            format!("{name} = \"{}\"", version())
        }
        _ => line.to_owned(),
    };
    paragraph.lines().map(line).collect::<Vec<_>>().join("\n")
}

/// What a user's manifest asks of our crates: the first two numbers of their version, which is
/// this program's too.
fn version() -> &'static str {
    let whole = env!("CARGO_PKG_VERSION");
    whole.rsplit_once('.').map_or(whole, |(version, _)| version)
}

fn description(manifest: &str) -> Result<String> {
    let line = manifest.lines().find_map(|line| line.strip_prefix("description = \""));
    line.and_then(|rest| rest.strip_suffix('"'))
        .map(str::to_owned)
        .ok_or_else(|| Failure::new("an example has no description").why(manifest))
}

fn not_as_expected(example: &str, name: &str, want: &str) -> Failure {
    Failure::new(format!("`examples/{example}/{name}` does not begin with {want:?}"))
}

const TOP: &str = "\
//! The templates. Written by `cargo xtask codegen` from `examples/`.

use super::Template;

/// The templates, sorted by name.
pub(crate) const TEMPLATES: &[Template] = &[
";

/// The lines of one template, as rustfmt has them.
fn entry(example: &str, about: &str, names: &BTreeSet<&str>) -> String {
    let file = |name: &&str| {
        let path = format!("../../templates/{example}/{name}");
        let line = format!("            (\"{name}\", include_str!(\"{path}\")),\n");
        if line.trim_end().len() <= WIDTH {
            return line;
        }
        format!(
            "            (\n                \"{name}\",\n                \
             include_str!(\"{path}\"),\n            ),\n"
        )
    };
    format!(
        "    Template {{
        name: \"{example}\",
        about: \"{about}\",
        manifest: include_str!(\"../../templates/{example}/Cargo.toml.in\"),
        files: &[
{}        ],
    }},
",
        names.iter().map(file).collect::<String>()
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    const MANIFEST: &str = "[package]\nname = \"a\"\ndescription = \"What it shows\"\n\n\
        [dependencies]\nclap = \"4\"\ngocross = { version = \"9\", path = \"../../crates/gocross\" }\n\n\
        # Why.\n[build-dependencies]\ngocross-build = { path = \"../../crates/gocross-build\" }\n\n\
        # Not the user's.\n[workspace]\n\n\
        # When.\n[package.metadata.gocross]\nstart = \"lazy\"\n\n\
        [[package.metadata.gocross.cpu.path]]\nside = \"x\"\n";

    fn example() -> Vec<Source> {
        vec![
            Source::new("examples/a/Cargo.toml", MANIFEST),
            Source::new("examples/a/Cargo.lock", ""),
            Source::new("examples/a/go/go.mod", "module example.com/a\n\ngo 1.25\n"),
            Source::new("examples/a/src/main.rs", "fn main() { a::run() }\n"),
            Source::new("examples/README.md", ""),
        ]
    }

    #[test]
    fn a_template_has_the_dependencies_by_version_and_no_workspace() {
        let files = files(&example()).unwrap();
        let version = version();
        assert_eq!(
            files["cargo-gocross/templates/a/Cargo.toml.in"],
            format!(
                "[dependencies]\nclap = \"4\"\ngocross = \"{version}\"\n\n\
                 # Why.\n[build-dependencies]\ngocross-build = \"{version}\"\n\n\
                 # When.\n[package.metadata.gocross]\nstart = \"lazy\"\n\n\
                 [[package.metadata.gocross.cpu.path]]\nside = \"x\"\n"
            )
        );
    }

    #[test]
    fn the_examples_own_name_is_filled_in_later() {
        let files = files(&example()).unwrap();
        let text = |name: &str| files[&format!("{FOLDER}a/{name}")].as_str();
        assert_eq!(text("go/go.mod"), "module {{module}}\n\ngo 1.25\n");
        assert_eq!(text("src/main.rs"), "fn main() { {{crate}}::run() }\n");
        assert!(!files.contains_key("cargo-gocross/templates/a/Cargo.lock"));
        assert!(files[LIST].contains("about: \"What it shows\""));
    }

    #[test]
    fn a_crate_is_found_by_its_name_in_rust() {
        let text = fill_in("src/main.rs", "fn main() { a_b::run(\"a-b\") }\n", "a-b").unwrap();
        assert_eq!(text, "fn main() { {{crate}}::run(\"a-b\") }\n");
    }

    #[test]
    fn an_example_that_cannot_become_a_template_is_told() {
        let mut sources = example();
        sources[2] = Source::new("examples/a/go/go.mod", "module example.com/b\n");
        assert!(files(&sources).unwrap_err().what.contains("examples/a/go/go.mod"));
        sources[2] = Source::new("examples/a/go/go.mod", "module example.com/a\n");
        let other = MANIFEST.replace("../../crates/gocross\"", "../../elsewhere\"");
        sources[0] = Source::new("examples/a/Cargo.toml", &other);
        assert!(files(&sources).is_err());
    }
}
