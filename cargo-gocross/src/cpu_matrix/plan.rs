//! What runs where, and what must come of it. No I/O.

use std::collections::BTreeSet;

use gocross_targets::{Cpu, Model, Target};
use gocross_toolchain::qemu::Emulator;
use gocross_verify::cpu::{Declaration, Path};

/// A CPU model, and what runs it.
#[derive(Debug, Clone)]
pub(crate) struct Planned {
    pub(crate) model: &'static Model,
    pub(crate) place: Place,
}

/// What runs a program as if on a model.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Place {
    /// The machine itself.
    Machine,
    /// QEMU.
    Emulator(Emulator),
    /// Nothing that is there. It does not look green.
    NotRun(String),
    /// Nothing that is there, and nothing that anybody has to have.
    LeftOut(String),
}

/// The models for a target, and what runs each; `found` is every QEMU that is there.
pub(crate) fn models(target: &Target, host: Option<&Target>, found: &[Emulator]) -> Vec<Planned> {
    let models = gocross_targets::MODELS.iter().filter(|model| model.is_for(target, host));
    models.map(|model| Planned { model, place: place(model, target, found) }).collect()
}

fn place(model: &Model, target: &Target, found: &[Emulator]) -> Place {
    let Cpu::Qemu { since, before, .. } = model.cpu else { return Place::Machine };
    if let Some(emulator) = found.iter().find(|one| model.is_in(one.release)) {
        return Place::Emulator(emulator.clone());
    }
    match before {
        Some(before) => Place::LeftOut(format!("a QEMU before {}.{} shows it", before.0, before.1)),
        None if found.is_empty() => Place::NotRun(format!("there is no `{}`", target.qemu.program)),
        None => Place::NotRun(format!("needs {since}")),
    }
}

/// The first path of each side whose needs are met: what a program must choose.
pub(crate) fn chosen<'a>(
    declaration: &'a Declaration,
    arch: &'a str,
    features: &BTreeSet<String>,
) -> Vec<&'a Path> {
    let is_taken = |path: &&Path| is_met(path, features);
    let of_side =
        |side: &str| declaration.paths_on(arch).filter(|path| path.side == side).find(is_taken);
    declaration.sides_on(arch).into_iter().filter_map(of_side).collect()
}

fn is_met(path: &Path, features: &BTreeSet<String>) -> bool {
    path.needs.iter().all(|need| features.contains(need))
}

/// A path that the self-test is told to take, and what must come of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Forced {
    /// Its name.
    pub(crate) path: String,
    /// The sides that have it.
    pub(crate) sides: Vec<String>,
    /// The features that it needs and this CPU lacks; where there are any it must be refused.
    pub(crate) lacking: Vec<String>,
}

/// Every path that can be forced on an architecture, with what a CPU of those features lacks.
///
/// Go's sides choose for themselves: nobody outside can tell them.
pub(crate) fn forced(
    declaration: &Declaration,
    arch: &str,
    features: &BTreeSet<String>,
) -> Vec<Forced> {
    let mut all: Vec<Forced> = Vec::new();
    if declaration.force.is_empty() {
        return all;
    }
    for path in declaration.paths_on(arch).filter(|path| !is_of_go(&path.side)) {
        let lacking = path.needs.iter().filter(|need| !features.contains(*need)).cloned();
        match all.iter_mut().find(|one| one.path == path.name) {
            Some(one) => {
                one.sides.push(path.side.clone());
                let more: Vec<_> = lacking.filter(|need| !one.lacking.contains(need)).collect();
                one.lacking.extend(more);
            }
            None => all.push(Forced {
                path: path.name.clone(),
                sides: vec![path.side.clone()],
                lacking: lacking.collect(),
            }),
        }
    }
    all
}

/// Whether a side chooses by itself: Go's do.
pub(crate) fn is_of_go(side: &str) -> bool {
    side == "go" || side.ends_with(".go")
}

/// The words that make the self-test take a path.
pub(crate) fn force_words(declaration: &Declaration, path: &str) -> Vec<String> {
    declaration.force.iter().map(|word| word.replace("{path}", path)).collect()
}

#[cfg(test)]
mod tests {
    use gocross_targets::QemuRelease;

    use super::*;

