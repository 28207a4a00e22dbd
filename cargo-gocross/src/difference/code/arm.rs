//! ARM, 32 and 16 bits wide: addresses come from words behind the code, from `movw` and `movt`,
//! and, in code that may lie anywhere, are told from the place of an instruction that adds `pc`.

use std::collections::{HashMap, HashSet};

use super::registers::is_on_stack;
use super::{Architecture, Line, Meaning, Registers, Scope, last_address, number, operands};

/// Follows words behind the code.
#[derive(Debug)]
pub(super) struct Arm {
    thumb: bool,
    registers: Registers,
    /// The words that instructions have read.
    constants: HashSet<u64>,
    /// The instructions that gave a register its number, which may be a part of an address.
    put_off: HashMap<String, Vec<u64>>,
    settled: Vec<u64>,
}

impl Arm {
    pub(super) fn new(thumb: bool) -> Self {
        Self {
            thumb,
            registers: Registers::default(),
            constants: HashSet::new(),
            put_off: HashMap::new(),
            settled: Vec::new(),
        }
    }

    /// What `pc` reads as.
    fn pc(&self, line: &Line) -> u64 {
        line.address.wrapping_add(if self.thumb { 4 } else { 8 })
    }

    /// A register's number was a part of an address.
    fn settle(&mut self, register: &str) {
        self.settled.extend(self.put_off.remove(register).unwrap_or_default());
    }

    fn set(&mut self, register: &str, value: u64, sure: bool) {
        self.put_off.remove(register);
        self.registers.set(register, value & 0xffff_ffff, sure);
    }

    fn forget(&mut self, register: &str) {
        self.put_off.remove(register);
        self.registers.forget(register);
    }

    /// `ldr r0, [pc, #8]`: the word itself counts, not its place.
    fn literal(&mut self, line: &Line, scope: &Scope<'_, '_, '_>, distance: i64) -> Meaning {
        let register = operands(line)[0];
        let place = (self.pc(line) & !3).wrapping_add_signed(distance);
        let inside = scope.range.contains(&place);
        let bytes = scope.image.elf.at_address(place);
        let Some(bytes) = bytes.first_chunk().filter(|_| inside) else {
            self.forget(register);
            return Meaning::PLAIN;
        };
        let value = u64::from(scope.image.number(*bytes));
        self.constants.insert(place);
        self.set(register, value, true);
        self.put_off.insert(register.to_owned(), vec![line.address]);
        let absolute = scope.image.has_absolute_addresses().then(|| scope.any_name(value));
        let filled = scope.image.filled_name(place).map(|name| format!("<{name}>"));
        let shown = filled.or(absolute.flatten()).unwrap_or_else(|| format!("{value:#x}"));
        Meaning {
            operands: Some(format!("{register}, ={shown}")),
            // A number that happens to be an address counts as it is.
            sure: false,
            value: Some(format!("{register}, ={value:#x}")),
        }
    }

    /// `vldr d0, [pc, #8]`: a number with a point.
    fn float(&mut self, line: &Line, scope: &Scope<'_, '_, '_>, distance: i64) -> Option<Meaning> {
        let register = operands(line)[0];
        let place = (self.pc(line) & !3).wrapping_add_signed(distance);
        let size = if register.starts_with('d') { 8 } else { 4 };
        let bytes = scope.image.elf.at_address(place).get(..size)?;
        scope.range.contains(&place).then(|| {
            self.constants.extend((0..size as u64).step_by(4).map(|at| place + at));
            let bytes: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
            Meaning::named(format!("{register}, ={bytes}"), true)
        })
    }

    /// `movw` and `movt`, the two halves of a number.
    fn half(&mut self, line: &Line, words: &[&str], scope: &Scope<'_, '_, '_>) -> Meaning {
        let (register, Some(half)) = (words[0], words.get(1).and_then(|word| number(word))) else {
            return Meaning::PLAIN;
        };
        let half = half.cast_unsigned() & 0xffff;
        if line.mnemonic.starts_with("movw") {
            self.set(register, half, true);
            self.put_off.insert(register.to_owned(), vec![line.address]);
            return Meaning::PLAIN;
        }
        let Some((low, sure)) = self.registers.get(register) else { return Meaning::PLAIN };
        let value = (half << 16) | (low & 0xffff);
        let mut places = self.put_off.remove(register).unwrap_or_default();
        let name = scope.image.has_absolute_addresses().then(|| scope.any_name(value)).flatten();
        self.registers.set(register, value, sure);
        let Some(name) = name else {
            places.push(line.address);
            self.put_off.insert(register.to_owned(), places);
            return Meaning::PLAIN;
        };
        self.settled.extend(places);
        self.put_off.insert(register.to_owned(), vec![line.address]);
        Meaning {
            operands: Some(format!("{register}, {name}")),
            sure: false,
            value: Some(format!("{register}, {value:#x}")),
        }
    }

    /// The sum of two registers, one of which leads to the table that the other counts from.
    fn sum(&mut self, words: &[&str], scope: &Scope<'_, '_, '_>) -> Option<Meaning> {
        let (a, b) = match words {
            [a, b] | [_, a, b] => (*a, *b),
            _ => return None,
        };
        let ((x, sure), (y, also)) = (self.registers.get(a)?, self.registers.get(b)?);
        let address = x.wrapping_add(y) & 0xffff_ffff;
        let name = scope.any_name(address)?;
        self.settle(a);
        self.settle(b);
        self.set(words[0], address, sure && also);
        Some(Meaning::named(format!("{}, {name}", words[0]), sure && also))
    }

