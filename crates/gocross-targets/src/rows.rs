//! The rows, sorted by triple.

use crate::row::{Class, Elf, Endian, Go, Libc, Qemu, Target, Tier};

/// Every target that the project answers for, sorted by triple.
///
/// The tests compare each row with `rustc --print cfg`, with `go tool dist list`
/// and with the objects that the compilers really make.
pub const TARGETS: &[Target] = &[
    Target {
        triple: "aarch64-unknown-linux-gnu",
        tier: Tier::Ci,
        go: Go { os: "linux", arch: "arm64", tuning: None },
        elf: Elf {
            class: Class::Elf64,
            endian: Endian::Little,
            machine: 183,
            machine_name: "AArch64",
            flags_mask: 0,
            flags: 0,
            soft_float: false,
        },
        rust_arch: "aarch64",
        libc: Libc::Gnu,
        interpreter: "/lib/ld-linux-aarch64.so.1",
        gnu_prefix: "aarch64-linux-gnu",
        clang_target: "aarch64-linux-gnu",
        debian_packages: &["gcc-aarch64-linux-gnu", "libc6-dev-arm64-cross"],
        qemu: Qemu { program: "qemu-aarch64", cpu: None },
    },
    Target {
        triple: "armv7-unknown-linux-gnueabihf",
        tier: Tier::Ci,
        go: Go { os: "linux", arch: "arm", tuning: Some(("GOARM", "7")) },
        elf: Elf {
            class: Class::Elf32,
            endian: Endian::Little,
            machine: 40,
            machine_name: "ARM",
            // EF_ARM_EABIMASK: the fifth version of the EABI. Objects do not tell hard float
            // from soft here, only programs do.
            flags_mask: 0xff00_0000,
            flags: 0x0500_0000,
            soft_float: false,
        },
        rust_arch: "arm",
        libc: Libc::Gnu,
        interpreter: "/lib/ld-linux-armhf.so.3",
        gnu_prefix: "arm-linux-gnueabihf",
        clang_target: "armv7-linux-gnueabihf",
        debian_packages: &["gcc-arm-linux-gnueabihf", "libc6-dev-armhf-cross"],
        qemu: Qemu { program: "qemu-arm", cpu: None },
    },
    Target {
        triple: "riscv64gc-unknown-linux-gnu",
        tier: Tier::Ci,
        go: Go { os: "linux", arch: "riscv64", tuning: None },
        elf: Elf {
            class: Class::Elf64,
            endian: Endian::Little,
            machine: 243,
            machine_name: "RISC-V",
            // EF_RISCV_FLOAT_ABI: doubles in registers (psABI, "File Header").
            flags_mask: 0x0006,
            flags: 0x0004,
            soft_float: false,
        },
        rust_arch: "riscv64",
        libc: Libc::Gnu,
        interpreter: "/lib/ld-linux-riscv64-lp64d.so.1",
        gnu_prefix: "riscv64-linux-gnu",
        clang_target: "riscv64-linux-gnu",
        debian_packages: &["gcc-riscv64-linux-gnu", "libc6-dev-riscv64-cross"],
        qemu: Qemu { program: "qemu-riscv64", cpu: None },
    },
    Target {
        triple: "x86_64-unknown-linux-gnu",
        tier: Tier::Ci,
        go: Go { os: "linux", arch: "amd64", tuning: None },
        elf: Elf {
            class: Class::Elf64,
            endian: Endian::Little,
            machine: 62,
            machine_name: "x86-64",
            flags_mask: 0,
            flags: 0,
            soft_float: false,
        },
        rust_arch: "x86_64",
        libc: Libc::Gnu,
        interpreter: "/lib64/ld-linux-x86-64.so.2",
        gnu_prefix: "x86_64-linux-gnu",
        clang_target: "x86_64-linux-gnu",
        debian_packages: &["gcc", "libc6-dev"],
        qemu: Qemu { program: "qemu-x86_64", cpu: None },
    },
];
