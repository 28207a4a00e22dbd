//! What files say of themselves, side by side.

use std::collections::BTreeSet;

use gocross_elf::{Elf, GoBuildInfo};

use super::Fact;

/// The fact that a build ID differs; the summary asks for it.
pub(super) const BUILD_ID: &str = "build ID";
/// The fact that Go's build ID differs.
pub(super) const GO_BUILD_ID: &str = "Go's build ID";
/// The fact that the names of compilers differ.
pub(super) const COMPILERS: &str = "compilers";

/// Reads a fact of a file; none where it has none.
type Read = fn(&Elf<'_>) -> Option<String>;

/// The facts that differ.
pub(super) fn compare(left: &Elf<'_>, right: &Elf<'_>) -> Vec<Fact> {
    let mut facts = Vec::new();
    let mut add = |what: &str, left: Option<String>, right: Option<String>| {
        if left != right {
            facts.push(Fact { what: what.to_owned(), left, right });
        }
    };
    let both = |read: Read| (read(left), read(right));
    let simple: [(&str, Read); 12] = [
        ("kind", |elf| Some(elf.kind.as_str().to_owned())),
        ("machine", |elf| Some(elf.identity.machine_name())),
        ("flags", |elf| Some(format!("{:#x}", elf.identity.flags))),
        ("interpreter", |elf| elf.interpreter.map(lossy)),
        ("libraries", |elf| elf.dynamic.as_ref().map(|dynamic| list(&dynamic.needed))),
        ("soname", |elf| elf.dynamic.as_ref()?.soname.map(lossy)),
        ("runpath", |elf| {
            let dynamic = elf.dynamic.as_ref()?;
            dynamic.runpath.or(dynamic.rpath).map(lossy)
        }),
        ("versions", |elf| {
            let names: BTreeSet<&[u8]> = elf.versions.iter().map(|version| version.name).collect();
            (!names.is_empty()).then(|| list(&names.into_iter().collect::<Vec<_>>()))
        }),
        ("symbol table", |elf| Some(if elf.is_stripped() { "none" } else { "there" }.to_owned())),
        (BUILD_ID, |elf| {
            elf.build_id.map(|id| id.iter().map(|byte| format!("{byte:02x}")).collect())
        }),
        (GO_BUILD_ID, go_build_id),
        (COMPILERS, compilers),
    ];
    for (what, read) in simple {
        let (left, right) = both(read);
        add(what, left, right);
    }
    for index in 0..left.go.len().max(right.go.len()) {
        go(left.go.get(index), right.go.get(index), &mut add);
    }
    facts
}

/// The note of Go's linker (`cmd/internal/buildid`): a header of 12 bytes, `Go` and two zeros.
fn go_build_id(elf: &Elf<'_>) -> Option<String> {
    let note = elf.contents(elf.section(b".note.go.buildid")?).get(16..)?;
    let end = note.iter().position(|byte| *byte == 0).unwrap_or(note.len());
    Some(lossy(&note[..end]))
}

/// `.comment`: each compiler that took part writes its name there.
fn compilers(elf: &Elf<'_>) -> Option<String> {
    let contents = elf.contents(elf.section(b".comment")?);
    let names = contents.split(|byte| *byte == 0).filter(|name| !name.is_empty());
    Some(list(&names.collect::<BTreeSet<_>>().into_iter().collect::<Vec<_>>()))
}

/// Go's versions, modules and settings, a fact each.
fn go(
    left: Option<&GoBuildInfo<'_>>,
    right: Option<&GoBuildInfo<'_>>,
    add: &mut impl FnMut(&str, Option<String>, Option<String>),
) {
    let version = |info: Option<&GoBuildInfo<'_>>| info.map(|info| info.version.to_owned());
    add("Go", version(left), version(right));
    type Pairs = Vec<(String, String)>;
    let modules = |info: Option<&GoBuildInfo<'_>>| -> Pairs {
        let modules =
            info.into_iter().flat_map(|info| info.main().into_iter().chain(info.dependencies()));
        modules.map(|module| (module.path.to_owned(), module.version.to_owned())).collect()
    };
    let settings = |info: Option<&GoBuildInfo<'_>>| -> Pairs {
        let settings = info.into_iter().flat_map(GoBuildInfo::settings);
        settings.map(|(key, value)| (key.to_owned(), value.to_owned())).collect()
    };
    let kinds = [
        ("Go module", modules(left), modules(right)),
        ("Go setting", settings(left), settings(right)),
    ];
    for (what, left, right) in kinds {
        let keys: BTreeSet<&String> = left.iter().chain(&right).map(|(key, _)| key).collect();
        for key in keys {
            let value = |pairs: &Pairs| {
                pairs.iter().find(|(name, _)| name == key).map(|(_, value)| value.clone())
            };
            add(&format!("{what} {key}"), value(&left), value(&right));
        }
    }
}

fn lossy(text: &[u8]) -> String {
    String::from_utf8_lossy(text).into_owned()
}

fn list(texts: &[&[u8]]) -> String {
    texts.iter().map(|text| lossy(text)).collect::<Vec<_>>().join(", ")
}
