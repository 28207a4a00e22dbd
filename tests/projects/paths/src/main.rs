//! `paths selftest [--path NAME]`: the exclusive or of three buffers, by Rust and by Go.

mod path;

use std::process::ExitCode;

use gocross::OwnedCStr;
use path::{PATHS, Parity};

mod go {
    gocross::bindings!();
}

/// No multiple of any vector's length.
const SIZE: usize = 1003;

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let path = match words[..] {
        ["selftest"] => PATHS.iter().find(|path| path.lacks().is_none()),
        ["selftest", "--path", name] => match PATHS.iter().find(|path| path.name == name) {
            Some(path) => match path.lacks() {
                None => Some(path),
                Some(feature) => return refuse(name, feature),
            },
            None => return usage(&format!("no path is called `{name}`")),
        },
        _ => return usage("usage: paths selftest [--path NAME]"),
    };
    path.map_or_else(|| usage("no path"), |path| selftest(path))
}

fn usage(text: &str) -> ExitCode {
    eprintln!("error: {text}");
    ExitCode::from(2)
}

fn refuse(name: &str, feature: gocross::cpu::Feature) -> ExitCode {
    let whose = if gocross::cpu::hardware().has(feature) {
        "`GOCROSS_CPU` hides"
    } else {
        "this CPU does not have"
    };
    usage(&format!("path `{name}` needs `{}`, which {whose}", feature.name()))
}

fn selftest(path: &path::Path) -> ExitCode {
    let names: Vec<&str> = gocross::cpu::features().iter().map(|feature| feature.name()).collect();
    println!("cpu: features {}", names.join(" "));
    println!("cpu: path parity.rust = {}", path.name);
    // SAFETY: C.CString's memory, for us to free.
    let of_go = unsafe { OwnedCStr::from_raw(go::Path()) };
    println!("cpu: path parity.go = {}", of_go.expect("a path").to_string_lossy());
    let rust = checksum(path.parity);
    let go = checksum(by_go);
    println!("rust {rust:016x}");
    println!("go {go:016x}");
    if rust == go { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn by_go(a: &mut [u8], b: &[u8], c: &[u8]) {
    let size = i32::try_from(a.len()).expect("a small buffer");
    // SAFETY: three buffers of that size; Go keeps none of them.
    unsafe { go::Parity(a.as_mut_ptr(), b.as_ptr().cast_mut(), c.as_ptr().cast_mut(), size) };
}

/// FNV-1a of the result for buffers of some lengths.
fn checksum(parity: Parity) -> u64 {
    let byte = |seed: usize| move |index: usize| (index * seed >> 3) as u8;
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    for size in [0, 1, 16, 61, SIZE] {
        let [mut a, b, c] = [7, 13, 29].map(|seed| (0..size).map(byte(seed)).collect::<Vec<u8>>());
        parity(&mut a, &b, &c);
        for byte in a {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
    hash
}
