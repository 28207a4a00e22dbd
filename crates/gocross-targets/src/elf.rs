//! What the ELF headers of the architectures hold: one const each, shared by all rows of it.
//!
//! Sources: System V gABI, chapter 4, for class, byte order and machine; for the flags the
//! psABI that each const names, and binutils' `include/elf/<arch>.h`.

use crate::row::{Class, Elf, Endian};

/// Arm's "ELF for the Arm 64-bit Architecture" defines no flags.
pub(crate) const AARCH64: Elf = Elf {
    class: Class::Elf64,
    endian: Endian::Little,
    machine: 183,
    machine_name: "AArch64",
    flags_mask: 0,
    flags: 0,
    soft_float: false,
    names_of_linkers: &[],
};

/// `EF_ARM_EABIMASK`: the fifth version of the EABI ("ELF for the Arm Architecture"). Objects
/// do not tell hard float from soft here, only programs do.
pub(crate) const ARM: Elf = Elf {
    class: Class::Elf32,
    endian: Endian::Little,
    machine: 40,
    machine_name: "ARM",
    flags_mask: 0xff00_0000,
    flags: 0x0500_0000,
    soft_float: false,
    names_of_linkers: &[],
};

/// The i386 psABI defines no flags.
pub(crate) const I386: Elf = Elf {
    class: Class::Elf32,
    endian: Endian::Little,
    machine: 3,
    machine_name: "x86",
    flags_mask: 0,
    flags: 0,
    soft_float: false,
    names_of_linkers: &["___tls_get_addr"],
};

/// LoongArch psABI, "`e_flags`": `EF_LOONGARCH_ABI_MODIFIER_MASK` (3: doubles in registers, so
/// lp64d) and `EF_LOONGARCH_OBJABI_MASK` (version 1, relocations without a stack).
pub(crate) const LOONGARCH64: Elf = Elf {
    class: Class::Elf64,
    endian: Endian::Little,
    machine: 258,
    machine_name: "LoongArch",
    flags_mask: 0xc7,
    flags: 0x43,
    soft_float: false,
    names_of_linkers: &[],
};

/// `EF_MIPS_ABI` and `EF_MIPS_ABI2` (MIPS psABI supplement; "64-bit ELF Object File
/// Specification", table 2): the o32 ABI. The revision of the instruction set may differ
/// between objects.
pub(crate) const MIPS: Elf = Elf {
    class: Class::Elf32,
    endian: Endian::Big,
    machine: 8,
    machine_name: "MIPS",
    flags_mask: 0xf020,
    flags: 0x1000,
    soft_float: false,
    // MIPS psABI supplement, "Position-Independent Function Prologue"; binutils' elfxx-mips.c.
    names_of_linkers: &["_gp_disp", "__gnu_local_gp"],
};

/// As [`MIPS`], with the other byte order.
pub(crate) const MIPSEL: Elf = Elf { endian: Endian::Little, ..MIPS };

/// The n64 ABI sets neither of the two: it is a 64-bit file that names no ABI. n32 would be a
/// 32-bit file with `EF_MIPS_ABI2`.
pub(crate) const MIPS64EL: Elf = Elf { class: Class::Elf64, flags: 0, ..MIPSEL };

/// The lower bit of `EF_PPC64_ABI` (64-bit ELF V2 ABI for Power, 3.1.1), which is set for the first
/// version alone: ELFv2 is 2, and 0 stands in objects that are the same in both.
pub(crate) const POWERPC64LE: Elf = Elf {
    class: Class::Elf64,
    endian: Endian::Little,
    machine: 21,
    machine_name: "PowerPC64",
    flags_mask: 0x1,
    flags: 0,
    soft_float: false,
    names_of_linkers: &["__tls_get_addr", ".TOC."],
};

/// `EF_RISCV_FLOAT_ABI`: doubles in registers (RISC-V psABI, "File Header").
pub(crate) const RISCV64: Elf = Elf {
    class: Class::Elf64,
    endian: Endian::Little,
    machine: 243,
    machine_name: "RISC-V",
    flags_mask: 0x0006,
    flags: 0x0004,
    soft_float: false,
    names_of_linkers: &[],
};

/// The s390x psABI knows one flag, `EF_S390_HIGH_GPRS`, which 31-bit objects alone have.
pub(crate) const S390X: Elf = Elf {
    class: Class::Elf64,
    endian: Endian::Big,
    machine: 22,
    machine_name: "S390",
    flags_mask: 0,
    flags: 0,
    soft_float: false,
    names_of_linkers: &["__tls_get_offset"],
};

/// The x86-64 psABI defines no flags.
pub(crate) const X86_64: Elf = Elf {
    class: Class::Elf64,
    endian: Endian::Little,
    machine: 62,
    machine_name: "x86-64",
    flags_mask: 0,
    flags: 0,
    soft_float: false,
    names_of_linkers: &["__tls_get_addr"],
};
