//! The named pieces of an ELF file's sections: its functions and its data, by the symbol table.

use std::ops::Range;

use crate::elf::Elf;
use crate::pclntab::GoFunction;
use crate::symbol_table::Symbol;
use crate::tables::{Section, Segment};

/// `EM_ARM`.
const ARM: u16 = 40;
/// Alignment leaves at most this many bytes behind a piece.
const LARGEST_PADDING: u64 = 64;

/// What Go's linker writes where others write the name of a source file.
pub const GO_FILE: &[u8] = b"go.go";

/// What a symbol stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece<'data> {
    /// The symbol's name.
    pub name: &'data [u8],
    /// The other names of what begins at the same place.
    pub aliases: Vec<&'data [u8]>,
    /// The section, by its index.
    pub section: usize,
    /// Its place in the section, in bytes. Pieces do not overlap.
    pub range: Range<u64>,
    /// Whether it is code.
    pub is_function: bool,
    /// Whether other objects see it.
    pub is_global: bool,
    /// Whether it tells no size and so reaches to the next.
    pub is_open: bool,
    /// Whether it is 16-bit code of ARM.
    pub is_thumb: bool,
    /// The source file that a local symbol stands behind in the symbol table.
    pub file: Option<&'data [u8]>,
}

impl Piece<'_> {
    /// Whether one symbol stands for many things, as Go's linker has it.
    #[must_use]
    pub fn is_group(&self) -> bool {
        self.is_open && !self.is_function
    }
}

/// The pieces of a file, sorted by section and place.
///
/// Of symbols that stand for the same bytes, the larger has them; then the global one; then the
/// first by name. What is left between two pieces, alignment and the like, belongs to none.
#[must_use]
pub fn pieces<'data>(elf: &Elf<'data>) -> Vec<Piece<'data>> {
    let thread_local = elf.segments.iter().find(|segment| segment.kind == Segment::TLS);
    let mut file = None;
    let mut found = Vec::new();
    for symbol in elf.symbols.iter() {
        if symbol.is_file() {
            file = Some(symbol.name()).filter(|name| !name.is_empty());
            continue;
        }
        let Some(mut piece) = piece(elf, &symbol, thread_local) else { continue };
        piece.file = file.filter(|_| !piece.is_global);
        found.push(piece);
    }
    // Go's own table of functions stays where the symbols were taken away.
    if elf.is_stripped() {
        found.extend(of_go(elf));
    }
    without_overlaps(elf, found)
}

fn piece<'data>(
    elf: &Elf<'data>,
    symbol: &Symbol<'data>,
    thread_local: Option<&Segment>,
) -> Option<Piece<'data>> {
    // Sections above `SHN_LORESERVE` are none.
    if symbol.is_undefined() || symbol.section >= 0xff00 || symbol.is_for_tools() {
        return None;
    }
    let section = elf.sections.get(usize::from(symbol.section))?;
    let executable = section.flags & Section::EXECINSTR != 0;
    let name = symbol.name();
    // Assembler that is written for many systems tells neither type nor size.
    let is_bare = symbol.is_global() && symbol.is_untyped() && !marks_section(name);
    let is_function = symbol.is_function() || (executable && (symbol.size > 0 || is_bare));
    let reaches_to_next = (executable && is_function) || marks_group(name);
    if symbol.size == 0 && !reaches_to_next {
        return None;
    }
    // Marks for disassemblers, such as `$d`, and labels of a compiler.
    if name.is_empty() || name.starts_with(b"$") || name.starts_with(b".L") {
        return None;
    }
    let is_thumb = elf.identity.machine == ARM && symbol.is_function() && symbol.value & 1 == 1;
    let value = symbol.value - u64::from(is_thumb);
    let base = match thread_local {
        _ if !elf.kind.is_loaded() => 0,
        Some(segment) if symbol.is_thread_local() => section.address.wrapping_sub(segment.address),
        _ => section.address,
    };
    let start = value.checked_sub(base).filter(|start| *start < section.size)?;
    let end = start.saturating_add(symbol.size).min(section.size);
    Some(Piece {
        name,
        aliases: Vec::new(),
        section: usize::from(symbol.section),
        range: start..end,
        is_function,
        is_global: symbol.is_global(),
        is_open: symbol.size == 0,
        is_thumb,
        file: None,
    })
}

