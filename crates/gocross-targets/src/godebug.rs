//! Which CPU features Go's runtime knows in `GODEBUG=cpu.NAME=off`.

/// One architecture of Go's that has CPU models: the names, and the minor release of Go 1 that knows each first.
/// 0 stands for every release that the project answers for.
///
/// The sources are the `options` of `internal/cpu` (`cpu_arm64.go` and so on). A runtime that does
/// not know a name says so on standard error, at a time that nobody chooses.
const NAMES: &[(&str, &[(&str, u32)])] = &[
    ("386", X86),
    ("amd64", X86),
    ("mips64le", &[("msa", 0)]),
    ("arm", &[("idiva", 0), ("v7atomics", 0), ("vfpv4", 0)]),
    (
        "arm64",
        &[
            ("aes", 0),
            ("atomics", 0),
            ("cpuid", 0),
            ("crc32", 0),
            ("isNeoverse", 0),
            ("pmull", 0),
            ("sha1", 0),
            ("sha2", 0),
            ("sha3", 25),
            ("sha512", 0),
        ],
    ),
    (
        "riscv64",
        &[
            ("fastmisaligned", 25),
            ("v", 25),
            ("zbb", 25),
            ("zbc", 27),
            ("zvbb", 27),
            ("zvbc", 27),
            ("zvkg", 27),
            ("zvkned", 27),
            ("zvknha", 27),
            ("zvknhb", 27),
            ("zvksed", 27),
            ("zvksh", 27),
            ("zvkt", 27),
        ],
    ),
];

const X86: &[(&str, u32)] = &[
    ("adx", 0),
    ("aes", 0),
    ("avx", 0),
    ("avx2", 0),
    ("avx512bw", 0),
    ("avx512cd", 26),
    ("avx512dq", 26),
    ("avx512f", 0),
    ("avx512vl", 0),
    ("bmi1", 0),
    ("bmi2", 0),
    ("erms", 0),
    ("fma", 0),
    ("fsrm", 24),
    ("pclmulqdq", 0),
    ("popcnt", 0),
    ("rdtscp", 0),
    ("sha", 0),
    ("sse3", 0),
    ("sse41", 0),
    ("sse42", 0),
    ("ssse3", 0),
    ("vpclmulqdq", 26),
];

/// The names that the runtime of Go 1.`minor` knows on an architecture (`GOARCH`).
pub fn cpu_features_of_go(arch: &str, minor: u32) -> impl Iterator<Item = &'static str> {
    let rows = NAMES.iter().filter(move |(of, _)| *of == arch).flat_map(|(_, names)| *names);
    rows.filter(move |(_, since)| *since <= minor).map(|(name, _)| *name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_release_knows_what_was_there_before_it() {
        let knows = |arch, minor, name| cpu_features_of_go(arch, minor).any(|known| known == name);
        assert!(knows("arm64", 22, "aes") && !knows("arm64", 24, "sha3"));
        assert!(knows("arm64", 25, "sha3") && !knows("arm64", 27, "sm4"));
        assert!(!knows("arm", 27, "neon") && !knows("mipsle", 27, "aes"));
    }
}
