//! By the clock, on this machine: Rust's paths, gmsm and OpenSSL, in turn.

use std::path::Path;

use serde_json::Value;

use super::super::demand::Demand;
use super::example;
use crate::command::Cmd;
use crate::failure::{Failure, Result};
use crate::{ui, workspace};

/// Bytes in a message.
const SIZE: &str = "16384";
/// The modes, and what OpenSSL calls them.
const MODES: &[(&str, &str)] = &[("ecb", "sm4-ecb"), ("ctr", "sm4-ctr")];
/// For which machines the ratios are demanded, and of which kind of path: a CPU without it is not
/// the one that they are for.
const DEMANDING: (&str, &str) = ("x86_64", "gfni");
/// How many times as many runs there are where a demand does not hold.
const PATIENCE: u32 = 4;
/// In counter mode, Rust's best path against gmsm's and against OpenSSL's.
const TIMES_GMSM: f64 = 2.0;
const TIMES_OPENSSL: f64 = 8.0;

/// The best that one way of computing has done.
#[derive(Debug, Clone, PartialEq)]
struct Speed {
    mode: String,
    side: String,
    path: String,
    /// Whether its side takes it by itself.
    chosen: bool,
    /// Millions of bytes a second.
    best: f64,
}

/// Measures, prints, and says what is demanded of the figures.
pub(super) fn run(runs: u32) -> Result<Vec<Demand>> {
    ui::heading("build the example");
    Cmd::new("cargo").args(["build", "--release", "--quiet"]).dir(example()).run()?;
    let program = workspace::target_dir(&example())?.join("release/sm4");

    ui::heading(format!("{runs} runs of each, in turn"));
    let mut speeds = Vec::new();
    let mut done = 0;
    loop {
        round(&program, &mut speeds)?;
        done += 1;
        let demands = demands(&speeds, std::env::consts::ARCH);
        let fails = demands.iter().any(|demand| demand.holds() == Some(false));
        // Who was disturbed in each of a few runs looks slow; more of them only help the truth.
        if done >= runs && !(fails && done < PATIENCE * runs) {
            print(&speeds, done);
            return Ok(demands);
        }
        if done == runs {
            ui::note("a demand does not hold: more runs, since others may have been at work");
        }
    }
}

/// One run of each, which keeps the better speeds.
fn round(program: &Path, speeds: &mut Vec<Speed>) -> Result {
    // Others use the machine as well: in turn, they disturb all alike.
    for (mode, name) in MODES {
        let ours = Cmd::new(program).args(["bench", "--json", "--mode", mode, "--size", SIZE]);
        keep_best(speeds, ours_of(&ours.read()?)?);
        let openssl = Cmd::new("openssl").args(["speed", "-seconds", "1", "-bytes", SIZE]);
        let text = openssl.args(["-mr", "-evp", name]).read()?;
        keep_best(speeds, vec![openssl_of(mode, &text)?]);
    }
    Ok(())
}

/// What `sm4 bench --json` says.
fn ours_of(text: &str) -> Result<Vec<Speed>> {
    let json: Value = serde_json::from_str(text)?;
    let results = json["results"].as_array().map(Vec::as_slice).unwrap_or_default();
    let speeds: Option<Vec<Speed>> = results
        .iter()
        .map(|result| {
            let text = |key: &str| result[key].as_str().map(str::to_owned);
            Some(Speed {
                mode: text("mode")?,
                side: text("side")?,
                path: text("path")?,
                chosen: result["chosen"].as_bool()?,
                best: result["mb_per_s"].as_f64()?,
            })
        })
        .collect();
    speeds
        .filter(|speeds| !speeds.is_empty())
        .ok_or_else(|| Failure::new("`sm4 bench --json` says no speeds").why(text.to_owned()))
}

/// What `openssl speed -mr` says: `+F:`, a number, the cipher, bytes a second of CPU time.
fn openssl_of(mode: &str, text: &str) -> Result<Speed> {
    let line = text.lines().find_map(|line| line.strip_prefix("+F:"));
    let bytes = line.and_then(|line| line.rsplit(':').next()?.parse::<f64>().ok());
    let best = bytes.ok_or_else(|| {
        Failure::new("`openssl speed` says no speed of SM4").why(text.trim().to_owned())
    })? / 1e6;
    let (side, path) = ("openssl".to_owned(), String::new());
    Ok(Speed { mode: mode.to_owned(), side, path, chosen: true, best })
}

/// Keeps the better of what was measured before and now.
fn keep_best(speeds: &mut Vec<Speed>, new: Vec<Speed>) {
    for speed in new {
        let same = |old: &&mut Speed| {
            (&old.mode, &old.side, &old.path) == (&speed.mode, &speed.side, &speed.path)
        };
        match speeds.iter_mut().find(same) {
            Some(old) => old.best = old.best.max(speed.best),
            None => speeds.push(speed),
        }
    }
}

/// The path that a side takes by itself.
fn chosen<'a>(speeds: &'a [Speed], mode: &str, side: &str) -> Option<&'a Speed> {
    speeds.iter().find(|speed| speed.chosen && speed.mode == mode && speed.side == side)
}

