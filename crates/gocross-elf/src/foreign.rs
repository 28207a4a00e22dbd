//! Object files of other systems, recognised and described in brief: Mach-O and PE.

/// A file that is neither ELF nor an archive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Foreign {
    /// The format: `Mach-O` or `PE`.
    pub format: &'static str,
    /// What it is: an executable, a library, an object.
    pub what: &'static str,
    /// The machines that it is for, the first ones of a universal file.
    pub machines: [Option<&'static str>; 4],
}

impl Foreign {
    /// Recognises a file by its first bytes.
    #[must_use]
    pub fn recognise(bytes: &[u8]) -> Option<Self> {
        match bytes.get(..4)? {
            [0xce | 0xcf, 0xfa, 0xed, 0xfe] => mach_o(bytes, u32::from_le_bytes),
            [0xfe, 0xed, 0xfa, 0xce | 0xcf] => mach_o(bytes, u32::from_be_bytes),
            // Java's classes begin alike, and have their version where the count stands here.
            [0xca, 0xfe, 0xba, 0xbe] => universal(bytes),
            [b'M', b'Z', ..] => portable_executable(bytes),
            _ => None,
        }
    }
}

fn word(bytes: &[u8], at: usize) -> Option<[u8; 4]> {
    bytes.get(at..at.checked_add(4)?)?.try_into().ok()
}

/// `mach_header` of `<mach-o/loader.h>`.
fn mach_o(bytes: &[u8], number: fn([u8; 4]) -> u32) -> Option<Foreign> {
    let what = match number(word(bytes, 12)?) {
        1 => "object",
        2 => "executable",
        6 => "dynamic library",
        8 => "bundle",
        10 => "debug symbols",
        _ => "file",
    };
    let machine = mach_machine(number(word(bytes, 4)?));
    Some(Foreign { format: "Mach-O", what, machines: [Some(machine), None, None, None] })
}

/// `fat_header` of `<mach-o/fat.h>`, which is big-endian.
fn universal(bytes: &[u8]) -> Option<Foreign> {
    let count = u32::from_be_bytes(word(bytes, 4)?) as usize;
    if !(1..32).contains(&count) {
        return None;
    }
    let machine =
        |index: usize| Some(mach_machine(u32::from_be_bytes(word(bytes, 8 + 20 * index)?)));
    let mut machines = [None; 4];
    for (index, slot) in machines.iter_mut().enumerate().take(count) {
        *slot = machine(index);
    }
    Some(Foreign { format: "Mach-O", what: "universal file", machines })
}

/// `CPU_TYPE_*` of `<mach/machine.h>`.
fn mach_machine(cpu: u32) -> &'static str {
    match cpu {
        7 => "x86",
        0x0100_0007 => "x86-64",
        12 => "ARM",
        0x0100_000c => "AArch64",
        18 => "PowerPC",
        0x0100_0012 => "PowerPC64",
        _ => "another machine",
    }
}

/// The COFF header behind `e_lfanew` (Microsoft's PE format, "COFF File Header").
fn portable_executable(bytes: &[u8]) -> Option<Foreign> {
    let header = u32::from_le_bytes(word(bytes, 0x3c)?) as usize;
    if word(bytes, header)? != *b"PE\0\0" {
        return None;
    }
    let half = |at: usize| {
        let at = header.checked_add(at)?;
        Some(u16::from_le_bytes(bytes.get(at..at.checked_add(2)?)?.try_into().ok()?))
    };
    let machine = match half(4)? {
        0x014c => "x86",
        0x8664 => "x86-64",
        0xaa64 => "AArch64",
        0x01c4 => "ARM",
        0x5064 => "RISC-V",
        _ => "another machine",
    };
    // IMAGE_FILE_DLL.
    let what = if half(22)? & 0x2000 == 0 { "executable" } else { "dynamic library" };
    Some(Foreign { format: "PE", what, machines: [Some(machine), None, None, None] })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mach_o_of_either_order() {
        let little = [0xcf, 0xfa, 0xed, 0xfe, 0x0c, 0, 0, 1, 0, 0, 0, 0, 6, 0, 0, 0];
        let found = Foreign::recognise(&little).unwrap();
        assert_eq!((found.format, found.what), ("Mach-O", "dynamic library"));
        assert_eq!(found.machines[0], Some("AArch64"));
        let big = [0xfe, 0xed, 0xfa, 0xce, 0, 0, 0, 18, 0, 0, 0, 0, 0, 0, 0, 2];
        assert_eq!(Foreign::recognise(&big).unwrap().machines[0], Some("PowerPC"));
        assert_eq!(Foreign::recognise(&big[..13]), None);
    }

    #[test]
    fn a_universal_file_is_no_java_class() {
        let mut fat = vec![0xca, 0xfe, 0xba, 0xbe, 0, 0, 0, 2];
        fat.extend([1, 0, 0, 7].iter().chain(&[0; 16]));
        fat.extend([1, 0, 0, 12].iter().chain(&[0; 16]));
        let found = Foreign::recognise(&fat).unwrap();
        assert_eq!(found.machines, [Some("x86-64"), Some("AArch64"), None, None]);
        assert_eq!(Foreign::recognise(&[0xca, 0xfe, 0xba, 0xbe, 0, 0, 0, 65]), None);
    }

    #[test]
    fn a_pe_is_told_from_a_dos_program() {
        let mut pe = vec![0; 0x60];
        pe[..2].copy_from_slice(b"MZ");
        pe[0x3c] = 0x40;
        assert_eq!(Foreign::recognise(&pe), None);
        pe[0x40..0x46].copy_from_slice(b"PE\0\0\x64\xaa");
        pe[0x40 + 22..0x40 + 24].copy_from_slice(&[0, 0x20]);
        let found = Foreign::recognise(&pe).unwrap();
        assert_eq!((found.what, found.machines[0]), ("dynamic library", Some("AArch64")));
        pe[0x3f] = 0xff;
        assert_eq!(Foreign::recognise(&pe), None);
    }
}
