//! Compiles the dependencies of an example once, and lends them to each sandbox.
//!
//! One target folder for all sandboxes would not do: for cargo two projects of one name and
//! version are one, wherever they lie, so each would be built with the other's build script.

use std::collections::BTreeSet;
use std::fs::Metadata;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use crate::command::Run;
use crate::sandbox::{Sandbox, with_absolute_paths};
use crate::tools::Tools;
use crate::trial::{Result, Trouble};
use crate::workshop::Workshop;

/// The examples, and the targets, whose dependencies are up to date.
#[derive(Debug, Default)]
pub struct Seeds {
    done: BTreeSet<(String, Option<String>)>,
}

/// How the projects begin that have dependencies and nothing else.
const NAME: &str = "dependencies-of-";

/// Gives a sandbox the compiled dependencies of `example` for each of `targets`, where none
/// stands for this machine without a `--target`.
///
/// # Errors
///
/// The dependencies cannot be compiled.
pub fn sow(
    workshop: &Workshop,
    sandbox: &Sandbox,
    example: &str,
    targets: &[Option<String>],
) -> Result {
    // Held to the end: half of a seed is no seed.
    let mut seeds =
        workshop.seeds().lock().map_err(|_| Trouble::wrong("an earlier seed did not grow"))?;
    for target in targets {
        let key = (example.to_owned(), target.clone());
        if !seeds.done.contains(&key) {
            grow(workshop, example, key.1.as_deref())?;
            seeds.done.insert(key);
        }
    }
    // What is compiled for this machine, such as build scripts, lies apart.
    for folder in std::iter::once("debug").chain(targets.iter().flatten().map(String::as_str)) {
        let from = workshop.build_dir("seed").join(folder);
        // A scenario that builds nothing may be the first one of all.
        if from.is_dir() {
            plant(&from, &sandbox.build_dir().join(folder))?;
        }
    }
    Ok(())
}

/// Compiles what `example` depends on, in a project that has nothing else.
fn grow(workshop: &Workshop, example: &str, target: Option<&str>) -> Result {
    let from = Workshop::project(example);
    let name = format!("{NAME}{example}");
    let project = workshop.root().join("seeds").join(&name);
    fs_err::create_dir_all(project.join("src"))?;
    let manifest = with_absolute_paths(&fs_err::read_to_string(from.join("Cargo.toml"))?);
    let manifest =
        manifest.replace(&format!("name = \"{example}\""), &format!("name = \"{name}\""));
    fs_err::write(project.join("Cargo.toml"), manifest)?;
    let lock = from.join("Cargo.lock");
    let lock = if lock.is_file() { lock } else { Workshop::lock_file() };
    fs_err::copy(lock, project.join("Cargo.lock"))?;
    for file in ["build.rs", "src/main.rs"] {
        if !project.join(file).exists() {
            fs_err::write(project.join(file), "fn main() {}\n")?;
        }
    }
    // Nothing of the project is in it, so nothing that its manifest promises.
    let line = ["cargo", "gocross", "build", "--quiet", "--no-verify"];
    let mut run = Run::new(workshop, line);
    run.words.extend(target.into_iter().flat_map(|triple| ["--target".into(), triple.into()]));
    run.dir = project;
    run.variables.insert("CARGO_BUILD_BUILD_DIR".into(), workshop.build_dir("seed").into());
    Tools::default().equip(workshop, &mut run)?;
    run.read().map(drop)
}

/// Gives `to` the files below `from`, with their ages, by which cargo goes.
fn plant(from: &Path, to: &Path) -> std::io::Result<()> {
    fs_err::create_dir_all(to)?;
    for entry in fs_err::read_dir(from)? {
        let entry = entry?;
        let (source, place) = (entry.path(), to.join(entry.file_name()));
        let metadata = entry.metadata()?;
        if entry.file_name().display().to_string().replace('_', "-").contains(NAME) {
            continue;
        }
        if metadata.is_dir() {
            plant(&source, &place)?;
        } else if is_replaced(&source, &metadata) {
            fs_err::hard_link(source, place)?;
        } else {
            fs_err::copy(&source, &place)?;
            fs_err::File::options().append(true).open(place)?.set_modified(metadata.modified()?)?;
        }
    }
    Ok(())
}

/// Whether whoever writes the file puts another one in its place. cargo writes its own notes
/// into the file that is there, and would do so for all sandboxes with a link to it.
fn is_replaced(path: &Path, metadata: &Metadata) -> bool {
    let ending = path.extension().and_then(|ending| ending.to_str());
    let is_program = metadata.permissions().mode() & 0o111 != 0;
    is_program || ending.is_some_and(|ending| ["rlib", "rmeta"].contains(&ending))
}