/// Rust's paths in a mode, best first.
fn paths<'a>(speeds: &'a [Speed], mode: &str) -> Vec<&'a Speed> {
    speeds.iter().filter(|speed| speed.side == "rust" && speed.mode == mode).collect()
}

fn print(speeds: &[Speed], runs: u32) {
    ui::data(format!("messages of {SIZE} bytes, the best of {runs} runs"));
    let head = ["mode", "side", "path", "MB/s", "Rust's best/this"].map(str::to_owned).to_vec();
    let rows = speeds.iter().map(|speed| {
        let best = chosen(speeds, &speed.mode, "rust").map_or(f64::NAN, |best| best.best);
        let figures = [format!("{:.0}", speed.best), format!("{:.2}", best / speed.best)];
        let words = [&speed.mode, &speed.side, &speed.path].map(Clone::clone);
        words.into_iter().chain(figures).collect()
    });
    let mut rows: Vec<Vec<String>> = rows.collect();
    // By mode, and Rust, Go and OpenSSL as they were measured.
    rows.sort_by(|a, b| a[0].cmp(&b[0]));
    rows.insert(0, head);
    for line in ui::columns(&rows) {
        ui::data(line);
    }
}

/// What is demanded on a machine of this architecture.
fn demands(speeds: &[Speed], arch: &str) -> Vec<Demand> {
    let mut demands = Vec::new();
    let (demanding, kind) = DEMANDING;
    if arch == demanding {
        let ratio = |other: &str| {
            let best = chosen(speeds, "ctr", "rust").ok_or("no path of Rust's")?;
            let other = chosen(speeds, "ctr", other).ok_or_else(|| format!("no {other}"))?;
            if best.path.starts_with(kind) {
                Ok(best.best / other.best)
            } else {
                Err(format!("this CPU's best path is `{}`", best.path))
            }
        };
        demands.push(Demand::at_least("Rust/gmsm, ctr", ratio("go"), TIMES_GMSM));
        demands.push(Demand::at_least("Rust/OpenSSL, ctr", ratio("openssl"), TIMES_OPENSSL));
    }
    for (mode, _) in MODES {
        for pair in paths(speeds, mode).windows(2) {
            let what = format!("{}/{}, {mode}", pair[0].path, pair[1].path);
            demands.push(Demand::at_least(what, Ok(pair[0].best / pair[1].best), 1.0));
        }
    }
    demands
}

#[cfg(test)]
mod tests {
    use super::*;

    const OURS: &str = r#"{"size":16384,"features":"aes","results":[
        {"mode":"ctr","side":"rust","path":"gfni-avx2","chosen":true,"mb_per_s":900.0},
        {"mode":"ctr","side":"rust","path":"portable","chosen":false,"mb_per_s":300.0},
        {"mode":"ctr","side":"go","path":"gfni","chosen":true,"mb_per_s":450.5}]}"#;
    const OPENSSL: &str =
        "+DT:SM4-CTR:1:16384\n+R:1884:SM4-CTR:0.32\n+H:16384\n+F:25:SM4-CTR:96460800.00\n";

    fn speeds() -> Vec<Speed> {
        let mut speeds = ours_of(OURS).unwrap();
        keep_best(&mut speeds, vec![openssl_of("ctr", OPENSSL).unwrap()]);
        speeds
    }

    fn holds(speeds: &[Speed], arch: &str) -> Vec<Option<bool>> {
        demands(speeds, arch).iter().map(Demand::holds).collect()
    }

    #[test]
    fn both_programs_are_read() {
        let speeds = speeds();
        assert_eq!(speeds.len(), 4);
        assert!((chosen(&speeds, "ctr", "openssl").unwrap().best - 96.46).abs() < 0.01);
        assert_eq!(paths(&speeds, "ctr").len(), 2);
        assert!(ours_of(r#"{"results":[]}"#).is_err());
        assert!(openssl_of("ctr", "Error: bad option or value\n").is_err());
    }

    #[test]
    fn the_best_of_all_runs_counts() {
        let mut speeds = speeds();
        let mut again = ours_of(OURS).unwrap();
        (again[0].best, again[1].best) = (800.0, 350.0);
        keep_best(&mut speeds, again);
        assert_eq!(speeds.len(), 4);
        assert!((speeds[0].best - 900.0).abs() < 1e-9 && (speeds[1].best - 350.0).abs() < 1e-9);
    }

    #[test]
    fn a_ratio_that_is_too_small_does_not_hold() {
        let mut speeds = speeds();
        // 900 is less than twice 450.5, and more than 8 times 96.5.
        assert_eq!(holds(&speeds, "x86_64"), [Some(false), Some(true), Some(true)]);
        assert_eq!(holds(&speeds, "aarch64"), [Some(true)]);
        speeds[0].best = 299.0;
        assert_eq!(holds(&speeds, "aarch64"), [Some(false)]);
    }

    #[test]
    fn a_cpu_without_the_path_is_not_judged_by_it() {
        let mut speeds = speeds();
        speeds[0].path = "aesni".to_owned();
        assert_eq!(holds(&speeds, "x86_64"), [None, None, Some(true)]);
    }
}
