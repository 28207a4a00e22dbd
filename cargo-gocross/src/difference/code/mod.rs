//! The instructions of a function, with names where addresses stand.
//!
//! Code that does the same has other bytes when it, or what it refers to, lies elsewhere. So
//! each architecture's file follows the few instructions that form addresses, and puts the name
//! of what lies there in their place. What a register holds is followed from line to line; behind
//! a jump and where jumps lead to it is not sure any more, and the text as it is counts too.

mod aarch64;
mod arm;
mod mips;
mod registers;
mod riscv;
mod x86;

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::ops::Range;

use capstone::Capstone;
use capstone::arch::{self, BuildsCapstone, BuildsCapstoneEndian, BuildsCapstoneExtraMode};

use super::image::{ARM, Image, MIPS, Mode};
use gocross_elf::Piece;
use registers::Registers;

/// Stands where the disassembler knows no instruction.
const UNKNOWN: &str = ".bytes";

/// An instruction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Instruction {
    /// Where it stands in its function, in bytes.
    pub(super) offset: u64,
    /// As a disassembler writes it.
    pub(super) raw: String,
    /// With names for addresses.
    pub(super) normal: String,
    /// Whether the names are sure.
    sure: bool,
}

impl Instruction {
    /// Whether two instructions do the same to the same.
    pub(super) fn same(&self, other: &Self) -> bool {
        self.normal == other.normal || (!(self.sure && other.sure) && self.raw == other.raw)
    }
}

/// An instruction as the disassembler gives it.
struct Line {
    address: u64,
    size: u64,
    mnemonic: String,
    operands: String,
    word: u32,
}

/// What an instruction says, with names.
struct Meaning {
    operands: Option<String>,
    sure: bool,
    /// What counts where the names are not sure, if it does not stand in the instruction itself.
    value: Option<String>,
}

impl Meaning {
    /// Nothing in it depends on places.
    const PLAIN: Self = Self { operands: None, sure: true, value: None };

    fn named(operands: String, sure: bool) -> Self {
        Self { operands: Some(operands), sure, value: None }
    }
}

/// A function that is read.
struct Scope<'a, 'i, 'data> {
    image: &'a Image<'i, 'data>,
    range: Range<u64>,
    /// Where jumps lead to in the function itself, numbered in their order: alignment between
    /// them does not count.
    labels: BTreeMap<u64, usize>,
}

impl Scope<'_, '_, '_> {
    /// What lies at an address: a place in the function itself, or a name.
    fn name(&self, address: u64) -> Option<String> {
        if let Some(label) = self.labels.get(&address) {
            return Some(format!("<label {label}>"));
        }
        if self.range.contains(&address) {
            return Some(format!("<+{:#x}>", address - self.range.start));
        }
        Some(format!("<{}>", self.image.name(address)?))
    }

    /// The same on ARM, where the lowest bit of a function's address says how to read it.
    fn any_name(&self, address: u64) -> Option<String> {
        self.name(if self.image.is_code(address) { address & !1 } else { address })
    }
}

/// What the architectures differ in.
trait Architecture {
    /// Where a jump or call leads to, if the instruction says so itself.
    fn target(&self, line: &Line) -> Option<u64>;
    /// Whether the instruction behind a jump is run before it (MIPS's branch delay slot).
    fn delays(&self) -> bool {
        false
    }
    /// Whether nothing passes to the next instruction.
    fn ends(&self, line: &Line) -> bool;
    /// Follows an instruction and names what it refers to.
    fn follow(&mut self, line: &Line, scope: &Scope<'_, '_, '_>) -> Meaning;
    /// The place of a constant behind the code that an instruction reads, and its size.
    fn constant(&self, _line: &Line, _start: u64) -> Option<(u64, u64)> {
        None
    }
    /// Whether the place is data that another instruction has read already.
    fn is_constant(&self, _address: u64) -> bool {
        false
    }
    /// The registers, all of which become unsure where jumps meet.
    fn registers(&mut self) -> &mut Registers;
    /// Instructions whose numbers were put off and turn out to be parts of addresses.
    fn settled(&self) -> &[u64] {
        &[]
    }
}

/// The disassemblers of a machine: ARM has two kinds of code.
pub(super) struct Disassemblers {
    wide: Capstone,
    thumb: Option<Capstone>,
}

impl Disassemblers {
    /// Those for the machine of a file; none where there are none for it.
    pub(super) fn new(image: &Image<'_, '_>) -> Option<Self> {
        let thumb = (image.elf.identity.machine == ARM).then(|| disassembler(image, true));
        Some(Self { wide: disassembler(image, false)?, thumb: thumb.flatten() })
    }

