//! `floor/<triple>`: zig as the C compiler of each row with glibc, and no newer glibc than asked for.

use std::path::Path;

use gocross_elf::File;
use gocross_targets::{GlibcVersion, Libc, Target};
use gocross_tests::rows;
use gocross_tests::scenario::Scenario;
use gocross_tests::trial::{Result, Trouble, ensure, trial};
use gocross_tests::workshop::Workshop;
use libtest_mimic::Trial;

use crate::rows::program;

/// What `floor.toml` asks for: Kylin V10's.
const FLOOR: GlibcVersion = GlibcVersion { major: 2, minor: 28 };

pub(crate) fn trials(workshop: &'static Workshop) -> Result<Vec<Trial>> {
    let gnu = rows::under_test()?.into_iter().filter(|row| row.libc == Libc::Gnu);
    let to_trial = |target: &'static Target| {
        let name = format!("floor/{}", target.triple);
        trial(name.clone(), move || test(workshop, &name, target))
    };
    Ok(gnu.map(to_trial).collect())
}

fn test(workshop: &Workshop, name: &str, target: &'static Target) -> Result {
    let words = [("target", target.triple), ("goarch", target.go.arch)];
    let scenario = Scenario::read(&Workshop::package().join("floor.toml"))?;
    let sandbox = scenario.play(workshop, name, &words)?;
    newest_glibc(&program(&sandbox, target)?)
}

fn newest_glibc(program: &Path) -> Result {
    let bytes = fs_err::read(program)?;
    let file = File::read(&bytes).map_err(|error| Trouble::wrong(error.to_string()))?;
    let names = file.objects().flat_map(|(_, elf)| elf.versions.iter().map(|version| version.name));
    let versions = names.filter_map(|name| name.strip_prefix(b"GLIBC_"));
    let versions = versions.filter_map(|text| GlibcVersion::parse(std::str::from_utf8(text).ok()?));
    let newest = versions.max().ok_or_else(|| Trouble::wrong("no versions of glibc"))?;
    ensure(newest <= FLOOR, || format!("it asks for glibc {newest}, {FLOOR} was the floor"))
}
