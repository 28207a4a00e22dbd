//! `inspect`: what a file is, without a verdict, or what this machine's CPU is.

use gocross_diagnostic::Result;
use gocross_elf::{Elf, File, FloatAbi, Foreign};
use gocross_toolchain::Env;
use serde_json::{Map, Value, json};

use crate::cli::{Format, InspectArgs};
use crate::{cpu_facts, ui, verification};

/// Prints the facts of a file, or of this machine.
///
/// # Errors
///
/// A file that cannot be looked at.
pub(crate) fn run(env: &Env, args: &InspectArgs) -> Result<u8> {
    let Some(path) = &args.file else { return super::inspect_host::run(args.format) };
    let bytes = verification::bytes(env, path)?;
    let file = verification::describe(path, &bytes)?;
    let mut facts = match &file {
        File::Elf(elf) => of_elf(&file, elf),
        File::Archive(archive) => {
            let member = |(name, elf): &(&[u8], Elf<'_>)| {
                let mut facts = Map::new();
                facts.insert("member".to_owned(), text(name));
                identity(elf, &mut facts);
                Value::Object(facts)
            };
            let mut facts = Map::new();
            facts.insert(
                "kind".to_owned(),
                json!(if archive.thin { "thin archive" } else { "archive" }),
            );
            target(&file, &mut facts);
            facts.insert("objects".to_owned(), archive.objects.iter().map(member).collect());
            facts.insert("other members".to_owned(), list(archive.others.iter().copied()));
            damage(archive.damage.iter(), &mut facts);
            facts
        }
        File::Foreign(foreign) => of_foreign(foreign),
    };
    if let Some(cpu) = cpu_facts::of_file(&file) {
        let cpu = if args.format == Format::Human { cpu_facts::for_people(&cpu) } else { cpu };
        facts.insert("CPU".to_owned(), cpu);
    }
    match args.format {
        Format::Json => ui::json(&facts),
        Format::Human => ui::print(human(&Value::Object(facts), 0).trim_end()),
    }
    Ok(0)
}

fn of_foreign(foreign: &Foreign) -> Map<String, Value> {
    let machines: Vec<&str> = foreign.machines.iter().copied().flatten().collect();
    let mut facts = Map::new();
    facts.insert("kind".to_owned(), json!(format!("{} {}", foreign.format, foreign.what)));
    facts.insert("machine".to_owned(), json!(machines.join(", ")));
    facts
}

fn of_elf(file: &File<'_>, elf: &Elf<'_>) -> Map<String, Value> {
    let mut facts = Map::new();
    identity(elf, &mut facts);
    target(file, &mut facts);
    if elf.kind.is_loaded() {
        loading(elf, &mut facts);
        hardening(elf, &mut facts);
        let identifier =
            elf.build_id.map(|id| id.iter().map(|byte| format!("{byte:02x}")).collect::<String>());
        facts.insert("build ID".to_owned(), json!(identifier));
    }
    facts.insert("symbols".to_owned(), json!(elf.symbols.len().saturating_sub(1)));
    facts.insert("debug information".to_owned(), json!(elf.has_debug_info()));
    if elf.has_go_runtime() {
        let go = elf.go.iter().map(|info| {
            let modules =
                info.dependencies().map(|module| format!("{} {}", module.path, module.version));
            json!({
                "version": info.version,
                "main": info.main().map(|module| module.path),
                "modules": modules.collect::<Vec<_>>(),
                "build mode": info.setting("-buildmode"),
            })
        });
        facts.insert("Go".to_owned(), go.collect());
    }
    damage(elf.damage.iter(), &mut facts);
    facts
}

/// What stands in the header, and the float ABI.
fn identity(elf: &Elf<'_>, facts: &mut Map<String, Value>) {
    let identity = &elf.identity;
    let mut insert = |key: &str, value: Value| facts.insert(key.to_owned(), value);
    insert("kind", json!(format!("ELF {}", elf.kind.as_str())));
    insert("machine", json!(identity.machine_name()));
    insert("bits", json!(if identity.is_64 { 64 } else { 32 }));
    insert("byte order", json!(if identity.big_endian { "big" } else { "little" }));
    insert("flags", json!(format!("{:#x}", identity.flags)));
    insert("OS ABI", json!(identity.os_abi));
    if let Some(float) = elf.float_abi {
        insert("float ABI", json!(float_words(float)));
    }
    if let Some(nan2008) = elf.nan2008 {
        insert("NaN", json!(if nan2008 { "2008" } else { "legacy" }));
    }
}