    fn declaration() -> Declaration {
        toml::from_str(
            r#"
selftest = ["selftest"]
force = ["--path={path}"]
path = [
    { side = "a.rust", name = "sm4e", arch = "aarch64", needs = ["sm4", "neon"], functions = ["x"] },
    { side = "a.rust", name = "aese", arch = "aarch64", needs = ["aes"], functions = ["x"] },
    { side = "a.rust", name = "portable", functions = ["x"] },
    { side = "b.rust", name = "aese", arch = "aarch64", needs = ["pmull"], functions = ["x"] },
    { side = "b.rust", name = "portable", functions = ["x"] },
    { side = "a.go", name = "asm", arch = "aarch64", needs = ["aes"], functions = ["x"] },
    { side = "a.go", name = "generic", functions = ["x"] },
]"#,
        )
        .unwrap()
    }

    fn set(names: &[&str]) -> BTreeSet<String> {
        names.iter().map(|&name| name.to_owned()).collect()
    }

    #[test]
    fn each_side_takes_its_first_path_whose_needs_are_met() {
        let declaration = declaration();
        let chosen = |arch, names: &[&str]| -> Vec<String> {
            let paths = chosen(&declaration, arch, &set(names));
            paths.iter().map(|path| format!("{}={}", path.side, path.name)).collect()
        };
        let all = ["sm4", "neon", "aes", "pmull"];
        assert_eq!(chosen("aarch64", &all), ["a.rust=sm4e", "b.rust=aese", "a.go=asm"]);
        assert_eq!(
            chosen("aarch64", &["sm4", "aes"]),
            ["a.rust=aese", "b.rust=portable", "a.go=asm"]
        );
        assert_eq!(chosen("riscv64", &all), ["a.rust=portable", "b.rust=portable", "a.go=generic"]);
    }

    #[test]
    fn a_path_is_refused_where_a_side_that_has_it_lacks_something() {
        let declaration = declaration();
        let all = forced(&declaration, "aarch64", &set(&["neon", "aes"]));
        let told: Vec<_> =
            all.iter().map(|one| format!("{} {:?}", one.path, one.lacking)).collect();
        assert_eq!(told, ["sm4e [\"sm4\"]", "aese [\"pmull\"]", "portable []"]);
        assert_eq!(all[1].sides, ["a.rust", "b.rust"]);
        assert_eq!(force_words(&declaration, "aese"), ["--path=aese"]);
        let none = Declaration { force: vec![], ..declaration };
        assert!(forced(&none, "aarch64", &set(&[])).is_empty());
    }

    #[test]
    fn a_model_is_run_by_the_first_qemu_that_has_it() {
        let target = gocross_targets::find("aarch64-unknown-linux-gnu").unwrap();
        let qemu = |major, minor| Emulator {
            program: format!("/qemu-{major}").into(),
            release: QemuRelease(major, minor),
            plugins: false,
        };
        let found = [qemu(7, 2), qemu(10, 0)];
        let program = |found: &[Emulator], name: &str| {
            let models = models(target, None, found);
            match &models.iter().find(|one| one.model.name == name).unwrap().place {
                Place::Emulator(emulator) => emulator.program.display().to_string(),
                other => format!("{other:?}"),
            }
        };
        assert_eq!(program(&found, "max"), "/qemu-7");
        assert_eq!(program(&found, "neoverse-n2"), "/qemu-10");
        assert_eq!(program(&found[1..], "max"), "/qemu-10");
        assert_eq!(program(&found[..1], "neoverse-n2"), "NotRun(\"needs QEMU 10.0\")");
        assert_eq!(program(&[], "max"), "NotRun(\"there is no `qemu-aarch64`\")");
        // The machine is no aarch64, so its own CPU is in no row.
        assert!(models(target, None, &found).iter().all(|one| one.place != Place::Machine));
    }

    #[test]
    fn what_only_an_old_qemu_shows_is_left_out_elsewhere() {
        let target = gocross_targets::find("riscv64gc-unknown-linux-gnu").unwrap();
        let new = Emulator { program: "/q".into(), release: QemuRelease(10, 0), plugins: false };
        let left = |one: &Planned| matches!(one.place, Place::LeftOut(_));
        let places = models(target, None, &[new]);
        assert_eq!(places.iter().filter(|one| left(one)).count(), 3);
        assert!(places.iter().all(|one| left(one) || matches!(one.place, Place::Emulator(_))));
    }

    #[test]
    fn soft_float_programs_alone_run_without_a_floating_point_unit() {
        let names = |triple| -> Vec<&str> {
            let target = gocross_targets::find(triple).unwrap();
            models(target, None, &[]).iter().map(|one| one.model.name).collect()
        };
        assert_eq!(names("mipsel-unknown-linux-gnu"), ["24Kf"]);
        assert_eq!(names("mipsel-unknown-linux-musl"), ["24Kc", "24Kf"]);
    }
}
