//! The words for the linker, in the order in which Go's own linker gets them.
//!
//! Go's linker reads the objects of packages breadth-first, beginning with the main package
//! (`cmd/link/internal/ld/lib.go`, `loadlib`), and appends the words of each as it finds them
//! (`go.go`, `cgo_ldflag`). Those of one package are the environment's, the `#cgo LDFLAGS`
//! and pkg-config's, in this order (`cmd/go/internal/work/exec.go`, `runCgo`).

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use gocross_diagnostic::Result;
use gocross_toolchain::Env;

use super::origin::Origin;
use super::pkg_config;
use crate::list::Package;
use crate::{Request, environment, quoted};

/// A word, and who asks for it.
#[derive(Debug, Clone)]
pub(crate) struct Word<'a> {
    pub(crate) text: String,
    pub(crate) origin: Origin<'a>,
}

/// Gathers the words of all packages.
///
/// # Errors
///
/// Those of [`pkg_config::libs`].
pub(crate) fn of_packages<'a>(
    env: &Env,
    request: &Request<'_>,
    variables: &[(String, String)],
    packages: &'a [Package],
) -> Result<Vec<Word<'a>>> {
    let mut words = Vec::new();
    let value = |name: &str| environment::value(env, variables, name).unwrap_or_default();
    let environment = quoted::split(&value("CGO_LDFLAGS"));
    for package in breadth_first(packages) {
        if !package.uses_cgo() || package.standard {
            continue;
        }
        let mut add = |origin: Origin<'a>, texts: &[String]| {
            words.extend(texts.iter().cloned().map(|text| Word { text, origin: origin.clone() }));
        };
        add(Origin::Environment, &environment);
        add(Origin::LdFlags(package), &package.cgo_ldflags);
        if !package.cgo_pkg_config.is_empty() {
            let libraries = pkg_config::libs(env, request, variables, package)?;
            add(Origin::PkgConfig(package), &libraries);
        }
        let implied = |files: &[String], word: &str| match files {
            [] => Vec::new(),
            _ => vec![word.to_owned()],
        };
        add(Origin::Language(package, "Objective-C"), &implied(&package.m_files, "-lobjc"));
        // Go adds it where `FC` is a gfortran or not set.
        let fc = value("FC");
        if fc.is_empty() || fc.contains("gfortran") {
            add(Origin::Language(package, "Fortran"), &implied(&package.f_files, "-lgfortran"));
        }
    }
    Ok(words)
}

/// The packages in the order in which Go's linker reads them: the main package first, then what
/// each imports.
fn breadth_first(packages: &[Package]) -> Vec<&Package> {
    let by_path: BTreeMap<&str, &Package> =
        packages.iter().map(|package| (package.import_path.as_str(), package)).collect();
    let Some(main) = packages.iter().rev().find(|package| !package.dep_only) else {
        return Vec::new();
    };
    let mut seen = BTreeSet::from([main.import_path.as_str()]);
    let mut queue = VecDeque::from([main]);
    let mut order = Vec::new();
    while let Some(package) = queue.pop_front() {
        order.push(package);
        for name in &package.imports {
            // A vendored package is imported by another name than its own.
            let path = package.import_map.get(name).unwrap_or(name);
            if let Some(import) = by_path.get(path.as_str())
                && seen.insert(&import.import_path)
            {
                queue.push_back(import);
            }
        }
    }
    order
}

#[cfg(test)]
mod tests {
    use super::*;

    fn package(path: &str, imports: &[&str]) -> Package {
        Package {
            import_path: path.to_owned(),
            imports: imports.iter().map(|&name| name.to_owned()).collect(),
            dep_only: path != "main",
            ..Package::default()
        }
    }

    #[test]
    fn packages_come_level_by_level_and_each_once() {
        // `go list -deps` has what is imported first.
        let packages = [
            package("d", &[]),
            package("b", &["d"]),
            package("vendor/c", &["d", "b"]),
            Package {
                import_map: BTreeMap::from([("c".to_owned(), "vendor/c".to_owned())]),
                ..package("main", &["C", "b", "c"])
            },
        ];
        let order: Vec<_> =
            breadth_first(&packages).into_iter().map(|package| &package.import_path).collect();
        assert_eq!(order, ["main", "b", "vendor/c", "d"]);
    }
}