    fn of(&self, mode: Mode) -> &Capstone {
        self.thumb.as_ref().filter(|_| mode == Mode::Thumb).unwrap_or(&self.wide)
    }
}

fn disassembler(image: &Image<'_, '_>, thumb: bool) -> Option<Capstone> {
    let identity = &image.elf.identity;
    let endian = match identity.big_endian {
        true => capstone::Endian::Big,
        false => capstone::Endian::Little,
    };
    let new = Capstone::new();
    let built = match (identity.machine, identity.is_64) {
        (3, _) => new.x86().mode(arch::x86::ArchMode::Mode32).build(),
        (62, _) => new.x86().mode(arch::x86::ArchMode::Mode64).build(),
        (8, false) => new.mips().mode(arch::mips::ArchMode::Mips32).endian(endian).build(),
        (8, true) => new.mips().mode(arch::mips::ArchMode::Mips64).endian(endian).build(),
        (ARM, _) => {
            let mode = if thumb { arch::arm::ArchMode::Thumb } else { arch::arm::ArchMode::Arm };
            new.arm().mode(mode).endian(endian).build()
        }
        (183, _) => new.arm64().mode(arch::arm64::ArchMode::Arm).endian(endian).build(),
        (243, is_64) => {
            let mode =
                if is_64 { arch::riscv::ArchMode::RiscV64 } else { arch::riscv::ArchMode::RiscV32 };
            let compressed = arch::riscv::ArchExtraMode::RiscVC;
            new.riscv().mode(mode).extra_mode(std::iter::once(compressed)).build()
        }
        _ => return None,
    };
    built.ok()
}

fn architecture(image: &Image<'_, '_>, thumb: bool) -> Option<Box<dyn Architecture>> {
    Some(match image.elf.identity.machine {
        3 | 62 => Box::new(x86::X86::default()),
        8 => Box::new(mips::Mips::new(image)),
        ARM => Box::new(arm::Arm::new(thumb)),
        183 => Box::new(aarch64::AArch64::default()),
        243 => Box::new(riscv::RiscV::new(image)),
        _ => return None,
    })
}

/// The instructions of a function; none where the machine has no disassembler here.
pub(super) fn instructions(
    disassemblers: &Disassemblers,
    image: &Image<'_, '_>,
    piece: &Piece<'_>,
) -> Option<Vec<Instruction>> {
    let loaded = image.elf.kind.is_loaded();
    // In an object every function begins at 0, so that places in it are the same everywhere.
    let start = if loaded { image.address(piece) } else { 0 };
    let bytes = contents(image, piece);
    let lines = lines(disassemblers, image, piece, start);
    let architecture = architecture(image, piece.is_thumb)?;
    let range = start..start + bytes.len() as u64;
    // In an object, the linker has yet to say where a jump leads to.
    let targets = lines.iter().filter(|line| loaded || relocations(image, piece, line).is_empty());
    let targets = targets.filter_map(|line| architecture.target(line));
    let targets: BTreeSet<u64> = targets.filter(|target| range.contains(target)).collect();
    let scope = Scope { image, range, labels: targets.into_iter().zip(1..).collect() };
    let mut found = match loaded {
        true => of_program(architecture, &scope, &lines),
        false => of_object(&*architecture, &scope, piece, &lines),
    };
    found.retain(|instruction| !is_alignment(&instruction.raw));
    Some(found)
}

/// In a program, what registers hold leads to what instructions refer to.
fn of_program(
    mut architecture: Box<dyn Architecture>,
    scope: &Scope<'_, '_, '_>,
    lines: &[Line],
) -> Vec<Instruction> {
    let start = scope.range.start;
    let mut found = Vec::with_capacity(lines.len());
    let mut ways = Ways::default();
    for line in lines {
        if scope.labels.contains_key(&line.address) {
            ways.arrive(line.address, architecture.registers());
        }
        let meaning = match architecture.target(line) {
            _ if line.mnemonic == UNKNOWN => of_word(line, scope),
            Some(target) => {
                architecture.follow(line, scope);
                scope.name(target).map_or(Meaning::PLAIN, |name| {
                    Meaning::named(replace_last(&line.operands, &name), true)
                })
            }
            None => architecture.follow(line, scope),
        };
        let ends = architecture.ends(line);
        if ends {
            architecture.registers().doubt();
        }
        let inside = architecture.target(line).filter(|target| scope.labels.contains_key(target));
        let delayed = architecture.delays();
        ways.leave(Leaving { to: inside, ends }, delayed, line.address, architecture.registers());
        let written = meaning.value.as_deref().unwrap_or(&line.operands);
        let raw = text(&line.mnemonic, written);
        let normal = meaning.operands.map_or_else(|| raw.clone(), |it| text(&line.mnemonic, &it));
        found.push(Instruction { offset: line.address - start, raw, normal, sure: meaning.sure });
    }
    let settled: HashSet<u64> = architecture.settled().iter().copied().collect();
    for instruction in &mut found {
        if settled.contains(&(start + instruction.offset)) {
            let end = instruction.raw.rfind(',').unwrap_or(instruction.raw.len());
            instruction.normal = format!("{}, <part of an address>", &instruction.raw[..end]);
        }
    }
    found.retain(|instruction| !architecture.is_constant(start + instruction.offset));
    found
}

/// What registers hold where a jump leads: code that is seldom run stands behind the rest, and goes
/// on with what was known at the jump to it.
#[derive(Default)]
struct Ways {
    known: BTreeMap<u64, Registers>,
    /// The last instruction, where the one behind it is still a part of it.
    put_off: Leaving,
    /// Whether nothing passes from the line before.
    is_cut: bool,
}

/// How an instruction passes on to others.
#[derive(Default, Clone, Copy)]
struct Leaving {
    to: Option<u64>,
    ends: bool,
}

impl Ways {
    /// A place is reached to which jumps lead.
    fn arrive(&mut self, address: u64, registers: &mut Registers) {
        if let Some(known) = self.known.remove(&address) {
            // A line that passes on may be a call that never comes back.
            match self.is_cut {
                true => *registers = known,
                false => registers.complete(known),
            }
        }
        registers.doubt();
    }

