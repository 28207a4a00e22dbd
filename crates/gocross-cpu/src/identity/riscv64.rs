//! riscv64: the registers `mvendorid`, `marchid` and `mimpid`, by `riscv_hwprobe` or from
//! `/proc/cpuinfo`, which also has the name that the device tree gives the core (`uarch`).

use super::cpuinfo::{self, Lines};
use super::{Core, Identity, IdentitySource, Numbers};
use crate::Text;

/// Vendors, by their JEDEC numbers (Linux `arch/riscv/include/asm/vendorid_list.h`; SpacemiT's is
/// the one that its cores report).
const VENDORS: &[(u64, &str)] = &[
    (0x31e, "Andes"),
    (0x489, "SiFive"),
    (0x5b7, "T-Head"),
    (0x61f, "Ventana"),
    (0x710, "SpacemiT"),
];

/// Cores by vendor and `marchid`, as their boards report them. T-Head's C906 and C910 have 0 for
/// it, so their number alone is no name.
const CORES: &[(u64, u64, &str)] = &[
    (0x489, 0x8000_0000_0000_0007, "U74"),
    (0x489, 0x8000_0000_0000_0008, "P550"),
    (0x5b7, 0x8000_0000_090c_0d00, "C920"),
    (0x5b7, 0x8000_0000_0914_0d00, "C908"),
    (0x61f, 0x8000_0000_0001_0000, "Veyron V1"),
    (0x710, 0x8000_0000_4100_0002, "A100"),
    (0x710, 0x8000_0000_5800_0001, "X60"),
    (0x710, 0x8000_0000_5800_0002, "X100"),
];

/// Names of the device tree (Linux `Documentation/devicetree/bindings/riscv/cpus.yaml`).
const UARCHES: &[(&[u8], &str, &str)] = &[
    (b"sifive,bullet0", "SiFive", "U74"),
    (b"sifive,p550", "SiFive", "P550"),
    (b"sifive,u54", "SiFive", "U54"),
    (b"sifive,u74", "SiFive", "U74"),
    (b"sifive,u74-mc", "SiFive", "U74"),
    (b"spacemit,x100", "SpacemiT", "X100"),
    (b"spacemit,x60", "SpacemiT", "X60"),
    (b"thead,c906", "T-Head", "C906"),
    (b"thead,c908", "T-Head", "C908"),
    (b"thead,c910", "T-Head", "C910"),
    (b"thead,c920", "T-Head", "C920"),
];

/// What tells of one core.
#[derive(Debug, Clone, Copy, Default)]
struct Told<'a> {
    vendor: u64,
    architecture: u64,
    implementation: u64,
    uarch: &'a [u8],
}

impl Told<'_> {
    /// The core; nothing where nothing tells (a vendor of 0 has no number, and a `marchid` of 0
    /// says nothing).
    fn core(&self) -> Option<Core> {
        let has_numbers = (self.vendor, self.architecture) != (0, 0);
        if !has_numbers && self.uarch.is_empty() {
            return None;
        }
        let vendor = VENDORS.iter().find(|row| row.0 == self.vendor).map(|row| row.1);
        let core = CORES.iter().find(|row| (row.0, row.1) == (self.vendor, self.architecture));
        let uarch = UARCHES.iter().find(|row| row.0 == self.uarch);
        let name = core.map(|row| row.2).or(uarch.map(|row| row.2)).map(str::as_bytes);
        Some(Core {
            vendor: Text::new(vendor.or(uarch.map(|row| row.1)).unwrap_or_default().as_bytes()),
            name: Text::new(name.unwrap_or(self.uarch)),
            numbers: if has_numbers {
                Numbers::Riscv {
                    vendor: self.vendor,
                    architecture: self.architecture,
                    implementation: self.implementation,
                }
            } else {
                Numbers::None
            },
        })
    }
}

