//! `targets`: the table, and what of it this machine can do.

use gocross_config::Config;
use gocross_diagnostic::{Result, hint};
use gocross_targets::{CArchive, TARGETS, Target, Tier};
use gocross_toolchain::{Cache, Env, Memo, cc, qemu, rust};
use serde::Serialize;

use crate::cargo_config::CargoConfig;
use crate::cli::{Format, TargetsArgs};
use crate::{crt_static, std_profile, ui};

/// A row as it is printed; the names are stable.
#[derive(Debug, Serialize)]
struct Row {
    triple: &'static str,
    tier: &'static str,
    goos: &'static str,
    goarch: &'static str,
    libc: &'static str,
    /// "go", or "overlay" where Go itself makes no C archive.
    c_archive: &'static str,
    debian_packages: &'static [&'static str],
    /// What this machine has; none where it is missing.
    c_compiler: Option<String>,
    std: Option<String>,
    /// "none" where programs run as they are.
    emulator: Option<String>,
}

/// Prints the table. Tools are looked for and not tried out; `doctor` does that.
///
/// # Errors
///
/// No Rust, or a configuration that cannot be read.
pub(crate) fn run(env: &Env, args: &TargetsArgs) -> Result<u8> {
    let cache = Cache::of_user(env)?;
    let memo = Memo::new(&cache);
    let config = CargoConfig::read(env, &[])?;
    let in_use = rust::in_use(env, &memo, config.rustc(env).as_deref())?;
    let targets: Vec<&Target> = TARGETS.iter().collect();
    let std =
        rust::glance(env, &memo, &in_use, std_profile::of(env, &Config::default())?, &targets);
    let rows = TARGETS.iter().zip(std).map(|(target, std)| {
        let query = cc::Query {
            target,
            glibc: None,
            linker: None,
            native: target.triple == in_use.host,
            cache: Some(&cache),
            sysroot: None,
            on_step: &|_| (),
        };
        Row {
            triple: target.triple,
            tier: target.tier.as_str(),
            goos: target.go.os,
            goarch: target.go.arch,
            libc: target.libc.as_str(),
            c_archive: match target.go.c_archive {
                CArchive::ByGo => "go",
                CArchive::ByOverlay => "overlay",
            },
            debian_packages: target.packages(query.native),
            c_compiler: cc::glance(env, &query),
            std,
            emulator: emulator(env, target, &in_use.host),
        }
    });
    let rows: Vec<Row> = rows.collect();
    match args.format {
        Format::Json => ui::json(&rows),
        Format::Human => {
            ui::print(&human(&rows));
            if let Some(row) = incomplete(&rows) {
                ui::hint(&hint!("cargo gocross doctor --target {}", row.triple));
            }
        }
    }
    Ok(0)
}

fn emulator(env: &Env, target: &Target, host: &str) -> Option<String> {
    let is_static = crt_static::of(target, &[]);
    if !qemu::is_needed(env, target, gocross_targets::find(host), is_static) {
        return Some("none".to_owned());
    }
    let found = qemu::find(env, target, None, is_static).ok()?;
    Some(found.program.file_name()?.to_string_lossy().into_owned())
}

fn human(rows: &[Row]) -> String {
    let header = ["target", "Go", "C compiler", "Rust's std", "emulator", "tier"];
    let here = |found: &Option<String>| found.clone().unwrap_or_else(|| "missing".to_owned());
    let lines = rows.iter().map(|row| {
        [
            row.triple.to_owned(),
            format!("{}/{}", row.goos, row.goarch),
            here(&row.c_compiler),
            here(&row.std),
            here(&row.emulator),
            row.tier.to_owned(),
        ]
    });
    ui::table(std::iter::once(header.map(str::to_owned)).chain(lines))
}

/// A row that cannot be built and run here, if there is one. Of one that nobody runs, nothing is
/// missing where the emulator is.
fn incomplete(rows: &[Row]) -> Option<&Row> {
    let runs = |row: &Row| row.emulator.is_some() || row.tier == Tier::BuiltOnly.as_str();
    rows.iter().find(|row| row.c_compiler.is_none() || row.std.is_none() || !runs(row))
}
