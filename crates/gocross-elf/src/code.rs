//! Which bytes of a file are instructions, and of which instruction set.

use crate::elf::Elf;
use crate::tables::{Section, Segment};

/// Bytes that are instructions of one set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Region<'data> {
    /// The section, by its index; none of a file without section headers.
    pub section: Option<usize>,
    /// Where it begins: an offset in the section of an object, an address in a program.
    pub address: u64,
    /// The instructions.
    pub bytes: &'data [u8],
    /// The instruction set.
    pub set: InstructionSet,
}

/// The instruction set of a region.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InstructionSet {
    /// The only one of the machine, or A32 on ARM.
    Main,
    /// T32, Thumb.
    Thumb,
}

/// `EM_ARM`.
const ARM: u16 = 40;
/// `EM_AARCH64`.
const AARCH64: u16 = 183;
/// `EM_RISCV`.
const RISCV: u16 = 243;

/// What begins at an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Event {
    /// A function (`STT_FUNC`).
    Function(Mode),
    /// A mapping symbol, which knows better than the function that begins with it.
    Mark(Mode),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Mode {
    Main,
    Thumb,
    Data,
}

impl<'data> Elf<'data> {
    /// The instructions of the file, region by region. Each function begins a region.
    ///
    /// Mapping symbols (AAELF64, "Mapping symbols"; the psABIs of ARM and RISC-V) tell code from
    /// data, and Thumb from A32. Go writes none: a `$d` of the object before it would make data of
    /// all its code. So a function's start ends what an older mark said. ARM code without any
    /// symbol is left out, because nothing tells its instruction set; what is Go's there is A32.
    #[must_use]
    pub fn code(&self) -> Vec<Region<'data>> {
        let is_code =
            |section: &Section<'_>| section.flags & Section::EXECINSTR != 0 && section.size > 0;
        let sections = self.sections.iter().enumerate().filter(|(_, section)| is_code(section));
        let mut events = self.events();
        events.sort_unstable();
        let mut budget = self.size().saturating_mul(2);
        let mut regions = Vec::new();
        for (index, section) in sections {
            let bytes = self.contents(section);
            // In a hostile file, sections may overlap, each as long as all of it.
            let Some(rest) = budget.checked_sub(bytes.len() as u64) else { break };
            budget = rest;
            let first = events.partition_point(|(place, ..)| *place < index);
            let last = events.partition_point(|(place, ..)| *place <= index);
            let address = if self.kind.is_loaded() { section.address } else { 0 };
            let whole = Region { section: Some(index), address, bytes, set: InstructionSet::Main };
            self.divide(whole, &events[first..last], &mut regions);
        }
        if self.sections.is_empty() && self.identity.machine != ARM {
            regions.extend(self.segments_with_code(budget));
        }
        regions
    }

    fn segments_with_code(&self, budget: u64) -> impl Iterator<Item = Region<'data>> {
        let is_code = |segment: &&Segment| segment.kind == Segment::LOAD && segment.executable();
        let mut budget = budget;
        let region = move |segment: &Segment| {
            let bytes = crate::bytes::part(self.file().data, segment.offset, segment.file_size);
            budget = budget.checked_sub(bytes.len() as u64)?;
            let set = InstructionSet::Main;
            Some(Region { section: None, address: segment.address, bytes, set })
        };
        self.segments.iter().filter(is_code).map_while(region)
    }

    /// Functions and mapping symbols: section, offset in it, what begins there.
    fn events(&self) -> Vec<(usize, u64, Event)> {
        let machine = self.identity.machine;
        let marked = matches!(machine, ARM | AARCH64 | RISCV);
        let mut events = Vec::new();
        for symbol in self.symbols.iter() {
            let index = usize::from(symbol.section);
            let is_mark = marked && symbol.begins_with(b"$");
            if symbol.is_undefined() || !(is_mark || symbol.is_function()) {
                continue;
            }
            let Some(section) = self.sections.get(index) else { continue };
            let thumb = machine == ARM && symbol.is_function() && symbol.value & 1 == 1;
            let event = match symbol.name() {
                name if is_mark => match name.get(1) {
                    Some(b'x' | b'a') => Event::Mark(Mode::Main),
                    Some(b't') => Event::Mark(Mode::Thumb),
                    Some(b'd') => Event::Mark(Mode::Data),
                    _ => continue,
                },
                _ if thumb => Event::Function(Mode::Thumb),
                _ => Event::Function(Mode::Main),
            };
            let base = if self.kind.is_loaded() { section.address } else { 0 };
            if let Some(offset) = (symbol.value - u64::from(thumb)).checked_sub(base) {
                events.push((index, offset, event));
            }
        }
        if self.symbols.is_empty() {
            events.extend(self.go_functions().iter().filter_map(|function| {
                let inside = |section: &Section<'_>| {
                    section.flags & Section::EXECINSTR != 0
                        && function.address.wrapping_sub(section.address) < section.size
                };
                let index = self.sections.iter().position(inside)?;
                let offset = function.address - self.sections[index].address;
                Some((index, offset, Event::Function(Mode::Main)))
            }));
        }
        events
    }

    /// Divides a section at the events in it.
    fn divide(
        &self,
        whole: Region<'data>,
        events: &[(usize, u64, Event)],
        regions: &mut Vec<Region<'data>>,
    ) {
        let nameless = self.identity.machine == ARM && self.symbols.is_empty();
        let mut mode = if nameless { Mode::Data } else { Mode::Main };
        let mut start = 0;
        let mut push = |mode: Mode, start: usize, end: usize| {
            let set = match mode {
                Mode::Data => return,
                Mode::Main => InstructionSet::Main,
                Mode::Thumb => InstructionSet::Thumb,
            };
            if let Some(bytes) = whole.bytes.get(start..end).filter(|bytes| !bytes.is_empty()) {
                let address = whole.address.wrapping_add(start as u64);
                regions.push(Region { address, bytes, set, ..whole });
            }
        };
        for (_, offset, event) in events {
            let at = usize::try_from(*offset).unwrap_or(usize::MAX).min(whole.bytes.len());
            push(mode, start, at);
            start = at;
            mode = match event {
                Event::Function(mode) | Event::Mark(mode) => *mode,
            };
        }
        push(mode, start, whole.bytes.len());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::symbol_table::SymbolTable;

    /// A file with one section of 16 bytes at 0x100, and symbols: name, type, offset.
    fn regions(machine: u16, symbols: &[(&str, u8, u32)]) -> Vec<(u64, usize, InstructionSet)> {
        let (mut entries, mut strings) = (vec![0_u8; 16], vec![0_u8]);
        for (name, kind, offset) in symbols {
            entries.extend((strings.len() as u32).to_le_bytes());
            entries.extend((0x100 + offset).to_le_bytes());
            entries.extend(0_u32.to_le_bytes());
            entries.extend([*kind, 0, 1, 0]);
            strings.extend(name.as_bytes());
            strings.push(0);
        }
        let table = crate::bytes::Bytes { data: entries.leak(), big_endian: false, is_64: false };
        let mut header = b"\x7fELF\x01\x01\x01".to_vec();
        header.resize(64, 0);
        (header[16], header[18], header[20], header[40]) = (2, machine as u8, 1, 52);
        let mut elf = Elf::read(header.leak()).unwrap();
        elf.kind = crate::Type::Executable;
        if !symbols.is_empty() {
            elf.symbols = SymbolTable::new(table, strings.leak());
        }
        elf.sections = vec![
            Section::default(),
            Section { flags: 6, kind: 1, address: 0x100, size: 16, ..Section::default() },
        ];
        elf.code().iter().map(|region| (region.address, region.bytes.len(), region.set)).collect()
    }

    use InstructionSet::{Main, Thumb};

    #[test]
    fn data_is_left_out_up_to_the_next_mark() {
        let found = regions(AARCH64, &[("$x", 0, 0), ("f", 2, 0), ("$d.1", 0, 8), ("$x", 0, 12)]);
        assert_eq!(found, [(0x100, 8, Main), (0x10c, 4, Main)]);
    }

    #[test]
    fn a_function_ends_what_the_object_before_it_said() {
        let found = regions(AARCH64, &[("$x", 0, 0), ("$d", 0, 4), ("go.f", 2, 8)]);
        assert_eq!(found, [(0x100, 4, Main), (0x108, 8, Main)]);
    }

    #[test]
    fn thumb_is_told_by_marks_and_by_the_addresses_of_functions() {
        let found = regions(ARM, &[("$a", 0, 0), ("$t", 0, 4), ("go.f", 2, 8), ("t", 2, 13)]);
        assert_eq!(
            found,
            [(0x100, 4, Main), (0x104, 4, Thumb), (0x108, 4, Main), (0x10c, 4, Thumb)]
        );
        assert_eq!(regions(ARM, &[]), []);
        assert_eq!(regions(AARCH64, &[]), [(0x100, 16, Main)]);
        // Only ARM has two sets, and `$` means nothing on x86.
        assert_eq!(
            regions(62, &[("$d", 0, 0), ("f", 2, 1)]),
            [(0x100, 1, Main), (0x101, 15, Main)]
        );
    }
}
