//! The facts of one ELF file.

use object::Endianness;
use object::elf::{FileHeader32, FileHeader64};
use object::read::elf::FileHeader;

use crate::ReadError;
use crate::build_paths::{self, BuildPaths};
use crate::bytes::{Bytes, part, text};
use crate::damage::Damage;
use crate::dynamic::{self, Dynamic};
use crate::float_abi::{self, FloatAbi};
use crate::go::{self, GoBuildInfo};
use crate::identity::Identity;
use crate::symbol_table::{Symbol, SymbolTable};
use crate::tables::{self, Section, Segment};
use crate::versions::{Version, Versions};

const SHT_SYMTAB: u32 = 2;
/// `NT_GNU_BUILD_ID`.
const NOTE_BUILD_ID: u32 = 3;

/// What an ELF file is for (`e_type`).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Type {
    /// An object for the linker.
    Relocatable,
    /// A program at a fixed address.
    Executable,
    /// A program at any address.
    PositionIndependentExecutable,
    /// A library that is loaded.
    SharedObject,
    /// The memory of a dead process, or another.
    #[default]
    Other,
}

impl Type {
    /// In words.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Relocatable => "relocatable object",
            Self::Executable => "executable",
            Self::PositionIndependentExecutable => "position-independent executable",
            Self::SharedObject => "shared object",
            Self::Other => "ELF file",
        }
    }

    /// Whether it is a program.
    #[must_use]
    pub const fn is_program(self) -> bool {
        matches!(self, Self::Executable | Self::PositionIndependentExecutable)
    }

    /// Whether it is loaded into memory as it is: a program or a library.
    #[must_use]
    pub const fn is_loaded(self) -> bool {
        self.is_program() || matches!(self, Self::SharedObject)
    }
}

/// The facts of an ELF file. All names and tables are parts of the bytes that were read.
#[derive(Debug, Clone, Default)]
pub struct Elf<'data> {
    /// The fields of the header.
    pub identity: Identity,
    /// What it is for.
    pub kind: Type,
    /// The program header table.
    pub segments: Vec<Segment>,
    /// The section header table; empty where it was taken away.
    pub sections: Vec<Section<'data>>,
    /// `PT_INTERP`: the path of the dynamic linker that starts it.
    pub interpreter: Option<&'data [u8]>,
    /// What the dynamic linker is told; none where the file is static or an object.
    pub dynamic: Option<Dynamic<'data>>,
    /// The versions of symbols that it asks for.
    pub versions: Versions<'data>,
    /// `.symtab`, the linker's symbols; empty where the file was stripped.
    pub symbols: SymbolTable<'data>,
    /// How numbers with a point are passed; none where the architecture has only one way.
    pub float_abi: Option<FloatAbi>,
    /// Whether NaN is encoded as IEEE 754-2008 says; none where there is no other way.
    pub nan2008: Option<bool>,
    /// The build ID that GNU linkers write.
    pub build_id: Option<&'data [u8]>,
    /// The records of the Go runtimes in it.
    pub go: Vec<GoBuildInfo<'data>>,
    /// What does not fit together.
    pub damage: Damage,
    /// Whether a function of Go's runtime is defined; many ask, and the search takes a while.
    defines_go: bool,
    bytes: &'data [u8],
}

impl<'data> Elf<'data> {
    /// Reads an ELF file.
    ///
    /// # Errors
    ///
    /// No whole ELF header. Whatever else is wrong is in [`Elf::damage`].
    pub fn read(bytes: &'data [u8]) -> Result<Self, ReadError> {
        let identity = Identity::parse(bytes)?;
        let mut damage = Damage::default();
        let (segments, sections) = if identity.is_64 {
            both_tables::<FileHeader64<Endianness>>(bytes, &mut damage)?
        } else {
            both_tables::<FileHeader32<Endianness>>(bytes, &mut damage)?
        };
        let file = Bytes { data: bytes, big_endian: identity.big_endian, is_64: identity.is_64 };
        let dynamic = dynamic::read(file, identity.machine, &segments, &sections, &mut damage);
        let interpreter = interpreter(bytes, &segments, &mut damage);
        let symbols = symbols(file, &sections);
        let versions = dynamic.as_ref().map(|dynamic| Versions::read(file, dynamic));
        Ok(Self {
            kind: kind(&identity, interpreter, dynamic.as_ref(), &segments),
            float_abi: float_abi::read(file, &identity, &sections),
            nan2008: float_abi::nan2008(&identity),
            build_id: build_id(file, &segments, &sections),
            go: go::read(file, &segments, &sections),
            defines_go: symbols
                .iter()
                .any(|symbol| !symbol.is_undefined() && symbol.begins_with(b"runtime.goexit")),
            symbols,
            versions: versions.unwrap_or_default(),
            identity,
            segments,
            sections,
            interpreter,
            dynamic,
            damage,
            bytes,
        })
    }

