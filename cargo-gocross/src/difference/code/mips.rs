//! MIPS (o32): `lui` gives the upper half of an address, a later instruction the rest; in code
//! that may lie anywhere, addresses come from the table that `gp` leads to (psABI, chapter 3).

use super::{Architecture, Line, Meaning, Registers, Scope, last_address, number, operands};
use crate::difference::image::Image;

/// Follows upper halves and `gp`.
#[derive(Debug)]
pub(super) struct Mips {
    registers: Registers,
    absolute: bool,
    /// Whether the last instruction was a call: the one behind it is run before it (the branch
    /// delay slot), and still sees the registers as they were.
    has_called: bool,
}

impl Mips {
    pub(super) fn new(image: &Image<'_, '_>) -> Self {
        let mut registers = Registers::default();
        if let Some(pointer) = image.global_pointer {
            registers.set("$gp", pointer, true);
        }
        Self { registers, absolute: image.has_absolute_addresses(), has_called: false }
    }

    /// `8($v0)` where the register is known.
    fn memory(&mut self, line: &Line, scope: &Scope<'_, '_, '_>) -> Option<Meaning> {
        let (before, inside) = line.operands.rsplit_once('(')?;
        let base = inside.trim_end_matches(')');
        let (first, rest) = before.rsplit_once(", ")?;
        let ((upper, sure), rest) = self.registers.get(base).zip(number(rest))?;
        let address = upper.wrapping_add_signed(rest) & 0xffff_ffff;
        let word = scope.image.elf.at_address(address).first_chunk();
        let page = word.map(|word| u64::from(scope.image.number(*word)));
        // A slot that holds the upper half of addresses, to which a later instruction adds.
        let page = page.filter(|page| {
            let local = scope.image.filled_name(address).is_none();
            base == "$gp" && page & 0xffff == 0 && local
        });
        if let Some(page) = page.filter(|_| line.mnemonic == "lw") {
            self.registers.set(first, page, sure);
            return Some(Meaning::named(format!("{first}, <page>({base})"), sure));
        }
        let name = scope.name(address)?;
        if line.mnemonic == "lw" {
            self.registers.forget(first);
        }
        Some(Meaning::named(format!("{first}, {name}({base})"), sure))
    }
}

impl Architecture for Mips {
    fn target(&self, line: &Line) -> Option<u64> {
        let jumps = line.mnemonic.starts_with('b') || matches!(line.mnemonic.as_str(), "j" | "jal");
        (jumps && line.mnemonic != "break").then(|| last_address(line))?
    }

    fn delays(&self) -> bool {
        true
    }

    fn ends(&self, line: &Line) -> bool {
        matches!(line.mnemonic.as_str(), "b" | "j" | "jr")
    }

    fn follow(&mut self, line: &Line, scope: &Scope<'_, '_, '_>) -> Meaning {
        let in_delay_slot = std::mem::take(&mut self.has_called);
        let meaning = self.step(line, scope);
        if in_delay_slot {
            self.registers.keep(|register| register.starts_with("$s") || register == "$gp");
        }
        meaning
    }

    fn registers(&mut self) -> &mut Registers {
        &mut self.registers
    }
}

impl Mips {
    /// Follows one instruction.
    fn step(&mut self, line: &Line, scope: &Scope<'_, '_, '_>) -> Meaning {
        let words = operands(line);
        let first = words[0];
        match line.mnemonic.as_str() {
            // The way from this function to the table; where both lie is told by their names.
            "lui" | "addiu" if first == "$gp" => {
                return Meaning::named("$gp, <way to the table>".to_owned(), true);
            }
            "lui" => {
                let upper = words.get(1).and_then(|word| number(word)).unwrap_or(0) << 16;
                let upper = upper.cast_unsigned() & 0xffff_ffff;
                // What is no address after all counts as it is.
                self.registers.set(first, upper, false);
                // The lower half is signed: the upper one may be that of the page behind.
                let mapped = [upper, upper.wrapping_sub(0x8000), upper + 0x7fff]
                    .iter()
                    .any(|address| scope.image.place(*address).is_some());
                let page = Meaning::named(format!("{first}, <page>"), false);
                return if self.absolute && mapped && upper != 0 { page } else { Meaning::PLAIN };
            }
            "addiu" | "ori" if words.len() == 3 => {
                let known = self.registers.get(words[1]).zip(number(words[2]));
                if first != "$gp" {
                    self.registers.forget(first);
                }
                let Some(((upper, sure), rest)) = known else { return Meaning::PLAIN };
                let address = upper.wrapping_add_signed(rest) & 0xffff_ffff;
                if first != "$gp" {
                    self.registers.set(first, address, sure);
                }
                return scope.name(address).map_or(Meaning::PLAIN, |name| {
                    Meaning::named(format!("{first}, {}, {name}", words[1]), sure)
                });
            }
            name @ ("sw" | "lw") if line.operands.ends_with("($sp)") && first != "$gp" => {
                let place = words.get(1).copied().unwrap_or_default();
                let (to, from) = if name == "sw" { (place, first) } else { (first, place) };
                if to == first && self.registers.get(from).is_none() && to.starts_with("$s") {
                    self.registers.give_back(to);
                } else {
                    self.registers.store(to, from);
                }
                return Meaning::PLAIN;
            }
            "jal" | "jalr" | "bal" => {
                self.has_called = true;
                return Meaning::PLAIN;
            }
            _ => {}
        }
        let meaning = self.memory(line, scope);
        let loads_page = meaning.is_some() && line.mnemonic == "lw";
        let reads = ["sw", "sb", "sh", "sd", "b", "j", "mt", "t"];
        if !loads_page
            && first != "$gp"
            && !reads.iter().any(|start| line.mnemonic.starts_with(start))
        {
            self.registers.forget(first);
        }
        meaning.unwrap_or(Meaning::PLAIN)
    }
}
