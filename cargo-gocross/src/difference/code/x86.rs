//! x86: addresses stand in the instruction itself, counted from the next one.

use super::{Architecture, Line, Meaning, Registers, Scope, last_address, number};

/// Nothing is to be followed.
#[derive(Debug, Default)]
pub(super) struct X86 {
    registers: Registers,
}

impl Architecture for X86 {
    fn target(&self, line: &Line) -> Option<u64> {
        let jumps = line.mnemonic.starts_with('j')
            || line.mnemonic.contains("call")
            || line.mnemonic.starts_with("loop")
            || line.mnemonic.contains(" jmp");
        (jumps && line.operands.starts_with("0x")).then(|| last_address(line))?
    }

    fn ends(&self, line: &Line) -> bool {
        line.mnemonic.starts_with("ret") || line.mnemonic.ends_with("jmp")
    }

    fn follow(&mut self, line: &Line, scope: &Scope<'_, '_, '_>) -> Meaning {
        let next = line.address + line.size;
        let mut sure = true;
        let mut operands = line.operands.clone();
        if let Some(at) = operands.find("[rip") {
            let end = operands[at..].find(']').map_or(operands.len(), |end| at + end);
            let distance = operands[at + 4..end].replace(' ', "");
            let distance = number(distance.trim_start_matches('+')).unwrap_or(0);
            let Some(name) = scope.name(next.wrapping_add_signed(distance)) else {
                return Meaning::PLAIN;
            };
            operands.replace_range(at + 1..end, &name);
        }
        if scope.image.has_absolute_addresses()
            && let Some((before, number)) = absolute(&operands)
            && let Some(name) = scope.name(number)
        {
            operands.replace_range(before, &name);
            // A number that happens to be an address counts as it is.
            sure = false;
        }
        Meaning::named(operands, sure)
    }

    fn registers(&mut self) -> &mut Registers {
        &mut self.registers
    }
}

/// The first number that may be an address.
fn absolute(operands: &str) -> Option<(std::ops::Range<usize>, u64)> {
    let at = operands.find("0x")?;
    // Not one that is taken off, and none in a name.
    if operands[..at].ends_with("- ") || operands[..at].contains('<') {
        return None;
    }
    let digits = &operands[at + 2..];
    let end = digits.find(|letter: char| !letter.is_ascii_hexdigit()).unwrap_or(digits.len());
    let value = u64::from_str_radix(&digits[..end], 16).ok()?;
    Some((at..at + 2 + end, value))
}
