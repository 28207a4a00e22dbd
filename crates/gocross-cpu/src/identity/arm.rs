//! arm and aarch64: the register MIDR of each core.
//!
//! A kernel of 64 bits lets programs read it where it says `HWCAP_CPUID`, and lists it for each
//! core in `/sys` (Linux `Documentation/arch/arm64/cpu-feature-registers.rst`, since 4.11).
//! Others tell it in `/proc/cpuinfo` alone.

use super::cpuinfo::{self, Lines};
use super::{Core, Identity, IdentitySource, Numbers, arm_names};
use crate::Text;

/// A core, from its MIDR ("Arm Architecture Reference Manual", `MIDR_EL1`).
fn core(midr: u64) -> Core {
    let bits = |low: u32, count: u32| midr >> low & ((1 << count) - 1);
    // Each is cut to its width.
    let implementer = bits(24, 8) as u8;
    let part = bits(4, 12) as u16;
    Core {
        vendor: Text::new(arm_names::implementer(implementer).as_bytes()),
        name: Text::new(arm_names::part(implementer, part).as_bytes()),
        numbers: Numbers::Arm {
            implementer,
            part,
            variant: bits(20, 4) as u8,
            revision: bits(0, 4) as u8,
        },
    }
}

/// The cores of the kernel's list, where this core is among them: under an emulator the list is
/// the host's. This core alone where it is not.
#[cfg(any(test, target_arch = "aarch64"))]
fn of_midrs(this: u64, list: impl Iterator<Item = u64>) -> Identity {
    let this = core(this);
    let mut listed = Identity::from(IdentitySource::Midr);
    list.for_each(|midr| listed.add(core(midr)));
    if listed.has_kind_of(&this) {
        return listed;
    }
    let mut alone = Identity::from(IdentitySource::Midr);
    alone.add(this);
    alone
}

/// The cores of `/proc/cpuinfo`: a block each, or, before Linux 3.8, one block for all.
///
/// `architecture` is the version that the program runs on, where something else than this file
/// tells it; a file that tells another one is an emulator's host's.
fn of_cpuinfo(lines: &mut Lines<'_>, architecture: Option<u64>) -> Identity {
    let mut identity = Identity::from(IdentitySource::Cpuinfo);
    let (mut implementer, mut part, mut variant, mut revision) = (None, None, 0, 0);
    let mut is_ours = true;
    let mut add = |implementer: &mut Option<u64>, part: &mut Option<u64>, rest: u64| {
        if let (Some(implementer), Some(part)) = (implementer.take(), part.take()) {
            identity.add(core(implementer << 24 | part << 4 | rest));
        }
    };
    lines(&mut |line| {
        let Some((key, value)) = cpuinfo::split(line) else { return };
        match key {
            b"processor" => add(&mut implementer, &mut part, variant << 20 | revision),
            b"CPU implementer" => implementer = cpuinfo::number(value, 0xff),
            b"CPU part" => part = cpuinfo::number(value, 0xfff),
            b"CPU variant" => variant = cpuinfo::number(value, 0xf).unwrap_or(0),
            b"CPU revision" => revision = cpuinfo::number(value, 0xf).unwrap_or(0),
            b"CPU architecture" => {
                let told = cpuinfo::number(value, 0xff);
                is_ours &= told.is_none() || architecture.is_none() || told == architecture;
            }
            _ => {}
        }
    });
    add(&mut implementer, &mut part, variant << 20 | revision);
    if is_ours { identity } else { Identity::UNKNOWN }
}

/// The version of the architecture that the kernel's name of the platform has: `v7l`, `v8l`.
#[cfg(any(test, target_arch = "arm"))]
fn version(platform: &[u8]) -> Option<u64> {
    let [b'v', digit @ b'0'..=b'9', ..] = platform else { return None };
    Some((digit - b'0').into())
}

#[cfg(target_arch = "arm")]
pub(super) fn look_arm() -> Identity {
    let architecture = crate::sys::platform().and_then(|name| version(name.to_bytes()));
    of_cpuinfo(&mut cpuinfo::lines(), architecture)
}

#[cfg(target_arch = "aarch64")]
pub(super) fn look_aarch64() -> Identity {
    use crate::sys;

    const HWCAP_CPUID: u64 = 1 << 11;
    if sys::auxiliary(sys::AT_HWCAP) & HWCAP_CPUID == 0 {
        return of_cpuinfo(&mut cpuinfo::lines(), Some(8));
    }
    let this: u64;
    // SAFETY: the kernel answers for the register where it says HWCAP_CPUID.
    unsafe {
        core::arch::asm!("mrs {}, MIDR_EL1", out(reg) this, options(nomem, nostack, preserves_flags));
    }
    // The upper half is reserved.
    let this = this & 0xffff_ffff;
    of_midrs(this, (0..CORES).filter_map(listed))
}

/// How many places of the list are looked at. A core that is off leaves a gap in it.
#[cfg(target_arch = "aarch64")]
const CORES: u32 = 512;

/// The MIDR that the kernel lists for a core; nothing where there is none, or it is off.
#[cfg(target_arch = "aarch64")]
fn listed(core: u32) -> Option<u64> {
    let mut path = Path::new();
    core::fmt::Write::write_fmt(
        &mut path,
        format_args!("/sys/devices/system/cpu/cpu{core}/regs/identification/midr_el1"),
    )
    .ok()?;
    let mut midr = None;
    crate::sys::lines(path.as_c_str()?, |line| midr = cpuinfo::number(line, u64::MAX));
    midr.map(|midr| midr & 0xffff_ffff)
}

