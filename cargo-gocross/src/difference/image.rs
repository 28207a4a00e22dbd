//! A file whose addresses have names: what lies somewhere is told by symbol, by content, or by
//! what the dynamic linker puts there, and not by number, which differs between builds.

use std::collections::HashMap;
use std::ops::Range;

use gocross_elf::{Elf, Piece, Section, Segment, Type, pieces};

use crate::sizes::owner_of_section;

/// `EM_ARM`.
pub(super) const ARM: u16 = 40;
/// `EM_MIPS`, 32 bits.
pub(super) const MIPS: u16 = 8;
const DT_PLTGOT: u32 = 3;
const DT_MIPS_LOCAL_GOTNO: u32 = 0x7000_000a;
const DT_MIPS_GOTSYM: u32 = 0x7000_0013;
/// How much of a constant tells it from others, in bytes.
const CONTENT: usize = 8;

/// How many pointers are followed to tell what a constant without a name is.
const POINTERS: usize = 2;
/// Programs look at their own headers no further than this.
const HEADERS: u64 = 0x1000;

/// A file and the names in it.
pub(super) struct Image<'a, 'data> {
    /// The facts.
    pub(super) elf: &'a Elf<'data>,
    /// The named pieces, sorted by place.
    pub(super) pieces: Vec<Piece<'data>>,
    /// The names of the pieces without hashes, which differ between folders and compilers.
    pub(super) names: Vec<String>,
    /// The first piece of each name.
    by_name: HashMap<String, usize>,
    /// In a program: what the dynamic linker puts at an address.
    filled: HashMap<u64, Filled>,
    /// In an object: relocations by section, sorted by offset.
    relocations: HashMap<usize, Vec<(u64, String)>>,
    /// The imports in the order of the stubs in `.plt`.
    stubs: Vec<String>,
    /// On ARM: where data begins in a section of code, and where code begins again.
    marks: Vec<(usize, u64, Mode)>,
    /// Sections that are mapped, sorted by address.
    mapped: Vec<(Range<u64>, usize)>,
    /// On MIPS: what `gp` holds.
    pub(super) global_pointer: Option<u64>,
}

/// How the bytes of a section of code are to be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Mode {
    /// As instructions.
    Wide,
    /// As 16-bit instructions of ARM.
    Thumb,
    /// As words between instructions.
    Data,
}

/// What the dynamic linker puts somewhere.
enum Filled {
    /// The address of a symbol.
    Symbol(String),
    /// An address in the file itself.
    Address(u64),
}

impl<'a, 'data> Image<'a, 'data> {
    /// Names what is in a file.
    pub(super) fn new(elf: &'a Elf<'data>) -> Self {
        let pieces = pieces(elf);
        let names: Vec<String> = pieces.iter().map(|piece| normal_name(piece.name)).collect();
        let by_name =
            names.iter().cloned().enumerate().rev().map(|(index, name)| (name, index)).collect();
        let mut mapped: Vec<_> = elf.sections.iter().enumerate().filter_map(mapped).collect();
        mapped.sort_by_key(|(range, index)| (range.start, *index));
        let mut image = Self {
            elf,
            pieces,
            names,
            by_name,
            filled: HashMap::new(),
            relocations: HashMap::new(),
            stubs: Vec::new(),
            marks: marks(elf),
            mapped,
            global_pointer: None,
        };
        image.global_pointer = image.find_global_pointer();
        if elf.kind.is_loaded() {
            image.read_dynamic_relocations();
        } else {
            image.read_relocations();
        }
        image
    }

    fn read_dynamic_relocations(&mut self) {
        let symbols = self.elf.dynamic_symbols();
        for table in self.elf.sections.iter().filter(|section| section.is_relocations()) {
            let of_stubs = matches!(table.name, b".rela.plt" | b".rel.plt");
            for relocation in self.elf.relocations(table) {
                let symbol = symbols.symbol(relocation.symbol).filter(|_| relocation.symbol != 0);
                let name = symbol.map(|symbol| normal_name(symbol.name()));
                if of_stubs {
                    self.stubs.push(name.clone().unwrap_or_default());
                }
                let filled = match (name, relocation.addend) {
                    (Some(name), _) => Filled::Symbol(name),
                    (None, Some(addend)) => Filled::Address(addend.cast_unsigned()),
                    // The address stands at the place itself.
                    (None, None) => continue,
                };
                self.filled.insert(relocation.offset, filled);
            }
        }
        self.read_global_table();
    }

