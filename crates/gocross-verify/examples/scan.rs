//! How fast the scan of the rule `cpu-paths` is: `scan FILE RUNS` prints instructions, functions
//! above the baseline, and the seconds of the median run. `cargo xtask bench scan` asks it.

use std::error::Error;
use std::io::Write;
use std::time::Instant;

use gocross_elf::File;

fn main() -> Result<(), Box<dyn Error>> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let [file, runs] = words.as_slice() else { return Err("usage: scan FILE RUNS".into()) };
    let bytes = fs_err::read(file)?;
    let file = File::read(&bytes)?;
    let (mut times, mut instructions, mut functions) = (Vec::new(), 0, 0);
    for _ in 0..runs.parse::<usize>()?.max(1) {
        let start = Instant::now();
        let scans = file.objects().filter_map(|(_, elf)| gocross_verify::cpu::scan(elf));
        (instructions, functions) = (0, 0);
        for scan in scans {
            instructions += scan.instructions;
            functions += scan.users.len();
        }
        times.push(start.elapsed().as_secs_f64());
    }
    times.sort_by(f64::total_cmp);
    let median = times[times.len() / 2];
    writeln!(std::io::stdout(), "{instructions} {functions} {median:.6}")?;
    Ok(())
}
