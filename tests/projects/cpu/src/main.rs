//! Prints the report of this machine's CPU: as a line, as JSON, or compared with std's word.

mod std_says;

use std::process::ExitCode;

use gocross::cpu;

fn main() -> ExitCode {
    let report = cpu::report();
    match std::env::args().nth(1).as_deref() {
        None => println!("{report}"),
        Some("json") => println!("{}", report.json()),
        Some("std") => return compare(),
        Some(word) => {
            eprintln!("error: `{word}` is neither `json` nor `std`");
            return ExitCode::from(2);
        }
    }
    ExitCode::SUCCESS
}

fn compare() -> ExitCode {
    let answers = std_says::answers();
    let mut differ = false;
    for (name, needs, says) in &answers {
        let ours = cpu::hardware().has_all(cpu::Features::of(needs));
        if ours != *says {
            println!("{name}: {ours}, and std says {says}");
            differ = true;
        }
    }
    println!("{} compared", answers.len());
    ExitCode::from(u8::from(differ))
}