    /// On MIPS no relocations tell what the slots of the global offset table are for: they stand
    /// in the order of the dynamic symbols (psABI, chapter 5, "Global Offset Table").
    fn read_global_table(&mut self) {
        let Some(section) =
            self.elf.section(b".dynamic").filter(|_| self.elf.identity.machine == MIPS)
        else {
            return;
        };
        let entries = self.elf.contents(section).chunks_exact(8);
        let entries = entries
            .map(|entry| [0, 4].map(|at| self.number([0, 1, 2, 3].map(|byte| entry[at + byte]))));
        let entries: HashMap<u32, u32> = entries.map(|[tag, value]| (tag, value)).collect();
        let tags = [DT_PLTGOT, DT_MIPS_LOCAL_GOTNO, DT_MIPS_GOTSYM].map(|tag| entries.get(&tag));
        let [Some(table), Some(local), Some(first)] = tags else { return };
        let symbols = self.elf.dynamic_symbols();
        for (symbol, slot) in (*first as usize..symbols.len()).zip(u64::from(*local)..) {
            let Some(symbol) = symbols.symbol(symbol) else { break };
            let name = normal_name(symbol.name());
            self.filled.insert(u64::from(*table) + 4 * slot, Filled::Symbol(name));
        }
    }

    fn read_relocations(&mut self) {
        // The places first: to name a constant, it must be known whether the linker fills it.
        for table in self.elf.sections.iter().filter(|section| section.is_relocations()) {
            let places = self.elf.relocations(table).map(|found| (found.offset, String::new()));
            let places: Vec<_> = places.collect();
            self.relocations.entry(table.info as usize).or_default().extend(places);
        }
        self.relocations.values_mut().for_each(|list| list.sort());
        let mut all: HashMap<usize, Vec<(u64, String)>> = HashMap::new();
        for table in self.elf.sections.iter().filter(|section| section.is_relocations()) {
            let target = table.info as usize;
            let Some(section) = self.elf.sections.get(target) else { continue };
            let relocations: Vec<_> = self.elf.relocations(table).collect();
            let addends = super::addends::read(self, section, &relocations);
            let named = relocations.iter().zip(addends).map(|(relocation, addend)| {
                // x86 counts from the end of the field; the object's other architectures do not.
                let end = matches!((self.elf.identity.machine, relocation.kind), (62, 2 | 4));
                let name = self.symbol_name(relocation.symbol, addend + if end { 4 } else { 0 });
                (relocation.offset, format!("{}:{name}", relocation.kind))
            });
            let named: Vec<_> = named.collect();
            all.entry(target).or_default().extend(named);
        }
        self.relocations = all;
        self.relocations.values_mut().for_each(|list| list.sort());
    }

    /// The name of a symbol of an object; of a section's symbol, what lies at the place.
    fn symbol_name(&self, index: usize, addend: i64) -> String {
        let Some(symbol) = self.elf.symbols.symbol(index) else { return String::new() };
        let local = symbol.is_section() || symbol.name().starts_with(b".L");
        let section = usize::from(symbol.section);
        if !local || self.elf.sections.get(section).is_none() {
            let name = normal_name(symbol.name());
            return if addend == 0 { name } else { format!("{name}{addend:+#x}") };
        }
        let at = symbol.value.wrapping_add(addend.cast_unsigned());
        self.name_in(section, at).unwrap_or_else(|| self.section_name(section))
    }

    fn section_name(&self, section: usize) -> String {
        String::from_utf8_lossy(self.elf.sections[section].name).into_owned()
    }

    /// Whether a constant that looks like an address is one: only programs at a fixed address
    /// have such.
    pub(super) fn has_absolute_addresses(&self) -> bool {
        self.elf.kind == Type::Executable
    }

    /// The first piece with a name.
    pub(super) fn named(&self, name: &str) -> Option<usize> {
        self.by_name.get(name).copied()
    }

