//! Instructions, one file an architecture: which features they need, and where they go.

mod aarch64;
mod arm;
mod mask;
mod mips;
mod reference;
mod riscv;
mod x86;

use gocross_elf::{Identity, InstructionSet, Region};

use super::architecture::Features;
pub(crate) use reference::Reference;

/// What a scan tells: each instruction above the baseline, in order, and how many it read.
pub(crate) struct Found<'a> {
    baseline: Features,
    sink: &'a mut dyn FnMut(u64, Features),
    pub(crate) instructions: u64,
}

impl<'a> Found<'a> {
    pub(crate) fn new(baseline: Features, sink: &'a mut dyn FnMut(u64, Features)) -> Self {
        Self { baseline, sink, instructions: 0 }
    }

    fn tell(&mut self, address: u64, features: Features) {
        let above = features.without(self.baseline);
        if !above.is_empty() {
            (self.sink)(address, above);
        }
    }

    fn count(&mut self, instructions: u64) {
        self.instructions += instructions;
    }
}

/// The architecture of a file, by Rust's name; none where its instructions are not told apart.
pub(crate) fn architecture(identity: &Identity) -> Option<&'static str> {
    Some(match (identity.machine, identity.is_64) {
        (3, false) => "x86",
        (8, false) => "mips",
        (8, true) => "mips64",
        (40, false) => "arm",
        (62, true) => "x86_64",
        (183, true) => "aarch64",
        (243, true) => "riscv64",
        _ => return None,
    })
}

/// Whether ARM's instructions are big-endian: in objects, and in programs without `EF_ARM_BE8`.
fn arm_is_big(identity: &Identity) -> bool {
    identity.big_endian && (identity.e_type == 1 || identity.flags & 0x0080_0000 == 0)
}

/// Tells the instructions of a region that are above the baseline.
pub(crate) fn scan(identity: &Identity, region: &Region<'_>, found: &mut Found<'_>) {
    let Region { address, bytes, set, .. } = *region;
    match identity.machine {
        3 => x86::scan(address, bytes, 32, found),
        62 => x86::scan(address, bytes, 64, found),
        8 => mips::scan(address, bytes, identity.big_endian, found),
        40 => {
            let thumb = set == InstructionSet::Thumb;
            arm::scan(address, bytes, thumb, arm_is_big(identity), found);
        }
        183 => aarch64::scan(address, bytes, found),
        243 => riscv::scan(address, bytes, found),
        _ => {}
    }
}

/// Tells which places the instructions of a region name.
pub(crate) fn references(
    identity: &Identity,
    region: &Region<'_>,
    tell: &mut dyn FnMut(u64, Reference),
) {
    let Region { address, bytes, set, .. } = *region;
    match identity.machine {
        3 => x86::references(address, bytes, 32, tell),
        62 => x86::references(address, bytes, 64, tell),
        8 => mips::references(address, bytes, identity.big_endian, tell),
        40 => {
            let thumb = set == InstructionSet::Thumb;
            arm::references(address, bytes, thumb, arm_is_big(identity), tell);
        }
        183 => aarch64::references(address, bytes, tell),
        243 => riscv::references(address, bytes, tell),
        _ => {}
    }
}

#[cfg(test)]
mod testing {
    use super::*;
    use crate::cpu::architecture::Architecture;

    fn identity(machine: u16, big_endian: bool) -> Identity {
        let is_64 = matches!(machine, 62 | 183 | 243);
        Identity { machine, is_64, big_endian, e_type: 2, ..Identity::default() }
    }

    fn region(address: u64, bytes: &[u8], set: InstructionSet) -> Region<'_> {
        Region { section: Some(1), address, bytes, set }
    }

    fn told(identity: &Identity, bytes: &[u8], set: InstructionSet) -> Vec<&'static str> {
        let architecture = Architecture::find(architecture(identity).unwrap()).unwrap();
        let mut names = Vec::new();
        let mut sink = |_, features| names.extend(architecture.names_of(features));
        let mut found = Found::new(Features::NONE, &mut sink);
        scan(identity, &region(0, bytes, set), &mut found);
        names
    }

    pub(super) fn features(machine: u16, bytes: &[u8]) -> Vec<&'static str> {
        told(&identity(machine, false), bytes, InstructionSet::Main)
    }

    pub(super) fn features_big(machine: u16, bytes: &[u8]) -> Vec<&'static str> {
        told(&identity(machine, true), bytes, InstructionSet::Main)
    }

    pub(super) fn features_thumb(bytes: &[u8]) -> Vec<&'static str> {
        told(&identity(40, false), bytes, InstructionSet::Thumb)
    }

    type Named = (u64, &'static str, u64);

    fn named(machine: u16, address: u64, bytes: &[u8], set: InstructionSet) -> Vec<Named> {
        let mut names = Vec::new();
        let mut tell = |at, reference| {
            names.push(match reference {
                Reference::Branch(to) => (at, "branch", to),
                Reference::Address(to) => (at, "address", to),
                Reference::Through(to) => (at, "through", to),
            });
        };
        super::references(&identity(machine, false), &region(address, bytes, set), &mut tell);
        names
    }

    pub(super) fn references(machine: u16, address: u64, bytes: &[u8]) -> Vec<Named> {
        named(machine, address, bytes, InstructionSet::Main)
    }

    pub(super) fn references_thumb(address: u64, bytes: &[u8]) -> Vec<Named> {
        named(40, address, bytes, InstructionSet::Thumb)
    }

    #[test]
    fn every_mask_names_a_feature_of_its_architecture() {
        let tables = [
            ("aarch64", aarch64::MASKS),
            ("riscv64", riscv::MASKS),
            ("arm", arm::A32),
            ("arm", arm::T32),
        ];
        for (name, rows) in tables {
            let architecture = Architecture::find(name).unwrap();
            for row in rows {
                assert!(architecture.feature(row.feature).is_some(), "{}", row.feature);
                assert_eq!(row.value & !row.mask, 0, "{row:x?}");
            }
        }
    }
}