fn float_words(float: FloatAbi) -> String {
    match float {
        FloatAbi::Other(number) => format!("number {number}"),
        other => other.as_str().to_owned(),
    }
}

/// The row of the table that it is for.
fn target(file: &File<'_>, facts: &mut Map<String, Value>) {
    let target = gocross_verify::infer(file).map(|target| target.triple);
    facts.insert("target".to_owned(), json!(target));
}

/// How it is loaded, and what it asks of the system.
fn loading(elf: &Elf<'_>, facts: &mut Map<String, Value>) {
    let mut insert = |key: &str, value: Value| facts.insert(key.to_owned(), value);
    insert("static", json!(elf.is_static()));
    insert("interpreter", elf.interpreter.map_or(Value::Null, text));
    let Some(dynamic) = &elf.dynamic else { return };
    insert("soname", dynamic.soname.map_or(Value::Null, text));
    insert("needed", list(dynamic.needed.iter().copied()));
    insert("rpath", dynamic.rpath.map_or(Value::Null, text));
    insert("runpath", dynamic.runpath.map_or(Value::Null, text));
    let mut versions: Vec<String> = elf
        .versions
        .iter()
        .map(|version| format!("{} of {}", lossy(version.name), lossy(version.library)))
        .collect();
    versions.sort();
    insert("versions", json!(versions));
    insert("imports", json!(elf.imports().count()));
    insert("exports", json!(elf.exports().count()));
}

fn hardening(elf: &Elf<'_>, facts: &mut Map<String, Value>) {
    let dynamic = elf.dynamic.as_ref();
    let mut insert = |key: &str, value: Value| facts.insert(key.to_owned(), value);
    insert("executable stack", json!(elf.executable_stack()));
    insert("relro", json!(elf.relro()));
    insert("bind now", json!(dynamic.map(|dynamic| dynamic.bind_now)));
    insert("text relocations", json!(dynamic.is_some_and(|dynamic| dynamic.text_relocations)));
    insert("static TLS", json!(dynamic.is_some_and(|dynamic| dynamic.static_tls)));
}

fn damage<'a>(damage: impl Iterator<Item = &'a str>, facts: &mut Map<String, Value>) {
    let damage: Vec<&str> = damage.collect();
    if !damage.is_empty() {
        facts.insert("damage".to_owned(), json!(damage));
    }
}

fn lossy(name: &[u8]) -> String {
    String::from_utf8_lossy(name).into_owned()
}

fn text(name: &[u8]) -> Value {
    Value::String(lossy(name))
}

fn list<'a>(names: impl Iterator<Item = &'a [u8]>) -> Value {
    names.map(text).collect()
}

/// The same facts for a person: a line each, what belongs together further in.
pub(super) fn human(value: &Value, depth: usize) -> String {
    let indent = "  ".repeat(depth);
    let mut lines = String::new();
    let Value::Object(facts) = value else { return lines };
    for (name, value) in facts {
        let word = match value {
            Value::Null => "none".to_owned(),
            Value::Bool(true) => "yes".to_owned(),
            Value::Bool(false) => "no".to_owned(),
            Value::String(text) => text.clone(),
            Value::Array(list) if list.iter().all(Value::is_string) => {
                list.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(", ")
            }
            Value::Object(_) => {
                lines.push_str(&format!("{indent}{name}:\n{}", human(value, depth + 1)));
                continue;
            }
            Value::Array(list) => {
                lines.push_str(&format!("{indent}{name}:\n"));
                for (index, item) in list.iter().enumerate() {
                    lines.push_str(&human(item, depth + 1));
                    if index + 1 < list.len() {
                        lines.push('\n');
                    }
                }
                continue;
            }
            other => other.to_string(),
        };
        lines.push_str(format!("{indent}{name}: {word}").trim_end());
        lines.push('\n');
    }
    lines
}