    /// Whether a text stands anywhere in the file.
    #[must_use]
    pub fn mentions(&self, text: &[u8]) -> bool {
        memchr::memmem::find(self.bytes, text).is_some()
    }

    /// The size of the file, in bytes.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.bytes.len() as u64
    }

    /// The whole file, with the order in which its numbers stand.
    pub(crate) fn file(&self) -> Bytes<'data> {
        let Identity { big_endian, is_64, .. } = self.identity;
        Bytes { data: self.bytes, big_endian, is_64 }
    }

    /// The section with a name.
    #[must_use]
    pub fn section(&self, name: &[u8]) -> Option<&Section<'data>> {
        self.sections.iter().find(|section| section.name == name)
    }

    /// What a section holds, as much as is there of it.
    #[must_use]
    pub fn contents(&self, section: &Section<'_>) -> &'data [u8] {
        if section.kind == Section::NOBITS {
            &[]
        } else {
            part(self.bytes, section.offset, section.size)
        }
    }

    /// The words of a section that are as wide as an address, and their offsets.
    pub fn words(&self, section: &Section<'_>) -> impl Iterator<Item = (u64, u64)> + use<'data> {
        let contents = self.file().of(self.contents(section));
        let places = (0..contents.data.len()).step_by(contents.word_size());
        places.filter_map(move |at| Some((at as u64, contents.word(at)?)))
    }

    /// The symbols that the dynamic linker sees.
    #[must_use]
    pub fn dynamic_symbols(&self) -> SymbolTable<'data> {
        self.dynamic.as_ref().map(|dynamic| dynamic.symbols).unwrap_or_default()
    }

    /// The symbols that the file takes from libraries, and the version of each.
    pub fn imports(&self) -> impl Iterator<Item = (Symbol<'data>, Option<&Version<'data>>)> {
        let symbols = self.dynamic_symbols().iter();
        let undefined = symbols.filter(|symbol| symbol.is_undefined() && symbol.is_global());
        undefined.map(|symbol| (symbol, self.versions.of(&symbol)))
    }

    /// The symbols that the file gives to others.
    pub fn exports(&self) -> impl Iterator<Item = Symbol<'data>> + use<'data> {
        let symbols = self.dynamic_symbols().iter();
        symbols.filter(|symbol| !symbol.is_undefined() && symbol.is_global() && !symbol.is_hidden())
    }

    /// Whether it is a program that needs no dynamic linker.
    #[must_use]
    pub fn is_static(&self) -> bool {
        let needs = |dynamic: &Dynamic<'_>| !dynamic.needed.is_empty();
        self.kind.is_program()
            && self.interpreter.is_none()
            && !self.dynamic.as_ref().is_some_and(needs)
    }

    /// Whether the stack is executable; none where the file does not say.
    #[must_use]
    pub fn executable_stack(&self) -> Option<bool> {
        if self.kind == Type::Relocatable {
            let note = self.section(b".note.GNU-stack")?;
            return Some(note.flags & Section::EXECINSTR != 0);
        }
        let stack = self.segments.iter().find(|segment| segment.kind == Segment::GNU_STACK)?;
        Some(stack.executable())
    }

    /// Whether parts are made read-only after relocation.
    #[must_use]
    pub fn relro(&self) -> bool {
        self.segments.iter().any(|segment| segment.kind == Segment::GNU_RELRO)
    }

    /// Whether it has no symbols for the linker, and so none for a debugger.
    #[must_use]
    pub fn is_stripped(&self) -> bool {
        self.symbols.is_empty()
    }

    /// Whether it has DWARF.
    #[must_use]
    pub fn has_debug_info(&self) -> bool {
        [b".debug_info".as_slice(), b".zdebug_info"].iter().any(|name| self.section(name).is_some())
    }

    /// Whether Go's runtime is in it, with its record or without.
    #[must_use]
    pub fn has_go_runtime(&self) -> bool {
        let sections = [b".go.buildinfo".as_slice(), b".gopclntab", b".data.rel.ro.gopclntab"];
        !self.go.is_empty()
            || self.defines_go
            || sections.iter().any(|name| self.section(name).is_some())
    }

    /// Paths of the machine that built it, by section. Searches the whole file.
    #[must_use]
    pub fn build_paths(&self) -> Vec<BuildPaths<'data>> {
        build_paths::read(self.bytes, &self.sections)
    }
}

