//! Data: words that hold addresses count by what lies there, all others by themselves.

use gocross_elf::{Piece, Section, is_padding};

use super::addends;
use super::image::Image;
use super::{First, PieceChange};
use crate::sizes::owner_of_section;

/// How many bytes are shown from the first one on that differs.
const SHOWN: usize = 16;

/// The first place in which two pieces of data differ.
pub(super) fn first(
    left: (&Image<'_, '_>, &Piece<'_>),
    right: (&Image<'_, '_>, &Piece<'_>),
) -> Option<First> {
    let stretch = |(image, piece): (&Image<'_, '_>, &Piece<'_>)| Stretch {
        section: piece.section,
        start: piece.range.start,
        size: image.bytes(piece).len(),
    };
    let at = differs((left.0, &stretch(left)), (right.0, &stretch(right)))?;
    let (a, b) = (left.0.bytes(left.1), right.0.bytes(right.1));
    Some(First { offset: at as u64, left: shown(a, at), right: shown(b, at) })
}

fn shown(bytes: &[u8], at: usize) -> Vec<String> {
    let part = &bytes[at.min(bytes.len())..];
    let part = &part[..part.len().min(SHOWN)];
    let text = part.iter().take_while(|byte| (0x20..0x7f).contains(*byte)).count();
    if text >= 4 {
        return vec![format!("{:?}", String::from_utf8_lossy(&part[..text]))];
    }
    vec![part.iter().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().join(" ")]
}

/// A part of a section that has bytes in the file.
#[derive(Debug, Clone, Copy)]
struct Stretch {
    section: usize,
    start: u64,
    size: usize,
}

fn bytes<'data>(image: &Image<'_, 'data>, stretch: &Stretch) -> &'data [u8] {
    let contents = image.elf.contents(&image.elf.sections[stretch.section]);
    let start = usize::try_from(stretch.start).unwrap_or(usize::MAX).min(contents.len());
    &contents[start..(start + stretch.size).min(contents.len())]
}

/// Where two stretches begin to differ, counted from their beginning.
fn differs(left: (&Image<'_, '_>, &Stretch), right: (&Image<'_, '_>, &Stretch)) -> Option<usize> {
    let (a, b) = (bytes(left.0, left.1), bytes(right.0, right.1));
    if !left.0.elf.kind.is_loaded() {
        return of_objects(left, right, a, b);
    }
    let address = |(image, stretch): (&Image<'_, '_>, &Stretch)| {
        image.elf.sections[stretch.section].address.wrapping_add(stretch.start)
    };
    let (start_a, start_b) = (address(left), address(right));
    let word = if left.0.elf.identity.is_64 { 8 } else { 4 };
    let common = a.len().min(b.len());
    let mut at = 0;
    while at < common {
        // Addresses stand at multiples of their size.
        let aligned = start_a.wrapping_add(at as u64) % word as u64 == 0;
        let step = if aligned && at + word <= common { word } else { 4 - at % 4 };
        let end = (at + step).min(common);
        let place = |image: &Image<'_, '_>, start: u64, bytes: &[u8]| {
            let place = start.wrapping_add(at as u64);
            let symbol = image.filled_name(place).map(str::to_owned);
            symbol.or_else(|| image.name(image.word_at(place, &bytes[at..])?))
        };
        let of_places =
            (step == word).then(|| (place(left.0, start_a, a), place(right.0, start_b, b)));
        let filled = [(left.0, start_a), (right.0, start_b)]
            .map(|(image, start)| image.filled_name(start.wrapping_add(at as u64)).is_some());
        let same_name = matches!(&of_places, Some((Some(a), Some(b))) if a == b);
        let same_bytes = a[at..end] == b[at..end] && filled == [false, false];
        if !same_bytes && !same_name {
            let half = (at..end).step_by(4);
            let moved = |half: usize| moved(left.0, start_a, a, right.0, start_b, b, half);
            if let Some(half) = half.into_iter().find(|half| !moved(*half)) {
                let rest = a[half..end].iter().zip(&b[half..end]);
                return Some(half + rest.take_while(|(a, b)| a == b).count());
            }
        }
        at = end;
    }
    (a.len() != b.len()).then_some(common)
}

/// Whether two words differ as far as what they lead to has moved: entries of a table for `switch`
/// count from the table.
fn moved(
    left: &Image<'_, '_>,
    start_a: u64,
    a: &[u8],
    right: &Image<'_, '_>,
    start_b: u64,
    b: &[u8],
    at: usize,
) -> bool {
    let word = |image: &Image<'_, '_>, bytes: &[u8]| {
        let bytes = bytes.get(at..)?.first_chunk()?;
        Some(i64::from(image.number(*bytes).cast_signed()))
    };
    let (Some(x), Some(y)) = (word(left, a), word(right, b)) else { return false };
    if x == y {
        return true;
    }
    let place = start_a.wrapping_add(at as u64);
    let Some((section, offset)) = left.place(place.wrapping_add_signed(x)) else { return false };
    // The table begins some entries earlier than this one.
    let Some(found) = left.piece(section, offset) else { return false };
    (found.saturating_sub(1)..=found).any(|index| {
        let name = &left.names[index];
        let Some(other) = right.named(name) else { return false };
        let (from, to) = (left.address(&left.pieces[index]), right.address(&right.pieces[other]));
        let expected = from.wrapping_sub(to).wrapping_sub(start_a.wrapping_sub(start_b));
        x.wrapping_sub(y) == expected.cast_signed()
    })
}

fn of_objects(
    left: (&Image<'_, '_>, &Stretch),
    right: (&Image<'_, '_>, &Stretch),
    a: &[u8],
    b: &[u8],
) -> Option<usize> {
    let names = |(image, stretch): (&Image<'_, '_>, &Stretch)| -> Vec<(u64, String)> {
        let range = stretch.start..stretch.start + stretch.size as u64;
        let list = image.relocations(stretch.section, &range).iter();
        list.map(|(at, name)| (at - stretch.start, name.clone())).collect()
    };
    let (x, y) = (names(left), names(right));
    let of_names = x.iter().zip(&y).find(|(x, y)| x != y).map(|(x, y)| x.0.min(y.0) as usize);
    // An addend that stands there is told with the name.
    let in_place = addends::is_in_place(left.0);
    let hidden = |at: usize| {
        in_place && x.iter().any(|(place, _)| (*place..place + 4).contains(&(at as u64)))
    };
    let mut bytes = a.iter().zip(b).enumerate();
    let of_bytes = bytes.find(|(at, (a, b))| a != b && !hidden(*at)).map(|(at, _)| at);
    let of_length = (a.len() != b.len()).then(|| a.len().min(b.len()));
    [of_names, of_bytes, of_length].into_iter().flatten().min()
}

/// What differs in the parts of sections that no symbol names.
pub(super) fn without_names(left: &Image<'_, '_>, right: &Image<'_, '_>) -> Vec<PieceChange> {
    let sections = |image: &Image<'_, '_>| -> Vec<usize> {
        let owned =
            |section: &Section<'_>| owner_of_section(section).is_some() || section.kind == 0;
        let sections = image.elf.sections.iter().enumerate();
        sections.filter(|(_, section)| !owned(section)).map(|(index, _)| index).collect()
    };
    let (mine, theirs) = (sections(left), sections(right));
    let name = |image: &Image<'_, '_>, index: usize| {
        String::from_utf8_lossy(image.elf.sections[index].name).into_owned()
    };
    let mut changes = Vec::new();
    for index in &mine {
        let section = name(left, *index);
        let Some(other) = theirs.iter().find(|other| name(right, **other) == section) else {
            let size = left.elf.sections[*index].size;
            changes.push(change(section, Some(size), None, None));
            continue;
        };
        // Namesakes, as in an object with a section for each function, are told by their names.
        if mine.iter().filter(|index| name(left, **index) == section).count() > 1 {
            continue;
        }
        if let Some(found) = gaps_differ(left, *index, right, *other, &section) {
            changes.push(found);
        }
    }
    for index in theirs {
        let section = name(right, index);
        if !mine.iter().any(|index| name(left, *index) == section) {
            let size = right.elf.sections[index].size;
            changes.push(change(section, None, Some(size), None));
        }
    }
    changes
}

fn change(
    name: String,
    left: Option<u64>,
    right: Option<u64>,
    first: Option<First>,
) -> PieceChange {
    PieceChange { section: name.clone(), name, left, right, first }
}

fn gaps_differ(
    left: &Image<'_, '_>,
    a: usize,
    right: &Image<'_, '_>,
    b: usize,
    name: &str,
) -> Option<PieceChange> {
    let (mine, theirs) = (gaps(left, a), gaps(right, b));
    let size = |gaps: &[Stretch]| gaps.iter().map(|gap| gap.size as u64).sum::<u64>();
    for (x, y) in mine.iter().zip(&theirs) {
        let Some(at) = differs((left, x), (right, y)) else { continue };
        let first = First {
            offset: x.start + at as u64,
            left: shown(bytes(left, x), at),
            right: shown(bytes(right, y), at),
        };
        return Some(change(name.to_owned(), Some(size(&mine)), Some(size(&theirs)), Some(first)));
    }
    (mine.len() != theirs.len())
        .then(|| change(name.to_owned(), Some(size(&mine)), Some(size(&theirs)), None))
}

/// The parts of a section between its pieces, but for what alignment leaves.
fn gaps(image: &Image<'_, '_>, index: usize) -> Vec<Stretch> {
    let section = &image.elf.sections[index];
    let length = image.elf.contents(section).len() as u64;
    let first = image.pieces.partition_point(|piece| piece.section < index);
    let pieces = image.pieces[first..].iter().take_while(|piece| piece.section == index);
    let ends = pieces.map(|piece| piece.range.clone()).chain(std::iter::once(length..length));
    let mut at = 0;
    let mut gaps = Vec::new();
    for range in ends {
        let end = range.start.min(length);
        let gap = end.saturating_sub(at);
        let contents = image.elf.contents(section);
        let zeros = || contents[at as usize..end as usize].iter().all(|byte| *byte == 0);
        let code = section.flags & Section::EXECINSTR != 0;
        if gap > 0 && !(is_padding(gap) && (code || zeros())) {
            gaps.push(Stretch { section: index, start: at, size: gap as usize });
        }
        at = at.max(range.end);
    }
    gaps
}
