//! Which features there are, by architecture: their names, and which ones they bring along.

/// A set of features of one architecture: bits in the order of its table.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Features(u64);

/// A feature: its name, and the features that every CPU with it has too.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Row {
    pub(crate) name: &'static str,
    implies: &'static [&'static str],
    /// Whether instructions tell it.
    seen: bool,
    /// The feature that Rust has as one with it: code for both may use either.
    one_with: &'static str,
}

/// An architecture: its features above the least that a Rust target of it may have.
#[derive(Debug)]
pub struct Architecture {
    /// Rust's `target_arch`.
    pub name: &'static str,
    pub(crate) features: &'static [Row],
}

const fn alone(name: &'static str) -> Row {
    Row { name, implies: &[], seen: true, one_with: "" }
}

const fn with(name: &'static str, implies: &'static [&'static str]) -> Row {
    Row { name, implies, seen: true, one_with: "" }
}

const fn unseen(name: &'static str, implies: &'static [&'static str]) -> Row {
    Row { name, implies, seen: false, one_with: "" }
}

const fn one_of_two(
    name: &'static str,
    other: &'static str,
    implies: &'static [&'static str],
) -> Row {
    Row { name, implies, seen: true, one_with: other }
}

/// Arm Architecture Reference Manual (DDI 0487), A2.2 to A2.10: `FEAT_…`, by Rust's names.
const AARCH64: &[Row] = &[
    alone("neon"),
    alone("crc"),
    alone("lse"),
    one_of_two("aes", "pmull", &["neon"]),
    one_of_two("pmull", "aes", &["neon"]),
    with("sha1", &["neon"]),
    with("sha2", &["neon"]),
    with("sha3", &["neon", "sha2"]),
    with("sha512", &["neon", "sha2"]),
    with("sm3", &["neon"]),
    with("sm4", &["neon"]),
    with("sve", &["neon"]),
    unseen("sve2", &["sve", "neon"]),
    // Of SVE2, only what is for SM4 is told from SVE.
    unseen("sve2-aes", &["sve2", "sve", "neon"]),
    unseen("sve2-sha3", &["sve2", "sve", "neon"]),
    with("sve2-sm4", &["sve2", "sve", "neon"]),
];

/// Arm Architecture Reference Manual for Armv7 (DDI 0406), and Armv8's AArch32 state.
const ARM: &[Row] = &[
    unseen("vfp", &[]),
    unseen("vfp3", &["vfp"]),
    unseen("vfp4", &["vfp3"]),
    unseen("d32", &["vfp3"]),
    with("neon", &["d32"]),
    with("aes", &["neon"]),
    with("sha1", &["neon"]),
    with("sha2", &["neon"]),
];

/// The RISC-V Instruction Set Manual, volume I; vector cryptography extensions, version 1.0. What
/// two of them have in common has a name with a stroke.
const RISCV64: &[Row] = &[
    alone("v"),
    alone("zba"),
    with("zbb", &["zbb/zbkb"]),
    with("zbc", &["zbc/zbkc"]),
    alone("zbs"),
    with("zbkb", &["zbb/zbkb"]),
    with("zbkc", &["zbc/zbkc"]),
    alone("zbkx"),
    with("zknd", &["zknd/zkne"]),
    with("zkne", &["zknd/zkne"]),
    alone("zknh"),
    alone("zbb/zbkb"),
    alone("zbc/zbkc"),
    alone("zknd/zkne"),
    with("zvknha/zvknhb", &["v"]),
    alone("zksed"),
    alone("zksh"),
    with("zvbb", &["zvkb", "v"]),
    with("zvbc", &["v"]),
    with("zvkb", &["v"]),
    with("zvkg", &["v"]),
    with("zvkned", &["v"]),
    with("zvknha", &["zvknha/zvknhb"]),
    with("zvknhb", &["zvknha"]),
    with("zvksed", &["v"]),
    with("zvksh", &["v"]),
];

/// MIPS Architecture for Programmers, volumes IV-e (DSP) and IV-j (MSA).
const MIPS: &[Row] = &[alone("msa"), alone("dsp"), unseen("dsp2", &["dsp"])];

/// Intel 64 and IA-32 Architectures Software Developer's Manual, volume 1, chapter 5, by Rust's
/// names; what brings what along is as in Rust's target features.
const X86: &[Row] = &[
    alone("sse3"),
    with("ssse3", &["sse3"]),
    with("sse4.1", &["ssse3", "sse3"]),
    with("sse4.2", &["sse4.1", "ssse3", "sse3"]),
    alone("sse4a"),
    alone("popcnt"),
    alone("lzcnt"),
    alone("bmi1"),
    alone("bmi2"),
    alone("adx"),
    alone("movbe"),
    alone("rdrand"),
    alone("rdseed"),
    alone("aes"),
    alone("pclmulqdq"),
    alone("sha"),
    alone("gfni"),
    with("avx", AVX),
    with("f16c", &["avx"]),
    with("fma", &["avx"]),
    with("avx2", &["avx"]),
    with("vaes", &["avx2", "aes"]),
    with("vpclmulqdq", &["avx", "pclmulqdq"]),
    with("avxvnni", &["avx2"]),
    with("sha512", &["avx2"]),
    with("sm3", &["avx"]),
    with("sm4", &["avx2"]),
    with("avx512f", &["avx2", "fma", "f16c"]),
    with("avx512bw", AVX512F),
    with("avx512cd", AVX512F),
    with("avx512dq", AVX512F),
    with("avx512vl", AVX512F),
    with("avx512bf16", &["avx512bw"]),
    with("avx512bitalg", &["avx512bw"]),
    with("avx512fp16", &["avx512bw"]),
    with("avx512ifma", AVX512F),
    with("avx512vbmi", &["avx512bw"]),
    with("avx512vbmi2", &["avx512bw"]),
    with("avx512vnni", AVX512F),
    with("avx512vpopcntdq", AVX512F),
    alone("amx-tile"),
];

const AVX: &[&str] = &["sse4.2", "sse4.1", "ssse3", "sse3"];
const AVX512F: &[&str] = &["avx512f"];

/// The architectures whose instructions are told apart. Others have targets, and no scan.
pub const ARCHITECTURES: &[Architecture] = &[
    Architecture { name: "aarch64", features: AARCH64 },
    Architecture { name: "arm", features: ARM },
    Architecture { name: "mips", features: MIPS },
    Architecture { name: "mips64", features: MIPS },
    Architecture { name: "riscv64", features: RISCV64 },
    Architecture { name: "x86", features: X86 },
    Architecture { name: "x86_64", features: X86 },
];

impl Architecture {
    /// The architecture of that name.
    #[must_use]
    pub fn find(name: &str) -> Option<&'static Self> {
        ARCHITECTURES.iter().find(|architecture| architecture.name == name)
    }

    /// The set of one feature; none where the architecture has none of that name.
    #[must_use]
    pub fn feature(&self, name: &str) -> Option<Features> {
        let index = self.features.iter().position(|row| row.name == name)?;
        Some(Features(1 << index))
    }

    /// The names of its features.
    pub fn names(&self) -> impl Iterator<Item = &'static str> + use<> {
        self.features.iter().map(|row| row.name)
    }

    /// The set of those features of a list that the architecture has.
    #[must_use]
    pub fn set<'a>(&self, names: impl IntoIterator<Item = &'a str>) -> Features {
        let sets = names.into_iter().filter_map(|name| self.feature(name));
        sets.fold(Features::NONE, Features::with)
    }

    /// A set, with all that its features bring along.
    #[must_use]
    pub fn closed(&self, set: Features) -> Features {
        let mut closed = set;
        loop {
            let rows = self.features.iter().enumerate();
            let held = rows.filter(|(index, _)| closed.0 >> index & 1 != 0);
            let more =
                held.fold(closed, |all, (_, row)| all.with(self.set(row.implies.iter().copied())));
            if more == closed {
                return closed;
            }
            closed = more;
        }
    }

    /// The features of instructions by which one feature is told: itself; what it has in common
    /// with another; the one that Rust has as one with it; and where no instruction is its own,
    /// what it brings along.
    pub(crate) fn told_by(&self, one: Features) -> Features {
        let unseen = self.features.iter().filter(|row| !row.seen).map(|row| row.name);
        let is_unseen = self.set(unseen).has_all(one);
        let names = self.names_of(self.closed(one));
        let same = self.features.iter().filter(|row| self.set([row.one_with]).meets(one));
        let same = self.set(same.map(|row| row.name));
        let others = self.set(names.into_iter().filter(|name| is_unseen || name.contains('/')));
        if is_unseen { same.with(others.without(one)) } else { same.with(others).with(one) }
    }

    /// A set, without those of its features that others of it bring along.
    #[must_use]
    pub fn essence(&self, set: Features) -> Features {
        let implied = |one: &Features| {
            let others = set.each().filter(|other| other != one);
            others.into_iter().any(|other| self.closed(other).has_all(*one))
        };
        set.each().filter(|one| !implied(one)).fold(Features::NONE, Features::with)
    }

    /// The names of a set's features.
    #[must_use]
    pub fn names_of(&self, set: Features) -> Vec<&'static str> {
        let rows = self.features.iter().enumerate();
        rows.filter(|(index, _)| set.0 >> index & 1 != 0).map(|(_, row)| row.name).collect()
    }
}

