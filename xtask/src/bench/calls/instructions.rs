//! How many instructions a call takes, in which functions, and a start: counted under QEMU.

use std::collections::{BTreeMap, BTreeSet};
use std::env::consts::ARCH;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

use gocross_elf::{Elf, Segment};
use gocross_targets::TARGETS;
use gocross_toolchain::qemu::{self, Emulator};
use gocross_toolchain::{Cache, Env};

use super::programs::Programs;
use super::report::CALLS;
use crate::bench::counted::{self, Counted};
use crate::command::Cmd;
use crate::failure::{Failure, Result};
use crate::{plugin, ui};

/// Calls in a short run and in a long one. So many more that what Go's own threads do meanwhile
/// does not count.
const SHORT: u64 = 1000;
const LONG: u64 = 101_000;
/// The call whose functions are told.
const CALL: &str = "add";
/// A function with fewer instructions a call belongs to Go's own threads.
const FEWEST: f64 = 1.0;

/// What was counted.
#[derive(Debug, Default)]
pub(super) struct Counts {
    /// By name, for one call.
    pub(super) calls: BTreeMap<&'static str, f64>,
    /// By name, for a whole process.
    pub(super) starts: BTreeMap<&'static str, u64>,
    /// The functions of one call of `add`, most instructions first.
    pub(super) functions: Vec<(String, f64)>,
}

/// Counts, where there is a QEMU for this machine's own programs; else says so and counts nothing.
pub(super) fn count(programs: &Programs) -> Result<Counts> {
    let mut counts = Counts::default();
    let Some(emulator) = emulator()? else {
        ui::note(format!("not counted: no QEMU for {ARCH} that takes our plugin"));
        return Ok(counts);
    };
    let counter = Counter { emulator, plugin: plugin::build()? };
    for row in CALLS.iter().filter(|row| row.is_counted) {
        let program = if row.is_rust2go() { &programs.rust2go } else { &programs.calls };
        let run = |calls: u64| counter.run(program, &["repeat", row.name, &calls.to_string()], "");
        let more = run(LONG)?.instructions.saturating_sub(run(SHORT)?.instructions);
        counts.calls.insert(row.name, more as f64 / (LONG - SHORT) as f64);
    }
    for start in &programs.starts {
        let counted = counter.run(&start.program, start.args(), "")?;
        counts.starts.insert(start.name, counted.instructions);
    }
    counts.functions = counter.functions(&programs.calls)?;
    Ok(counts)
}

fn emulator() -> Result<Option<Emulator>> {
    let env = Env::of_process()?;
    let cache = Cache::of_user(&env)?;
    let own = format!("{ARCH}-unknown-linux-gnu");
    let Some(row) = TARGETS.iter().find(|row| row.triple == own) else { return Ok(None) };
    let (all, _) = qemu::of_program(&env, &cache, row.qemu.program);
    Ok(all.into_iter().find(|emulator| emulator.plugins))
}

struct Counter {
    emulator: Emulator,
    plugin: PathBuf,
}

impl Counter {
    fn run(&self, program: &Path, words: &[&str], more: &str) -> Result<Counted> {
        let words = words.iter().map(OsString::from);
        let words: Vec<_> = std::iter::once(program.into()).chain(words).collect();
        counted::run(Cmd::new(&self.emulator.program), &self.plugin, more, &words)
    }

    /// The instructions of one call of `add`, by function. With each byte of a function as a site:
    /// those at which no instruction begins are never met.
    fn functions(&self, program: &Path) -> Result<Vec<(String, f64)>> {
        let bytes = fs_err::read(program)?;
        let elf = Elf::read(&bytes).map_err(|error| Failure::new(error.to_string()))?;
        let functions = Functions::of(&elf);
        let sites = tempfile::NamedTempFile::new()?;
        fs_err::write(sites.path(), functions.sites())?;
        let more = format!(",sites={},base={:x}", sites.path().display(), base(&elf));
        let run = |calls: u64| -> Result<BTreeMap<&str, u64>> {
            let words = ["repeat", CALL, &calls.to_string()];
            Ok(functions.by_name(&self.run(program, &words, &more)?.sites))
        };
        let (short, long) = (run(SHORT)?, run(LONG)?);
        let each = |(name, runs): (&&str, &u64)| {
            let before = short.get(name).copied().unwrap_or_default();
            (
                format!("{:#}", rustc_demangle::demangle(name)),
                runs.saturating_sub(before) as f64 / (LONG - SHORT) as f64,
            )
        };
        let mut all: Vec<_> = long.iter().map(each).filter(|(_, each)| *each >= FEWEST).collect();
        all.sort_by(|a, b| b.1.total_cmp(&a.1));
        Ok(all)
    }
}

/// The lowest address of the executable segments.
fn base(elf: &Elf<'_>) -> u64 {
    let is_code = |segment: &&Segment| segment.kind == Segment::LOAD && segment.executable();
    elf.segments.iter().filter(is_code).map(|segment| segment.address).min().unwrap_or_default()
}

/// The functions of a program: where each begins and ends, and its name.
struct Functions<'data>(BTreeMap<u64, (u64, &'data str)>);

impl<'data> Functions<'data> {
    fn of(elf: &Elf<'data>) -> Self {
        let functions = elf.symbols.iter().filter(|symbol| symbol.is_function());
        let named = functions.filter_map(|symbol| {
            let name = std::str::from_utf8(symbol.name()).ok()?;
            (symbol.size > 0).then_some((symbol.value, (symbol.value + symbol.size, name)))
        });
        Self(named.collect())
    }

    fn sites(&self) -> String {
        let all: BTreeSet<u64> = self.0.iter().flat_map(|(start, (end, _))| *start..*end).collect();
        all.iter().map(|address| format!("{address:x}\n")).collect()
    }

    fn by_name(&self, sites: &[(u64, u64)]) -> BTreeMap<&'data str, u64> {
        let mut runs = BTreeMap::new();
        for (address, count) in sites {
            if let Some((_, (_, name))) = self.0.range(..=address).next_back() {
                *runs.entry(*name).or_default() += count;
            }
        }
        runs
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sites_belong_to_the_function_before_them() {
        let functions = Functions(BTreeMap::from([(16, (18, "a")), (32, (35, "b"))]));
        assert_eq!(functions.sites(), "10\n11\n20\n21\n22\n");
        let runs = functions.by_name(&[(16, 5), (17, 5), (34, 7)]);
        assert_eq!(runs, BTreeMap::from([("a", 10), ("b", 7)]));
    }
}
