//! What the dynamic linker is told: libraries, search paths, flags (gABI, chapter 5).

use crate::bytes::{Bytes, part, text};
use crate::damage::Damage;
use crate::relocations::Table;
use crate::symbol_table::SymbolTable;
use crate::tables::{Section, Segment};

const DT_NEEDED: u64 = 1;
const DT_PLTRELSZ: u64 = 2;
const DT_HASH: u64 = 4;
const DT_STRTAB: u64 = 5;
const DT_SYMTAB: u64 = 6;
const DT_RELA: u64 = 7;
const DT_RELASZ: u64 = 8;
const DT_STRSZ: u64 = 10;
const DT_SONAME: u64 = 14;
const DT_RPATH: u64 = 15;
const DT_REL: u64 = 17;
const DT_RELSZ: u64 = 18;
const DT_PLTREL: u64 = 20;
const DT_TEXTREL: u64 = 22;
const DT_JMPREL: u64 = 23;
const DT_BIND_NOW: u64 = 24;
const DT_RUNPATH: u64 = 29;
const DT_FLAGS: u64 = 30;
const DT_GNU_HASH: u64 = 0x6fff_fef5;
const DT_VERSYM: u64 = 0x6fff_fff0;
const DT_FLAGS_1: u64 = 0x6fff_fffb;
const DT_VERNEED: u64 = 0x6fff_fffe;
const DT_MIPS_SYMTABNO: u64 = 0x7000_0011;

const SHT_DYNSYM: u32 = 11;
const EM_MIPS: u16 = 8;

/// More libraries than any program has; what comes after is not kept.
const MOST_LIBRARIES: usize = 4096;

/// The dynamic section.
#[derive(Debug, Clone, Default)]
pub struct Dynamic<'data> {
    /// `DT_NEEDED`: the libraries, in order.
    pub needed: Vec<&'data [u8]>,
    /// `DT_SONAME`: the name under which others need this library.
    pub soname: Option<&'data [u8]>,
    /// `DT_RPATH`: folders that come before `LD_LIBRARY_PATH`.
    pub rpath: Option<&'data [u8]>,
    /// `DT_RUNPATH`: folders that come after `LD_LIBRARY_PATH`.
    pub runpath: Option<&'data [u8]>,
    /// `DT_TEXTREL` or `DF_TEXTREL`: code is changed when it is loaded.
    pub text_relocations: bool,
    /// `DT_BIND_NOW`, `DF_BIND_NOW` or `DF_1_NOW`: all symbols are looked up at the start.
    pub bind_now: bool,
    /// `DF_STATIC_TLS`, or relocations that say the same: thread-local storage has to be there
    /// from the program's start.
    pub static_tls: bool,
    /// `DF_1_PIE`: a program, although its type is that of a library.
    pub pie: bool,
    pub(crate) symbols: SymbolTable<'data>,
    pub(crate) symbol_versions: &'data [u8],
    pub(crate) needed_versions: &'data [u8],
    pub(crate) strings: &'data [u8],
    pub(crate) relocations: [Table<'data>; 3],
}

/// What the entries of the table say, by tag.
#[derive(Debug, Default)]
struct Entries {
    needed: Vec<u64>,
    soname: Option<u64>,
    rpath: Option<u64>,
    runpath: Option<u64>,
    strings: u64,
    strings_size: u64,
    symbols: u64,
    symbol_count: Option<u64>,
    hash: Option<u64>,
    gnu_hash: Option<u64>,
    symbol_versions: Option<u64>,
    needed_versions: Option<u64>,
    text_relocations: bool,
    flags: u64,
    flags_1: u64,
    bind_now: bool,
    rela: (u64, u64),
    rel: (u64, u64),
    plt: (u64, u64),
    plt_is_rela: bool,
}