    /// What lies at an address of a program.
    pub(super) fn name(&self, address: u64) -> Option<String> {
        let Some((section, at)) = self.place(address) else {
            // The headers are mapped too.
            let segment = self.elf.segments.iter().find(|segment| {
                segment.kind == Segment::LOAD
                    && segment.offset == 0
                    && address.checked_sub(segment.address).is_some_and(|at| at < HEADERS)
            })?;
            return Some(format!("headers+{:#x}", address - segment.address));
        };
        self.name_in(section, at)
    }

    /// The section and the place in it of an address; the end of a section is in it too.
    pub(super) fn place(&self, address: u64) -> Option<(usize, u64)> {
        let after = self.mapped.partition_point(|(range, _)| range.start <= address);
        let (range, section) = self.mapped.get(after.checked_sub(1)?)?;
        (address <= range.end).then(|| (*section, address - range.start))
    }

    /// The piece at a place of a section.
    pub(super) fn piece(&self, section: usize, at: u64) -> Option<usize> {
        let key = (section, at);
        let after = self.pieces.partition_point(|piece| (piece.section, piece.range.start) <= key);
        let index = after.checked_sub(1)?;
        let piece = &self.pieces[index];
        (piece.section == section && piece.range.contains(&at)).then_some(index)
    }

    /// What lies at a place of a section.
    pub(super) fn name_in(&self, index: usize, at: u64) -> Option<String> {
        self.name_at(index, at, POINTERS)
    }

    /// The same, as far as so many pointers lead.
    fn name_at(&self, index: usize, at: u64, pointers: usize) -> Option<String> {
        // Go's linker has one symbol for all texts; which one it is, its content tells.
        let named = self.piece(index, at).filter(|piece| !self.pieces[*piece].is_group());
        if let Some(piece) = named {
            let offset = at - self.pieces[piece].range.start;
            let name = &self.names[piece];
            return Some(if offset == 0 { name.clone() } else { format!("{name}+{offset:#x}") });
        }
        let section = &self.elf.sections[index];
        let name = self.section_name(index);
        if at == section.size {
            return Some(format!("end of {name}"));
        }
        if self.elf.kind.is_loaded() {
            if let Some(target) = self.slot(section.address + at, &name) {
                return Some(target);
            }
            if let Some(stub) = self.stub(section, at) {
                return Some(stub);
            }
        }
        let fixed = section.flags & (Section::WRITE | Section::EXECINSTR) == 0;
        let fixed = fixed && owner_of_section(section).is_none();
        if !self.relocations(index, &(at..at.saturating_add(CONTENT as u64))).is_empty() {
            return Some(format!("{name} table of addresses"));
        }
        let content = self.elf.contents(section).get(usize::try_from(at).ok()?..);
        match content.filter(|_| fixed && section.kind != Section::NOBITS) {
            Some(content) => {
                Some(format!("{name} {}", self.content(content, section.address + at, pointers)))
            }
            None => Some(format!("{name}, no name")),
        }
    }

    /// A slot of the global offset table, or another word that the dynamic linker fills.
    fn slot(&self, address: u64, section: &str) -> Option<String> {
        let word = match self.filled.get(&address) {
            Some(Filled::Symbol(name)) => return Some(format!("slot of {name}")),
            Some(Filled::Address(target)) => *target,
            None if section.starts_with(".got") => self.word(self.elf.at_address(address))?,
            None => return None,
        };
        // A slot never leads to another one, but a hostile file may say so.
        let (section, at) = self.place(word).filter(|_| word != 0)?;
        let piece = self.piece(section, at)?;
        let offset = at - self.pieces[piece].range.start;
        Some(format!("slot of {}+{offset:#x}", self.names[piece]))
    }

    /// The import that a stub of `.plt` calls: stubs stand in the order of their relocations.
    fn stub(&self, section: &Section<'_>, at: u64) -> Option<String> {
        if !section.name.starts_with(b".plt") || self.stubs.is_empty() {
            return None;
        }
        let entry = if self.elf.identity.machine == ARM { 12 } else { 16 };
        let header = section.size.checked_sub(entry * self.stubs.len() as u64)?;
        let index = usize::try_from(at.checked_sub(header)? / entry).ok()?;
        Some(format!("stub of {}", self.stubs.get(index)?))
    }

