//! Which CPU it is: implementer and part, by name where it is known and by number where not.
//!
//! An emulator of single programs (QEMU's user mode) hands on the host's `/proc/cpuinfo` and
//! `/sys`. So nothing is believed that does not belong to the architecture of this program, or
//! that contradicts what the CPU itself says.

#[cfg(any(test, all(any(target_arch = "aarch64", target_arch = "arm"), target_os = "linux")))]
mod arm;
#[cfg(any(test, all(any(target_arch = "aarch64", target_arch = "arm"), target_os = "linux")))]
mod arm_names;
#[cfg(any(
    test,
    all(
        any(
            target_arch = "aarch64",
            target_arch = "arm",
            target_arch = "mips",
            target_arch = "mips64",
            target_arch = "riscv64"
        ),
        target_os = "linux"
    )
))]
mod cpuinfo;
#[cfg(any(test, all(any(target_arch = "mips", target_arch = "mips64"), target_os = "linux")))]
mod mips;
#[cfg(any(test, all(target_arch = "riscv64", target_os = "linux")))]
mod riscv64;
#[cfg(any(test, target_arch = "x86_64", target_arch = "x86"))]
mod x86;

#[cfg(all(target_arch = "aarch64", target_os = "linux"))]
use arm::look_aarch64 as look;
#[cfg(all(target_arch = "arm", target_os = "linux"))]
use arm::look_arm as look;
#[cfg(all(any(target_arch = "mips", target_arch = "mips64"), target_os = "linux"))]
use mips::look;
#[cfg(all(target_arch = "riscv64", target_os = "linux"))]
use riscv64::look;
#[cfg(any(target_arch = "x86_64", target_arch = "x86"))]
use x86::look;

use core::fmt;

use crate::Text;

/// The most kinds of cores that are told apart; the largest systems of big and little cores have
/// three.
const KINDS: usize = 4;

/// Which CPU it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Identity {
    cores: [Core; KINDS],
    count: u8,
    source: IdentitySource,
}

/// One kind of core of a CPU.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Core {
    vendor: Text,
    name: Text,
    numbers: Numbers,
}

/// The numbers by which a core tells what it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Numbers {
    /// `MIDR_EL1` of arm and aarch64.
    Arm {
        /// Who made it.
        implementer: u8,
        /// What the implementer calls it.
        part: u16,
        /// The major revision.
        variant: u8,
        /// The minor revision.
        revision: u8,
    },
    /// The registers `mvendorid`, `marchid` and `mimpid` of RISC-V.
    Riscv {
        /// Who made it.
        vendor: u64,
        /// What it is.
        architecture: u64,
        /// Which version of it.
        implementation: u64,
    },
    /// The signature of x86, with the extended parts added.
    X86 {
        /// The family.
        family: u32,
        /// The model.
        model: u32,
        /// The stepping.
        stepping: u32,
    },
    /// No numbers, only a name.
    None,
}

/// Where the identity was learnt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum IdentitySource {
    /// The register `MIDR_EL1`, and the kernel's list of it for each core.
    Midr,
    /// Linux's system call `riscv_hwprobe`.
    Hwprobe,
    /// The instruction `cpuid`.
    Cpuid,
    /// `/proc/cpuinfo`.
    Cpuinfo,
    /// Nothing tells.
    None,
}

impl IdentitySource {
    /// Its name, in reports.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Midr => "MIDR_EL1",
            Self::Hwprobe => "riscv_hwprobe",
            Self::Cpuid => "cpuid",
            Self::Cpuinfo => "/proc/cpuinfo",
            Self::None => "none",
        }
    }
}

impl Identity {
    /// A CPU of which nothing is known.
    pub(crate) const UNKNOWN: Self = Self::from(IdentitySource::None);

    /// A CPU whose cores are to be added.
    const fn from(source: IdentitySource) -> Self {
        Self { cores: [Core::UNKNOWN; KINDS], count: 0, source }
    }

    /// Each kind of core, in the order in which the kernel counts them; none where nothing tells.
    #[must_use]
    pub fn cores(&self) -> &[Core] {
        &self.cores[..self.count.into()]
    }

    /// Where it was learnt.
    #[must_use]
    pub const fn source(&self) -> IdentitySource {
        self.source
    }

    /// Adds a core, unless it is of a kind that is there already, or there are too many kinds.
    #[allow(dead_code, reason = "some architectures are not looked at")]
    fn add(&mut self, core: Core) {
        if self.has_kind_of(&core) {
            return;
        }
        if let Some(place) = self.cores.get_mut(usize::from(self.count)) {
            *place = core;
            self.count += 1;
        }
    }

