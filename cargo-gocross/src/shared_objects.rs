//! Refuses a shared object with Go in it where there can be none, before a linker or cargo does
//! so in other words.
//!
//! cargo does not tell build scripts which crate types it builds, nor whether it links at all, so
//! this is looked at here, where the verb and the selection are known.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::ffi::OsString;

use cargo_metadata::{CrateType, DependencyKind, Metadata, MetadataCommand, Package, PackageId};
use gocross_diagnostic::{Code, Diagnostic, Result, hint};
use gocross_targets::{CArchive, Libc, Target};
use gocross_toolchain::{Env, run};

use crate::cargo_args::CargoArgs;
use crate::crt_static;
use crate::prepare::{Prepared, Tools};
use crate::selection::Selection;
use crate::verb::{Product, Verb};

/// Why a target has no shared objects with Go in them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Obstacle {
    /// Go's code is position-dependent.
    PositionDependent,
    /// The C library is linked statically. cargo leaves crate types out then, with a warning, and
    /// fails where none is left.
    Static,
}

/// Looks for a shared object that the call would link, with Go in it.
///
/// # Errors
///
/// [`Code::SharedObject`].
pub(crate) fn check(env: &Env, verb: Verb, args: &CargoArgs, prepared: &Prepared) -> Result<()> {
    let with_obstacle = |tools: &'_ Tools| Some((tools.target, obstacle(tools)?));
    let selection = Selection::read(&args.others);
    // `cargo install` without a path builds what lies in a registry.
    if verb.product() == Product::Nothing || (verb == Verb::Install && selection.path.is_none()) {
        return Ok(());
    }
    for (target, obstacle) in prepared.targets.iter().filter_map(with_obstacle) {
        // The workspace alone first, which takes cargo a few milliseconds.
        let ask = |more: &[&str]| metadata(env, prepared, &selection.resolution, more);
        let Some(members) = ask(&["--no-deps"]) else { return Ok(()) };
        if !members.packages.iter().any(has_shared) {
            continue;
        }
        let Some(all) = ask(&["--filter-platform", target.triple]) else { return Ok(()) };
        if let Some(found) = find(&all, verb, &selection, obstacle) {
            return Err(refusal(&found, target, obstacle));
        }
    }
    Ok(())
}

fn obstacle(tools: &Tools) -> Option<Obstacle> {
    let is_static = crt_static::of(tools.target, &tools.rustflags.flags);
    match tools.target.go.c_archive {
        _ if is_static && tools.target.libc == Libc::Musl => Some(Obstacle::Static),
        CArchive::ByOverlay => Some(Obstacle::PositionDependent),
        CArchive::ByGo => None,
    }
}

/// cargo's account of the workspace; none where it has none, which the build itself says better.
fn metadata(
    env: &Env,
    prepared: &Prepared,
    resolution: &[OsString],
    more: &[&str],
) -> Option<Metadata> {
    let line = ["metadata", "--format-version=1", "--color=never"];
    let words = line.iter().chain(more).map(OsString::from).chain(resolution.iter().cloned());
    let output = run(env, &prepared.toolchain.cargo, words, &[]).ok()?;
    MetadataCommand::parse(output.success.then_some(output.stdout)?).ok()
}

fn is_shared(kind: &CrateType) -> bool {
    matches!(kind, CrateType::CDyLib | CrateType::DyLib)
}

fn has_shared(package: &Package) -> bool {
    package.targets.iter().any(|target| target.crate_types.iter().any(is_shared))
}

/// A shared object that cannot be.
#[derive(Debug, PartialEq, Eq)]
struct Found {
    package: String,
    /// Its name, where it is an example.
    example: Option<String>,
    crate_type: String,
}