    /// The beginning of a constant. A word that leads elsewhere is told by where it leads.
    fn content(&self, content: &[u8], address: u64, pointers: usize) -> String {
        let end = content.iter().position(|byte| *byte == 0).unwrap_or(content.len());
        let text = &content[..end.min(CONTENT)];
        let is_text =
            !text.is_empty() && text.iter().all(|byte| matches!(byte, 9 | 10 | 0x20..0x7f));
        if !is_text
            && address.is_multiple_of(4)
            && self.elf.kind.is_loaded()
            && self.leads_to_code(content, address)
        {
            return "table of addresses".to_owned();
        }
        // An address may be spelled like a text of three letters, but no text fills its word.
        let word = if self.elf.identity.is_64 { 8 } else { 4 };
        let may_point = pointers > 0 && text.len() < word && address.is_multiple_of(4);
        let target = self.word_at(address, content);
        let target = target.filter(|_| may_point && self.elf.kind.is_loaded());
        if let Some((section, at)) = target.and_then(|target| self.place(target))
            && let Some(name) = self.name_at(section, at, pointers - 1)
        {
            return format!("pointer to {name}");
        }
        if is_text {
            return format!("{:?}", String::from_utf8_lossy(text));
        }
        let bytes = content.iter().take(CONTENT).map(|byte| format!("{byte:02x}"));
        bytes.collect()
    }

    /// Whether what begins so is a table for `switch`: addresses, or distances from its beginning,
    /// of which the first may be none.
    fn leads_to_code(&self, content: &[u8], address: u64) -> bool {
        let words = content.chunks_exact(4).take(2).filter_map(<[u8]>::first_chunk);
        let mut words = words.map(|bytes| self.number(*bytes)).filter(|word| *word != 0);
        let absolute = self.has_absolute_addresses();
        let pointer = self.global_pointer;
        words.any(|word| {
            let distance = i64::from(word.cast_signed());
            self.is_code(address.wrapping_add_signed(distance))
                || pointer.is_some_and(|from| self.is_code(from.wrapping_add_signed(distance)))
                || (absolute && self.is_code(u64::from(word)))
        })
    }

    /// Whether an address is one of code.
    pub(super) fn is_code(&self, address: u64) -> bool {
        let section = self.place(address).map(|(section, _)| &self.elf.sections[section]);
        section.is_some_and(|section| section.flags & Section::EXECINSTR != 0)
    }

    /// The address that begins some bytes, with what the dynamic linker puts there.
    pub(super) fn word_at(&self, address: u64, bytes: &[u8]) -> Option<u64> {
        match self.filled.get(&address) {
            Some(Filled::Address(target)) => Some(*target),
            Some(Filled::Symbol(_)) => None,
            None => self.word(bytes),
        }
    }

    /// The symbol whose address the dynamic linker puts somewhere.
    pub(super) fn filled_name(&self, address: u64) -> Option<&str> {
        match self.filled.get(&address) {
            Some(Filled::Symbol(name)) => Some(name),
            _ => None,
        }
    }

    fn word(&self, bytes: &[u8]) -> Option<u64> {
        if self.elf.identity.is_64 {
            let bytes = *bytes.first_chunk()?;
            let big = self.elf.identity.big_endian;
            return Some(if big { u64::from_be_bytes(bytes) } else { u64::from_le_bytes(bytes) });
        }
        Some(u64::from(self.number(*bytes.first_chunk()?)))
    }

    /// A number of four bytes.
    pub(super) fn number(&self, bytes: [u8; 4]) -> u32 {
        if self.elf.identity.big_endian {
            u32::from_be_bytes(bytes)
        } else {
            u32::from_le_bytes(bytes)
        }
    }

