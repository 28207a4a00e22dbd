//! The names of all problems, and the exit status of each.

/// The exit status of `cargo gocross`, where it does not pass on cargo's own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum ExitStatus {
    /// All was done.
    Done = 0,
    /// The command line is wrong.
    Usage = 2,
    /// A tool, a library or a piece of configuration is missing or does not fit.
    SetUp = 96,
    /// The result was built, and verification found errors in it.
    Verification = 97,
}

macro_rules! codes {
    ($($(#[$doc:meta])* $variant:ident = $name:literal, $status:ident;)*) => {
        /// The name of a problem. Names are stable: scripts may match on them.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Code {
            $($(#[$doc])* $variant,)*
        }

        impl Code {
            /// Every code, in the order of the documentation.
            pub const ALL: &[Self] = &[$(Self::$variant,)*];

            /// The code's kebab-case name.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)*
                }
            }

            /// The exit status of `cargo gocross` when it stops with this problem.
            #[must_use]
            pub const fn exit_status(self) -> ExitStatus {
                match self {
                    $(Self::$variant => ExitStatus::$status,)*
                }
            }
        }
    };
}

codes! {
    /// A word on the command line is not understood.
    Usage = "usage", Usage;
    /// The target triple is in no row of the table.
    UnknownTarget = "unknown-target", Usage;
    /// A glibc floor was asked that this target or this compiler cannot give.
    GlibcSuffix = "glibc-suffix", Usage;
    /// A package cannot be made under that name or in that place.
    NewPackage = "new-package", Usage;
    /// The manifest is that of a workspace without a package.
    NoPackage = "no-package", Usage;
    /// cargo's configuration cannot be read.
    CargoConfig = "cargo-config", SetUp;
    /// cargo cannot be found or started.
    CargoMissing = "cargo-missing", SetUp;
    /// A subcommand of cargo's that is installed apart is missing.
    CargoSubcommand = "cargo-subcommand", SetUp;
    /// What the user configured differs from what was found; the user's word stands.
    ConfigClash = "config-clash", SetUp;
    /// No `go` command.
    GoMissing = "go-missing", SetUp;
    /// Go is older than what the project is tested with.
    GoTooOld = "go-too-old", SetUp;
    /// This Go cannot build a C archive for the target.
    GoTarget = "go-target", SetUp;
    /// cgo is switched off by the environment.
    CgoDisabled = "cgo-disabled", SetUp;
    /// The folder of the Go package does not exist or is no Go package.
    GoPackage = "go-package", SetUp;
    /// The Go package is not `package main`.
    GoNotMain = "go-not-main", SetUp;
    /// The Go package exports nothing to C.
    GoNoExports = "go-no-exports", SetUp;
    /// The Go package does not compile.
    GoBuild = "go-build", SetUp;
    /// Two Go archives would be linked into one program.
    TwoGoArchives = "two-go-archives", SetUp;
    /// Something else in the program defines a function of the signal guard.
    SignalGuard = "signal-guard", SetUp;
    /// A shared object cannot hold Go on the target.
    SharedObject = "shared-object", SetUp;
    /// No C compiler for the target.
    CcMissing = "cc-missing", SetUp;
    /// The C compiler builds for another target.
    CcWrongTarget = "cc-wrong-target", SetUp;
    /// The C compiler cannot compile a small file.
    CcBroken = "cc-broken", SetUp;
    /// No C++ compiler for the target.
    CxxMissing = "cxx-missing", SetUp;
    /// The C++ compiler builds for another target.
    CxxWrongTarget = "cxx-wrong-target", SetUp;
    /// The C++ compiler cannot build a small program.
    CxxBroken = "cxx-broken", SetUp;
    /// No Fortran compiler for the target.
    FcMissing = "fc-missing", SetUp;
    /// The Fortran compiler builds for another target.
    FcWrongTarget = "fc-wrong-target", SetUp;
    /// The Fortran compiler cannot build a small program.
    FcBroken = "fc-broken", SetUp;
    /// The directory that is to be a target's sysroot is none.
    SysrootMissing = "sysroot-missing", SetUp;
    /// The sysroot holds files for another machine or C library.
    SysrootWrongTarget = "sysroot-wrong-target", SetUp;
    /// The target has no such library.
    LibraryMissing = "library-missing", SetUp;
    /// The C compiler cannot link a static program, which the rustflags ask for.
    StaticLibc = "static-libc", SetUp;
    /// A library that is asked for is for another target.
    LibraryWrongTarget = "library-wrong-target", SetUp;
    /// No `pkg-config`, which a Go package asks for.
    PkgConfigMissing = "pkg-config-missing", SetUp;
    /// A word for the linker cannot be handed on to programs of other packages.
    CgoFlag = "cgo-flag", SetUp;
    /// No libclang, which reads the C header of the archive.
    LibclangMissing = "libclang-missing", SetUp;
    /// The C header of the archive cannot be turned into Rust declarations.
    Bindings = "bindings", SetUp;
    /// Rust's standard library for the target cannot be had.
    StdMissing = "std-missing", SetUp;
    /// Another toolchain than the one in use is taken, because it can provide std.
    OtherToolchain = "other-toolchain", SetUp;
    /// Building Rust's standard library from source failed.
    StdBuild = "std-build", SetUp;
    /// What std is to be optimized for is not understood, or has no effect.
    StdProfile = "std-profile", SetUp;
    /// No emulator to run the target's programs.
    QemuMissing = "qemu-missing", SetUp;
    /// The emulator has no C library of the target to load programs with.
    QemuSysroot = "qemu-sysroot", SetUp;
    /// A file cannot be read or written.
    Io = "io", SetUp;
    /// cargo's target folder cannot be written, or its disk is full.
    TargetFolder = "target-folder", SetUp;
    /// An archive or object is not what its maker should have written.
    BadArchive = "bad-archive", SetUp;
    /// A manifest, or `[package.metadata.gocross]` in it, is not understood.
    Manifest = "manifest", SetUp;
    /// The packages of a program, or their sources, cannot be had.
    Dependencies = "dependencies", SetUp;
    /// A file that is to be looked at is none that can be.
    BadFile = "bad-file", Usage;
    /// Errors were found in what was built.
    Verification = "verification", Verification;
    /// The package declares no self-test for `verify --cpu`.
    NoSelfTest = "no-self-test", SetUp;
    /// The table has no CPU models of the target's architecture.
    NoCpuModels = "no-cpu-models", Usage;
    /// A QEMU that has some CPU models is missing, so the self-test did not run there.
    ModelsNotRun = "models-not-run", SetUp;
    /// The self-test did not show on a CPU model what it must.
    SelfTest = "self-test", Verification;
    /// The build script runs without what cargo always sets.
    NotBuildScript = "not-build-script", SetUp;
}

impl std::fmt::Display for Code {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::Code;

    #[test]
    fn names_are_kebab_case_and_unique() {
        let mut names: Vec<_> = Code::ALL.iter().map(|code| code.as_str()).collect();
        for name in &names {
            assert!(name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-'), "{name}");
        }
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), Code::ALL.len());
    }
}