    /// Whether there is a core of the same kind, be it of another revision.
    fn has_kind_of(&self, core: &Core) -> bool {
        self.cores().iter().any(|one| match (one.numbers, core.numbers) {
            (
                Numbers::Arm { implementer, part, .. },
                Numbers::Arm { implementer: implementer_too, part: part_too, .. },
            ) => (implementer, part) == (implementer_too, part_too),
            _ => one == core,
        })
    }

    /// Itself, or nothing known where there are no cores.
    fn or_unknown(self) -> Self {
        if self.count == 0 { Self::UNKNOWN } else { self }
    }
}

impl Core {
    const UNKNOWN: Self = Self { vendor: Text::EMPTY, name: Text::EMPTY, numbers: Numbers::None };

    /// Who made it, where that is known.
    #[must_use]
    pub fn vendor(&self) -> Option<&str> {
        self.vendor.not_empty()
    }

    /// What it is called, where that is known.
    #[must_use]
    pub fn name(&self) -> Option<&str> {
        self.name.not_empty()
    }

    /// The numbers by which it tells what it is.
    #[must_use]
    pub const fn numbers(&self) -> Numbers {
        self.numbers
    }

    /// The numbers, with the vendor's name before its number.
    fn write_numbers(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let vendor = self.vendor();
        match self.numbers {
            Numbers::Arm { implementer, part, .. } => {
                let vendor = vendor.unwrap_or("implementer");
                write!(f, "{vendor} {implementer:#04x}, part {part:#05x}")
            }
            Numbers::Riscv { vendor: number, architecture, implementation } => {
                let vendor = vendor.unwrap_or("mvendorid");
                write!(f, "{vendor} {number:#x}, marchid {architecture:#x}")?;
                if self.name().is_none() {
                    write!(f, ", mimpid {implementation:#x}")?;
                }
                Ok(())
            }
            Numbers::X86 { family, model, stepping } => {
                let vendor = vendor.unwrap_or("no vendor");
                write!(f, "{vendor}, family {family}, model {model}, stepping {stepping}")
            }
            Numbers::None => f.write_str(vendor.unwrap_or_default()),
        }
    }
}

/// The name, and the numbers in brackets; the numbers alone where there is no name.
impl fmt::Display for Core {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(name) = self.name() else { return self.write_numbers(f) };
        f.write_str(name)?;
        if matches!(self.numbers, Numbers::None) && self.vendor().is_none() {
            return Ok(());
        }
        f.write_str(" (")?;
        self.write_numbers(f)?;
        f.write_str(")")
    }
}

/// Each kind of core, with ` + ` between them; nothing where nothing is known.
impl fmt::Display for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, core) in self.cores().iter().enumerate() {
            let gap = if index == 0 { "" } else { " + " };
            write!(f, "{gap}{core}")?;
        }
        Ok(())
    }
}

/// Which CPU it is. Files are read each time, so keep it.
#[must_use]
pub fn identity() -> Identity {
    look().or_unknown()
}

#[cfg(not(any(
    target_arch = "x86_64",
    target_arch = "x86",
    all(
        any(
            target_arch = "aarch64",
            target_arch = "arm",
            target_arch = "mips",
            target_arch = "mips64",
            target_arch = "riscv64"
        ),
        target_os = "linux"
    )
)))]
fn look() -> Identity {
    Identity::UNKNOWN
}

#[cfg(test)]
mod tests {
    use std::format;
    use std::string::ToString;

    use super::*;

    fn arm(vendor: &str, name: &str, implementer: u8, part: u16) -> Core {
        Core {
            vendor: Text::new(vendor.as_bytes()),
            name: Text::new(name.as_bytes()),
            numbers: Numbers::Arm { implementer, part, variant: 0, revision: 1 },
        }
    }

    #[test]
    fn an_unknown_part_is_told_by_its_numbers() {
        let known = arm("HiSilicon", "Kunpeng 920", 0x48, 0xd01);
        assert_eq!(known.to_string(), "Kunpeng 920 (HiSilicon 0x48, part 0xd01)");
        assert_eq!(arm("HiSilicon", "", 0x48, 0x7).to_string(), "HiSilicon 0x48, part 0x007");
        assert_eq!(arm("", "", 0x9, 0xd01).to_string(), "implementer 0x09, part 0xd01");
    }

    #[test]
    fn each_kind_of_core_is_told_once() {
        let mut identity = Identity::from(IdentitySource::Midr);
        assert_eq!(identity.or_unknown(), Identity::UNKNOWN);
        let (little, big) = (arm("Arm", "little", 0x41, 1), arm("Arm", "big", 0x41, 2));
        for core in [little, little, big, little] {
            identity.add(core);
        }
        assert_eq!(identity.cores(), [little, big]);
        assert_eq!(identity.to_string(), format!("{little} + {big}"));
        for part in 3..9 {
            identity.add(arm("", "", 0x41, part));
        }
        assert_eq!(identity.cores().len(), KINDS);
    }
}
