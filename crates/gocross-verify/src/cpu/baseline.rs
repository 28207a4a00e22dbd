//! What a target's programs may use without asking.

use gocross_elf::Elf;

use super::architecture::{Architecture, Features};

/// What Rust promises for the targets of an architecture.
struct Baseline {
    arch: &'static str,
    /// The features of ours among it.
    features: &'static [&'static str],
    /// All of it, in words.
    words: &'static str,
}

/// `rustc --print cfg --target …` of the rows of the table, and `rustc --print target-cpus`.
const BASELINES: &[Baseline] = &[
    Baseline { arch: "aarch64", features: &["neon"], words: "Armv8.0-A with neon" },
    Baseline {
        arch: "arm",
        features: &["vfp", "vfp3"],
        words: "Armv7-A with thumb2 and vfpv3-d16, without neon",
    },
    Baseline { arch: "mips", features: &[], words: "mips32r2" },
    Baseline { arch: "mips64", features: &[], words: "mips64r2" },
    Baseline { arch: "riscv64", features: &[], words: "rv64gc" },
    Baseline { arch: "x86", features: &[], words: "Pentium 4, with sse2" },
    Baseline { arch: "x86_64", features: &[], words: "x86-64, with sse2" },
];

/// The features of an architecture's baseline, and all of it in words.
pub(crate) fn of(architecture: &Architecture) -> (Features, &'static str) {
    let found = BASELINES.iter().find(|row| row.arch == architecture.name);
    found.map_or((Features::NONE, ""), |row| {
        (architecture.set(row.features.iter().copied()), row.words)
    })
}

/// What the levels of Go's own variables bring (`go help environment`; `internal/buildcfg`), by
/// the beginning of their value. GOAMD64 and GORISCV64 name levels that hold the lower ones.
const GO_LEVELS: &[(&str, &str, &[&str])] = &[
    ("GOAMD64", "v2", X86_V2),
    ("GOAMD64", "v3", X86_V2),
    ("GOAMD64", "v3", X86_V3),
    ("GOAMD64", "v4", X86_V2),
    ("GOAMD64", "v4", X86_V3),
    ("GOAMD64", "v4", &["avx512f", "avx512bw", "avx512cd", "avx512dq", "avx512vl"]),
    ("GORISCV64", "rva22u64", &["zba", "zbb", "zbs"]),
    ("GORISCV64", "rva23u64", &["zba", "zbb", "zbs", "v", "zvbb"]),
    // Since Armv8.1-A, atomics and CRC32 belong to all.
    ("GOARM64", "v8.0", &[]),
    ("GOARM64", "v8", &["lse", "crc"]),
    ("GOARM64", "v9", &["lse", "crc", "sve", "sve2"]),
];

const X86_V2: &[&str] = &["sse3", "ssse3", "sse4.1", "sse4.2", "popcnt"];
const X86_V3: &[&str] = &["avx", "avx2", "bmi1", "bmi2", "f16c", "fma", "lzcnt", "movbe"];

/// The features that the file's Go code was told it may use, and the settings that say so.
pub(crate) fn of_go(elf: &Elf<'_>, architecture: &Architecture) -> (Features, Vec<String>) {
    let (mut features, mut words) = (Features::NONE, Vec::new());
    for info in &elf.go {
        for (key, value) in info.settings() {
            let of_setting = of_setting(architecture, key, value);
            if !of_setting.is_empty() {
                features = features.with(of_setting);
                words.push(format!("{key}={value}"));
            }
        }
    }
    (architecture.closed(features), words)
}

fn of_setting(architecture: &Architecture, key: &str, value: &str) -> Features {
    let (level, options) = value.split_once(',').unwrap_or((value, ""));
    let fits = |row: &&(&str, &str, &[&str])| row.0 == key && level.starts_with(row.1);
    let is_first = level == "v8.0";
    let rows = GO_LEVELS.iter().filter(fits).filter(|row| !(is_first && row.1 == "v8"));
    let mut features =
        rows.fold(Features::NONE, |all, row| all.with(architecture.set(row.2.iter().copied())));
    if key == "GOARM64" {
        for option in options.split(',') {
            let names: &[&str] = match option {
                "lse" => &["lse"],
                "crypto" => &["aes", "pmull", "sha1", "sha2"],
                _ => &[],
            };
            features = features.with(architecture.set(names.iter().copied()));
        }
    }
    features
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cpu::architecture::ARCHITECTURES;

    #[test]
    fn every_architecture_has_a_baseline() {
        for architecture in ARCHITECTURES {
            assert!(!of(architecture).1.is_empty(), "{}", architecture.name);
        }
        let aarch64 = Architecture::find("aarch64").unwrap();
        assert_eq!(of(aarch64).0, aarch64.set(["neon"]));
    }

    #[test]
    fn go_is_believed_what_it_was_told() {
        let names = |arch: &str, key, value| {
            let architecture = Architecture::find(arch).unwrap();
            architecture.names_of(of_setting(architecture, key, value))
        };
        assert!(names("x86_64", "GOAMD64", "v1").is_empty());
        assert_eq!(names("x86_64", "GOAMD64", "v2").len(), 5);
        assert!(names("x86_64", "GOAMD64", "v3").contains(&"avx2"));
        assert!(names("aarch64", "GOARM64", "v8.0").is_empty());
        assert_eq!(names("aarch64", "GOARM64", "v8.0,lse"), ["lse"]);
        assert_eq!(names("aarch64", "GOARM64", "v8.1"), ["crc", "lse"]);
        assert!(names("x86_64", "GOARM64", "v9.0").is_empty());
    }
}
