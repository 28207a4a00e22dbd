//! The columns of the table.

/// One row: everything that has to be known of a target to build, link and run
/// a Rust program with Go in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Target {
    /// Rust's target triple, as in `rustc --print target-list`.
    pub triple: &'static str,
    /// How far this project answers for the target.
    pub tier: Tier,
    /// How Go names the target.
    pub go: Go,
    /// What the ELF header of an object for this target holds.
    pub elf: Elf,
    /// Rust's `target_arch`.
    pub rust_arch: &'static str,
    /// The C library that the target's programs are linked with.
    pub libc: Libc,
    /// The dynamic linker that a program names in `PT_INTERP` (psABI of the architecture).
    pub interpreter: &'static str,
    /// The prefix of the GNU tools: `<prefix>-gcc`, `<prefix>-ar`. Also the name of Debian's
    /// cross sysroot below `/usr`.
    pub gnu_prefix: &'static str,
    /// Debian's multiarch name, which stands in `/usr/lib/<name>`
    /// (<https://wiki.debian.org/Multiarch/Tuples>).
    pub multiarch: &'static str,
    /// What clang calls the target in `--target=`.
    pub clang_target: &'static str,
    /// What zig calls the target in `-target`.
    pub zig_target: &'static str,
    /// What zig is to be told in `-mcpu`, where the CPU that it takes by itself has more than
    /// every CPU of the target (zig's ARMv7 has NEON); empty elsewhere.
    pub zig_cpu: &'static str,
    /// How C passes `_Complex` by value (psABI of the architecture).
    pub complex: Complex,
    /// What rustc needs to be told besides the triple. The user's own flags come after, and win.
    pub rustflags: &'static [&'static str],
    /// Debian's packages that hold the C compiler and the C library for the target, on a machine
    /// of another kind; see [`Target::packages`].
    pub debian_packages: &'static [&'static str],
    /// Debian's name for the architecture, as in `zlib1g-dev:arm64`; none where Debian's packages
    /// hold libraries for another C library than the target's.
    pub debian_arch: Option<&'static str>,
    /// Architectures, by Rust's names, whose kernels run the target's programs as well.
    pub kernels: &'static [&'static str],
    /// The user-mode emulator that runs the target's programs on another machine.
    pub qemu: Qemu,
}

/// How C passes a `_Complex` number by value, as an argument and as a result.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Complex {
    /// As a struct of the two parts, which Rust can pass too: the psABIs of x86-64, of AArch64 and
    /// AAPCS-VFP (homogeneous aggregates), of RISC-V and LoongArch say so.
    AsStruct,
    /// By a rule of its own, which no Rust type follows: i386 gives a `float _Complex` back in two
    /// registers, MIPS o32 a `double _Complex` in two, s390x takes one by reference, PowerPC takes
    /// it for two arguments.
    OwnRule,
}

/// How far this project answers for a target.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tier {
    /// Built and run by the project's CI, under QEMU where it is foreign.
    Ci,
    /// Built and run by hand, with `cargo xtask test --by-hand`.
    ByHand,
    /// Built by hand, and never run: no emulator of the project's runs it.
    BuiltOnly,
}

impl Tier {
    /// The tier in words.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Ci => "run in CI",
            Self::ByHand => "run by hand",
            Self::BuiltOnly => "built only",
        }
    }
}

/// Go's names for a target, as in `go tool dist list`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Go {
    /// `GOOS`.
    pub os: &'static str,
    /// `GOARCH`.
    pub arch: &'static str,
    /// The variable that tunes the architecture and its value (`GOARM=7`, `GOMIPS=softfloat`),
    /// for architectures whose default is not this target's.
    pub tuning: Option<(&'static str, &'static str)>,
    /// Who makes a C archive for it.
    pub c_archive: CArchive,
}

/// How a C archive comes about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CArchive {
    /// `go build -buildmode=c-archive`.
    ByGo,
    /// Go refuses (`internal/platform/supported.go`): an executable is built with a changed
    /// start of the runtime, and its objects are taken before they are linked. The code is
    /// position-dependent.
    ByOverlay,
}

impl Go {
    /// `GOOS/GOARCH`, the way Go writes a target.
    #[must_use]
    pub fn platform(&self) -> String {
        format!("{}/{}", self.os, self.arch)
    }
}

