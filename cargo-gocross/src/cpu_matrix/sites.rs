//! Where the gated instructions of declared paths are, and which of them ran.
//!
//! The static scan says where; QEMU says which ran (`watch`).

use std::collections::{BTreeMap, BTreeSet};

use gocross_elf::{Elf, Segment, Type};
use gocross_verify::cpu::{self, Architecture, Declaration, Features};

use super::judge::Problem;
use super::plan::is_of_go;
use crate::ui;

/// The gated instructions of one function that belong to one path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Gate {
    /// The side and the path.
    pub(crate) side: String,
    pub(crate) path: String,
    /// What the path needs.
    pub(crate) needs: Vec<String>,
    /// The function, without its mangling.
    pub(crate) function: String,
    /// The addresses, as they stand in the file.
    pub(crate) sites: BTreeSet<u64>,
}

/// All of them in a program.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Gates {
    pub(crate) all: Vec<Gate>,
    /// The lowest address of the program's executable segments.
    pub(crate) base: u64,
    /// Whether the program runs where it says, and is not moved in memory.
    pub(crate) is_fixed: bool,
    /// Whether intrinsics are functions of their own, as they are without optimisation.
    pub(crate) calls_intrinsics: bool,
}

impl Gates {
    /// Scans a program. An instruction belongs to each path of its function that declares all
    /// that it needs: one function may serve two paths, as those of Go's assembler do.
    pub(crate) fn read(elf: &Elf<'_>, declaration: &Declaration, arch: &str) -> Self {
        let is_fixed = elf.kind == Type::Executable;
        let mut gates = Self { base: base(elf), is_fixed, ..Self::default() };
        let Some(scan) = cpu::scan(elf) else { return gates };
        let named = |user: &cpu::User<'_>| Some((user.function?, user.name()));
        let names: BTreeMap<usize, String> = scan.users.iter().filter_map(named).collect();
        let is_intrinsic = |name: &String| name.starts_with("core::core_arch::");
        gates.calls_intrinsics = names.values().any(is_intrinsic);
        for region in elf.code() {
            let mut add = |address: u64, features: Features| {
                let function = cpu::function_at(&scan.functions, cpu::place(elf, &region, address));
                if let Some(function) = function.and_then(|index| names.get(&index)) {
                    gates.add(declaration, arch, scan.architecture, function, address, features);
                }
            };
            cpu::sites_in(&elf.identity, &region, &mut add);
        }
        gates
    }

    fn add(
        &mut self,
        declaration: &Declaration,
        arch: &str,
        architecture: &Architecture,
        function: &str,
        address: u64,
        features: Features,
    ) {
        for path in declaration.paths_on(arch).filter(|path| !path.needs.is_empty()) {
            let needs =
                architecture.closed(architecture.set(path.needs.iter().map(String::as_str)));
            let is_named = path.functions.iter().any(|pattern| cpu::matches(pattern, function));
            if !is_named || !needs.has_all(features) {
                continue;
            }
            let is_it = |gate: &&mut Gate| {
                gate.side == path.side && gate.path == path.name && gate.function == function
            };
            match self.all.iter_mut().find(is_it) {
                Some(gate) => drop(gate.sites.insert(address)),
                None => self.all.push(Gate {
                    side: path.side.clone(),
                    path: path.name.clone(),
                    needs: path.needs.clone(),
                    function: function.to_owned(),
                    sites: BTreeSet::from([address]),
                }),
            }
        }
    }

    /// The addresses of all.
    pub(crate) fn sites(&self) -> BTreeSet<u64> {
        self.all.iter().flat_map(|gate| gate.sites.iter().copied()).collect()
    }

    /// How many of all sites are in a set.
    pub(crate) fn count(&self, ran: &BTreeSet<u64>) -> (usize, usize) {
        let all = self.sites();
        (all.intersection(ran).count(), all.len())
    }
}

fn base(elf: &Elf<'_>) -> u64 {
    let is_code = |segment: &&Segment| segment.kind == Segment::LOAD && segment.executable();
    elf.segments.iter().filter(is_code).map(|segment| segment.address).min().unwrap_or(0)
}