fn find(
    metadata: &Metadata,
    verb: Verb,
    selection: &Selection,
    obstacle: Obstacle,
) -> Option<Found> {
    let graph = Graph::new(metadata);
    let roots = selection.roots(metadata);
    let built = roots.iter().flat_map(|root| graph.linked_into(root)).collect::<BTreeSet<_>>();
    // Packages of the workspace: others are none that the user could change.
    let members = built.into_iter().filter(|id| metadata.workspace_members.contains(id));
    for id in members.filter(|id| graph.holds_go(id)) {
        let package = &metadata[id];
        let is_root = roots.contains(&id);
        let library = selection.library(verb, package, is_root);
        let examples = if is_root { selection.examples(verb, package) } else { Vec::new() };
        let examples = examples.iter().map(|target| (Some(&target.name), &target.crate_types));
        for (example, types) in std::iter::once((None, &library)).chain(examples) {
            let is_fatal = match obstacle {
                Obstacle::PositionDependent => types.iter().any(is_shared),
                Obstacle::Static => !types.is_empty() && types.iter().all(is_shared),
            };
            let shared = types.iter().find(|kind| is_shared(kind));
            if let (true, Some(kind)) = (is_fatal, shared) {
                return Some(Found {
                    package: package.name.to_string(),
                    example: example.cloned(),
                    crate_type: kind.to_string(),
                });
            }
        }
    }
    None
}

fn refusal(found: &Found, target: &Target, obstacle: Obstacle) -> Box<Diagnostic> {
    let Found { package, example, crate_type } = found;
    let triple = target.triple;
    let what = match example {
        Some(example) => format!("the example `{example}` of `{package}`"),
        None => format!("`{package}`"),
    };
    let message = format!("{what} cannot be a `{crate_type}` for `{triple}`: there is Go in it");
    let why = match obstacle {
        Obstacle::PositionDependent => format!(
            "Go's code for {} is position-dependent, and a shared object has to be \
             position-independent",
            target.go.platform()
        ),
        Obstacle::Static => "the C library is linked statically, and then rustc makes no shared \
             objects; with musl's loader Go cannot be loaded by `dlopen` (golang/go#48596)"
            .to_owned(),
    };
    let which =
        example.as_ref().map_or_else(|| "--lib".to_owned(), |name| format!("--example {name}"));
    Box::new(
        Diagnostic::error(Code::SharedObject, message)
            .detail(why)
            .detail(
                "instead: a static library, or a program that is started as a process of its own",
            )
            .hint(hint!(
                "cargo gocross rustc -p {package} {which} --crate-type staticlib --target {triple}"
            )),
    )
}

/// What cargo's resolution says, reduced to two questions.
struct Graph<'a> {
    normal: BTreeMap<&'a PackageId, Vec<&'a PackageId>>,
    with_go: BTreeSet<&'a PackageId>,
}

impl<'a> Graph<'a> {
    fn new(metadata: &'a Metadata) -> Self {
        let mut graph = Self { normal: BTreeMap::new(), with_go: BTreeSet::new() };
        let is_builder = |id: &PackageId| metadata[id].name.as_str() == "gocross-build";
        for node in metadata.resolve.iter().flat_map(|resolve| &resolve.nodes) {
            let of_kind = |kind: DependencyKind| {
                let deps = node.deps.iter();
                deps.filter(move |dep| dep.dep_kinds.iter().any(|info| info.kind == kind))
            };
            if of_kind(DependencyKind::Build).any(|dep| is_builder(&dep.pkg)) {
                graph.with_go.insert(&node.id);
            }
            let normal = of_kind(DependencyKind::Normal).map(|dep| &dep.pkg).collect();
            graph.normal.insert(&node.id, normal);
        }
        graph
    }

    /// Whether a package, or one that it depends on, makes a Go archive.
    fn holds_go(&self, package: &'a PackageId) -> bool {
        self.linked_into(package).iter().any(|id| self.with_go.contains(id))
    }

    /// The packages whose code goes into what `root` becomes, itself included.
    fn linked_into(&self, root: &'a PackageId) -> BTreeSet<&'a PackageId> {
        let mut seen = BTreeSet::from([root]);
        let mut queue = VecDeque::from([root]);
        while let Some(package) = queue.pop_front() {
            for dependency in self.normal.get(package).into_iter().flatten() {
                if seen.insert(dependency) {
                    queue.push_back(dependency);
                }
            }
        }
        seen
    }
}
