//! The packages that a program links, and the files of each.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

use cargo_metadata::{CrateType, Metadata, MetadataCommand, TargetKind};
use gocross_diagnostic::{Code, Diagnostic, Result, hint};
use gocross_toolchain::Output;

use super::graph::{self, Node};
use super::scan::Sources;
use crate::project::Cargo;
use crate::selection::Selection;

/// A package that is linked.
#[derive(Debug)]
pub(super) struct Package {
    pub(super) node: Node,
    pub(super) directory: PathBuf,
    /// The files with which its library, and the programs of what is built, begin.
    pub(super) roots: Vec<PathBuf>,
    has_build_script: bool,
    /// Whether it becomes a library that programs of others load or link.
    pub(super) is_for_others: bool,
}

/// The packages that are linked into what `selection` builds for a target.
///
/// # Errors
///
/// [`Code::Dependencies`], [`Code::CargoMissing`].
pub(super) fn linked(
    cargo: &Cargo<'_>,
    selection: &Selection,
    triple: &str,
) -> Result<Vec<Package>> {
    let ask = |words: &[&str], more: Vec<OsString>| {
        let line = words.iter().map(OsString::from).chain(more);
        let output = cargo.run(line.chain(selection.resolution.iter().cloned()))?;
        if output.success { Ok(output.stdout) } else { Err(unanswered(&output)) }
    };
    let packages = selection.packages().into_iter();
    let tree = packages.chain(["--target".into(), triple.into()]);
    let tree = ask(graph::QUESTION, tree.collect())?;
    let metadata = ask(
        &["metadata", "--format-version=1", "--color=never"],
        vec!["--filter-platform".into(), triple.into()],
    )?;
    let metadata = MetadataCommand::parse(metadata).map_err(|error| {
        let message = "what `cargo metadata` says cannot be read";
        Box::new(Diagnostic::error(Code::Dependencies, message).detail(error.to_string()))
    })?;
    Ok(joined(&graph::nodes(&tree), &metadata))
}

fn joined(nodes: &[Node], metadata: &Metadata) -> Vec<Package> {
    let of_node = |node: &Node| {
        let is_built = node.path.len() == 1;
        let (name, version) = node.key.clone();
        let same = move |package: &&cargo_metadata::Package| {
            *package.name == *name && package.version.to_string() == version
        };
        let node = node.clone();
        metadata
            .packages
            .iter()
            .filter(same)
            .map(move |package| of_package(package, &node, is_built))
    };
    nodes.iter().flat_map(of_node).collect::<Vec<_>>()
}

fn of_package(package: &cargo_metadata::Package, node: &Node, is_built: bool) -> Package {
    let has = |kind: &TargetKind| package.targets.iter().any(|target| target.kind.contains(kind));
    let is_linked = |target: &&cargo_metadata::Target| {
        let is_library = target.crate_types.iter().any(|kind| *kind != CrateType::Bin)
            && !target.is_example()
            && !target.is_custom_build();
        is_library || (is_built && target.is_bin())
    };
    let roots = package.targets.iter().filter(is_linked);
    Package {
        node: node.clone(),
        directory: package.manifest_path.parent().map(PathBuf::from).unwrap_or_default(),
        roots: roots.map(|target| target.src_path.clone().into()).collect(),
        has_build_script: has(&TargetKind::CustomBuild),
        is_for_others: is_built && (has(&TargetKind::CDyLib) || has(&TargetKind::StaticLib)),
    }
}

fn unanswered(output: &Output) -> Box<Diagnostic> {
    let message = "cargo cannot tell which packages the program is made of";
    let stderr = output.stderr.trim();
    let diagnostic = Diagnostic::error(Code::Dependencies, message)
        .detail(stderr.strip_prefix("error: ").unwrap_or(stderr));
    Box::new(if stderr.contains("could not find `Cargo.toml`") {
        diagnostic.hint(hint!("cargo gocross doctor --signals -- --manifest-path PATH/Cargo.toml"))
    } else if stderr.contains("offline") {
        diagnostic.hint(hint!("cargo fetch"))
    } else {
        diagnostic
    })
}

/// Directories whose C is no part of what is linked. Of Rust, modules say what is.
const OTHERS: &[&str] = &["test", "tests", "examples", "benches", "fuzz"];

/// What marks a directory of results (<https://bford.info/cachedir/>), such as cargo's `target`.
const RESULTS: &str = "CACHEDIR.TAG";

impl Package {
    /// Reads the files that may be compiled. Those that are no UTF-8 are read as far as they are.
    ///
    /// # Errors
    ///
    /// [`Code::Dependencies`] where they are missing; [`Code::Io`].
    pub(super) fn sources(&self) -> Result<Sources> {
        if let Some(missing) = self.roots.iter().find(|root| !root.is_file()) {
            let (name, version) = &self.node.key;
            let message = format!("the sources of `{name} {version}` are missing");
            return Err(Box::new(
                Diagnostic::error(Code::Dependencies, message)
                    .detail(format!("no file `{}`", missing.display()))
                    .hint(hint!("cargo fetch"))
                    .hint(hint!("cargo vendor")),
            ));
        }
        let mut sources = Sources::default();
        self.gather(&self.directory, &mut sources).map_err(|error| {
            Box::new(
                Diagnostic::error(Code::Io, "sources cannot be read").detail(error.to_string()),
            )
        })?;
        Ok(sources)
    }

    fn gather(&self, directory: &Path, sources: &mut Sources) -> std::io::Result<()> {
        for entry in fs_err::read_dir(directory)? {
            let entry = entry?;
            let path = entry.path();
            if entry.file_type()?.is_dir() {
                if !is_other(&path, &entry.file_name().to_string_lossy()) {
                    self.gather(&path, sources)?;
                }
                continue;
            }
            // Not where a link leads nowhere.
            if !path.is_file() {
                continue;
            }
            let files: &mut BTreeMap<_, _> = match path.extension().and_then(|end| end.to_str()) {
                Some("rs") => &mut sources.rust,
                Some("c" | "cc" | "cpp" | "cxx") if self.may_compile(&path) => &mut sources.c,
                _ => continue,
            };
            let text = String::from_utf8_lossy(&fs_err::read(&path)?).into_owned();
            files.insert(path, text);
        }
        Ok(())
    }

    /// Whether a build script may compile a file of C.
    fn may_compile(&self, file: &Path) -> bool {
        let inside = file.strip_prefix(&self.directory).unwrap_or(file);
        let is_other = inside.iter().any(|part| OTHERS.iter().any(|other| part == *other));
        self.has_build_script && !is_other
    }
}

/// Whether a directory belongs to results or to another package.
fn is_other(path: &Path, name: &str) -> bool {
    name.starts_with('.') || path.join(RESULTS).is_file() || path.join("Cargo.toml").is_file()
}
