//! `sm4 bench`: how fast each path is on this CPU.

use std::hint::black_box;
use std::io::Write;
use std::time::{Duration, Instant};

use crate::cipher::{self, Key};
use crate::cli::{Failure, Side};
use crate::modes::{self, Gcm, TAG};
use crate::report::{self, Chosen};
use crate::{ctr, gmsm};
use clap::{Args, ValueEnum};
use gocross::cpu;

/// What to measure.
#[derive(Args)]
pub(crate) struct Bench {
    /// Bytes in a message, such as `4096` or `16KiB`
    #[arg(long, value_name = "SIZE", default_value = "16KiB", value_parser = size)]
    size: usize,
    /// Only this side
    #[arg(long, value_enum)]
    side: Option<Side>,
    /// Only this path of Rust's; `sm4 paths` lists them
    #[arg(long, value_name = "NAME", conflicts_with = "side")]
    path: Option<String>,
    /// Only this mode
    #[arg(long, value_enum)]
    mode: Option<Mode>,
    /// Do nothing but N messages, for tools that count instructions: of one path or of Go's side,
    /// in one mode (ecb if not said)
    #[arg(long, value_name = "N")]
    repeat: Option<u64>,
    /// Write JSON
    #[arg(long, conflicts_with = "repeat")]
    json: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Mode {
    /// Blocks, each on its own
    Ecb,
    /// Counter mode
    Ctr,
    /// Galois/counter mode
    Gcm,
}

impl Mode {
    fn name(self) -> &'static str {
        match self {
            Self::Ecb => "ecb",
            Self::Ctr => "ctr",
            Self::Gcm => "gcm",
        }
    }
}

/// One message of a side, on a path, in a mode.
type Work = Box<dyn FnMut(&mut [u8])>;

const KEY: [u8; 16] = [0x5a; 16];
const NONCE: [u8; 12] = [0; 12];

pub(crate) fn run(words: &Bench, out: &mut dyn Write) -> Result<(), Failure> {
    if let Some(count) = words.repeat {
        return repeat(words, count);
    }
    let results = measure(words)?;
    let written = if words.json {
        writeln!(out, "{}", json(words.size, &results))
    } else {
        table(&results, out)
    };
    Ok(written.map_err(anyhow::Error::from)?)
}

/// What was measured of one path.
struct Measured {
    side: &'static str,
    path: String,
    mode: Mode,
    /// Whether the side takes this path by itself.
    chosen: bool,
    /// Millions of bytes a second.
    speed: f64,
}

fn measure(words: &Bench) -> Result<Vec<Measured>, Failure> {
    let chosen = Chosen::best()?;
    let modes = [Mode::Ecb, Mode::Ctr, Mode::Gcm];
    let modes = modes.into_iter().filter(|mode| words.mode.is_none_or(|only| only == *mode));
    let paths: Vec<&str> = match (&words.path, words.side) {
        (Some(path), _) => vec![Key::with_path(&KEY, path)?.path()],
        (None, Some(Side::Go)) => Vec::new(),
        (None, _) => cipher::paths().filter(|path| path.usable).map(|path| path.name).collect(),
    };
    let with_go = words.path.is_none() && words.side != Some(Side::Rust);

    let mut results = Vec::new();
    let mut data = vec![0; words.size];
    for mode in modes {
        for path in &paths {
            let speed = speed(rust(path, mode)?, &mut data);
            let (path, chosen) = ((*path).to_owned(), *path == chosen.rust);
            results.push(Measured { side: "rust", path, mode, chosen, speed });
        }
        if with_go {
            let speed = speed(go(mode)?, &mut data);
            let path = chosen.go.clone();
            results.push(Measured { side: "go", path, mode, chosen: true, speed });
        }
    }
    Ok(results)
}

/// Exactly so many messages, and the same of all else whatever the count is.
fn repeat(words: &Bench, count: u64) -> Result<(), Failure> {
    let mode = words.mode.unwrap_or(Mode::Ecb);
    let mut work = match (&words.path, words.side) {
        (Some(path), _) => rust(path, mode)?,
        (None, Some(Side::Go)) => go(mode)?,
        (None, _) => {
            return Err(Failure::Refused("`--repeat` needs `--path NAME` or `--side go`".into()));
        }
    };
    let mut data = vec![0; words.size];
    for _ in 0..count {
        work(black_box(&mut data));
    }
    black_box(&data);
    Ok(())
}