    /// A line was followed.
    fn leave(&mut self, now: Leaving, delayed: bool, from: u64, registers: &Registers) {
        let leaving = if delayed { std::mem::replace(&mut self.put_off, now) } else { now };
        self.is_cut = leaving.ends;
        if let Some(to) = leaving.to.filter(|to| *to > from) {
            self.known.entry(to).or_insert_with(|| registers.clone());
        }
    }
}

/// In an object, relocations tell what instructions refer to; jumps within a section have none.
fn of_object(
    architecture: &dyn Architecture,
    scope: &Scope<'_, '_, '_>,
    piece: &Piece<'_>,
    lines: &[Line],
) -> Vec<Instruction> {
    let constants = lines.iter().filter_map(|line| architecture.constant(line, piece.range.start));
    let constants: Vec<Range<u64>> = constants.map(|(at, size)| at..at + size).collect();
    let instruction = |line: &Line| {
        let names = relocations(scope.image, piece, line).iter();
        let names: String = names.map(|(_, name)| format!(" <{name}>")).collect();
        let constant = architecture.constant(line, piece.range.start);
        let constant =
            constant.and_then(|(at, size)| of_constant(scope.image, piece, at..at + size));
        let operands = match constant {
            Some(constant) => {
                let start = line.operands.find("[pc").unwrap_or(line.operands.len());
                return Instruction {
                    offset: line.address,
                    raw: text(&line.mnemonic, &line.operands),
                    normal: text(
                        &line.mnemonic,
                        &format!("{}={constant}", &line.operands[..start]),
                    ),
                    sure: true,
                };
            }
            None => of_target(architecture, scope, piece, line, &names),
        };
        Instruction {
            offset: line.address,
            raw: text(&line.mnemonic, &line.operands),
            normal: text(&line.mnemonic, &operands),
            sure: true,
        }
    };
    let is_constant = |line: &&Line| constants.iter().any(|range| range.contains(&line.address));
    lines.iter().filter(|line| !is_constant(line)).map(instruction).collect()
}

/// A constant behind the code: what the linker puts there, or its bytes.
fn of_constant(image: &Image<'_, '_>, piece: &Piece<'_>, place: Range<u64>) -> Option<String> {
    let index = |at: u64| usize::try_from(at).ok();
    let bytes = image.bytes(piece).get(index(place.start)?..index(place.end)?)?;
    let start = piece.range.start;
    let names = image.relocations(piece.section, &(start + place.start..start + place.end));
    if let [(_, name), ..] = names {
        return Some(format!("<{name}>"));
    }
    Some(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

/// The operands of an instruction of an object, with the name of where it jumps to.
fn of_target(
    architecture: &dyn Architecture,
    scope: &Scope<'_, '_, '_>,
    piece: &Piece<'_>,
    line: &Line,
    names: &str,
) -> String {
    let Some(target) = architecture.target(line) else {
        // The number in the instruction is a part of the addend, and the name has it.
        let hides = scope.image.elf.identity.machine == MIPS && !names.is_empty();
        let written = if hides {
            replace_last(&line.operands, "").trim_end().to_owned()
        } else {
            line.operands.clone()
        };
        return written + names;
    };
    if !names.is_empty() {
        return replace_last(&line.operands, names.trim_start());
    }
    let name = match scope.range.contains(&target) {
        true => scope.name(target),
        false => {
            let at = piece.range.start.wrapping_add(target);
            scope.image.name_in(piece.section, at).map(|name| format!("<{name}>"))
        }
    };
    name.map_or_else(|| line.operands.clone(), |name| replace_last(&line.operands, &name))
}

/// The relocations of an instruction of an object.
fn relocations<'a>(
    image: &'a Image<'_, '_>,
    piece: &Piece<'_>,
    line: &Line,
) -> &'a [(u64, String)] {
    let from = piece.range.start.wrapping_add(line.address);
    image.relocations(piece.section, &(from..from.saturating_add(line.size)))
}

/// What stands between instructions for alignment alone.
fn is_alignment(text: &str) -> bool {
    let mnemonic = text.split(' ').find(|word| !matches!(*word, "data16" | "cs"));
    matches!(mnemonic, Some("nop" | "c.nop" | "nop.w")) || text == "xchg ax, ax"
}

/// A word between instructions, such as an entry of a table of addresses.
fn of_word(line: &Line, scope: &Scope<'_, '_, '_>) -> Meaning {
    let absolute = line.size == 4 && scope.image.has_absolute_addresses();
    let name = absolute.then(|| scope.name(u64::from(line.word))).flatten();
    name.map_or(Meaning::PLAIN, |name| Meaning::named(name, true))
}

/// The bytes of a function. One that tells no size reaches to the next, and what alignment leaves
/// before that is none of its own.
fn contents<'data>(image: &Image<'_, 'data>, piece: &Piece<'_>) -> &'data [u8] {
    let bytes = image.bytes(piece);
    if !piece.is_open {
        return bytes;
    }
    let end = bytes.iter().rposition(|byte| *byte != 0).map_or(0, |last| last + 1);
    &bytes[..end.next_multiple_of(4).min(bytes.len())]
}