    /// The bytes of a piece; none where it has no place in the file.
    pub(super) fn bytes(&self, piece: &Piece<'_>) -> &'data [u8] {
        let contents = self.elf.contents(&self.elf.sections[piece.section]);
        let index = |at: u64| usize::try_from(at).unwrap_or(usize::MAX).min(contents.len());
        &contents[index(piece.range.start)..index(piece.range.end)]
    }

    /// The address of a piece in memory.
    pub(super) fn address(&self, piece: &Piece<'_>) -> u64 {
        self.elf.sections[piece.section].address.wrapping_add(piece.range.start)
    }

    /// The relocations of a part of an object's section, counted from its beginning.
    pub(super) fn relocations(&self, section: usize, range: &Range<u64>) -> &[(u64, String)] {
        let list = self.relocations.get(&section).map(Vec::as_slice).unwrap_or_default();
        let at = |place: u64| list.partition_point(|(offset, _)| *offset < place);
        &list[at(range.start)..at(range.end)]
    }

    /// Where data begins in a piece of code, or code again, counted from the piece's beginning.
    pub(super) fn marks(&self, piece: &Piece<'_>) -> impl Iterator<Item = (usize, Mode)> {
        // What was told before the piece may be of another object, which tells nothing.
        let at = |place: u64| {
            let key = (piece.section, place);
            self.marks.partition_point(|(section, offset, _)| (*section, *offset) < key)
        };
        let marks = &self.marks[at(piece.range.start)..at(piece.range.end)];
        let start = piece.range.start;
        marks.iter().map(move |(_, offset, mode)| ((offset - start) as usize, *mode))
    }

    /// The value of a symbol that no piece of the file is.
    pub(super) fn mark(&self, name: &[u8]) -> Option<u64> {
        self.elf.symbols.named(name).next().map(|symbol| symbol.value)
    }
}

impl Image<'_, '_> {
    /// What MIPS's `gp` holds: the symbol, or `ri_gp_value` of the register information where the
    /// symbol was taken away (psABI, chapter 4).
    fn find_global_pointer(&self) -> Option<u64> {
        if self.elf.identity.machine != MIPS {
            return None;
        }
        self.mark(b"_gp").or_else(|| {
            let section = self.elf.section(b".reginfo")?;
            let bytes = self.elf.contents(section).get(20..)?.first_chunk()?;
            Some(u64::from(self.number(*bytes)))
        })
    }
}

/// `$d`, `$a` and `$t` (ELF for the Arm Architecture, "Mapping symbols").
fn marks(elf: &Elf<'_>) -> Vec<(usize, u64, Mode)> {
    if elf.identity.machine != ARM {
        return Vec::new();
    }
    let marks = elf.symbols.iter().filter_map(|symbol| {
        let mode = match symbol.name().get(..2)? {
            b"$d" => Mode::Data,
            b"$a" => Mode::Wide,
            b"$t" => Mode::Thumb,
            _ => return None,
        };
        let section = usize::from(symbol.section);
        let base = if elf.kind.is_loaded() { elf.sections.get(section)?.address } else { 0 };
        Some((section, symbol.value.checked_sub(base)?, mode))
    });
    let mut marks: Vec<_> = marks.collect();
    marks.sort_unstable();
    marks
}

fn mapped((index, section): (usize, &Section<'_>)) -> Option<(Range<u64>, usize)> {
    let thread_local = section.kind == Section::NOBITS && section.flags & Section::TLS != 0;
    let mapped = section.flags & Section::ALLOC != 0 && section.address != 0 && !thread_local;
    mapped.then(|| (section.address..section.address.saturating_add(section.size), index))
}

/// A name without what differs between two builds of the same source: Rust's hashes, which hold
/// the folder and the compiler, and LLVM's numbers.
pub(super) fn normal_name(name: &[u8]) -> String {
    let name = String::from_utf8_lossy(name);
    if (name.starts_with("_ZN") || name.starts_with("_R"))
        && let Ok(path) = rustc_demangle::try_demangle(&name)
    {
        return format!("{path:#}");
    }
    let end = name.find(".llvm.").unwrap_or(name.len());
    name[..end].to_owned()
}

#[cfg(test)]
mod tests {
    use super::normal_name;

    #[test]
    fn hashes_are_no_part_of_a_name() {
        let one = normal_name(b"_ZN4core3fmt5write17h0123456789abcdefE");
        assert_eq!(one, normal_name(b"_ZN4core3fmt5write17hfedcba9876543210E"));
        assert_eq!(one, "core::fmt::write");
        assert_eq!(normal_name(b"f.llvm.1234"), "f");
        assert_eq!(normal_name(b"main.main"), "main.main");
    }
}
