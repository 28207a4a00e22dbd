//! Who calls a function, and who keeps its address.

use std::collections::{BTreeMap, BTreeSet};

use gocross_elf::{Elf, Relocation, Section, Type};

use super::isa::{self, Reference};
use super::scan::{Scan, function_at, place};

/// How one function names another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum How {
    /// It calls it, or jumps to it as its last deed.
    Calls,
    /// It keeps the address: what becomes of it, its code does not say.
    KeepsAddress,
}

/// A function that names another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Caller {
    /// Which is named, by its index among [`Scan::functions`].
    pub callee: usize,
    /// How.
    pub how: How,
    /// Who names it; none of code without a name.
    pub function: Option<usize>,
}

/// The functions that are looked for, by address.
struct Wanted {
    /// Beginning, end, function; sorted, without overlaps.
    ranges: Vec<(u64, u64, usize)>,
}

impl Wanted {
    fn new(elf: &Elf<'_>, scan: &Scan<'_>, functions: &[usize]) -> Self {
        let range = |index: &usize| {
            let piece = &scan.functions[*index];
            let base = elf.sections[piece.section].address;
            (base.wrapping_add(piece.range.start), base.wrapping_add(piece.range.end), *index)
        };
        let mut ranges: Vec<_> = functions.iter().map(range).collect();
        ranges.sort_unstable();
        Self { ranges }
    }

    fn find(&self, address: u64) -> Option<usize> {
        let after = self.ranges.partition_point(|(start, ..)| *start <= address);
        let (_, end, function) = self.ranges.get(after.checked_sub(1)?)?;
        (address < *end).then_some(*function)
    }
}

/// Everybody who names one of `callees`, functions by their index, without themselves.
#[must_use]
pub fn callers(elf: &Elf<'_>, scan: &Scan<'_>, callees: &[usize]) -> BTreeSet<Caller> {
    if callees.is_empty() {
        return BTreeSet::new();
    }
    if elf.kind == Type::Relocatable {
        by_relocations(elf, scan, callees)
    } else {
        by_code(elf, scan, callees)
    }
}

/// In a program, instructions say where they go.
fn by_code(elf: &Elf<'_>, scan: &Scan<'_>, callees: &[usize]) -> BTreeSet<Caller> {
    let wanted = Wanted::new(elf, scan, callees);
    let slots = slots(elf, &wanted);
    let mut callers = BTreeSet::new();
    for region in elf.code() {
        isa::references(&elf.identity, &region, &mut |at, reference| {
            let (how, callee) = match reference {
                Reference::Branch(to) => (How::Calls, wanted.find(to)),
                Reference::Through(slot) => (How::Calls, slots.get(&slot).copied()),
                Reference::Address(of) => (How::KeepsAddress, beginning(&wanted, of)),
            };
            let Some(callee) = callee else { return };
            let function = function_at(&scan.functions, place(elf, &region, at));
            if function != Some(callee) {
                callers.insert(Caller { callee, how, function });
            }
        });
    }
    callers
}

/// The function that begins at an address. Inside of one there are also tables of jumps.
fn beginning(wanted: &Wanted, address: u64) -> Option<usize> {
    let at = wanted.ranges.binary_search_by_key(&address, |(start, ..)| *start).ok()?;
    Some(wanted.ranges[at].2)
}

/// Words of the linker's table (GOT) that hold the address of a wanted function.
fn slots(elf: &Elf<'_>, wanted: &Wanted) -> BTreeMap<u64, usize> {
    let is_got = |address: u64| {
        elf.section_at(address).is_some_and(|section| section.name.starts_with(b".got"))
    };
    pointers(elf, wanted).into_iter().filter(|(address, _)| is_got(*address)).collect()
}

/// Words of the data that hold the address of a wanted function, by their own address.
fn pointers(elf: &Elf<'_>, wanted: &Wanted) -> BTreeMap<u64, usize> {
    let mut found = BTreeMap::new();
    let mut budget = elf.size().saturating_mul(2);
    for section in &elf.sections {
        let Some(rest) = budget.checked_sub(elf.contents(section).len() as u64) else { break };
        if section.is_relocations() && section.flags & Section::ALLOC != 0 {
            budget = rest;
            for relocation in elf.relocations(section) {
                let value = relocation.addend.map(i64::cast_unsigned);
                if let Some(callee) = value.and_then(|value| beginning(wanted, value)) {
                    found.insert(relocation.offset, callee);
                }
            }
        } else if section.flags & (Section::ALLOC | Section::EXECINSTR) == Section::ALLOC {
            budget = rest;
            for (at, value) in elf.words(section) {
                if let Some(callee) = beginning(wanted, value) {
                    found.insert(section.address.wrapping_add(at), callee);
                }
            }
        }
    }
    found
}

/// Those of `functions` whose address stands in data: who calls through it, nobody knows.
pub(crate) fn kept_in_data(elf: &Elf<'_>, scan: &Scan<'_>, functions: &[usize]) -> BTreeSet<usize> {
    if elf.kind == Type::Relocatable {
        // Tables of how to unwind name every function, and are no way to call one.
        let is_data = |section: &Section<'_>| {
            let data = section.flags & (Section::ALLOC | Section::EXECINSTR) == Section::ALLOC;
            data && !UNWINDING.iter().any(|name| section.name.starts_with(name))
        };
        let mut kept = BTreeSet::new();
        each_relocation(elf, scan, is_data, |_, _, callee| {
            kept.insert(callee);
        });
        kept.retain(|callee| functions.contains(callee));
        return kept;
    }
    // The same in the linker's table is a call of a name.
    let is_table = |address: &u64| {
        elf.section_at(*address).is_some_and(|section| !section.name.starts_with(b".got"))
    };
    let found = pointers(elf, &Wanted::new(elf, scan, functions));
    found.into_iter().filter(|(address, _)| is_table(address)).map(|(_, found)| found).collect()
}

