//! `doctor --signals`: which crates of a program install signal handlers, and what becomes of their
//! handlers in a program with Go in it.
//!
//! cargo tells what is linked (`graph`, `package`); the sources are read as words (`token`), as far
//! as they are compiled (`condition`, `attribute`, `rust`, `scan`), for calls of known functions
//! (`function`). What becomes of a handler is a table (`owner`). Whether a call is ever reached is
//! not known.

mod attribute;
mod c;
mod condition;
mod function;
mod graph;
mod imports;
mod known;
mod owner;
mod package;
mod rust;
mod scan;
mod tell;
#[cfg(test)]
mod tests;
mod token;

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::str::FromStr;

use cargo_platform::Cfg;
use gocross_diagnostic::Result;
use gocross_targets::Target;
use serde::Serialize;

use crate::cli_config;
use crate::project::Cargo;
use crate::selection::Selection;
use condition::World;
use function::{Installs, Way};
use owner::Fate;
use package::Package;

pub(crate) use tell::human;

/// What was found for one target; the names are stable.
#[derive(Debug, Serialize)]
pub(crate) struct Report {
    target: &'static str,
    crates: Vec<Crate>,
    /// Handlers that nobody can see in the sources of these packages.
    unseen: Vec<&'static str>,
}

/// A crate that installs handlers.
#[derive(Debug, Serialize)]
struct Crate {
    name: String,
    version: String,
    /// What it uses signals for, where it is well known.
    about: Option<&'static str>,
    /// Whether it hands on the calls of others, and installs nothing by itself.
    is_wrapper: bool,
    /// Over which packages it comes into the program, from one that is built to itself.
    path: Vec<String>,
    calls: Vec<Call>,
    handlers: Vec<Fate>,
}

/// A call that installs a handler, or sets what else is done with a signal.
#[derive(Debug, Serialize)]
struct Call {
    /// From the package's directory on.
    file: PathBuf,
    line: u32,
    function: String,
    way: Way,
    installs: Installs,
    /// None where they are chosen at run time.
    signals: Vec<&'static str>,
    /// Conditions that may or may not hold.
    conditions: Vec<String>,
}

const OF_HOST: &str = "handlers of the process that loads or links the library";

/// Reads the sources of all that `selection` links for a target. `release` is Rust's version.
///
/// # Errors
///
/// [`gocross_diagnostic::Code::Dependencies`]; those of starting cargo and of reading files.
pub(crate) fn report(
    cargo: &Cargo<'_>,
    selection: &Selection,
    target: &'static Target,
    release: &str,
) -> Result<Report> {
    let packages = package::linked(cargo, selection, target.triple)?;
    let mut crates = vec![standard_library(release)];
    for package in &packages {
        crates.extend(of_package(package, target)?);
    }
    let is_for_others = packages.iter().any(|package| package.is_for_others);
    let unseen = is_for_others.then_some(OF_HOST).into_iter().collect();
    Ok(Report { target: target.triple, crates, unseen })
}

/// std's own handlers, which are the same for all programs.
fn standard_library(release: &str) -> Crate {
    let mut handlers = owner::fates(Way::CLibrary, Installs::Handler, &["SIGBUS", "SIGSEGV"]);
    handlers.extend(owner::fates(Way::CLibrary, Installs::Ignore, &["SIGPIPE"]));
    Crate {
        name: "std".to_owned(),
        version: release.to_owned(),
        about: Some(known::STD),
        is_wrapper: false,
        path: Vec::new(),
        calls: Vec::new(),
        handlers,
    }
}

/// What a package installs; none where it installs nothing.
fn of_package(package: &Package, target: &Target) -> Result<Option<Crate>> {
    let world = World { target: cfgs(target), features: package.node.features.clone() };
    let sources = package.sources()?;
    let calls: Vec<Call> = scan::calls(&sources, &package.roots, &world)
        .into_iter()
        .map(|call| Call {
            file: call.file.strip_prefix(&package.directory).unwrap_or(&call.file).to_owned(),
            line: call.line,
            function: call.found.function,
            way: call.found.way,
            installs: call.found.installs,
            signals: call.found.signals,
            conditions: call.conditions,
        })
        .collect();
    if calls.is_empty() {
        return Ok(None);
    }
    let (name, version) = package.node.key.clone();
    let about = known::about(&name);
    let is_wrapper = known::is_wrapper(&name);
    let handlers = if is_wrapper { Vec::new() } else { handlers(&calls) };
    let path = package.node.path.clone();
    Ok(Some(Crate { name, version, about, is_wrapper, path, calls, handlers }))
}

/// What rustc says of a target; its vendor is a part of the triple.
fn cfgs(target: &Target) -> Vec<Cfg> {
    let vendor = target.triple.split('-').nth(1).unwrap_or_default();
    let vendor = Cfg::from_str(&format!("target_vendor = {vendor:?}")).ok();
    cli_config::cfgs(target).into_iter().chain(vendor).collect()
}

/// What becomes of all that these calls install.
fn handlers(calls: &[Call]) -> Vec<Fate> {
    let kinds: BTreeSet<_> =
        calls.iter().map(|call| (call.way == Way::SystemCall, call.installs)).collect();
    let mut fates = Vec::new();
    for (by_system_call, installs) in kinds {
        let same = calls.iter().filter(|call| {
            (call.way == Way::SystemCall, call.installs) == (by_system_call, installs)
        });
        let (chosen, named): (Vec<_>, Vec<_>) = same.partition(|call| call.signals.is_empty());
        let way = if by_system_call { Way::SystemCall } else { Way::CLibrary };
        let signals = named.iter().flat_map(|call| call.signals.iter().copied()).collect();
        let signals = owner::in_order(signals);
        if !signals.is_empty() {
            fates.extend(owner::fates(way, installs, &signals));
        }
        if !chosen.is_empty() {
            fates.extend(owner::fates(way, installs, &[]));
        }
    }
    // `SIG_IGN` and `SIG_DFL` have the same one.
    let mut told: Vec<Fate> = Vec::new();
    for fate in fates {
        if !told.contains(&fate) {
            told.push(fate);
        }
    }
    told
}