/// Reads the dynamic section by its segment, as the dynamic linker does.
pub(crate) fn read<'data>(
    file: Bytes<'data>,
    machine: u16,
    segments: &[Segment],
    sections: &[Section<'data>],
    damage: &mut Damage,
) -> Option<Dynamic<'data>> {
    let segment = segments.iter().find(|segment| segment.kind == Segment::DYNAMIC)?;
    let table = part(file.data, segment.offset, segment.file_size);
    let entries = entries(file.of(table), machine);
    let memory = Memory { file: file.data, segments };
    let strings = memory.at(entries.strings);
    let size = usize::try_from(entries.strings_size).unwrap_or(usize::MAX);
    let strings = &strings[..strings.len().min(size)];
    let mut string = |offset: u64| {
        let found = usize::try_from(offset).ok().and_then(|offset| text(strings, offset));
        if found.is_none() {
            damage.add("a text of the dynamic section lies outside of its string table");
        }
        found
    };
    Some(Dynamic {
        needed: entries.needed.iter().filter_map(|offset| string(*offset)).collect(),
        soname: entries.soname.and_then(&mut string),
        rpath: entries.rpath.and_then(&mut string),
        runpath: entries.runpath.and_then(&mut string),
        text_relocations: entries.text_relocations || entries.flags & 4 != 0,
        bind_now: entries.bind_now || entries.flags & 8 != 0 || entries.flags_1 & 1 != 0,
        static_tls: entries.flags & 0x10 != 0 || static_tls(file, machine, &entries, &memory),
        pie: entries.flags_1 & 0x0800_0000 != 0,
        symbols: symbols(file, &entries, &memory, sections, strings),
        symbol_versions: entries.symbol_versions.map_or(&[][..], |address| memory.at(address)),
        needed_versions: entries.needed_versions.map_or(&[][..], |address| memory.at(address)),
        strings,
        relocations: relocations(&entries, &memory),
    })
}

fn relocations<'data>(entries: &Entries, memory: &Memory<'_, 'data>) -> [Table<'data>; 3] {
    let tables = [(entries.rela, true), (entries.rel, false), (entries.plt, entries.plt_is_rela)];
    tables.map(|((address, size), with_addend)| {
        let data = if size == 0 { &[][..] } else { part(memory.at(address), 0, size) };
        Table { data, with_addend }
    })
}

fn entries(table: Bytes<'_>, machine: u16) -> Entries {
    let mut entries = Entries::default();
    let size = table.word_size();
    for at in (0..table.data.len() / (2 * size)).map(|index| index * 2 * size) {
        let (Some(tag), Some(value)) = (table.word(at), table.word(at + size)) else { break };
        match tag {
            0 => break,
            DT_NEEDED if entries.needed.len() < MOST_LIBRARIES => entries.needed.push(value),
            DT_HASH => entries.hash = Some(value),
            DT_STRTAB => entries.strings = value,
            DT_SYMTAB => entries.symbols = value,
            DT_PLTRELSZ => entries.plt.1 = value,
            DT_RELA => entries.rela.0 = value,
            DT_RELASZ => entries.rela.1 = value,
            DT_REL => entries.rel.0 = value,
            DT_RELSZ => entries.rel.1 = value,
            DT_PLTREL => entries.plt_is_rela = value == DT_RELA,
            DT_JMPREL => entries.plt.0 = value,
            DT_STRSZ => entries.strings_size = value,
            DT_SONAME => entries.soname = Some(value),
            DT_RPATH => entries.rpath = Some(value),
            DT_TEXTREL => entries.text_relocations = true,
            DT_BIND_NOW => entries.bind_now = true,
            DT_RUNPATH => entries.runpath = Some(value),
            DT_FLAGS => entries.flags = value,
            DT_GNU_HASH => entries.gnu_hash = Some(value),
            DT_VERSYM => entries.symbol_versions = Some(value),
            DT_FLAGS_1 => entries.flags_1 = value,
            DT_VERNEED => entries.needed_versions = Some(value),
            DT_MIPS_SYMTABNO if machine == EM_MIPS => entries.symbol_count = Some(value),
            _ => {}
        }
    }
    entries
}