/// What an object's ELF header holds (System V gABI, chapter 4, and the psABI of the architecture).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Elf {
    /// `EI_CLASS`.
    pub class: Class,
    /// `EI_DATA`.
    pub endian: Endian,
    /// `e_machine`.
    pub machine: u16,
    /// The name of `machine` as people write it.
    pub machine_name: &'static str,
    /// The bits of `e_flags` that name the ABI; the others may differ between objects.
    pub flags_mask: u32,
    /// What `e_flags & flags_mask` is for this target.
    pub flags: u32,
    /// Whether numbers with a point are passed and computed without a floating-point unit.
    pub soft_float: bool,
    /// Names that may stay undefined in `.symtab` of a static program, because the linker itself
    /// gives them their meaning. Functions that code of the TLS models general-dynamic and
    /// local-dynamic calls, where linkers relax every such call in a program and `libc.a` has no
    /// such function (U. Drepper, "ELF Handling For Thread-Local Storage", section 5): lld leaves
    /// the name. And symbols that stand for a value of the linker's own, which GNU ld leaves where
    /// it has removed the sections that use them.
    pub names_of_linkers: &'static [&'static str],
}

/// The width of an ELF file's addresses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Class {
    /// `ELFCLASS32`.
    Elf32,
    /// `ELFCLASS64`.
    Elf64,
}

impl Class {
    /// The width of a pointer in bits.
    #[must_use]
    pub const fn bits(self) -> u32 {
        match self {
            Self::Elf32 => 32,
            Self::Elf64 => 64,
        }
    }
}

/// The order of bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Endian {
    /// Least significant byte first (`ELFDATA2LSB`).
    Little,
    /// Most significant byte first (`ELFDATA2MSB`).
    Big,
}

impl Endian {
    /// Rust's `target_endian`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Little => "little",
            Self::Big => "big",
        }
    }
}

/// The C library.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Libc {
    /// The GNU C library.
    Gnu,
    /// musl.
    Musl,
}

impl Libc {
    /// Rust's `target_env`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Gnu => "gnu",
            Self::Musl => "musl",
        }
    }
}

/// QEMU's user-mode emulation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Qemu {
    /// The program, such as `qemu-aarch64`.
    pub program: &'static str,
    /// The value of `-cpu` where QEMU's default is not what the target promises.
    pub cpu: Option<&'static str>,
    /// The `GODEBUG` without which this emulator breaks Go's runtime. Programs have it instead
    /// of the user's own, under the emulator alone.
    pub godebug: Option<&'static str>,
}

impl Target {
    /// The triple as `cc`, `bindgen` and Go's own `CC_FOR_<target>` write it in variables.
    #[must_use]
    pub fn env_suffix(&self) -> String {
        self.triple.replace(['-', '.'], "_")
    }

    /// Cargo's environment variable for `target.<triple>.<key>`.
    #[must_use]
    pub fn cargo_env(&self, key: &str) -> String {
        format!("CARGO_TARGET_{}_{key}", self.env_suffix().to_uppercase())
    }

    /// Whether the kernel of a machine of another row takes this target's programs as they are.
    /// A dynamic program needs its [`Target::interpreter`] there too.
    #[must_use]
    pub fn runs_on(&self, host: &Self) -> bool {
        self.go.os == host.go.os && (self.elf == host.elf || self.kernels.contains(&host.rust_arch))
    }

    /// Debian's packages that hold the C compiler and the C library, where the target is that of
    /// the machine itself (`native`) or another.
    #[must_use]
    pub const fn packages(&self, native: bool) -> &'static [&'static str] {
        match self.libc {
            Libc::Gnu if native => &["gcc", "libc6-dev"],
            _ => self.debian_packages,
        }
    }

    /// Debian's package with another compiler of the GNU collection for the target: `g++` or
    /// `gfortran`. None where Debian has no compiler for it.
    #[must_use]
    pub fn debian_compiler(&self, name: &str, native: bool) -> Option<String> {
        if native && self.libc == Libc::Gnu {
            return Some(name.to_owned());
        }
        let of_c = self.debian_packages.iter().find_map(|package| package.strip_prefix("gcc-"))?;
        Some(format!("{name}-{of_c}"))
    }

    /// Where Debian's cross packages put the target's C library.
    #[must_use]
    pub fn debian_sysroot(&self) -> String {
        format!("/usr/{}", self.gnu_prefix)
    }
}
