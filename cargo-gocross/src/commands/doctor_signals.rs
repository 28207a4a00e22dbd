//! `doctor --signals`: who installs signal handlers, and what becomes of them.

use gocross_diagnostic::Result;
use gocross_toolchain::{Cache, Env, Memo, rust};

use crate::cargo_config::CargoConfig;
use crate::cli::{DoctorArgs, Format};
use crate::project::Cargo;
use crate::selection::Selection;
use crate::{metadata, signals, targets, ui};

/// Reads the sources of what would be linked; builds nothing.
///
/// # Errors
///
/// An unknown target, no Rust at all, packages that cargo cannot tell or whose sources are missing.
pub(super) fn run(env: &Env, args: &DoctorArgs) -> Result<u8> {
    metadata::checked(env, None)?;
    let cache = Cache::of_user(env)?;
    let config = CargoConfig::read(env, &[])?;
    let in_use = rust::in_use(env, &Memo::new(&cache), config.rustc(env).as_deref())?;
    let mut words = if args.target.is_empty() { config.targets() } else { args.target.clone() };
    if words.is_empty() {
        words.push(in_use.host.clone());
    }
    let cargo = Cargo::find(env)?;
    let selection = Selection::read(&args.cargo_args);
    let mut reports = Vec::new();
    for spec in targets::specs(&words, &in_use.host)? {
        reports.push(signals::report(&cargo, &selection, spec.target, &in_use.release)?);
    }
    match args.format {
        Format::Json => ui::json(&reports),
        Format::Human => ui::print(&signals::human(&reports)),
    }
    Ok(0)
}
