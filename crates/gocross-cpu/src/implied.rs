//! Which features are built upon which: who hides the one hides the others.

use crate::{Feature, Features};

/// What cannot be there without a feature.
#[derive(Debug)]
struct Row {
    base: Feature,
    built_upon: &'static [Feature],
}

#[allow(dead_code, reason = "some architectures are not looked at")]
const fn row(base: Feature, built_upon: &'static [Feature]) -> Row {
    Row { base, built_upon }
}

/// aarch64: "Arm Architecture Reference Manual for A-profile", A2, the dependencies of each FEAT.
/// The crypto instructions and SVE use the registers of Advanced SIMD; FEAT_PMULL is a higher
/// value of the field of FEAT_AES (`ID_AA64ISAR0_EL1`), FEAT_SHA512 of that of FEAT_SHA256; each
/// FEAT_SVE_x needs SVE2 and FEAT_x.
#[cfg(any(test, target_arch = "aarch64"))]
const AARCH64: &[Row] = &[
    row(
        Feature::Neon,
        &[
            Feature::Aes,
            Feature::Pmull,
            Feature::Sha1,
            Feature::Sha2,
            Feature::Sha3,
            Feature::Sha512,
            Feature::Sm3,
            Feature::Sm4,
            Feature::Sve,
        ],
    ),
    row(Feature::Aes, &[Feature::Pmull, Feature::Sve2Aes]),
    row(Feature::Sha2, &[Feature::Sha3, Feature::Sha512]),
    row(Feature::Sha3, &[Feature::Sve2Sha3]),
    row(Feature::Sm4, &[Feature::Sve2Sm4]),
    row(Feature::Sve, &[Feature::Sve2]),
    row(Feature::Sve2, &[Feature::Sve2Aes, Feature::Sve2Sha3, Feature::Sve2Sm4]),
];

/// arm: the same manual, E1.3: Advanced SIMD and floating point share 32 double registers; the
/// crypto instructions use them.
#[cfg(any(test, target_arch = "arm"))]
const ARM: &[Row] = &[
    row(Feature::Vfp, &[Feature::Vfp3]),
    row(Feature::Vfp3, &[Feature::Neon, Feature::Vfp4, Feature::D32]),
    row(Feature::D32, &[Feature::Neon]),
    row(Feature::Neon, &[Feature::Aes, Feature::Sha1, Feature::Sha2]),
    row(Feature::Aes, &[Feature::Pmull]),
];

/// riscv64: "The RISC-V Instruction Set Manual", Volume I. All Zv extensions use the vector
/// registers; Zvkb is a subset of Zvbb, Zbkc of Zbc, and Zvknhb has all of Zvknha.
#[cfg(any(test, target_arch = "riscv64"))]
const RISCV64: &[Row] = &[
    row(
        Feature::V,
        &[
            Feature::Zvbb,
            Feature::Zvbc,
            Feature::Zvkb,
            Feature::Zvkg,
            Feature::Zvkned,
            Feature::Zvknha,
            Feature::Zvknhb,
            Feature::Zvksed,
            Feature::Zvksh,
        ],
    ),
    row(Feature::Zvkb, &[Feature::Zvbb]),
    row(Feature::Zvknha, &[Feature::Zvknhb]),
    row(Feature::Zbkc, &[Feature::Zbc]),
];

/// mips: "MIPS Architecture for Programmers", Volume IV-e: DSP, then its second version.
#[cfg(any(test, target_arch = "mips", target_arch = "mips64"))]
const MIPS: &[Row] = &[row(Feature::Dsp, &[Feature::Dsp2])];

/// x86: "Intel 64 and IA-32 Architectures Software Developer's Manual", Volume 1, 14 and 15, and
/// what Rust turns on with a target feature, since code may use all of that.
#[cfg(any(test, target_arch = "x86_64", target_arch = "x86"))]
const X86: &[Row] = &[
    row(Feature::Ssse3, &[Feature::Sse41]),
    row(Feature::Sse41, &[Feature::Avx]),
    row(Feature::Avx, &[Feature::Avx2, Feature::Fma, Feature::Vpclmulqdq, Feature::Sm3]),
    row(Feature::Fma, &[Feature::Avx512f]),
    row(Feature::Avx2, &[Feature::Avx512f, Feature::Vaes, Feature::Sha512, Feature::Sm4]),
    row(Feature::Aes, &[Feature::Vaes]),
    row(Feature::Pclmulqdq, &[Feature::Vpclmulqdq]),
    row(Feature::Avx512f, &[Feature::Avx512dq, Feature::Avx512bw, Feature::Avx512vl]),
    row(Feature::Avx512bw, &[Feature::Avx512vbmi, Feature::Avx512vbmi2]),
];

#[cfg(target_arch = "aarch64")]
const HERE: &[Row] = AARCH64;
#[cfg(target_arch = "arm")]
const HERE: &[Row] = ARM;
#[cfg(target_arch = "riscv64")]
const HERE: &[Row] = RISCV64;
#[cfg(any(target_arch = "mips", target_arch = "mips64"))]
const HERE: &[Row] = MIPS;
#[cfg(any(target_arch = "x86_64", target_arch = "x86"))]
const HERE: &[Row] = X86;
#[cfg(not(any(
    target_arch = "aarch64",
    target_arch = "arm",
    target_arch = "riscv64",
    target_arch = "mips",
    target_arch = "mips64",
    target_arch = "x86_64",
    target_arch = "x86"
)))]
const HERE: &[Row] = &[];

/// `features`, and all that is built upon them on this architecture.
pub(crate) fn with_built_upon(features: Features) -> Features {
    closure(features, HERE)
}