/// Whether a relocation asks for an offset from the thread pointer: not every linker sets the
/// flag for it.
fn static_tls(file: Bytes<'_>, machine: u16, entries: &Entries, memory: &Memory<'_, '_>) -> bool {
    let word = file.word_size();
    relocations(entries, memory).into_iter().any(|Table { data, with_addend }| {
        let table = file.of(data);
        let entry = word * if with_addend { 3 } else { 2 };
        // `r_info` stands behind the address; its low byte, or half, is the type.
        let kind = |at: usize| match file.is_64 {
            // 64-bit MIPS has three types in an order of its own.
            true if machine == EM_MIPS => None,
            true => table.word(at * entry + word).map(|info| info & 0xffff_ffff),
            false => table.word(at * entry + word).map(|info| info & 0xff),
        };
        (0..table.data.len() / entry).filter_map(kind).any(|kind| is_thread_offset(machine, kind))
    })
}

/// Relocations of the model initial-exec, by the psABI of each architecture.
const fn is_thread_offset(machine: u16, kind: u64) -> bool {
    matches!(
        (machine, kind),
        // R_386_TLS_TPOFF, R_386_TLS_TPOFF32
        (3, 14 | 37)
            // R_MIPS_TLS_TPREL32
            | (8, 47)
            // R_PPC64_TPREL64
            | (21, 73)
            // R_390_TLS_TPOFF
            | (22, 56)
            // R_ARM_TLS_TPOFF32
            | (40, 19)
            // R_X86_64_TPOFF64
            | (62, 18)
            // R_AARCH64_TLS_TPREL
            | (183, 1030)
            // R_RISCV_TLS_TPREL32, R_RISCV_TLS_TPREL64
            | (243, 10 | 11)
    )
}

/// A program as it lies in memory: addresses lead to parts of the file.
struct Memory<'a, 'data> {
    file: &'data [u8],
    segments: &'a [Segment],
}

impl<'data> Memory<'_, 'data> {
    /// The bytes from an address to the end of what its segment has in the file.
    fn at(&self, address: u64) -> &'data [u8] {
        let holds = |segment: &&Segment| {
            segment.kind == Segment::LOAD
                && address.checked_sub(segment.address).is_some_and(|at| at < segment.file_size)
        };
        self.segments.iter().find(holds).map_or(&[], |segment| {
            let at = address - segment.address;
            part(self.file, segment.offset.saturating_add(at), segment.file_size - at)
        })
    }
}

/// The dynamic symbols. No entry of the table says how many there are, so the sections are
/// asked, and where there are none, the hash table.
fn symbols<'data>(
    file: Bytes<'data>,
    entries: &Entries,
    memory: &Memory<'_, 'data>,
    sections: &[Section<'data>],
    strings: &'data [u8],
) -> SymbolTable<'data> {
    let table = memory.at(entries.symbols);
    let entry_size = SymbolTable::entry_size(file.is_64) as u64;
    let section = sections.iter().find(|section| {
        section.kind == SHT_DYNSYM && section.address == entries.symbols && section.address != 0
    });
    let count = section
        .map(|section| section.size / entry_size)
        .or(entries.symbol_count)
        .or_else(|| file.of(memory.at(entries.hash?)).u32(4).map(u64::from))
        .or_else(|| gnu_hash_count(file.of(memory.at(entries.gnu_hash?))));
    let size = count.unwrap_or(0).saturating_mul(entry_size);
    SymbolTable::new(file.of(part(table, 0, size)), strings)
}

/// The number of symbols by a GNU hash table: the chain of the highest bucket ends with the
/// last symbol.
fn gnu_hash_count(table: Bytes<'_>) -> Option<u64> {
    let (buckets, first, bloom) = (table.u32(0)? as usize, table.u32(4)?, table.u32(8)? as usize);
    let at = bloom.checked_mul(table.word_size())?.checked_add(16)?;
    let chains = at.checked_add(buckets.checked_mul(4)?)?;
    let buckets = table.data.get(at..chains)?;
    let buckets = table.of(buckets);
    let mut last = (0..buckets.data.len() / 4).filter_map(|at| buckets.u32(4 * at)).max()?;
    if last < first {
        return Some(u64::from(first));
    }
    loop {
        let chain = table.u32(chains.checked_add((last - first) as usize * 4)?)?;
        last += 1;
        if chain & 1 == 1 {
            return Some(u64::from(last));
        }
    }
}
