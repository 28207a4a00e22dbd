//! Refuses two Go archives in one program, before a linker does it with pages of noise.
//!
//! A process can hold one Go runtime. Linking two archives ends in `multiple definition
//! of _cgo_panic`, and forcing it through (`-z muldefs`) in a crash.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use cargo_metadata::{DependencyKind, Metadata, PackageId};
use gocross_diagnostic::{Code, Diagnostic, Result};

use crate::workspace::Workspace;

/// Looks for programs of this workspace that would hold this package's archive and another's.
///
/// # Errors
///
/// [`Code::TwoGoArchives`].
pub(crate) fn check(workspace: &Workspace) -> Result<()> {
    let (metadata, own) = (&workspace.metadata, workspace.own());
    let graph = Graph::new(metadata);
    for root in &metadata.workspace_members {
        let linked = graph.linked_into(root);
        if !linked.contains(&own.id) {
            continue;
        }
        let others: Vec<_> =
            linked.into_iter().filter(|id| *id != &own.id && graph.has_go(id)).collect();
        if let Some(other) = others.first() {
            return Err(two_archives(metadata, &own.id, other, root));
        }
    }
    Ok(())
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

    /// Whether the package's build script makes a Go archive.
    fn has_go(&self, package: &PackageId) -> bool {
        self.with_go.contains(package)
    }

    /// The packages whose code goes into a program of `root`, itself included.
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

fn two_archives(
    metadata: &Metadata,
    own: &PackageId,
    other: &PackageId,
    root: &PackageId,
) -> Box<Diagnostic> {
    let name = |id: &PackageId| metadata[id].name.to_string();
    let (own, other, root) = (name(own), name(other), name(root));
    let message = format!("`{root}` would hold two Go archives, of `{own}` and of `{other}`");
    Box::new(
        Diagnostic::error(Code::TwoGoArchives, message)
            .detail("a process can hold one Go runtime, and each archive brings one")
            .help(
                "merge them: one `package main` that imports both Go packages, built by one crate",
            )
            .help("or call one of the two as a program of its own"),
    )
}
