//! RISC-V: `auipc` and `lui` give the upper part of an address, a later instruction the rest;
//! the linker makes one of the two where `gp` is near.

use super::{Architecture, Line, Meaning, Registers, Scope, number, operands};
use crate::difference::image::Image;

/// Follows upper parts.
#[derive(Debug)]
pub(super) struct RiscV {
    registers: Registers,
    absolute: bool,
}

impl RiscV {
    pub(super) fn new(image: &Image<'_, '_>) -> Self {
        let mut registers = Registers::default();
        if let Some(pointer) = image.mark(b"__global_pointer$") {
            registers.set("gp", pointer, true);
        }
        Self { registers, absolute: image.has_absolute_addresses() }
    }

    /// `8(a0)` where the register is known.
    fn memory(&self, line: &Line, scope: &Scope<'_, '_, '_>) -> Meaning {
        let Some((before, inside)) = line.operands.rsplit_once('(') else { return Meaning::PLAIN };
        let base = inside.trim_end_matches(')');
        let (first, rest) = before.rsplit_once(", ").unwrap_or(("", before));
        let Some(((upper, sure), rest)) = self.registers.get(base).zip(number(rest)) else {
            return Meaning::PLAIN;
        };
        scope
            .name(upper.wrapping_add_signed(rest))
            .map_or(Meaning::PLAIN, |name| Meaning::named(format!("{first}, {name}({base})"), sure))
    }
}

/// The name of an instruction, whether it is written in two bytes or in four.
fn mnemonic(line: &Line) -> &str {
    line.mnemonic.strip_prefix("c.").unwrap_or(&line.mnemonic)
}

impl Architecture for RiscV {
    fn target(&self, line: &Line) -> Option<u64> {
        let name = mnemonic(line);
        let jumps = matches!(name, "j" | "jal") || (name.starts_with('b') && !name.contains("set"));
        let distance = jumps.then(|| number(line.operands.rsplit(", ").next()?))?;
        distance.map(|distance| line.address.wrapping_add_signed(distance))
    }

    fn ends(&self, line: &Line) -> bool {
        matches!(mnemonic(line), "j" | "jr" | "ret" | "ebreak" | "unimp")
    }

    fn follow(&mut self, line: &Line, scope: &Scope<'_, '_, '_>) -> Meaning {
        let words = operands(line);
        let first = words[0];
        let upper = i64::from((line.word & 0xffff_f000).cast_signed());
        match mnemonic(line) {
            "auipc" => {
                self.registers.set(first, line.address.wrapping_add_signed(upper), true);
                return Meaning::named(format!("{first}, <page>"), true);
            }
            "lui" if self.absolute => {
                let value = words.get(1).and_then(|word| number(word)).unwrap_or(0);
                let upper = i64::from((value << 12) as i32);
                // What is no address after all counts as it is.
                self.registers.set(first, upper.cast_unsigned(), false);
                let near = [-0x800, 0, 0x7ff].map(|rest| upper.wrapping_add(rest).cast_unsigned());
                let mapped = near.iter().any(|address| scope.image.place(*address).is_some());
                let page = Meaning::named(format!("{first}, <page>"), false);
                return if mapped { page } else { Meaning::PLAIN };
            }
            "addi" if words.len() == 3 => {
                let known = self.registers.get(words[1]).zip(number(words[2]));
                self.registers.forget(first);
                let Some(((upper, sure), rest)) = known else { return Meaning::PLAIN };
                let address = upper.wrapping_add_signed(rest);
                self.registers.set(first, address, sure);
                return scope.name(address).map_or(Meaning::PLAIN, |name| {
                    Meaning::named(format!("{first}, {}, {name}", words[1]), sure)
                });
            }
            name @ ("sd" | "sw" | "sdsp" | "swsp" | "ld" | "lw" | "ldsp" | "lwsp")
                if line.operands.ends_with("(sp)") =>
            {
                let place = words.get(1).copied().unwrap_or_default();
                let (to, from) =
                    if name.starts_with('s') { (place, first) } else { (first, place) };
                if to == first && self.registers.get(from).is_none() && to.starts_with('s') {
                    self.registers.give_back(to);
                } else {
                    self.registers.store(to, from);
                }
                return Meaning::PLAIN;
            }
            "mv" if words.len() == 2 => {
                let known = self.registers.get(words[1]);
                self.registers.forget(first);
                if let Some((value, sure)) = known {
                    self.registers.set(first, value, sure);
                }
                return Meaning::PLAIN;
            }
            name @ ("jalr" | "jal") => {
                let meaning =
                    if name == "jalr" { self.memory(line, scope) } else { Meaning::PLAIN };
                self.registers.keep(|register| register.starts_with('s') || register == "gp");
                return meaning;
            }
            _ => {}
        }
        let meaning = self.memory(line, scope);
        let name = mnemonic(line);
        let stores = matches!(name, "sb" | "sh" | "sw" | "sd" | "fsw" | "fsd" | "swsp" | "sdsp");
        if !stores && !name.starts_with('b') && first != "gp" {
            self.registers.forget(first);
        }
        meaning
    }

    fn registers(&mut self) -> &mut Registers {
        &mut self.registers
    }
}
