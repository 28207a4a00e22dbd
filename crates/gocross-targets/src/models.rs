//! The CPU models on which self-tests run, by architecture, the most able first.

use crate::model::{Cpu, Mask, Model, QemuRelease};

/// The oldest QEMU that the rows were tried with (Debian 12).
const ANY: QemuRelease = QemuRelease(7, 2);
/// The newer one (Debian 13, and Debian 12's backports): neoverse-n2 and -v1, and the system call
/// `riscv_hwprobe`, without which no program finds more of a RISC-V CPU than its letters.
const NEWER: QemuRelease = QemuRelease(10, 0);
/// Where 7.2 does what 10.0 does not do any more; the releases between were not tried.
const OLD: QemuRelease = QemuRelease(8, 0);

const fn qemu(model: &'static str, since: QemuRelease, features: &'static [&'static str]) -> Cpu {
    Cpu::Qemu { model, since, before: None, features }
}

const fn old_qemu(model: &'static str, features: &'static [&'static str]) -> Cpu {
    Cpu::Qemu { model, since: ANY, before: Some(OLD), features }
}

const fn row(name: &'static str, rust_arch: &'static str, cpu: Cpu) -> Model {
    Model { name, rust_arch, cpu, fpu: true, mask: Mask::NONE }
}

const fn masked(model: Model, name: &'static str, mask: Mask) -> Model {
    Model { name, mask, ..model }
}

/// The features of each model are those that `gocross-cpu` finds there.
const CORTEX_A53: &[&str] = &["neon", "aes", "pmull", "sha1", "sha2"];
const NEOVERSE_V1: &[&str] =
    &["neon", "aes", "pmull", "sha1", "sha2", "sha3", "sha512", "sm3", "sm4", "sve"];
const AARCH64_MAX: &[&str] = &[
    "neon",
    "aes",
    "pmull",
    "sha1",
    "sha2",
    "sha3",
    "sha512",
    "sm3",
    "sm4",
    "sve",
    "sve2",
    "sve2-aes",
    "sve2-sha3",
    "sve2-sm4",
];
const MAX: Model = row("max", "aarch64", qemu("max", ANY, AARCH64_MAX));

/// Vectors of any length, and no instructions of SM4's.
const NO_SM4: Mask = Mask {
    below: None,
    features: &["sm3", "sm4", "sve2-sm4"],
    go: &["sm3", "sm4"],
    variables: &[],
};
/// No AES: the cores of a Raspberry Pi 3 and 4, whose makers left it out. None of QEMU's models
/// says so of itself. What is built upon a feature is hidden with it.
const NO_AES: Mask = Mask {
    below: Some(&NO_SM4),
    features: &["aes", "pmull", "sha1", "sha2", "sha3", "sha512", "sve2-aes", "sve2-sha3"],
    go: &["aes", "pmull", "sha1", "sha2", "sha3", "sha512"],
    variables: &[],
};

const ARM_MAX: &[&str] = &["neon", "aes", "pmull", "sha1", "sha2", "vfp", "vfp3", "vfp4", "d32"];
const CORTEX_A9: Model =
    row("cortex-a9", "arm", qemu("cortex-a9", ANY, &["neon", "vfp", "vfp3", "d32"]));
const NO_NEON: Mask = Mask {
    below: None,
    features: &["neon", "aes", "pmull", "sha1", "sha2"],
    go: &["neon", "aes", "pmull", "sha1", "sha2"],
    variables: &[],
};

const RISCV_MAX: &[&str] = &[
    "v", "zba", "zbb", "zbc", "zbs", "zbkb", "zbkc", "zbkx", "zknd", "zkne", "zknh", "zksed",
    "zksh", "zvbb", "zvbc", "zvkb", "zvkg", "zvkned", "zvknha", "zvknhb", "zvksed", "zvksh",
];
/// QEMU's plain `rv64` has these.
const RV64: &[&str] = &["zba", "zbb", "zbc", "zbs", "zbkc"];
const RV64_ZKSED: &[&str] = &["zba", "zbb", "zbc", "zbs", "zbkc", "zksed"];
const RV64_V: &[&str] = &["v", "zba", "zbb", "zbc", "zbs", "zbkc"];
const RV64_ZVKSED: &[&str] = &["v", "zba", "zbb", "zbc", "zbs", "zbkc", "zvksed"];
const RV64_ZVKSED_ZVKB: &[&str] = &["v", "zba", "zbb", "zbc", "zbs", "zbkc", "zvkb", "zvksed"];

const MACHINE: Model = row("this machine", "x86_64", Cpu::Machine);
const NO_AVX512: Mask = Mask {
    below: None,
    features: &["avx512f", "avx512dq", "avx512bw", "avx512vl", "avx512vbmi", "avx512vbmi2"],
    go: &["avx512", "avx512f", "avx512dq", "avx512bw", "avx512vl", "avx512vbmi", "avx512vbmi2"],
    variables: &[],
};
/// gmsm asks the CPU for GFNI by itself (`internal/cpuid`), and has a variable for it.
const NO_GFNI: Mask = Mask {
    below: Some(&NO_AVX512),
    features: &["gfni"],
    go: &["gfni"],
    variables: &[("DISABLE_GFNI", "1")],
};
const NO_AVX2: Mask = Mask {
    below: Some(&NO_GFNI),
    features: &["avx2", "vaes", "sha512", "sm4"],
    go: &["avx2"],
    variables: &[],
};
const NO_AES_NI: Mask = Mask {
    below: Some(&NO_AVX2),
    features: &["aes", "pclmulqdq", "vpclmulqdq"],
    go: &["aes", "pclmulqdq"],
    variables: &[],
};
/// Without the SHA instructions, which a QEMU 10 has and a QEMU 7.2 has not.
const X86_MAX: &[&str] = &["aes", "ssse3", "sse4.1", "pclmulqdq", "avx", "avx2", "fma", "vaes"];

/// Every CPU model. A test runs a program on each and compares what it finds with the row.
pub const MODELS: &[Model] = &[
    row("this machine", "aarch64", Cpu::Machine),
    MAX,
    row("neoverse-n2", "aarch64", qemu("neoverse-n2", NEWER, AARCH64_MAX)),
    row("neoverse-v1", "aarch64", qemu("neoverse-v1", NEWER, NEOVERSE_V1)),
    masked(MAX, "max without SM4", NO_SM4),
    row("neoverse-n1", "aarch64", qemu("neoverse-n1", ANY, CORTEX_A53)),
    row("cortex-a72", "aarch64", qemu("cortex-a72", ANY, CORTEX_A53)),
    row("cortex-a53", "aarch64", qemu("cortex-a53", ANY, CORTEX_A53)),
    masked(MAX, "max without AES", NO_AES),
    row("this machine", "arm", Cpu::Machine),
    row("max", "arm", qemu("max", ANY, ARM_MAX)),
    CORTEX_A9,
    // Later ones: "must have both VFP-D32 and Neon or neither".
    row("cortex-a9,neon=off", "arm", old_qemu("cortex-a9,neon=off", &["vfp", "vfp3", "d32"])),
    masked(CORTEX_A9, "cortex-a9 without NEON", NO_NEON),
    Model { fpu: false, ..row("24Kc", "mips", qemu("24Kc", ANY, &[])) },
    row("24Kf", "mips", qemu("24Kf", ANY, &[])),
    row("this machine", "riscv64", Cpu::Machine),
    row("max", "riscv64", qemu("max", NEWER, RISCV_MAX)),
    row(
        "rv64 with V, Zvksed, Zvkb",
        "riscv64",
        qemu("rv64,v=true,vlen=128,zvksed=true,zvkb=true", NEWER, RV64_ZVKSED_ZVKB),
    ),
    row(
        "the same, VLEN 256",
        "riscv64",
        qemu("rv64,v=true,vlen=256,zvksed=true,zvkb=true", NEWER, RV64_ZVKSED_ZVKB),
    ),
    // `vrev8` is Zvkb's: a path that asks for Zvksed alone ends here.
    row(
        "rv64 with V, Zvksed",
        "riscv64",
        qemu("rv64,v=true,vlen=128,zvksed=true", NEWER, RV64_ZVKSED),
    ),
    row("rv64 with V", "riscv64", qemu("rv64,v=true,vlen=128", NEWER, RV64_V)),
    row("rv64 with Zksed", "riscv64", qemu("rv64,zksed=true", NEWER, RV64_ZKSED)),
    row("rv64", "riscv64", qemu("rv64", NEWER, RV64)),
    // The letter V is in HWCAP, which is all that a kernel without `riscv_hwprobe` tells.
    row("rv64 with V, old kernel", "riscv64", old_qemu("rv64,v=true,vext_spec=v1.0", &["v"])),
    // The instructions are there, and no program can know.
    row("rv64 with Zksed, old kernel", "riscv64", old_qemu("rv64,zksed=true", &[])),
    row("rv64, old kernel", "riscv64", old_qemu("rv64", &[])),
    MACHINE,
    masked(MACHINE, "without AVX-512", NO_AVX512),
    masked(MACHINE, "without GFNI", NO_GFNI),
    masked(MACHINE, "without AVX2", NO_AVX2),
    masked(MACHINE, "without AES", NO_AES_NI),
    row("max", "x86_64", qemu("max,sha-ni=off", ANY, X86_MAX)),
    row("qemu64", "x86_64", qemu("qemu64", ANY, &[])),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::TARGETS;

    #[test]
    fn a_name_stands_once_for_each_architecture() {
        for (index, row) in MODELS.iter().enumerate() {
            let same = |other: &&Model| other.rust_arch == row.rust_arch && other.name == row.name;
            assert_eq!(MODELS[..index].iter().find(same), None, "{}", row.name);
            assert!(TARGETS.iter().any(|target| target.rust_arch == row.rust_arch), "{}", row.name);
        }
    }

    #[test]
    fn every_target_of_ci_has_a_model_that_any_qemu_has() {
        for target in TARGETS.iter().filter(|target| target.tier == crate::Tier::Ci) {
            let is_common = |row: &&Model| row.is_for(target, None) && (row.is_in(ANY));
            assert!(MODELS.iter().any(|row| is_common(&row)), "{}", target.triple);
        }
    }

    #[test]
    fn hidden_features_are_not_seen() {
        let row = MODELS.iter().find(|row| row.name == "max without AES").unwrap();
        assert_eq!(row.features().unwrap(), ["neon", "sve", "sve2"]);
        assert!(
            row.mask
                .godebug(None, |_| true)
                .unwrap()
                .starts_with("cpu.sm3=off,cpu.sm4=off,cpu.aes=off,")
        );
        assert!(row.mask.gocross_cpu().unwrap().starts_with("-sm3,-sm4,-sve2-sm4,-aes,-pmull,"));
        assert_eq!(Mask::NONE.gocross_cpu(), None);
        assert_eq!(Mask::NONE.godebug(Some("a=1"), |_| true).as_deref(), Some("a=1"));
        assert!(row.mask.hides("sm4") && row.mask.hides("aes") && !row.mask.hides("sve2"));
        assert_eq!(NO_AES_NI.variables().collect::<Vec<_>>(), [("DISABLE_GFNI", "1")]);
        assert_eq!(
            NO_SM4.godebug(Some("a=1"), |_| true).as_deref(),
            Some("a=1,cpu.sm3=off,cpu.sm4=off")
        );
    }

    #[test]
    fn a_model_is_in_the_releases_that_it_says() {
        let is_in = |name: &str, major, minor| {
            let row = MODELS.iter().find(|row| row.name == name).unwrap();
            row.is_in(QemuRelease(major, minor))
        };
        assert!(is_in("neoverse-n2", 10, 0) && is_in("neoverse-n2", 11, 1));
        assert!(!is_in("neoverse-n2", 9, 2));
        assert!(is_in("cortex-a9,neon=off", 7, 2) && !is_in("cortex-a9,neon=off", 8, 0));
        assert!(!is_in("this machine", 10, 0));
    }
}
