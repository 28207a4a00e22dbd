//! What Go's linker leaves in a program: versions of Go and of the modules (debug/buildinfo).

use crate::bytes::{Bytes, part};
use crate::tables::{Section, Segment};

/// How the record begins (`buildInfoMagic` in Go's `debug/buildinfo`).
const MAGIC: &[u8] = b"\xff Go buildinf:";
/// It lies at multiples of this.
const ALIGNMENT: usize = 16;
/// The bytes before the texts.
const HEADER: usize = 32;
/// Two are one too many; more would not be told apart.
const MOST: usize = 16;

/// The record of one Go runtime.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GoBuildInfo<'data> {
    /// The version of Go, such as `go1.22.1`; empty where it cannot be read.
    pub version: &'data str,
    /// Lines of words: `path`, `mod`, `dep` and `build` (`runtime/debug.ParseBuildInfo`).
    text: &'data str,
}

/// A Go module.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Module<'data> {
    /// Its path, such as `example.com/hello`.
    pub path: &'data str,
    /// Its version, such as `v1.2.3` or `(devel)`.
    pub version: &'data str,
}

impl<'data> GoBuildInfo<'data> {
    /// The module of the main package.
    #[must_use]
    pub fn main(&self) -> Option<Module<'data>> {
        self.lines("mod").next().map(module)
    }

    /// The modules that it depends on.
    pub fn dependencies(&self) -> impl Iterator<Item = Module<'data>> + use<'data> {
        self.lines("dep").map(module)
    }

    /// A setting of the build, such as `-buildmode` or `GOARCH`.
    #[must_use]
    pub fn setting(&self, key: &str) -> Option<&'data str> {
        self.lines("build").find_map(|line| {
            let (name, value) = line.split_once('=')?;
            (name == key).then_some(value)
        })
    }

    /// All settings of the build, in order: keys and values.
    pub fn settings(&self) -> impl Iterator<Item = (&'data str, &'data str)> + use<'data> {
        self.lines("build").filter_map(|line| line.split_once('='))
    }

    fn lines(&self, word: &'static str) -> impl Iterator<Item = &'data str> + use<'data> {
        self.text.lines().filter_map(move |line| line.strip_prefix(word)?.strip_prefix('\t'))
    }
}

fn module(line: &str) -> Module<'_> {
    let mut words = line.split('\t');
    Module { path: words.next().unwrap_or_default(), version: words.next().unwrap_or_default() }
}

/// The records of a file: one for each Go runtime in it.
pub(crate) fn read<'data>(
    file: Bytes<'data>,
    segments: &[Segment],
    sections: &[Section<'data>],
) -> Vec<GoBuildInfo<'data>> {
    let section = sections.iter().find(|section| section.name == b".go.buildinfo");
    if let Some(section) = section.filter(|section| section.kind != Section::NOBITS) {
        return records(file, segments, part(file.data, section.offset, section.size));
    }
    // Without sections, they are in the program's data.
    if !sections.is_empty() {
        return Vec::new();
    }
    let data =
        segments.iter().filter(|segment| segment.kind == Segment::LOAD && segment.writable());
    data.flat_map(|segment| {
        records(file, segments, part(file.data, segment.offset, segment.file_size))
    })
    .take(MOST)
    .collect()
}

fn records<'data>(
    file: Bytes<'data>,
    segments: &[Segment],
    data: &'data [u8],
) -> Vec<GoBuildInfo<'data>> {
    memchr::memmem::find_iter(data, MAGIC)
        .filter(|at| at % ALIGNMENT == 0)
        .map(|at| record(file, segments, &data[at..]))
        .take(MOST)
        .collect()
}

fn record<'data>(
    file: Bytes<'data>,
    segments: &[Segment],
    data: &'data [u8],
) -> GoBuildInfo<'data> {
    // The second bit: the texts follow. Before Go 1.18 there are pointers to them.
    let (version, text) = if data.get(15).is_some_and(|flags| flags & 2 != 0) {
        let (version, rest) = counted(data.get(HEADER..).unwrap_or_default());
        (version, counted(rest).0)
    } else {
        let pointer = |at| {
            let header = file.of(at_address(file, segments, file.of(data).word(at)?));
            let (text, size) = (header.word(0)?, header.word(header.word_size())?);
            Some(part(at_address(file, segments, text), 0, size))
        };
        let text = |at| pointer(at).unwrap_or_default();
        (text(16), text(16 + file.word_size()))
    };
    // The text stands between two marks of 16 bytes that no reader needs.
    let text = text.get(16..text.len().saturating_sub(16)).unwrap_or_default();
    let utf8 = |bytes: &'data [u8]| std::str::from_utf8(bytes).unwrap_or_default();
    GoBuildInfo { version: utf8(version), text: utf8(text) }
}

/// A text behind its length (Go's `binary.Uvarint`), and what follows.
fn counted(data: &[u8]) -> (&[u8], &[u8]) {
    let mut size = 0_u64;
    for (index, byte) in data.iter().enumerate().take(9) {
        size |= u64::from(byte & 0x7f) << (7 * index);
        if byte & 0x80 == 0 {
            let tail = &data[index + 1..];
            return tail.split_at(tail.len().min(usize::try_from(size).unwrap_or(usize::MAX)));
        }
    }
    (&[], &[])
}

fn at_address<'data>(file: Bytes<'data>, segments: &[Segment], address: u64) -> &'data [u8] {
    let found = segments.iter().find_map(|segment| {
        let at = address.checked_sub(segment.address)?;
        let inside = segment.kind == Segment::LOAD && at < segment.file_size;
        inside.then(|| part(file.data, segment.offset.saturating_add(at), segment.file_size - at))
    });
    found.unwrap_or_default()
}
