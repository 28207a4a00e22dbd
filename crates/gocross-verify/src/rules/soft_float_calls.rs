//! `soft-float-calls`: code for a target with a floating-point unit uses it.

use crate::finding::{Finding, Level};
use crate::question::Object;
use crate::rule::{Check, Rule};
use crate::rules::float_abi;

/// The rule.
pub(crate) const RULE: Rule = Rule {
    code: "soft-float-calls",
    level: Level::Warning,
    summary: "no arithmetic by `__aeabi_f*` and `__aeabi_d*` on a target with a floating-point unit",
    why: "each operation is a function of a hundred instructions instead of one: the object was compiled without `-mfpu`",
    page: include_str!("soft-float-calls.md"),
    check: Check::Object(check),
};

/// Arithmetic in software (Run-time ABI for the Arm architecture, "Standard floating-point
/// helpers"). Conversions are not among them: hard-float code calls some of those.
const ARITHMETIC: [&[u8]; 8] = [
    b"__aeabi_fadd",
    b"__aeabi_fsub",
    b"__aeabi_fmul",
    b"__aeabi_fdiv",
    b"__aeabi_dadd",
    b"__aeabi_dsub",
    b"__aeabi_dmul",
    b"__aeabi_ddiv",
];

fn check(object: &Object<'_>, found: &mut Vec<Finding>) {
    let Some(row) = object.row().filter(|row| !row.elf.soft_float) else { return };
    // An object of soft float is told as such.
    if object.elf.kind != gocross_elf::Type::Relocatable || !float_abi::fits(object.elf, row) {
        return;
    }
    if is_runtime(object.elf) {
        return;
    }
    let symbols = object.elf.symbols.iter().filter(|symbol| symbol.is_undefined());
    let arithmetic = |symbol: &gocross_elf::Symbol<'_>| {
        symbol.begins_with(b"__aeabi_") && ARITHMETIC.contains(&symbol.name())
    };
    for symbol in symbols.filter(arithmetic) {
        let message = "computes in software, although the target has a floating-point unit";
        found.push(object.finding(&RULE, message).symbol(symbol.name()));
    }
}

/// Whether it defines a helper itself, as the objects of compiler-rt and libgcc do: they call one
/// another, and every static library of Rust's holds all of them.
fn is_runtime(elf: &gocross_elf::Elf<'_>) -> bool {
    elf.symbols.iter().any(|symbol| !symbol.is_undefined() && symbol.begins_with(b"__aeabi_"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{ARMHF, about, object};

    #[test]
    fn conversions_pass() {
        let elf = object(&["__aeabi_l2d?", "__aeabi_uldivmod?", "f"]);
        assert_eq!(about(elf).target(ARMHF).ask(&RULE), []);
    }

    #[test]
    fn helpers_that_call_helpers_pass() {
        let elf = object(&["__aeabi_drsub", "__aeabi_dsub?"]);
        assert_eq!(about(elf).target(ARMHF).ask(&RULE), []);
    }

    #[test]
    fn arithmetic_fails() {
        let found = about(object(&["__aeabi_dmul?", "__aeabi_fadd?"])).target(ARMHF).ask(&RULE);
        assert_eq!(found.len(), 1);
        let symbols: Vec<_> =
            found[0].places.iter().filter_map(|place| place.symbol.as_deref()).collect();
        assert_eq!(symbols, ["__aeabi_dmul", "__aeabi_fadd"]);
    }
}