/// The path of a file, in a place of fixed size.
#[cfg(target_arch = "aarch64")]
struct Path {
    bytes: [u8; 96],
    length: usize,
}

#[cfg(target_arch = "aarch64")]
impl Path {
    const fn new() -> Self {
        Self { bytes: [0; 96], length: 0 }
    }

    fn as_c_str(&self) -> Option<&core::ffi::CStr> {
        core::ffi::CStr::from_bytes_until_nul(&self.bytes).ok()
    }
}

#[cfg(target_arch = "aarch64")]
impl core::fmt::Write for Path {
    fn write_str(&mut self, text: &str) -> core::fmt::Result {
        let end = self.length + text.len();
        self.bytes
            .get_mut(self.length..end)
            .ok_or(core::fmt::Error)?
            .copy_from_slice(text.as_bytes());
        self.length = end;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::string::{String, ToString};

    use super::*;

    fn of(text: &str, architecture: Option<u64>) -> String {
        of_cpuinfo(&mut |look| text.lines().for_each(|line| look(line.as_bytes())), architecture)
            .to_string()
    }

    /// The shape of a file of Linux 4 and later: a block each.
    fn block(processor: u32, implementer: &str, part: &str) -> String {
        std::format!(
            "processor\t: {processor}\nBogoMIPS\t: 96.00\nFeatures\t: fp asimd evtstrm aes pmull \
             sha1 sha2 crc32 cpuid\nCPU implementer\t: {implementer}\nCPU architecture: 8\n\
             CPU variant\t: 0x1\nCPU part\t: {part}\nCPU revision\t: 3\n\n"
        )
    }

    #[test]
    fn the_fields_of_midr() {
        // Cortex-A72 r0p3, and QEMU's `max`.
        let cortex = core(0x410f_d083);
        assert_eq!(cortex.to_string(), "Cortex-A72 (Arm 0x41, part 0xd08)");
        assert_eq!(
            cortex.numbers(),
            Numbers::Arm { implementer: 0x41, part: 0xd08, variant: 0, revision: 3 }
        );
        assert_eq!(core(0x000f_0510).to_string(), "QEMU max (software 0x00, part 0x051)");
        assert_eq!(core(0x481f_d010).to_string(), "Kunpeng 920 (HiSilicon 0x48, part 0xd01)");
        assert_eq!(core(0x99f0_1239).to_string(), "implementer 0x99, part 0x123");
    }

    #[test]
    fn big_and_little_cores_are_both_told() {
        // The last core is of a later revision.
        let list = [0x410f_d034, 0x410f_d034, 0x410f_d082, 0x410f_d083];
        let identity = of_midrs(0x410f_d034, list.into_iter());
        assert_eq!(
            identity.to_string(),
            "Cortex-A53 (Arm 0x41, part 0xd03) + Cortex-A72 (Arm 0x41, part 0xd08)"
        );
        assert_eq!(identity.source(), IdentitySource::Midr);
    }

    #[test]
    fn a_list_without_this_core_is_the_list_of_an_emulator_s_host() {
        let identity = of_midrs(0x410f_d034, [0x481f_d010; 4].into_iter());
        assert_eq!(identity.to_string(), "Cortex-A53 (Arm 0x41, part 0xd03)");
        let identity = of_midrs(0x410f_d034, [].into_iter());
        assert_eq!(identity.to_string(), "Cortex-A53 (Arm 0x41, part 0xd03)");
    }

    #[test]
    fn a_block_for_each_core() {
        let phytium = block(0, "0x70", "0x663") + &block(1, "0x70", "0x663");
        assert_eq!(
            of(&phytium, Some(8)),
            "FTC663 of FT-2000/4, D2000 or S2500 (Phytium 0x70, part 0x663)"
        );
        let mixed = block(0, "0x70", "0x303") + &block(1, "0x70", "0x664");
        assert_eq!(
            of(&mixed, Some(8)),
            "FTC310 of E2000 (Phytium 0x70, part 0x303) + FTC664 of E2000 (Phytium 0x70, part 0x664)"
        );
    }

    #[test]
    fn one_block_for_all_cores() {
        let text = "Processor\t: ARMv7 Processor rev 1 (v7l)\nprocessor\t: 0\nBogoMIPS\t: 790.52\n\n\
                    processor\t: 1\nBogoMIPS\t: 790.52\n\nFeatures\t: swp half thumb vfp neon vfpv3\n\
                    CPU implementer\t: 0x41\nCPU architecture: 7\nCPU variant\t: 0x4\n\
                    CPU part\t: 0xc09\nCPU revision\t: 1\n\nHardware\t: Freescale i.MX6\n";
        assert_eq!(of(text, Some(7)), "Cortex-A9 (Arm 0x41, part 0xc09)");
        assert_eq!(of(text, None), "Cortex-A9 (Arm 0x41, part 0xc09)");
    }

    #[test]
    fn a_file_of_another_machine_is_not_believed() {
        let host = block(0, "0x48", "0xd01");
        assert_eq!(of(&host, Some(7)), "");
        let x86 = "processor\t: 0\nvendor_id\t: GenuineIntel\nmodel name\t: Intel(R) Xeon(R)\n";
        assert_eq!(of(x86, Some(7)), "");
        assert_eq!(of(&host.replace("0x48", "0x100"), Some(8)), "");
        assert_eq!(of("CPU implementer : 0x41\n", Some(8)), "");
    }

    #[test]
    fn the_version_in_a_platform_s_name() {
        assert_eq!(version(b"v7l"), Some(7));
        assert_eq!(version(b"v8l"), Some(8));
        assert_eq!(version(b"aarch64"), None);
        assert_eq!(version(b"v"), None);
    }
}
