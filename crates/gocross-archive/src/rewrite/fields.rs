//! Reads and writes the fields of ELF structures, whatever the class and byte order
//! (System V gABI, chapters 4 "Object Files" and 5).

/// Where the fields of an object's structures lie.
#[derive(Debug, Clone, Copy)]
pub(super) struct Fields {
    pub(super) is_64: bool,
    pub(super) big_endian: bool,
}

/// A field: its offset in the structure and its size in bytes.
type Place = (usize, usize);

impl Fields {
    fn pick(self, in_32: Place, in_64: Place) -> Place {
        if self.is_64 { in_64 } else { in_32 }
    }

    // Elf32_Ehdr and Elf64_Ehdr
    pub(super) fn e_machine(self) -> Place {
        (18, 2)
    }
    pub(super) fn e_shoff(self) -> Place {
        self.pick((32, 4), (40, 8))
    }
    pub(super) fn e_shnum(self) -> Place {
        self.pick((48, 2), (60, 2))
    }
    pub(super) fn e_shstrndx(self) -> Place {
        self.pick((50, 2), (62, 2))
    }

    // Elf32_Shdr and Elf64_Shdr
    pub(super) fn section_header_size(self) -> usize {
        if self.is_64 { 64 } else { 40 }
    }
    pub(super) fn sh_name(self) -> Place {
        (0, 4)
    }
    pub(super) fn sh_type(self) -> Place {
        (4, 4)
    }
    pub(super) fn sh_offset(self) -> Place {
        self.pick((16, 4), (24, 8))
    }
    pub(super) fn sh_size(self) -> Place {
        self.pick((20, 4), (32, 8))
    }
    pub(super) fn sh_link(self) -> Place {
        self.pick((24, 4), (40, 4))
    }

    pub(super) fn sh_info(self) -> Place {
        self.pick((28, 4), (44, 4))
    }

    // Elf32_Rel, the form of the one architecture whose relocations are looked at
    pub(super) const REL32_SIZE: usize = 8;
    pub(super) fn r_offset32(self) -> Place {
        (0, 4)
    }
    /// The lowest byte of `r_info`, which is the type.
    pub(super) fn r_type32(self) -> Place {
        if self.big_endian { (7, 1) } else { (4, 1) }
    }

    // Elf32_Sym and Elf64_Sym
    pub(super) fn symbol_size(self) -> usize {
        if self.is_64 { 24 } else { 16 }
    }
    pub(super) fn st_name(self) -> Place {
        (0, 4)
    }
    pub(super) fn st_info(self) -> Place {
        self.pick((12, 1), (4, 1))
    }
    pub(super) fn st_other(self) -> Place {
        self.pick((13, 1), (5, 1))
    }
    pub(super) fn st_shndx(self) -> Place {
        self.pick((14, 2), (6, 2))
    }

    /// The value of a field of the structure at `base`; none beyond the end.
    pub(super) fn get(self, bytes: &[u8], base: usize, place: Place) -> Option<u64> {
        let start = base.checked_add(place.0)?;
        let field = bytes.get(start..start.checked_add(place.1)?)?;
        let step = |value: u64, byte: &u8| value << 8 | u64::from(*byte);
        Some(if self.big_endian {
            field.iter().fold(0, step)
        } else {
            field.iter().rev().fold(0, step)
        })
    }

    /// Sets a field of the structure at `base`; none where it lies beyond the end or the
    /// value does not fit.
    pub(super) fn set(self, bytes: &mut [u8], base: usize, place: Place, value: u64) -> Option<()> {
        let start = base.checked_add(place.0)?;
        let field = bytes.get_mut(start..start.checked_add(place.1)?)?;
        if place.1 < 8 && value >> (8 * place.1) != 0 {
            return None;
        }
        let little = value.to_le_bytes();
        for (index, byte) in field.iter_mut().enumerate() {
            *byte = if self.big_endian { little[place.1 - 1 - index] } else { little[index] };
        }
        Some(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_keep_their_byte_order() {
        for big_endian in [false, true] {
            let fields = Fields { is_64: true, big_endian };
            let mut bytes = [0_u8; 16];
            fields.set(&mut bytes, 4, (2, 4), 0x0102_0304).unwrap();
            assert_eq!(bytes[6], if big_endian { 1 } else { 4 });
            assert_eq!(fields.get(&bytes, 4, (2, 4)), Some(0x0102_0304));
        }
    }

    #[test]
    fn nothing_is_read_or_written_beyond_the_end() {
        let fields = Fields { is_64: false, big_endian: false };
        let mut bytes = [0_u8; 4];
        assert_eq!(fields.get(&bytes, 1, (0, 4)), None);
        assert_eq!(fields.get(&bytes, usize::MAX, (4, 4)), None);
        assert_eq!(fields.set(&mut bytes, 1, (0, 4), 1), None);
        assert_eq!(fields.set(&mut bytes, 0, (0, 2), 0x1_0000), None);
    }
}