/// Disassembles a piece, but for what the symbols say is data.
fn lines(
    disassemblers: &Disassemblers,
    image: &Image<'_, '_>,
    piece: &Piece<'_>,
    start: u64,
) -> Vec<Line> {
    let bytes = contents(image, piece);
    let mut lines = Vec::new();
    let mut from = (0, if piece.is_thumb { Mode::Thumb } else { Mode::Wide });
    for (to, next) in image.marks(piece).chain([(bytes.len(), Mode::Wide)]) {
        let to = to.min(bytes.len());
        let part = &bytes[from.0..to];
        let address = start + from.0 as u64;
        if from.1 == Mode::Data {
            let words = part.chunks(4).zip(0_u64..);
            lines.extend(words.map(|(bytes, index)| unknown(image, bytes, address + 4 * index)));
        } else {
            code(disassemblers.of(from.1), image, part, address, &mut lines);
        }
        from = (to, next);
    }
    lines
}

/// What is no instruction counts by its bytes.
fn unknown(image: &Image<'_, '_>, bytes: &[u8], address: u64) -> Line {
    Line {
        address,
        size: bytes.len() as u64,
        mnemonic: UNKNOWN.to_owned(),
        operands: bytes.iter().map(|byte| format!("{byte:02x}")).collect(),
        word: bytes.first_chunk().map_or(0, |bytes| image.number(*bytes)),
    }
}

