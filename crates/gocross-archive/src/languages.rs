//! The tools that only some packages need: compilers of C++ and Fortran, and pkg-config.

use gocross_diagnostic::{Diagnostic, Result};
use gocross_toolchain::cc::{self, Cxx, Fortran};
use gocross_toolchain::{Env, Memo, pkg_config};

use crate::Request;
use crate::list::Package;

/// What was found of them; none where no package needs it.
#[derive(Debug, Default)]
pub(crate) struct Languages {
    /// The compiler of C++, in which Go would link a program with C++ in it.
    pub(crate) cxx: Option<Cxx>,
    fortran: Option<Fortran>,
    pkg_config: Vec<(String, String)>,
}

/// Finds and proves what the packages need.
///
/// # Errors
///
/// The `cxx-*` and `fc-*` codes of [`gocross_diagnostic::Code`].
pub(crate) fn find(env: &Env, request: &Request<'_>, packages: &[Package]) -> Result<Languages> {
    let memo = Memo::none();
    let mut languages = Languages::default();
    if let Some(package) = packages.iter().find(|package| package.has_cxx()) {
        let cxx = cc::cxx(env, &memo, request.query, request.cc);
        languages.cxx = Some(cxx.map_err(|error| needed_by(error, package, "C++"))?);
    }
    if let Some(package) = packages.iter().find(|package| !package.f_files.is_empty()) {
        let fortran = cc::fortran(env, &memo, request.query, request.cc);
        languages.fortran = Some(fortran.map_err(|error| needed_by(error, package, "Fortran"))?);
    }
    if packages.iter().any(|package| !package.cgo_pkg_config.is_empty()) {
        let query = pkg_config::Query {
            target: request.target,
            native: request.query.native,
            cc: request.cc,
            links_static: request.links_statically,
            cache: request.query.cache,
        };
        languages.pkg_config = pkg_config::find(env, &query).variables;
    }
    Ok(languages)
}

fn needed_by(error: Box<Diagnostic>, package: &Package, language: &str) -> Box<Diagnostic> {
    needed(error, &format!("`{}` has {language} sources", package.import_path))
}

/// A diagnostic of a search, with the reason for it.
pub(crate) fn needed(mut error: Box<Diagnostic>, why: &str) -> Box<Diagnostic> {
    error.details.insert(0, why.to_owned());
    error
}

impl Languages {
    /// The variables by which Go is told.
    pub(crate) fn variables(&self) -> Vec<(String, String)> {
        // What Go cannot be told is left at the word that no program has for a name.
        let named = |name: &str, words: &[String]| Some((name.to_owned(), cc::go_line(words)?));
        let cxx = self.cxx.iter().filter_map(|cxx| named("CXX", &cxx.command));
        let fortran = self.fortran.iter().filter_map(|fc| named("FC", &fc.command));
        cxx.chain(fortran).chain(self.pkg_config.iter().cloned()).collect()
    }
}