impl Features {
    /// No feature.
    pub const NONE: Self = Self(0);

    /// The features of both.
    #[must_use]
    pub const fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// These less those of `other`.
    #[must_use]
    pub const fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    /// What is in both.
    #[must_use]
    pub(crate) const fn common(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// Whether all of `other` are among these.
    #[must_use]
    pub const fn has_all(self, other: Self) -> bool {
        other.0 & !self.0 == 0
    }

    /// Whether some of `other` are among these.
    #[must_use]
    pub const fn meets(self, other: Self) -> bool {
        other.0 & self.0 != 0
    }

    /// Whether there is none.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Each of them, as a set of one.
    pub fn each(self) -> impl Iterator<Item = Self> {
        (0..64).map(|index| Self(1 << index)).filter(move |one| self.has_all(*one))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_told_apart_and_fit_into_a_set() {
        for architecture in ARCHITECTURES {
            assert!(architecture.features.len() <= 64);
            let mut names: Vec<_> = architecture.names().collect();
            names.sort_unstable();
            names.dedup();
            assert_eq!(names.len(), architecture.features.len());
            for row in architecture.features {
                for implied in row.implies {
                    assert!(architecture.feature(implied).is_some(), "{implied}");
                }
            }
            let rows = gocross_targets::TARGETS.iter();
            assert!(rows.clone().any(|row| row.rust_arch == architecture.name));
        }
    }

    #[test]
    fn what_no_instruction_has_is_told_by_what_it_brings_along() {
        let arm = Architecture::find("arm").unwrap();
        let told_by = |name| arm.names_of(arm.told_by(arm.set([name])));
        assert_eq!(told_by("vfp4"), ["vfp", "vfp3"]);
        assert_eq!(told_by("vfp"), [""; 0]);
        assert_eq!(told_by("neon"), ["neon"]);
        let mips = Architecture::find("mips").unwrap();
        assert_eq!(mips.names_of(mips.told_by(mips.set(["dsp2"]))), ["dsp"]);
    }

    #[test]
    fn a_feature_brings_along_what_it_is_made_of() {
        let x86 = Architecture::find("x86_64").unwrap();
        let closed = x86.closed(x86.set(["vaes"]));
        assert_eq!(
            x86.names_of(closed),
            ["sse3", "ssse3", "sse4.1", "sse4.2", "aes", "avx", "avx2", "vaes"]
        );
        assert!(closed.has_all(x86.set(["avx"])) && !closed.has_all(x86.set(["fma"])));
        assert_eq!(closed.without(closed), Features::NONE);
        assert_eq!(x86.essence(closed), x86.set(["vaes"]));
        assert_eq!(x86.set(["aes", "avx"]).each().count(), 2);
        assert!(Architecture::find("s390x").is_none());
    }
}