fn rust(path: &str, mode: Mode) -> Result<Work, Failure> {
    let key = Key::with_path(&KEY, path)?;
    Ok(match mode {
        Mode::Ecb => Box::new(move |data| key.encrypt(data.as_chunks_mut().0)),
        Mode::Ctr => {
            let mut ctr = modes::Ctr::new(key, &KEY);
            Box::new(move |data| ctr.apply(data))
        }
        Mode::Gcm => {
            let gcm = Gcm::new(key);
            Box::new(move |data| {
                black_box(gcm.seal(&NONCE, &[], data).expect("a short message"));
            })
        }
    })
}

/// Go's side. In ecb and gcm a call begins with the key schedule.
fn go(mode: Mode) -> Result<Work, Failure> {
    let mut other = Vec::new();
    Ok(match mode {
        Mode::Ecb => Box::new(move |data| {
            other.resize(data.len() / 16 * 16, 0);
            gmsm::ecb(&KEY, &data[..data.len() / 16 * 16], &mut other).expect("whole blocks");
        }),
        Mode::Ctr => {
            let mut ctr = ctr::Ctr::new(&KEY, &KEY).map_err(anyhow::Error::from)?;
            Box::new(move |data| ctr.apply(data).expect("a stream of Go's"))
        }
        Mode::Gcm => Box::new(move |data| {
            other.resize(data.len() + TAG, 0);
            gmsm::seal(&KEY, &NONCE, &[], data, &mut other).expect("a short message");
        }),
    })
}

/// Millions of bytes a second: the best of many short runs, because others also use the machine, and
/// a run is undisturbed only if the kernel leaves it alone from its first message to its last.
fn speed(mut work: Work, data: &mut [u8]) -> f64 {
    const RUNS: usize = 150;
    const LEAST: Duration = Duration::from_millis(1);
    let best = (0..RUNS).map(|_| {
        let (start, mut bytes) = (Instant::now(), 0);
        loop {
            work(black_box(data));
            bytes += data.len();
            let time = start.elapsed();
            if time >= LEAST {
                return bytes as f64 / time.as_secs_f64() / 1e6;
            }
        }
    });
    best.fold(0.0, f64::max)
}

fn table(results: &[Measured], out: &mut dyn Write) -> std::io::Result<()> {
    writeln!(out, "mode  side  path              MB/s")?;
    for Measured { side, path, mode, chosen, speed } in results {
        let star = if *chosen { '*' } else { ' ' };
        writeln!(out, "{:<5} {side:<5} {path:<14} {star} {speed:>7.1}", mode.name())?;
    }
    Ok(())
}

/// Names hold no character that JSON would want escaped.
fn json(size: usize, results: &[Measured]) -> String {
    let results: Vec<String> = results
        .iter()
        .map(|Measured { side, path, mode, chosen, speed }| {
            format!(
                r#"{{"mode":"{}","side":"{side}","path":"{path}","chosen":{chosen},"mb_per_s":{speed:.1}}}"#,
                mode.name()
            )
        })
        .collect();
    format!(
        r#"{{"size":{size},"features":"{}","results":[{}]}}"#,
        report::names(cpu::features()),
        results.join(",")
    )
}

/// Reads a number of bytes.
fn size(text: &str) -> Result<usize, String> {
    let units = [("KiB", 1 << 10), ("MiB", 1 << 20), ("", 1)];
    let (digits, unit) = units
        .into_iter()
        .find_map(|(name, unit)| Some((text.strip_suffix(name)?, unit)))
        .expect("every text ends in nothing");
    match digits.parse::<usize>().ok().and_then(|number| number.checked_mul(unit)) {
        Some(bytes @ 1..=0x4000_0000) => Ok(bytes),
        _ => Err("want 1 to 1024MiB, as in `4096`, `16KiB` or `1MiB`".into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_as_people_write_them() {
        assert_eq!(size("4096"), Ok(4096));
        assert_eq!(size("16KiB"), Ok(16_384));
        assert_eq!(size("1024MiB"), Ok(1 << 30));
        for bad in ["0", "", "KiB", "16KB", "-1", "1025MiB", "99999999999999999999"] {
            assert!(size(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_repeat_is_of_one_thing() {
        let words =
            Bench { size: 16, side: None, path: None, mode: None, repeat: Some(1), json: false };
        assert!(matches!(run(&words, &mut Vec::new()), Err(Failure::Refused(_))));
    }
}