fn code(
    disassembler: &Capstone,
    image: &Image<'_, '_>,
    bytes: &[u8],
    start: u64,
    lines: &mut Vec<Line>,
) {
    let mut at = 0;
    while at < bytes.len() {
        let Ok(mut rest) = disassembler.disasm_iter(&bytes[at..], start + at as u64) else { break };
        while let Some(instruction) = rest.next() {
            let code = instruction.bytes();
            let word = code.first_chunk().map_or(0, |bytes| image.number(*bytes));
            lines.push(Line {
                address: instruction.address(),
                size: code.len() as u64,
                mnemonic: instruction.mnemonic().unwrap_or_default().to_owned(),
                operands: instruction.op_str().unwrap_or_default().to_owned(),
                word,
            });
        }
        // An instruction that the library does not know.
        at = bytes.len() - rest.code().len();
        let unit = match image.elf.identity.machine {
            3 | 62 => 1,
            243 => {
                if bytes.get(at).is_some_and(|byte| byte & 3 == 3) {
                    4
                } else {
                    2
                }
            }
            _ => 4,
        };
        let end = (at + unit).min(bytes.len());
        if at == end {
            break;
        }
        lines.push(unknown(image, &bytes[at..end], start + at as u64));
        at = end;
    }
}

fn text(mnemonic: &str, operands: &str) -> String {
    format!("{mnemonic} {operands}").trim_end().to_owned()
}

/// The operands with another last one.
fn replace_last(operands: &str, name: &str) -> String {
    match operands.rsplit_once(", ") {
        Some((first, _)) => format!("{first}, {name}"),
        None => name.to_owned(),
    }
}

/// A number as disassemblers write it: `#0x10`, `-8`, `0x4000`.
fn number(text: &str) -> Option<i64> {
    let text = text.trim().trim_start_matches('#');
    let (negative, digits) = match text.strip_prefix('-') {
        Some(digits) => (true, digits),
        None => (false, text),
    };
    let value = match digits.strip_prefix("0x") {
        Some(digits) => u64::from_str_radix(digits, 16).ok()?,
        None => digits.parse().ok()?,
    };
    let value = value.cast_signed();
    Some(if negative { value.wrapping_neg() } else { value })
}

/// The last operand as an address.
fn last_address(line: &Line) -> Option<u64> {
    let last = line.operands.rsplit(", ").next()?;
    let is_number = last.contains("0x") || last.starts_with('#');
    is_number.then(|| number(last).map(i64::cast_unsigned))?
}

/// The operands, without what stands in brackets apart.
fn operands(line: &Line) -> Vec<&str> {
    line.operands.split(", ").collect()
}
