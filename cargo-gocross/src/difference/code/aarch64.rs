//! AArch64: `adrp` gives the page, a later instruction the rest of an address.

use super::registers::is_on_stack;
use super::{Architecture, Line, Meaning, Registers, Scope, last_address, number, operands};

/// Follows pages.
#[derive(Debug, Default)]
pub(super) struct AArch64 {
    registers: Registers,
}

/// `w3` is the half of `x3`.
fn whole(register: &str) -> String {
    register.strip_prefix('w').map_or_else(|| register.to_owned(), |number| format!("x{number}"))
}

impl Architecture for AArch64 {
    fn target(&self, line: &Line) -> Option<u64> {
        let jumps = matches!(line.mnemonic.as_str(), "b" | "bl" | "cbz" | "cbnz" | "tbz" | "tbnz")
            || line.mnemonic.starts_with("b.");
        jumps.then(|| last_address(line))?
    }

    fn ends(&self, line: &Line) -> bool {
        matches!(line.mnemonic.as_str(), "b" | "br" | "ret" | "brk" | "udf")
    }

    fn follow(&mut self, line: &Line, scope: &Scope<'_, '_, '_>) -> Meaning {
        let words = operands(line);
        let first = whole(words[0]);
        match line.mnemonic.as_str() {
            "adrp" => {
                let Some(page) = last_address(line) else { return Meaning::PLAIN };
                self.registers.set(&first, page, true);
                return Meaning::named(format!("{}, <page>", words[0]), true);
            }
            "adr" | "ldr" | "ldrsw" if !line.operands.contains('[') => {
                self.registers.forget(&first);
                let name = last_address(line).and_then(|address| scope.name(address));
                return name.map_or(Meaning::PLAIN, |name| {
                    Meaning::named(super::replace_last(&line.operands, &name), true)
                });
            }
            "add" if words.len() == 3 && words[2].starts_with('#') => {
                let known = self.registers.get(&whole(words[1])).zip(number(words[2]));
                self.registers.forget(&first);
                let Some(((page, sure), rest)) = known else { return Meaning::PLAIN };
                let address = page.wrapping_add_signed(rest);
                self.registers.set(&first, address, sure);
                let Some(name) = scope.name(address) else { return Meaning::PLAIN };
                return Meaning::named(format!("{}, {}, {name}", words[0], words[1]), sure);
            }
            "mov" if words.len() == 2 => {
                let known = self.registers.get(&whole(words[1]));
                self.registers.forget(&first);
                if let Some((value, sure)) = known {
                    self.registers.set(&first, value, sure);
                }
                return Meaning::PLAIN;
            }
            "str" | "ldr" if words[1].starts_with("[sp") && line.operands.ends_with(']') => {
                let (register, place) = line.operands.split_once(", ").unwrap_or_default();
                let (to, from) =
                    if line.mnemonic == "str" { (place, &*first) } else { (&*first, place) };
                let known = self.registers.get(from).is_some();
                if line.mnemonic == "ldr" && !known {
                    self.registers.give_back(to);
                } else if register.starts_with('x') && is_on_stack(place) {
                    self.registers.store(to, from);
                } else {
                    self.registers.forget(to);
                }
                return Meaning::PLAIN;
            }
            "bl" | "blr" => {
                let kept = |register: &str| {
                    let number = register.trim_start_matches('x').parse::<u32>();
                    number.is_ok_and(|number| (19..=28).contains(&number))
                };
                self.registers.keep(kept);
                return Meaning::PLAIN;
            }
            _ => {}
        }
        let meaning = self.memory(line, scope);
        self.written(line, &words);
        meaning
    }

    fn registers(&mut self) -> &mut Registers {
        &mut self.registers
    }
}

impl AArch64 {
    /// `[x0, #8]` and `[x0]`, where the register is known.
    fn memory(&self, line: &Line, scope: &Scope<'_, '_, '_>) -> Meaning {
        let operands = &line.operands;
        let Some((open, close)) = operands.find('[').zip(operands.find(']')) else {
            return Meaning::PLAIN;
        };
        let inside = &operands[open + 1..close];
        let (base, rest) = inside.split_once(", ").unwrap_or((inside, "#0"));
        let known = self.registers.get(base).zip(number(rest).filter(|_| rest.starts_with('#')));
        // A register that is written back is a pointer that walks, and no page.
        let Some(((page, sure), rest)) = known.filter(|_| operands.ends_with(']')) else {
            return Meaning::PLAIN;
        };
        scope.name(page.wrapping_add_signed(rest)).map_or(Meaning::PLAIN, |name| {
            Meaning::named(format!("{}[{base}, {name}]", &operands[..open]), sure)
        })
    }

    /// Forgets what an instruction writes.
    fn written(&mut self, line: &Line, words: &[&str]) {
        const READERS: [&str; 9] = ["st", "cmp", "cmn", "tst", "b", "c", "t", "ret", "prfm"];
        let conditional = ["cset", "csel", "csin", "csneg", "cinc", "cneg", "clz", "cls", "bfi"];
        let writes = conditional.iter().any(|start| line.mnemonic.starts_with(start))
            || matches!(line.mnemonic.as_str(), "bfxil" | "bic" | "bics" | "stxr" | "stlxr")
            || !READERS.iter().any(|start| line.mnemonic.starts_with(start));
        if line.mnemonic == "ldp" && words.get(2).is_some_and(|place| place.starts_with("[sp")) {
            words[..2].iter().for_each(|register| self.registers.give_back(register));
            return;
        }
        if writes {
            self.registers.forget(&whole(words[0]));
        }
        if line.mnemonic.starts_with("ldp") || line.mnemonic.starts_with("ldxp") {
            self.registers.forget(&whole(words.get(1).copied().unwrap_or_default()));
        }
    }
}
