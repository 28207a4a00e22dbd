//! `targets`: the table.

use gocross_diagnostic::Result;
use gocross_targets::{TARGETS, Target};
use serde::Serialize;

use crate::cli::{Format, TargetsArgs};
use crate::ui;

/// A row as it is printed; the names are stable.
#[derive(Debug, Serialize)]
struct Row {
    triple: &'static str,
    tier: &'static str,
    goos: &'static str,
    goarch: &'static str,
    libc: &'static str,
    cc: String,
    qemu: &'static str,
    debian_packages: &'static [&'static str],
}

impl From<&Target> for Row {
    fn from(target: &Target) -> Self {
        Self {
            triple: target.triple,
            tier: target.tier.as_str(),
            goos: target.go.os,
            goarch: target.go.arch,
            libc: target.libc.as_str(),
            cc: format!("{}-gcc", target.gnu_prefix),
            qemu: target.qemu.program,
            debian_packages: target.debian_packages,
        }
    }
}

/// Prints the table.
///
/// # Errors
///
/// None; the signature is that of all verbs.
pub(crate) fn run(args: &TargetsArgs) -> Result<u8> {
    let rows: Vec<Row> = TARGETS.iter().map(Row::from).collect();
    match args.format {
        Format::Json => ui::print(&serde_json::to_string_pretty(&rows).unwrap_or_default()),
        Format::Human => {
            let header = ["target", "Go", "C compiler", "emulator", "tier"].map(str::to_owned);
            let lines = rows.iter().map(|row| {
                [
                    row.triple.to_owned(),
                    format!("{}/{}", row.goos, row.goarch),
                    row.cc.clone(),
                    row.qemu.to_owned(),
                    row.tier.to_owned(),
                ]
            });
            ui::print(&ui::table(std::iter::once(header).chain(lines)));
        }
    }
    Ok(0)
}
