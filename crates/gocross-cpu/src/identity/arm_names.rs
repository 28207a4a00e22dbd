//! The names of implementers and parts of arm and aarch64.
//!
//! Numbers: Linux `arch/arm64/include/asm/cputype.h`, the table of `lscpu` (util-linux
//! `sys-utils/lscpu-arm.c`), and Phytium's own kernels for the chips of its cores.

/// Implementers, by the eight upper bits of MIDR.
const IMPLEMENTERS: &[(u8, &str)] = &[
    (0x00, "software"),
    (0x41, "Arm"),
    (0x42, "Broadcom"),
    (0x43, "Cavium"),
    (0x46, "Fujitsu"),
    (0x48, "HiSilicon"),
    (0x4e, "NVIDIA"),
    (0x50, "Applied Micro"),
    (0x51, "Qualcomm"),
    (0x53, "Samsung"),
    (0x56, "Marvell"),
    (0x61, "Apple"),
    (0x66, "Faraday"),
    (0x69, "Intel"),
    (0x6d, "Microsoft"),
    (0x70, "Phytium"),
    (0xc0, "Ampere"),
];

/// Parts, by implementer and number.
const PARTS: &[(u8, u16, &str)] = &[
    // QEMU sets this for its model `max`, so that nobody takes it for a real one.
    (0x00, 0x051, "QEMU max"),
    (0x41, 0x926, "ARM926"),
    (0x41, 0xb36, "ARM1136"),
    (0x41, 0xb76, "ARM1176"),
    (0x41, 0xc05, "Cortex-A5"),
    (0x41, 0xc07, "Cortex-A7"),
    (0x41, 0xc08, "Cortex-A8"),
    (0x41, 0xc09, "Cortex-A9"),
    (0x41, 0xc0d, "Cortex-A12"),
    (0x41, 0xc0e, "Cortex-A17"),
    (0x41, 0xc0f, "Cortex-A15"),
    (0x41, 0xd01, "Cortex-A32"),
    (0x41, 0xd02, "Cortex-A34"),
    (0x41, 0xd03, "Cortex-A53"),
    (0x41, 0xd04, "Cortex-A35"),
    (0x41, 0xd05, "Cortex-A55"),
    (0x41, 0xd06, "Cortex-A65"),
    (0x41, 0xd07, "Cortex-A57"),
    (0x41, 0xd08, "Cortex-A72"),
    (0x41, 0xd09, "Cortex-A73"),
    (0x41, 0xd0a, "Cortex-A75"),
    (0x41, 0xd0b, "Cortex-A76"),
    (0x41, 0xd0c, "Neoverse-N1"),
    (0x41, 0xd0d, "Cortex-A77"),
    (0x41, 0xd0e, "Cortex-A76AE"),
    (0x41, 0xd40, "Neoverse-V1"),
    (0x41, 0xd41, "Cortex-A78"),
    (0x41, 0xd42, "Cortex-A78AE"),
    (0x41, 0xd44, "Cortex-X1"),
    (0x41, 0xd46, "Cortex-A510"),
    (0x41, 0xd47, "Cortex-A710"),
    (0x41, 0xd48, "Cortex-X2"),
    (0x41, 0xd49, "Neoverse-N2"),
    (0x41, 0xd4a, "Neoverse-E1"),
    (0x41, 0xd4b, "Cortex-A78C"),
    (0x41, 0xd4c, "Cortex-X1C"),
    (0x41, 0xd4d, "Cortex-A715"),
    (0x41, 0xd4e, "Cortex-X3"),
    (0x41, 0xd4f, "Neoverse-V2"),
    (0x41, 0xd80, "Cortex-A520"),
    (0x41, 0xd81, "Cortex-A720"),
    (0x41, 0xd82, "Cortex-X4"),
    (0x41, 0xd84, "Neoverse-V3"),
    (0x41, 0xd85, "Cortex-X925"),
    (0x41, 0xd87, "Cortex-A725"),
    (0x41, 0xd8e, "Neoverse-N3"),
    (0x42, 0x100, "Brahma-B53"),
    (0x42, 0x516, "ThunderX2"),
    (0x43, 0x0a1, "ThunderX"),
    (0x43, 0x0af, "ThunderX2"),
    (0x43, 0x0b2, "OcteonTX2"),
    (0x46, 0x001, "A64FX"),
    (0x48, 0xd01, "Kunpeng 920"),
    (0x48, 0xd02, "HIP09"),
    (0x4e, 0x003, "Denver 2"),
    (0x4e, 0x004, "Carmel"),
    (0x50, 0x000, "X-Gene"),
    (0x51, 0x001, "Oryon"),
    (0x51, 0x800, "Kryo 2xx Gold"),
    (0x51, 0x801, "Kryo 2xx Silver"),
    (0x51, 0x802, "Kryo 3xx Gold"),
    (0x51, 0x803, "Kryo 3xx Silver"),
    (0x51, 0x804, "Kryo 4xx Gold"),
    (0x51, 0x805, "Kryo 4xx Silver"),
    (0x51, 0xc00, "Falkor"),
    (0x61, 0x022, "M1 Icestorm"),
    (0x61, 0x023, "M1 Firestorm"),
    (0x61, 0x024, "M1 Pro Icestorm"),
    (0x61, 0x025, "M1 Pro Firestorm"),
    (0x61, 0x028, "M1 Max Icestorm"),
    (0x61, 0x029, "M1 Max Firestorm"),
    (0x61, 0x032, "M2 Blizzard"),
    (0x61, 0x033, "M2 Avalanche"),
    (0x6d, 0xd49, "Azure Cobalt 100"),
    (0x70, 0x303, "FTC310 of E2000"),
    (0x70, 0x660, "FTC660 of FT-1500A"),
    (0x70, 0x661, "FTC661 of FT-2000A"),
    (0x70, 0x662, "FTC662 of FT-2000+"),
    (0x70, 0x663, "FTC663 of FT-2000/4, D2000 or S2500"),
    (0x70, 0x664, "FTC664 of E2000"),
    (0x70, 0x862, "FTC862"),
    (0xc0, 0xac3, "Ampere-1"),
    (0xc0, 0xac4, "Ampere-1A"),
];

/// The implementer's name, or nothing.
pub(super) fn implementer(number: u8) -> &'static str {
    IMPLEMENTERS.iter().find(|(known, _)| *known == number).map_or("", |(_, name)| name)
}

/// The part's name, or nothing.
pub(super) fn part(implementer: u8, number: u16) -> &'static str {
    let is_it = |row: &&(u8, u16, &str)| row.0 == implementer && row.1 == number;
    PARTS.iter().find(is_it).map_or("", |(_, _, name)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tables_are_sorted_and_fit_each_other() {
        assert!(IMPLEMENTERS.is_sorted_by_key(|row| row.0));
        assert!(PARTS.is_sorted_by(|one, next| (one.0, one.1) < (next.0, next.1)));
        for (number, part, name) in PARTS {
            assert!(!implementer(*number).is_empty(), "{name}");
            assert!(*part < 0x1000, "{name}");
        }
    }

    #[test]
    fn one_number_is_another_part_elsewhere() {
        assert_eq!(part(0x41, 0xd01), "Cortex-A32");
        assert_eq!(part(0x48, 0xd01), "Kunpeng 920");
        assert_eq!(part(0x41, 0xfff), "");
        assert_eq!(implementer(0xff), "");
    }
}
