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