fn of_go<'data>(elf: &Elf<'data>) -> Vec<Piece<'data>> {
    let functions = elf.go_functions();
    let piece = |function: &GoFunction<'data>| {
        let holds = |section: &Section<'_>| {
            section.flags & Section::EXECINSTR != 0
                && function.address.checked_sub(section.address).is_some_and(|at| at < section.size)
        };
        let index = elf.sections.iter().position(holds)?;
        let section = &elf.sections[index];
        let start = function.address - section.address;
        Some(Piece {
            name: function.name,
            aliases: Vec::new(),
            section: index,
            range: start..start.saturating_add(function.size).min(section.size),
            is_function: true,
            is_global: false,
            is_open: false,
            is_thumb: false,
            file: Some(GO_FILE),
        })
    };
    functions.iter().filter_map(piece).collect()
}

fn without_overlaps<'data>(elf: &Elf<'data>, mut found: Vec<Piece<'data>>) -> Vec<Piece<'data>> {
    found.sort_by(|a, b| {
        let place = |piece: &Piece<'_>| (piece.section, piece.range.start);
        let size = |piece: &Piece<'_>| piece.range.end - piece.range.start;
        place(a)
            .cmp(&place(b))
            .then(size(b).cmp(&size(a)))
            .then(b.is_global.cmp(&a.is_global))
            .then(a.name.cmp(b.name))
    });
    let mut pieces: Vec<Piece<'_>> = Vec::with_capacity(found.len());
    let mut found = found.into_iter().peekable();
    while let Some(mut piece) = found.next() {
        if let Some(before) = pieces.last_mut().filter(|before| before.section == piece.section) {
            if piece.range.start < before.range.end && piece.range.end <= before.range.end {
                if piece.range.start == before.range.start {
                    before.aliases.push(piece.name);
                }
                continue;
            }
            piece.range.start = piece.range.start.max(before.range.end);
        }
        // A function of assembler that tells no size reaches to the next.
        if piece.range.end <= piece.range.start {
            if ends_group(piece.name) {
                continue;
            }
            let (section, start) = (piece.section, piece.range.start);
            let is_same = |next: &Piece<'_>| (next.section, next.range.start) == (section, start);
            while let Some(same) = found.next_if(is_same) {
                piece.aliases.push(same.name);
            }
            let next = found.peek().filter(|next| next.section == piece.section);
            piece.range.end = match next {
                Some(next) => next.range.start,
                None if piece.is_function => elf.sections[piece.section].size,
                None => piece.range.start + LARGEST_PADDING,
            };
        }
        if piece.range.start < piece.range.end {
            pieces.push(piece);
        }
    }
    pieces
}

/// Go's linker puts what belongs together behind one symbol without a size: types, texts.
fn marks_group(name: &[u8]) -> bool {
    [b"type:".as_slice(), b"go:", b"runtime.gcdata"].iter().any(|start| name.starts_with(start))
        || ends_group(name)
}

/// Linkers put such symbols where sections begin and end: `_ftext`, `etext`, `__start_text`.
fn marks_section(name: &[u8]) -> bool {
    let plain = name.iter().position(|letter| *letter != b'_').map_or(name, |at| &name[at..]);
    [b"text".as_slice(), b"ftext", b"stext", b"etext"].contains(&plain)
        || name.starts_with(b"__start_")
        || name.starts_with(b"__stop_")
}

/// Such a group ends at one of these symbols, which have no size either.
fn ends_group(name: &[u8]) -> bool {
    [b"runtime.etypes".as_slice(), b"runtime.erodata", b"runtime.edata"].contains(&name)
}

/// Whether so small a gap behind a piece is alignment.
#[must_use]
pub const fn is_padding(gap: u64) -> bool {
    gap < LARGEST_PADDING
}