    /// `add r0, pc, r0`, and `add r0, pc` in 16 bits.
    fn add_pc(
        &mut self,
        line: &Line,
        words: &[&str],
        scope: &Scope<'_, '_, '_>,
    ) -> Option<Meaning> {
        let distance = match words {
            [_, "pc", distance] | [_, distance, "pc"] => *distance,
            [distance, "pc"] => *distance,
            _ => return None,
        };
        let (value, sure) = self.registers.get(distance)?;
        let address = self.pc(line).wrapping_add(value) & 0xffff_ffff;
        self.settle(distance);
        self.set(words[0], address, sure);
        let name = scope.any_name(address)?;
        Some(Meaning::named(format!("{}, {name}", words[0]), sure))
    }

    /// `[r3, r2]`, `[pc, r3]` and `[r3, #8]`, where the registers are known.
    fn memory(&mut self, line: &Line, scope: &Scope<'_, '_, '_>) -> Option<Meaning> {
        let operands = &line.operands;
        let (open, close) = operands.find('[').zip(operands.find(']'))?;
        let inside = &operands[open + 1..close];
        let (base, rest) = inside.split_once(", ").unwrap_or((inside, "#0"));
        let (start, sure) = match base {
            "pc" => (self.pc(line), true),
            base => self.registers.get(base)?,
        };
        let (distance, sure) = match number(rest).filter(|_| rest.starts_with('#')) {
            Some(distance) => (distance, sure),
            None => {
                let (value, also) = self.registers.get(rest)?;
                (value.cast_signed(), sure && also)
            }
        };
        let address = start.wrapping_add_signed(distance) & 0xffff_ffff;
        let name = scope.name(address)?;
        self.settle(rest);
        operands
            .ends_with(']')
            .then(|| Meaning::named(format!("{}[{name}]", &operands[..open]), sure))
    }
}

impl Architecture for Arm {
    fn target(&self, line: &Line) -> Option<u64> {
        let name = line.mnemonic.trim_end_matches(".w");
        let jumps = (name.starts_with('b') && !name.starts_with("bic") && !name.starts_with("bf"))
            || name.starts_with("cb");
        (jumps && line.operands.contains('#')).then(|| last_address(line))?
    }

    fn ends(&self, line: &Line) -> bool {
        let name = line.mnemonic.trim_end_matches(".w");
        matches!(name, "b" | "bx" | "udf") || line.operands.contains("pc}")
    }

    fn follow(&mut self, line: &Line, scope: &Scope<'_, '_, '_>) -> Meaning {
        let words = operands(line);
        let name = line.mnemonic.trim_end_matches(".w");
        let literal =
            line.operands.split_once("[pc, #").map(|(_, rest)| rest.trim_end_matches(']'));
        if name.starts_with("ldr")
            && let Some(distance) = literal.and_then(number)
        {
            return self.literal(line, scope, distance);
        }
        if name.starts_with("vldr")
            && let Some(distance) = literal.and_then(number)
            && let Some(meaning) = self.float(line, scope, distance)
        {
            return meaning;
        }
        if name.starts_with("movw") || name.starts_with("movt") {
            return self.half(line, &words, scope);
        }
        if name.starts_with("add")
            && let Some(meaning) =
                self.add_pc(line, &words, scope).or_else(|| self.sum(&words, scope))
        {
            return meaning;
        }
        if name == "adr" {
            let distance = words.get(1).and_then(|word| number(word)).unwrap_or(0);
            self.set(words[0], (self.pc(line) & !3).wrapping_add_signed(distance), true);
            return Meaning::PLAIN;
        }
        if matches!(name, "str" | "ldr")
            && let Some((register, place)) = line.operands.split_once(", ")
            && place.starts_with("[sp")
            && place.ends_with(']')
        {
            let (to, from) = if name == "str" { (place, register) } else { (register, place) };
            let put_off = self.put_off.get(from).cloned();
            self.registers.store(to, from);
            match put_off {
                Some(places) => self.put_off.insert(to.to_owned(), places),
                None => self.put_off.remove(to),
            };
            return Meaning::PLAIN;
        }
        if matches!(name, "bl" | "blx") {
            let kept =
                |register: &str| !matches!(register, "r0" | "r1" | "r2" | "r3" | "ip" | "lr");
            self.registers.keep(kept);
            self.put_off.retain(|register, _| kept(register) || is_on_stack(register));
            return Meaning::PLAIN;
        }
        let meaning = self.memory(line, scope).unwrap_or(Meaning::PLAIN);
        let reads = ["str", "st", "cmp", "cmn", "tst", "teq", "b", "cb", "push", "pop", "v"];
        if name == "bic" || !reads.iter().any(|start| name.starts_with(start)) {
            self.forget(words[0]);
        }
        meaning
    }

    fn constant(&self, line: &Line, start: u64) -> Option<(u64, u64)> {
        let distance = line.operands.split_once("[pc, #")?.1.trim_end_matches(']');
        let pc = start.wrapping_add(self.pc(line)) & !3;
        let place = pc.wrapping_add_signed(number(distance)?).checked_sub(start)?;
        let double = line.mnemonic.starts_with("vldr") && line.operands.starts_with('d');
        Some((place, if double { 8 } else { 4 }))
    }

    fn is_constant(&self, address: u64) -> bool {
        self.constants.contains(&(address & !3))
    }

    fn registers(&mut self) -> &mut Registers {
        &mut self.registers
    }

    fn settled(&self) -> &[u64] {
        &self.settled
    }
}
