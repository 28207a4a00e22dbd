//! Which part of an ELF file belongs to what: stretches without a gap and without an overlap.

use std::ops::Range;

use crate::elf::Elf;
use crate::tables::Section;

/// A stretch of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stretch {
    /// Where it lies in the file, in bytes.
    pub range: Range<u64>,
    /// What it is.
    pub what: Part,
}

/// What a stretch of a file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// The ELF header.
    Header,
    /// The program header table.
    Segments,
    /// The section header table.
    Sections,
    /// A section, by its index in [`Elf::sections`].
    Section(usize),
    /// Bytes that nothing claims: gaps that alignment leaves, and all of a file without sections.
    Nothing,
}

impl Elf<'_> {
    /// The whole file in stretches, in order. They add up to its size, whatever the tables say:
    /// where two claim the same bytes, the one that begins first has them.
    #[must_use]
    pub fn layout(&self) -> Vec<Stretch> {
        let size = self.size();
        let mut claims = self.claims();
        claims.sort_by_key(|claim| (claim.range.start, claim.what));
        let mut stretches = Vec::with_capacity(claims.len() + 1);
        let mut at = 0;
        for Stretch { range, what } in claims {
            let (start, end) = (range.start.max(at), range.end.min(size));
            if start >= end {
                continue;
            }
            if start > at {
                stretches.push(Stretch { range: at..start, what: Part::Nothing });
            }
            stretches.push(Stretch { range: start..end, what });
            at = end;
        }
        if at < size {
            stretches.push(Stretch { range: at..size, what: Part::Nothing });
        }
        stretches
    }

    /// What the header and the section table claim, as it stands there.
    fn claims(&self) -> Vec<Stretch> {
        let file = self.file();
        // Where the fields of the header stand (gABI, chapter 4, "ELF Header").
        let (segments, sections, sizes) = if file.is_64 { (32, 40, 52) } else { (28, 32, 40) };
        let size = |index: usize| u64::from(file.u16(sizes + 2 * index).unwrap_or(0));
        let table = |at: usize, entry: u64, count: usize, what: Part| {
            let start = file.word(at).unwrap_or(0);
            let end = start.saturating_add(entry.saturating_mul(count as u64));
            Stretch { range: start..end, what }
        };
        let mut claims = vec![
            Stretch { range: 0..size(0), what: Part::Header },
            table(segments, size(1), self.segments.len(), Part::Segments),
            table(sections, size(3), self.sections.len(), Part::Sections),
        ];
        let in_file =
            |section: &&(usize, &Section<'_>)| !matches!(section.1.kind, 0 | Section::NOBITS);
        let numbered: Vec<_> = self.sections.iter().enumerate().collect();
        claims.extend(numbered.iter().filter(in_file).map(|(index, section)| Stretch {
            range: section.offset..section.offset.saturating_add(section.size),
            what: Part::Section(*index),
        }));
        claims
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_stretches_of_this_program_add_up() {
        let bytes = fs_err::read("/proc/self/exe").unwrap();
        let elf = Elf::read(&bytes).unwrap();
        let layout = elf.layout();
        assert_eq!(layout.first().map(|first| first.what), Some(Part::Header));
        let mut at = 0;
        for stretch in &layout {
            assert_eq!(stretch.range.start, at);
            assert!(stretch.range.end > at);
            at = stretch.range.end;
        }
        assert_eq!(at, bytes.len() as u64);
        let text = elf.sections.iter().position(|section| section.name == b".text").unwrap();
        let found = layout.iter().find(|stretch| stretch.what == Part::Section(text)).unwrap();
        assert_eq!(found.range.end - found.range.start, elf.sections[text].size);
    }
}
