//! Where features were learnt.

use core::fmt;

/// Where the features were learnt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Source {
    /// The instructions `cpuid` and `xgetbv` of x86.
    Cpuid,
    /// The kernel's words `AT_HWCAP` and `AT_HWCAP2` of the auxiliary vector.
    Hwcap,
    /// Linux's system call `riscv_hwprobe`.
    Hwprobe,
    /// The letters in `AT_HWCAP` of a kernel for RISC-V that has no `riscv_hwprobe`.
    HwcapLetters,
    /// Nothing: this architecture or system is not looked at.
    None,
}

impl Source {
    /// Its name, in reports.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Cpuid => "cpuid",
            Self::Hwcap => "HWCAP",
            Self::Hwprobe => "riscv_hwprobe",
            Self::HwcapLetters => "letters of HWCAP",
            Self::None => "none",
        }
    }

    /// What cannot be known from it, and why, where there is such a thing.
    #[must_use]
    pub const fn limit(self) -> Option<&'static str> {
        match self {
            Self::Cpuid | Self::Hwcap | Self::Hwprobe => None,
            Self::HwcapLetters => Some(
                "the kernel has no riscv_hwprobe, so nothing is known of extensions whose names \
                 are longer than a letter",
            ),
            Self::None => Some("this architecture or system is not looked at"),
        }
    }
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