/// The cores of `/proc/cpuinfo`. Its keys are RISC-V's own, so the file of an emulator's host of
/// another architecture has none of them.
fn of_cpuinfo(lines: &mut Lines<'_>) -> Identity {
    let mut identity = Identity::from(IdentitySource::Cpuinfo);
    let mut told = Told::default();
    // What a block says of `uarch` must outlast its line.
    let mut uarch = Text::EMPTY;
    let mut add = |told: &mut Told<'_>, uarch: &mut Text| {
        let whole = Told { uarch: uarch.as_str().as_bytes(), ..*told };
        whole.core().into_iter().for_each(|core| identity.add(core));
        (*told, *uarch) = (Told::default(), Text::EMPTY);
    };
    lines(&mut |line| {
        let Some((key, value)) = cpuinfo::split(line) else { return };
        let number = || cpuinfo::number(value, u64::MAX).unwrap_or(0);
        match key {
            b"processor" => add(&mut told, &mut uarch),
            b"mvendorid" => told.vendor = number(),
            b"marchid" => told.architecture = number(),
            b"mimpid" => told.implementation = number(),
            b"uarch" => uarch = Text::new(value),
            _ => {}
        }
    });
    add(&mut told, &mut uarch);
    identity
}

#[cfg(target_arch = "riscv64")]
pub(super) fn look() -> Identity {
    best(probe::of_hwprobe(), of_cpuinfo(&mut cpuinfo::lines()))
}

/// The kernel's word, unless only the file has a name: the kernel knows the numbers alone, and an
/// emulator writes itself into the file.
fn best(of_kernel: Identity, of_file: Identity) -> Identity {
    let is_named = |identity: &Identity| identity.cores().iter().any(|core| core.name().is_some());
    if is_named(&of_kernel) || (!is_named(&of_file) && !of_kernel.cores().is_empty()) {
        of_kernel
    } else {
        of_file
    }
}

#[cfg(target_arch = "riscv64")]
mod probe {
    use core::ffi::c_ulong;

    use super::Told;
    use crate::detect::riscv64::{Pair, hwprobe};
    use crate::identity::{Identity, IdentitySource};

    const MVENDORID: i64 = 0;
    const MARCHID: i64 = 1;
    const MIMPID: i64 = 2;
    /// The answer where cores differ.
    const DIFFER: u64 = u64::MAX;
    /// The most CPUs that are asked one by one.
    const CPUS: usize = 256;
    const BITS: usize = c_ulong::BITS as usize;

    /// What the kernel says of all CPUs, or of those in the set.
    fn ask(cpus: Option<&[c_ulong]>) -> Option<[u64; 3]> {
        let mut pairs = [MVENDORID, MARCHID, MIMPID].map(Pair::new);
        hwprobe(&mut pairs, cpus).then(|| pairs.map(|pair| pair.value))
    }

    fn add(identity: &mut Identity, [vendor, architecture, implementation]: [u64; 3]) {
        let told = Told { vendor, architecture, implementation, uarch: b"" };
        told.core().into_iter().for_each(|core| identity.add(core));
    }

    pub(super) fn of_hwprobe() -> Identity {
        let mut identity = Identity::from(IdentitySource::Hwprobe);
        match ask(None) {
            None => {}
            Some(same) if !same.contains(&DIFFER) => add(&mut identity, same),
            Some(_) => {
                for cpu in 0..CPUS {
                    let mut set = [0; CPUS / BITS];
                    set[cpu / BITS] = 1 << (cpu % BITS);
                    // A CPU that is not there, or off, is refused.
                    ask(Some(&set)).into_iter().for_each(|one| add(&mut identity, one));
                }
            }
        }
        identity
    }
}

#[cfg(test)]
mod tests {
    use std::string::{String, ToString};

    use super::*;

    fn of(text: &str) -> String {
        of_cpuinfo(&mut |look| text.lines().for_each(|line| look(line.as_bytes()))).to_string()
    }

    #[test]
    fn the_tables_are_sorted() {
        assert!(VENDORS.is_sorted_by_key(|row| row.0));
        assert!(CORES.is_sorted_by_key(|row| (row.0, row.1)));
        assert!(UARCHES.is_sorted_by_key(|row| row.0));
        for (vendor, _, name) in CORES {
            assert!(VENDORS.iter().any(|row| row.0 == *vendor), "{name}");
        }
    }