fn both_tables<'data, Header: FileHeader<Endian = Endianness>>(
    bytes: &'data [u8],
    damage: &mut Damage,
) -> Result<(Vec<Segment>, Vec<Section<'data>>), ReadError> {
    let header = Header::parse(bytes)?;
    let endian = header.endian()?;
    Ok((
        tables::segments(header, endian, bytes, damage),
        tables::sections(header, endian, bytes, damage),
    ))
}

fn kind(
    identity: &Identity,
    interpreter: Option<&[u8]>,
    dynamic: Option<&Dynamic<'_>>,
    segments: &[Segment],
) -> Type {
    match identity.e_type {
        1 => Type::Relocatable,
        2 => Type::Executable,
        3 => match dynamic {
            Some(dynamic) if dynamic.pie => Type::PositionIndependentExecutable,
            // Before DF_1_PIE, a program was told by its interpreter. The C library has one
            // too, and a name.
            Some(dynamic) if interpreter.is_some() && dynamic.soname.is_none() => {
                Type::PositionIndependentExecutable
            }
            None if segments.iter().any(|segment| segment.kind == Segment::INTERP) => {
                Type::PositionIndependentExecutable
            }
            _ => Type::SharedObject,
        },
        _ => Type::Other,
    }
}

fn interpreter<'data>(
    bytes: &'data [u8],
    segments: &[Segment],
    damage: &mut Damage,
) -> Option<&'data [u8]> {
    let segment = segments.iter().find(|segment| segment.kind == Segment::INTERP)?;
    let path = text(part(bytes, segment.offset, segment.file_size), 0);
    if path.is_none() {
        damage.add("the path of the interpreter does not end");
    }
    path
}

fn symbols<'data>(file: Bytes<'data>, sections: &[Section<'data>]) -> SymbolTable<'data> {
    let Some(table) = sections.iter().find(|section| section.kind == SHT_SYMTAB) else {
        return SymbolTable::default();
    };
    let strings = sections
        .get(table.link as usize)
        .map_or(&[][..], |strings| part(file.data, strings.offset, strings.size));
    SymbolTable::new(file.of(part(file.data, table.offset, table.size)), strings)
}

fn build_id<'data>(
    file: Bytes<'data>,
    segments: &[Segment],
    sections: &[Section<'data>],
) -> Option<&'data [u8]> {
    let section = |section: &&Section<'_>| section.name == b".note.gnu.build-id";
    if let Some(section) = sections.iter().find(section) {
        return find_build_id(file.of(part(file.data, section.offset, section.size)));
    }
    let notes = segments.iter().filter(|segment| segment.kind == Segment::NOTE).take(64);
    let mut parts = notes.map(|segment| part(file.data, segment.offset, segment.file_size));
    parts.find_map(|notes| find_build_id(file.of(notes)))
}

/// Looks through notes (gABI, chapter 5, "Note Section").
fn find_build_id<'data>(notes: Bytes<'data>) -> Option<&'data [u8]> {
    let mut at = 0_usize;
    loop {
        let name_size = notes.u32(at)? as usize;
        let size = notes.u32(at + 4)? as usize;
        let name = at.checked_add(12)?;
        let start = name.checked_add(name_size.checked_next_multiple_of(4)?)?;
        let end = start.checked_add(size)?;
        if notes.u32(at + 8)? == NOTE_BUILD_ID && notes.data.get(name..name + 4) == Some(b"GNU\0") {
            return notes.data.get(start..end);
        }
        at = end.checked_next_multiple_of(4)?;
    }
}