fn closure(features: Features, rows: &[Row]) -> Features {
    let mut all = features;
    loop {
        let more = rows
            .iter()
            .filter(|row| all.has(row.base))
            .fold(all, |set, row| set.and(Features::of(row.built_upon)));
        if more == all {
            return all;
        }
        all = more;
    }
}

#[cfg(test)]
mod tests {
    use std::format;
    use std::process::Command;
    use std::string::{String, ToString};
    use std::vec::Vec;

    use super::*;

    fn hidden_with(feature: Feature, rows: &[Row]) -> String {
        closure(Features::of(&[feature]), rows).to_string()
    }

    #[test]
    fn what_is_built_upon_it_goes_with_it() {
        assert_eq!(
            hidden_with(Feature::Neon, AARCH64),
            "neon aes pmull sha1 sha2 sha3 sha512 sm3 sm4 sve sve2 sve2-aes sve2-sha3 sve2-sm4"
        );
        assert_eq!(hidden_with(Feature::Sve, AARCH64), "sve sve2 sve2-aes sve2-sha3 sve2-sm4");
        assert_eq!(hidden_with(Feature::Sm4, AARCH64), "sm4 sve2-sm4");
        assert_eq!(hidden_with(Feature::Sm3, AARCH64), "sm3");
        assert_eq!(hidden_with(Feature::Neon, ARM), "neon aes pmull sha1 sha2");
        assert_eq!(hidden_with(Feature::Vfp, ARM), "neon aes pmull sha1 sha2 vfp vfp3 vfp4 d32");
        assert_eq!(hidden_with(Feature::Zvkb, RISCV64), "zvbb zvkb");
        assert_eq!(
            hidden_with(Feature::V, RISCV64),
            "v zvbb zvbc zvkb zvkg zvkned zvknha zvknhb zvksed zvksh"
        );
        assert_eq!(hidden_with(Feature::Dsp, MIPS), "dsp dsp2");
        assert_eq!(
            hidden_with(Feature::Avx2, X86),
            "sha512 sm4 avx2 vaes avx512f avx512dq avx512bw avx512vl avx512vbmi avx512vbmi2"
        );
        // Of the same name, and another thing elsewhere.
        assert_eq!(hidden_with(Feature::Aes, X86), "aes vaes");
        assert_eq!(hidden_with(Feature::Neon, X86), "neon");
    }

    /// `docs/cpu.md`.
    const PAGE: &str = include_str!("../../../docs/cpu.md");

    #[test]
    fn the_page_has_every_row() {
        let quoted = |features: &[Feature]| {
            let names: Vec<String> =
                features.iter().map(|feature| format!("`{}`", feature.name())).collect();
            names.join(" ")
        };
        let tables = [
            ("aarch64", AARCH64),
            ("arm", ARM),
            ("riscv64", RISCV64),
            ("mips", MIPS),
            ("x86", X86),
        ];
        let rows = tables.into_iter().flat_map(|(architecture, rows)| {
            rows.iter().map(move |row| {
                let built_upon = quoted(row.built_upon);
                format!("| {architecture} | `{}` | {built_upon} |", row.base.name())
            })
        });
        let section = PAGE.split("\n## ").find(|section| section.starts_with("Hiding")).unwrap();
        let written = section.lines().filter(|line| line.starts_with("| ")).skip(1);
        assert_eq!(written.collect::<Vec<_>>(), rows.collect::<Vec<_>>());
    }

    #[test]
    fn the_page_tells_where_each_feature_is_learnt() {
        let section = PAGE.split("\n### ").next().unwrap();
        for feature in Feature::ALL {
            let name = format!("`{}`", feature.name());
            let is_told = |line: &str| line.starts_with("| ") && line.contains(&name);
            assert!(section.lines().any(is_told), "{name}");
        }
    }

    /// What Rust turns on with a target feature must not stay when that feature's base is hidden,
    /// or code that was compiled with it could use what is hidden.
    #[test]
    fn rust_s_implications_are_among_them() {
        // Where Rust's name stands for more than ours, the rest follows too.
        let tables: [(&str, &[Row], &str); 3] = [
            (
                "aarch64-unknown-linux-gnu",
                AARCH64,
                "neon aes sha2 sha3 sm4 sve sve2 sve2-aes sve2-sha3 sve2-sm4",
            ),
            (
                "x86_64-unknown-linux-gnu",
                X86,
                "aes sha512 sm3 sm4 ssse3 sse4.1 pclmulqdq sha avx avx2 fma gfni vaes vpclmulqdq avx512f avx512dq avx512bw avx512vl avx512vbmi avx512vbmi2",
            ),
            (
                "riscv64gc-unknown-linux-gnu",
                RISCV64,
                "zba zbb zbc zbs zbkb zbkc zbkx zknd zkne zknh zksed zksh",
            ),
        ];
        for (target, rows, names) in tables {
            for name in names.split(' ') {
                let feature = Feature::named(name).unwrap();
                for base in turned_on(target, name) {
                    assert!(
                        closure(Features::of(&[base]), rows).has(feature),
                        "{target}: {name} turns on {}",
                        base.name()
                    );
                }
            }
        }
    }

    fn turned_on(target: &str, name: &str) -> Vec<Feature> {
        let output = Command::new("rustc")
            .args(["--print", "cfg", "--target", target])
            .arg(format!("-Ctarget-feature=+{name}"))
            .output()
            .unwrap();
        assert!(output.status.success(), "{output:?}");
        let text = String::from_utf8(output.stdout).unwrap();
        let names = text
            .lines()
            .filter_map(|line| line.strip_prefix("target_feature=\"")?.strip_suffix('"'));
        let names: Vec<&str> = names.collect();
        assert!(names.contains(&name), "{target}: {name}: {names:?}");
        names.into_iter().filter_map(Feature::named).collect()
    }
}