/// Sites that ran where the CPU lacks what their path needs.
pub(crate) fn forbidden(
    gates: &Gates,
    ran: &BTreeSet<u64>,
    features: &BTreeSet<String>,
) -> Vec<Problem> {
    let lacks = |gate: &&Gate| gate.needs.iter().any(|need| !features.contains(need));
    // A site of two paths is right where one of them may run.
    let allowed: BTreeSet<u64> =
        gates.all.iter().filter(|gate| !lacks(gate)).flat_map(|gate| gate.sites.clone()).collect();
    let problem = |gate: &Gate| {
        let found = gate.sites.intersection(ran).filter(|site| !allowed.contains(site)).count();
        let Gate { side, path, function, .. } = gate;
        let message = format!(
            "{} of `{function}` ran, and the CPU lacks what the path `{path}` of `{side}` needs",
            ui::many(found, "gated instruction")
        );
        (found > 0).then(|| Problem::new("sites", message))
    };
    gates.all.iter().filter(lacks).filter_map(problem).collect()
}

/// Functions of a path that was taken, and none of whose gated instructions ran.
///
/// Go's assembler has functions with a branch for each path, and some that no caller takes: a side
/// of Go's is wrong only where nothing of the path ran.
pub(crate) fn unreached(
    gates: &Gates,
    ran: &BTreeSet<u64>,
    side: &str,
    path: &str,
) -> Vec<Problem> {
    let is_taken = |gate: &&Gate| gate.side == side && gate.path == path;
    let is_unreached = |gate: &&Gate| gate.sites.is_disjoint(ran);
    if is_of_go(side) && !gates.all.iter().filter(is_taken).all(|gate| is_unreached(&gate)) {
        return Vec::new();
    }
    let problem = |gate: &Gate| {
        let Gate { function, sites, .. } = gate;
        let message = format!(
            "none of the {} gated instructions of `{function}` ran in any run, and `{side}` took \
             the path `{path}`",
            sites.len()
        );
        Problem::new("sites", message)
            .detail("let the self-test reach it, or leave it out of `functions`")
    };
    gates.all.iter().filter(is_taken).filter(is_unreached).map(problem).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gates() -> Gates {
        let declaration: Declaration = toml::from_str(
            r#"
path = [
    { side = "a.go", name = "sm4e", arch = "aarch64", needs = ["sm4"], functions = ["f*"] },
    { side = "a.go", name = "aese", arch = "aarch64", needs = ["aes"], functions = ["f*"] },
    { side = "a.go", name = "generic", functions = ["*"] },
]"#,
        )
        .unwrap();
        let architecture = Architecture::find("aarch64").unwrap();
        let mut gates = Gates::default();
        for (address, feature, function) in
            [(16, "sm4", "f1"), (20, "aes", "f1"), (24, "sm4", "f2"), (28, "sm4", "g")]
        {
            let features = architecture.feature(feature).unwrap();
            gates.add(&declaration, "aarch64", architecture, function, address, features);
        }
        gates
    }

    fn set(names: &[&str]) -> BTreeSet<String> {
        names.iter().map(|&name| name.to_owned()).collect()
    }

    #[test]
    fn an_instruction_belongs_to_the_path_that_declares_its_feature() {
        let gates = gates();
        let told: Vec<_> = gates
            .all
            .iter()
            .map(|gate| format!("{} {} {}", gate.path, gate.function, gate.sites.len()))
            .collect();
        assert_eq!(told, ["sm4e f1 1", "aese f1 1", "sm4e f2 1"]);
        assert_eq!(gates.sites(), BTreeSet::from([16, 20, 24]));
        assert_eq!(gates.count(&BTreeSet::from([16, 28])), (1, 3));
    }

    #[test]
    fn what_ran_without_its_feature_is_told_once_a_function() {
        let gates = gates();
        let ran = BTreeSet::from([16, 20]);
        assert!(forbidden(&gates, &ran, &set(&["sm4", "aes"])).is_empty());
        assert!(forbidden(&gates, &BTreeSet::from([20]), &set(&["aes"])).is_empty());
        let problems = forbidden(&gates, &ran, &set(&["aes"]));
        assert_eq!(problems.len(), 1);
        assert!(problems[0].message.starts_with("1 gated instruction of `f1` ran"), "{problems:?}");
    }

    #[test]
    fn a_function_of_which_nothing_ran_is_told() {
        let mut gates = gates();
        // Of Go's side, something of the path is enough.
        assert!(unreached(&gates, &BTreeSet::from([16, 20]), "a.go", "sm4e").is_empty());
        assert_eq!(unreached(&gates, &BTreeSet::from([20]), "a.go", "sm4e").len(), 2);
        gates.all.iter_mut().for_each(|gate| gate.side = "a.rust".to_owned());
        let problems = unreached(&gates, &BTreeSet::from([16, 20]), "a.rust", "sm4e");
        assert_eq!(problems.len(), 1);
        assert!(problems[0].message.contains("`f2`"), "{problems:?}");
        assert!(unreached(&gates, &BTreeSet::from([16, 24]), "a.rust", "sm4e").is_empty());
    }
}
