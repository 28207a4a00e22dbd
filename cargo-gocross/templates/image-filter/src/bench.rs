//! How fast each path is.

use crate::filter::Filter;
use crate::path::{self, Path};
use crate::picture::Picture;
use crate::sample;
use anyhow::Result;
use std::io::Write;
use std::time::{Duration, Instant};

/// How long a path is measured.
const LONG_ENOUGH: Duration = Duration::from_millis(300);

/// What is measured.
#[derive(clap::Args)]
pub(crate) struct Bench {
    /// Just this path
    #[arg(long, value_name = "NAME")]
    path: Option<String>,
    /// Just this filter
    #[arg(long, value_enum)]
    filter: Option<Filter>,
    /// Exactly so many passes, without a time: for counting instructions as the difference of
    /// two runs
    #[arg(long, value_name = "N")]
    repeat: Option<u32>,
    /// Pixels on each side of the picture; the default, 1 MiB, fits into a second-level cache
    #[arg(long, value_name = "N", default_value_t = 512)]
    side: u32,
}

pub(crate) fn run(bench: &Bench, out: &mut dyn Write) -> Result<()> {
    let paths = match &bench.path {
        Some(name) => vec![path::named(name)?],
        None => path::usable().collect(),
    };
    let mut picture = sample::noise(bench.side, bench.side)?;
    for filter in Filter::ALL {
        if bench.filter.is_some_and(|wanted| wanted != filter) {
            continue;
        }
        for path in &paths {
            let (filter_name, name) = (filter.name(), path.name());
            if let Some(passes) = bench.repeat {
                (0..passes).for_each(|_| filter.apply(&mut picture, path));
                let bytes = u64::from(passes) * picture.pixels().len() as u64;
                writeln!(out, "{filter_name:<8} {name:<7} {bytes} bytes")?;
            } else {
                let speed = speed(filter, path, &mut picture);
                writeln!(out, "{filter_name:<8} {name:<7} {speed:>7.0} MB/s")?;
            }
        }
    }
    Ok(())
}

/// 10^6 bytes of the picture a second: the best pass, for others only tell of other programs.
fn speed(filter: Filter, path: &Path, picture: &mut Picture) -> f64 {
    let begin = Instant::now();
    let mut best = f64::INFINITY;
    // The first pass warms the caches up.
    filter.apply(picture, path);
    while begin.elapsed() < LONG_ENOUGH {
        let pass = Instant::now();
        filter.apply(picture, path);
        best = best.min(pass.elapsed().as_secs_f64());
    }
    picture.pixels().len() as f64 / best / 1e6
}