/// Sections that tell how to unwind the stack.
const UNWINDING: &[&[u8]] = &[b".eh_frame", b".ARM.ex", b".gcc_except_table", b".pdr"];

/// Relocations of calls and jumps, by `e_machine` (the psABIs; `elf.h`): R_386_PC32, R_386_PLT32,
/// R_MIPS_26, R_ARM_CALL, R_ARM_JUMP24, R_ARM_THM_CALL, R_ARM_THM_JUMP24, R_X86_64_PC32,
/// R_X86_64_PLT32, R_AARCH64_JUMP26, R_AARCH64_CALL26, R_RISCV_JAL, R_RISCV_CALL,
/// R_RISCV_CALL_PLT.
const CALLS: &[(u16, &[u32])] = &[
    (3, &[2, 4]),
    (8, &[4]),
    (40, &[28, 29, 10, 30]),
    (62, &[2, 4]),
    (183, &[282, 283]),
    (243, &[17, 18, 19]),
];

/// In an object, the linker has yet to fill in where they go.
fn by_relocations(elf: &Elf<'_>, scan: &Scan<'_>, callees: &[usize]) -> BTreeSet<Caller> {
    let mut callers = BTreeSet::new();
    let kinds = CALLS.iter().find(|(machine, _)| *machine == elf.identity.machine);
    let is_code = |section: &Section<'_>| section.flags & Section::EXECINSTR != 0;
    each_relocation(elf, scan, is_code, |from, relocation, callee| {
        let function = function_at(&scan.functions, (from, relocation.offset));
        if function != Some(callee) && callees.contains(&callee) {
            let is_call = kinds.is_some_and(|(_, kinds)| kinds.contains(&relocation.kind));
            let how = if is_call { How::Calls } else { How::KeepsAddress };
            callers.insert(Caller { callee, how, function });
        }
    });
    callers
}

/// Tells each relocation of an object that names a function: the section in which it is, the
/// relocation, the function.
fn each_relocation(
    elf: &Elf<'_>,
    scan: &Scan<'_>,
    is_meant: impl Fn(&Section<'_>) -> bool,
    mut tell: impl FnMut(usize, &Relocation, usize),
) {
    let mut budget = elf.size().saturating_mul(2);
    for table in elf.sections.iter().filter(|section| section.is_relocations()) {
        let Some(rest) = budget.checked_sub(elf.contents(table).len() as u64) else { break };
        budget = rest;
        let from = table.info as usize;
        if !elf.sections.get(from).is_some_and(&is_meant) {
            continue;
        }
        for relocation in elf.relocations(table) {
            let Some(symbol) = elf.symbols.symbol(relocation.symbol) else { continue };
            let section = usize::from(symbol.section);
            let addend = if symbol.is_section() { relocation.addend.unwrap_or(0) } else { 0 };
            let at = (section, symbol.value.wrapping_add_signed(addend));
            if let Some(callee) = function_at(&scan.functions, at) {
                tell(from, &relocation, callee);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cpu::scan::{name, scan};
    use crate::testing;

    const SOURCE: &str = "\
        __attribute__((noinline)) int gated(int a) { __asm__(\"nop\"); return a; }\n\
        __attribute__((noinline)) int tail(int a) { return gated(a + 1); }\n\
        __attribute__((noinline)) int call(int a) { return gated(a) + tail(a); }\n\
        int (*volatile kept)(int);\n\
        __attribute__((noinline)) void keep(void) { kept = gated; }\n\
        int (*const table[])(int) = { gated, tail };\n\
        int main(int a, char **b) { keep(); return call(a) + table[a & 1](a); }";

    fn told(arguments: &[&str]) -> (Vec<(String, How)>, Vec<String>) {
        let elf = testing::compiled(SOURCE, arguments);
        let scan = scan(&elf).unwrap();
        let callee = scan.functions.iter().position(|piece| piece.name == b"gated").unwrap();
        let named = |function: usize| name(scan.functions[function].name);
        let told = |caller: Caller| (named(caller.function.unwrap()), caller.how);
        let callers = callers(&elf, &scan, &[callee]);
        let all: Vec<usize> = (0..scan.functions.len()).collect();
        let mut kept: Vec<_> = kept_in_data(&elf, &scan, &all).into_iter().map(named).collect();
        // The C library's own functions are kept by its start.
        kept.retain(|name| SOURCE.contains(&format!(" {name}(")));
        kept.sort();
        (callers.into_iter().map(told).collect(), kept)
    }

    #[test]
    fn calls_tail_calls_and_addresses_are_found() {
        for arguments in [&["-O2", "-pie"][..], &["-O2", "-no-pie"], &["-O2", "-fPIC", "-c"]] {
            let (mut callers, kept) = told(arguments);
            callers.sort();
            callers.retain(|(name, _)| name != "main");
            let expected =
                [("call", How::Calls), ("keep", How::KeepsAddress), ("tail", How::Calls)];
            let expected = expected.map(|(name, how)| (name.to_owned(), how));
            assert_eq!(callers, expected, "{arguments:?}");
            assert_eq!(kept, ["gated", "tail"], "{arguments:?}");
        }
    }
}