    #[test]
    fn numbers_and_a_name() {
        let block = "processor\t: 0\nhart\t\t: 0\nisa\t\t: rv64imafdcv_zicbom_zba_zbb_zbs_svpbmt\n\
                     mmu\t\t: sv39\nuarch\t\t: thead,c908\nmvendorid\t: 0x5b7\n\
                     marchid\t\t: 0x8000000009140d00\nmimpid\t\t: 0x50000\n\n";
        assert_eq!(of(block), "C908 (T-Head 0x5b7, marchid 0x8000000009140d00)");
        let block = "processor\t: 0\nhart\t\t: 0\nmodel name\t: Spacemit(R) X60\nuarch\t: spacemit,x60\n\
                     mvendorid\t: 0x710\nmarchid\t\t: 0x8000000058000001\n\
                     mimpid\t\t: 0x1000000049772200\n";
        assert_eq!(of(block), "X60 (SpacemiT 0x710, marchid 0x8000000058000001)");
        // The device tree's name is not there.
        assert_eq!(of(&block.replace("uarch", "x")), of(block));
    }

    #[test]
    fn a_name_alone() {
        let old = "processor\t: 0\nhart\t\t: 1\nisa\t\t: rv64imafdc\nmmu\t\t: sv39\nisa-ext\t\t: \n\
                   uarch\t\t: sifive,u74-mc\n\n";
        assert_eq!(of(&([old, old].concat())), "U74 (SiFive)");
        assert_eq!(of(&old.replace("sifive,u74-mc", "acme,one")), "acme,one");
    }

    #[test]
    fn numbers_alone() {
        let block = "processor : 0\nmvendorid : 0x5b7\nmarchid : 0x0\nmimpid : 0x0\n";
        assert_eq!(of(block), "T-Head 0x5b7, marchid 0x0, mimpid 0x0");
        let block = "processor : 0\nmvendorid : 0x7\nmarchid : 0x8\nmimpid : 0x9\n";
        assert_eq!(of(block), "mvendorid 0x7, marchid 0x8, mimpid 0x9");
        assert_eq!(of("processor : 0\nmvendorid : 0x0\nmarchid : 0x0\nmimpid : 0x0\n"), "");
    }

    #[test]
    fn the_kernel_s_word_counts_unless_only_the_file_has_a_name() {
        let told = |source, vendor, uarch: &str| {
            let mut identity = Identity::from(source);
            let told = Told { vendor, architecture: 0x8000_0000_0000_0007, ..Told::default() };
            identity.add(Told { uarch: uarch.as_bytes(), ..told }.core().unwrap());
            identity
        };
        let kernel = |vendor| told(IdentitySource::Hwprobe, vendor, "");
        let file = |uarch| told(IdentitySource::Cpuinfo, 0x1, uarch);
        assert_eq!(best(kernel(0x489), file("qemu")), kernel(0x489));
        assert_eq!(best(kernel(0x5b7), file("thead,c910")), file("thead,c910"));
        assert_eq!(best(kernel(0x5b7), file("")), kernel(0x5b7));
        assert_eq!(best(Identity::UNKNOWN, file("")), file(""));
        assert_eq!(best(Identity::UNKNOWN, Identity::UNKNOWN), Identity::UNKNOWN);
    }

    #[test]
    fn cores_of_several_kinds() {
        let one = "processor : 0\nuarch : spacemit,x100\nmvendorid : 0x710\nmarchid : 0x8000000058000002\n";
        let two = "processor : 1\nmvendorid : 0x710\nmarchid : 0x8000000041000002\n";
        assert_eq!(
            of(&([one, two].concat())),
            "X100 (SpacemiT 0x710, marchid 0x8000000058000002) + \
             A100 (SpacemiT 0x710, marchid 0x8000000041000002)"
        );
    }

    #[test]
    fn the_file_of_an_emulator_s_host_tells_nothing() {
        assert_eq!(of("processor\t: 0\nvendor_id\t: GenuineIntel\nmodel name\t: Xeon\n"), "");
        assert_eq!(of("processor\t: 0\nCPU implementer\t: 0x48\nCPU part\t: 0xd01\n"), "");
    }
}
