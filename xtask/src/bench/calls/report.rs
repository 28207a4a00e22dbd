//! The tables.

use super::instructions::Counts;
use super::programs::Programs;
use super::series::Measured;
use super::starts::STARTS;
use crate::command::Cmd;
use crate::failure::Result;
use crate::ui;

/// A way of calling, and what it is compared with.
pub(super) struct Call {
    pub(super) name: &'static str,
    what: &'static str,
    pub(super) against: &'static str,
    /// Whether the two differ in `gocross`'s types alone.
    pub(super) is_ours: bool,
    /// Whether instructions are counted: not where threads that wait for each other share the work.
    pub(super) is_counted: bool,
}

impl Call {
    const fn new(name: &'static str, what: &'static str, against: &'static str) -> Self {
        Self { name, what, against, is_ours: false, is_counted: true }
    }

    const fn ours(name: &'static str, what: &'static str, against: &'static str) -> Self {
        Self { name, what, against, is_ours: true, is_counted: true }
    }

    const fn uncounted(name: &'static str, what: &'static str, against: &'static str) -> Self {
        Self { name, what, against, is_ours: false, is_counted: false }
    }

    pub(super) fn is_rust2go(&self) -> bool {
        self.name.starts_with("rust2go")
    }
}

/// A call of a batch of 64.
pub(super) const BATCH: &str = "batch";
/// The plain call.
pub(super) const PLAIN: &str = "add";
/// A call by a future, and that of rust2go.
pub(super) const ASYNC: &str = "async";
pub(super) const RUST2GO_ASYNC: &str = "rust2go-async";

/// All ways of calling.
pub(super) const CALLS: &[Call] = &[
    Call::new("add", "`Add(a, b int32) int32`", "add"),
    Call::new("int-raw", "`AddInt(a, b int) int`", "add"),
    Call::ours("int", "with `int`, `len`", "int-raw"),
    Call::new("string-raw", "a string of 32 bytes in", "add"),
    Call::ours("string", "with `str`", "string-raw"),
    Call::new("bytes-raw", "4 KiB in", "add"),
    Call::ours("bytes", "with `bytes`", "bytes-raw"),
    Call::new("fill-raw", "4 KiB out, copied into Rust's memory", "add"),
    Call::ours("fill", "with `bytes_mut`", "fill-raw"),
    Call::new("page-raw", "4 KiB out by `C.CBytes` and `free`", "add"),
    Call::ours("page", "with `OwnedCBytes`", "page-raw"),
    Call::new("rust2go-sync", "`Add` by rust2go", "add"),
    Call::uncounted(RUST2GO_ASYNC, "`Add` by rust2go, async", "add"),
    Call::uncounted("spawn_blocking", "`Add` by tokio's `spawn_blocking`", "add"),
    Call::new(BATCH, "`Add`, 64 in one `Batch::run`", "add"),
    Call::uncounted("batch-await", "`Add`, 64 in one `Batch::submit().await`", "add"),
    Call::uncounted(ASYNC, "`Add` by `.await`, one after the other", RUST2GO_ASYNC),
    Call::uncounted("rust2go-rare", "`Add` by rust2go, async, 1 ms after the last", "add"),
    Call::uncounted("async-rare", "`Add` by `.await`, 1 ms after the last", "rust2go-rare"),
];

/// Loads of an asynchronous runtime.
const TICKS: &[(&str, &str)] = &[
    ("tick-idle", "none"),
    ("tick-wait-direct", "Go waits for 1 ms, called by tasks"),
    ("tick-wait-spawn_blocking", "Go waits for 1 ms, by `spawn_blocking`"),
    ("tick-compute-direct", "Go computes for 1 ms, called by tasks"),
    ("tick-compute-spawn_blocking", "Go computes for 1 ms, by `spawn_blocking`"),
];

/// What gocross puts into a program.
const OWN: &str = "gocross_";

/// The lines of all tables.
pub(super) fn lines(
    measured: &Measured,
    counts: &Counts,
    programs: &Programs,
    rounds: u32,
) -> Result<Vec<String>> {
    let tables = [
        machine(rounds)?,
        calls(measured, counts)?,
        functions(counts),
        first_calls(measured)?,
        threads(measured)?,
        ticks(measured)?,
        starts(measured, counts, programs)?,
    ];
    let told: Vec<_> = tables.into_iter().filter(|table| !table.is_empty()).collect();
    Ok(told.join(&String::new()))
}

/// What the figures depend on.
fn machine(rounds: u32) -> Result<Vec<String>> {
    let cpus = fs_err::read_to_string("/proc/cpuinfo")?;
    let model = cpus.lines().find_map(|line| line.strip_prefix("model name")).unwrap_or_default();
    let model = model.trim_start_matches(['\t', ' ', ':']);
    let count = std::thread::available_parallelism()?;
    let go = Cmd::new("go").arg("version").read()?;
    let rustc = Cmd::new("rustc").arg("--version").read()?;
    let load = fs_err::read_to_string("/proc/loadavg")?;
    let load: Vec<&str> = load.split(' ').take(3).collect();
    Ok(vec![
        format!("{model}, {count} CPUs, load {}", load.join(" ")),
        format!("{}, {}, {rounds} rounds", go.trim(), rustc.trim()),
    ])
}

