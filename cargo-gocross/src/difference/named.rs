//! What has a name: functions by their instructions, data by its words.

use std::collections::HashMap;

use super::code::{Disassemblers, instructions};
use super::data;
use super::image::Image;
use super::{First, PieceChange};
use gocross_elf::Piece;

/// How many instructions are shown from the first one on that differs.
const SHOWN: usize = 3;

/// Whether Go's linker makes a piece of data of what else there is: types by their distance, where
/// functions begin, what the garbage collector looks at.
fn is_table(name: &str) -> bool {
    const TABLES: [&str; 8] = [
        "type:",
        "go:func",
        "runtime.gcdata",
        "runtime.findfunctab",
        "runtime.firstmoduledata",
        "runtime.typelink",
        "runtime.itablink",
        "runtime.textsectionmap",
    ];
    TABLES.iter().any(|start| name.starts_with(start))
}

/// The pieces that differ.
#[derive(Debug, Default)]
pub(super) struct Pieces {
    pub(super) functions: Vec<PieceChange>,
    pub(super) data: Vec<PieceChange>,
    /// Tables of Go's linker, which tell of the rest.
    pub(super) tables: Vec<String>,
    /// How many have the same name but for a hash.
    pub(super) renamed: usize,
}

/// Items of two lists by name, namesakes in their order; those of the second list alone come last.
pub(super) fn paired<'a, T>(
    left: &'a [T],
    right: &'a [T],
    key: impl Fn(&T) -> String,
) -> Vec<(String, Option<&'a T>, Option<&'a T>)> {
    let names = |items: &[T]| items.iter().map(&key).collect::<Vec<_>>();
    let pairs = paired_indices(&names(left), &names(right));
    let item = |(name, a, b): (String, Option<usize>, Option<usize>)| {
        (name, a.map(|at| &left[at]), b.map(|at| &right[at]))
    };
    pairs.into_iter().map(item).collect()
}

/// The same by the items' names alone.
fn paired_indices(
    left: &[String],
    right: &[String],
) -> Vec<(String, Option<usize>, Option<usize>)> {
    let mut others: HashMap<(&str, usize), usize> = numbered(right).zip(0..).collect();
    let mut pairs: Vec<_> = numbered(left)
        .zip(0..)
        .map(|(name, index)| (name.0.to_owned(), Some(index), others.remove(&name)))
        .collect();
    let mut rest: Vec<usize> = others.into_values().collect();
    rest.sort_unstable();
    pairs.extend(rest.into_iter().map(|index| (right[index].clone(), None, Some(index))));
    pairs
}

/// Names with how often each has come before, so that namesakes are told apart.
fn numbered(names: &[String]) -> impl Iterator<Item = (&str, usize)> {
    let mut seen: HashMap<&str, usize> = HashMap::new();
    names.iter().map(move |name| {
        let count = seen.entry(name).or_default();
        *count += 1;
        (name.as_str(), *count)
    })
}

/// Compares all pieces of two files.
pub(super) fn compare(left: &Image<'_, '_>, right: &Image<'_, '_>) -> Pieces {
    let disassemblers = Disassemblers::new(left);
    let same_places = same_places(left, right);
    let mut pieces = Pieces::default();
    for (name, a, b) in paired_indices(&left.names, &right.names) {
        let (a, b) = (a.map(|at| &left.pieces[at]), b.map(|at| &right.pieces[at]));
        let first = match (a, b) {
            (Some(a), Some(b)) => {
                pieces.renamed += usize::from(a.name != b.name);
                let sizes = (a.range.end - a.range.start, b.range.end - b.range.start);
                let bytes = (left.bytes(a), right.bytes(b));
                let related = left.relocations(a.section, &a.range).is_empty()
                    && right.relocations(b.section, &b.range).is_empty();
                if same_places && bytes.0 == bytes.1 && sizes.0 == sizes.1 && related {
                    continue;
                }
                let first = match a.is_function && b.is_function {
                    true => code(disassemblers.as_ref(), (left, a), (right, b)),
                    false => data::first((left, a), (right, b)),
                };
                if first.is_none() && (a.is_function || sizes.0 == sizes.1) {
                    continue;
                }
                first
            }
            _ => None,
        };
        let size =
            |piece: Option<&Piece<'_>>| piece.map(|piece| piece.range.end - piece.range.start);
        let section = match (a, b) {
            (Some(a), _) => left.elf.sections[a.section].name,
            (None, Some(b)) => right.elf.sections[b.section].name,
            (None, None) => continue,
        };
        let section = String::from_utf8_lossy(section).into_owned();
        let is_function = a.or(b).is_some_and(|piece| piece.is_function);
        if !is_function && is_table(&name) {
            pieces.tables.push(name);
            continue;
        }
        let change = PieceChange { name, section, left: size(a), right: size(b), first };
        let changes = if is_function { &mut pieces.functions } else { &mut pieces.data };
        changes.push(change);
    }
    pieces
}

/// Whether everything lies where it lies in the other file; then the same bytes mean the same.
fn same_places(left: &Image<'_, '_>, right: &Image<'_, '_>) -> bool {
    let sections = |image: &Image<'_, '_>| -> Vec<(u64, u64)> {
        let sections = image.elf.sections.iter();
        sections.map(|section| (section.address, section.offset)).collect()
    };
    let places = left.pieces.iter().map(|piece| (&piece.range, piece.section));
    left.elf.kind == right.elf.kind
        && sections(left) == sections(right)
        && left.names == right.names
        && places.eq(right.pieces.iter().map(|piece| (&piece.range, piece.section)))
}

/// The first instructions in which two functions differ.
fn code(
    disassemblers: Option<&Disassemblers>,
    left: (&Image<'_, '_>, &Piece<'_>),
    right: (&Image<'_, '_>, &Piece<'_>),
) -> Option<First> {
    let read =
        |(image, piece): (&Image<'_, '_>, &Piece<'_>)| instructions(disassemblers?, image, piece);
    let (Some(a), Some(b)) = (read(left), read(right)) else {
        // A machine that there is no disassembler for.
        return data::first(left, right);
    };
    let mut pairs = a.iter().zip(&b);
    let at = pairs.position(|(a, b)| !a.same(b));
    let at = at.or_else(|| (a.len() != b.len()).then_some(a.len().min(b.len())))?;
    let shown = |list: &[super::code::Instruction]| {
        list.iter().skip(at).take(SHOWN).map(|found| found.normal.clone()).collect()
    };
    let offset = a.get(at).or(b.get(at)).map_or(0, |found| found.offset);
    Some(First { offset, left: shown(&a), right: shown(&b) })
}
