//! Whether a package can become an archive at all, told before Go is asked to build it.

use gocross_diagnostic::{Code, Diagnostic, Result};

use crate::Request;
use crate::list::Package;

/// The package asked for, among all that were listed.
///
/// # Errors
///
/// [`Code::GoPackage`], [`Code::GoNotMain`].
pub(crate) fn check<'a>(request: &Request<'_>, packages: &'a [Package]) -> Result<&'a Package> {
    let folder = request.package.display();
    let package = packages.iter().rev().find(|package| !package.dep_only);
    let Some(package) = package else {
        return Err(Box::new(Diagnostic::error(
            Code::GoPackage,
            format!("there is no Go package in `{folder}`"),
        )));
    };
    if package.name.is_empty() {
        let message = format!("there is no Go package in `{folder}`");
        let words = package.error.as_ref().map_or("", |error| error.err.as_str());
        return Err(Box::new(Diagnostic::error(Code::GoPackage, message).detail(words)));
    }
    if package.name != "main" {
        let message = format!("the Go package in `{folder}` is `package {}`", package.name);
        return Err(Box::new(
            Diagnostic::error(Code::GoNotMain, message)
                .detail("Go makes a C archive of `package main` only")
                .help("name the package `main` and give it an empty `func main() {}`, or add a folder with a `package main` that imports it"),
        ));
    }
    Ok(package)
}
