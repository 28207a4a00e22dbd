//! Compiles the dependencies of an example once, and lends them to each sandbox as hard links.
//!
//! One target folder for all sandboxes would not do: for cargo two projects of one name and
//! version are one, wherever they lie, so each would be built with the other's build script.

use std::collections::BTreeSet;
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

/// cargo rewrites these in place, so each sandbox has its own.
const OWN: &[&str] = &[".cargo-lock", ".rustc_info.json"];

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
    // Held over the links too: half of a seed is no seed.
    let mut seeds =
        workshop.seeds().lock().map_err(|_| Trouble::wrong("an earlier seed did not grow"))?;
    for target in targets {
        let key = (example.to_owned(), target.clone());
        if !seeds.done.contains(&key) {
            grow(workshop, example, key.1.as_deref())?;
            seeds.done.insert(key);
        }
    }
    Ok(link(&workshop.build_dir("seed"), sandbox.build_dir())?)
}

/// Compiles what `example` depends on, in a project that has nothing else.
fn grow(workshop: &Workshop, example: &str, target: Option<&str>) -> Result {
    let from = Workshop::repository().join("examples").join(example);
    let name = format!("dependencies-of-{example}");
    let project = workshop.root().join("seeds").join(&name);
    fs_err::create_dir_all(project.join("src"))?;
    let manifest = with_absolute_paths(&fs_err::read_to_string(from.join("Cargo.toml"))?);
    let manifest =
        manifest.replace(&format!("name = \"{example}\""), &format!("name = \"{name}\""));
    fs_err::write(project.join("Cargo.toml"), manifest)?;
    fs_err::copy(from.join("Cargo.lock"), project.join("Cargo.lock"))?;
    for file in ["build.rs", "src/main.rs"] {
        if !project.join(file).exists() {
            fs_err::write(project.join(file), "fn main() {}\n")?;
        }
    }
    let mut run = Run::new(workshop, ["cargo", "gocross", "build", "--quiet"]);
    run.words.extend(target.into_iter().flat_map(|triple| ["--target".into(), triple.into()]));
    run.dir = project;
    run.variables.insert("CARGO_BUILD_BUILD_DIR".into(), workshop.build_dir("seed").into());
    Tools::default().equip(workshop, &mut run)?;
    run.read().map(drop)
}

/// Links the files below `from`; the folders are new, so what is added or replaced below
/// `to` stays there.
fn link(from: &Path, to: &Path) -> std::io::Result<()> {
    fs_err::create_dir_all(to)?;
    for entry in fs_err::read_dir(from)? {
        let entry = entry?;
        let place = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            link(&entry.path(), &place)?;
        } else if !OWN.iter().any(|own| entry.file_name() == *own) {
            fs_err::hard_link(entry.path(), place)?;
        }
    }
    Ok(())
}