fn table(title: &str, head: &[&str], rows: Vec<Vec<String>>) -> Vec<String> {
    let head = head.iter().map(|&word| word.to_owned()).collect();
    let all: Vec<_> = std::iter::once(head).chain(rows).collect();
    std::iter::once(title.to_owned()).chain(ui::columns(&all)).collect()
}

fn calls(measured: &Measured, counts: &Counts) -> Result<Vec<String>> {
    let mut rows = Vec::new();
    for row in CALLS {
        let series = measured.get(row.name)?;
        let count = counts.calls.get(row.name);
        rows.push(vec![
            row.name.to_owned(),
            row.what.to_owned(),
            format!("{:.1}", series.median()),
            format!("{:.1}", series.min()),
            format!("{:.3} {}", measured.ratio(row.name, row.against)?, row.against),
            count.map_or_else(|| "-".to_owned(), |count| format!("{count:.0}")),
        ]);
    }
    let head = ["name", "call", "median ns", "min ns", "times as long as", "instructions"];
    Ok(table("one call", &head, rows))
}

/// Nothing where nothing was counted.
fn functions(counts: &Counts) -> Vec<String> {
    if counts.functions.is_empty() {
        return Vec::new();
    }
    let all: f64 = counts.functions.iter().map(|(_, each)| each).sum();
    let own = counts.functions.iter().filter(|(name, _)| name.starts_with(OWN));
    let own: f64 = own.map(|(_, each)| each).sum();
    let row = |(name, each): &(String, f64)| vec![name.clone(), format!("{each:.1}")];
    let mut rows: Vec<_> = counts.functions.iter().map(row).collect();
    rows.push(vec!["all".to_owned(), format!("{all:.1}")]);
    rows.push(vec!["of these gocross's".to_owned(), format!("{own:.1}")]);
    table("one call of `Add`, by function", &["function", "instructions"], rows)
}

fn first_calls(measured: &Measured) -> Result<Vec<String>> {
    let (with, without) = (measured.get("thread-add")?, measured.get("thread")?);
    let micros = |what: &str, median: f64, min: f64| {
        vec![what.to_owned(), format!("{:.2}", median / 1e3), format!("{:.2}", min / 1e3)]
    };
    let rows = vec![
        micros("start and join", without.median(), without.min()),
        micros("start, call and join", with.median(), with.min()),
        micros("difference", with.median() - without.median(), with.min() - without.min()),
    ];
    Ok(table("a thread's first call", &["thread", "median us", "min us"], rows))
}

fn threads(measured: &Measured) -> Result<Vec<String>> {
    let mut rows = Vec::new();
    for threads in ["1", "2", "4", "8"] {
        let series = measured.get(&format!("threads-{threads}"))?;
        let row = [1e3 / series.median(), 1e3 / series.min()].map(|speed| format!("{speed:.1}"));
        rows.push(std::iter::once(threads.to_owned()).chain(row).collect());
    }
    let head = ["threads", "median", "best"];
    Ok(table("millions of calls of `Add` a second, all threads together", &head, rows))
}

fn ticks(measured: &Measured) -> Result<Vec<String>> {
    let mut rows = Vec::new();
    for (name, what) in TICKS {
        let series = measured.get(name)?;
        let millis = [series.median(), series.most()].map(|late| format!("{:.2}", late / 1e6));
        rows.push(std::iter::once((*what).to_owned()).chain(millis).collect());
    }
    let title = "how late a timer of 5 ms is: tokio with 2 workers, 4 other tasks";
    Ok(table(title, &["the other tasks", "median ms", "99 % ms"], rows))
}

fn starts(measured: &Measured, counts: &Counts, programs: &Programs) -> Result<Vec<String>> {
    let mut rows = Vec::new();
    for (kind, start) in STARTS.iter().zip(&programs.starts) {
        let series = measured.get(kind.name)?;
        let count = counts.starts.get(kind.name);
        rows.push(vec![
            kind.name.to_owned(),
            kind.what.to_owned(),
            format!("{:.0}", series.median() / 1e3),
            format!("{:.0}", series.min() / 1e3),
            format!("{:.3} {}", measured.ratio(kind.name, kind.against)?, kind.against),
            count.map_or_else(|| "-".to_owned(), |count| format!("{:.0}", *count as f64 / 1e3)),
            format!("{:.2}", fs_err::metadata(&start.program)?.len() as f64 / 1e6),
        ]);
    }
    let head = [
        "name",
        "program",
        "median us",
        "min us",
        "times as long as",
        "thousand instructions",
        "MB",
    ];
    Ok(table("a process, from its start to its end", &head, rows))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_call_is_compared_with_one_of_the_table() {
        for row in CALLS {
            assert!(CALLS.iter().any(|other| other.name == row.against), "{}", row.name);
        }
    }
}
