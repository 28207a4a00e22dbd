//! What `inspect` says of a file's instructions: the baseline, and what is above it.

use std::collections::{BTreeMap, BTreeSet};

use gocross_elf::{Elf, File};
use gocross_verify::cpu::{Scan, scan};
use serde_json::{Map, Value, json};

/// What one feature is used for.
#[derive(Default)]
struct Used {
    instructions: u64,
    functions: BTreeMap<String, BTreeSet<String>>,
    sides: BTreeSet<&'static str>,
}

/// The facts, for a program to read. None of a file whose instructions are not told apart.
pub(crate) fn of_file(file: &File<'_>) -> Option<Value> {
    let mut scans = file.objects().filter_map(|(_, elf)| scan_of(elf)).peekable();
    let first = scans.peek()?;
    let (architecture, baseline) = (first.architecture.name, first.baseline);
    let mut go_levels = BTreeSet::new();
    let mut instructions = 0;
    let mut used: BTreeMap<&'static str, Used> = BTreeMap::new();
    for scan in scans {
        instructions += scan.instructions;
        go_levels.extend(scan.go_levels.iter().cloned());
        add(&scan, &mut used);
    }
    let feature = |(name, used): (&'static str, Used)| {
        let functions = used.functions.iter().map(|(name, owners)| {
            let owners: Vec<&String> = owners.iter().collect();
            json!({ "name": name, "from": owners })
        });
        let value = json!({
            "instructions": used.instructions,
            "sides": used.sides,
            "functions": functions.collect::<Vec<_>>(),
        });
        (name.to_owned(), value)
    };
    let features: Map<String, Value> = used.into_iter().map(feature).collect();
    Some(json!({
        "architecture": architecture,
        "baseline": baseline,
        "Go levels": go_levels,
        "instructions": instructions,
        "above the baseline": features,
    }))
}

fn scan_of<'data>(elf: &Elf<'data>) -> Option<Scan<'data>> {
    scan(elf).filter(|scan| scan.instructions > 0)
}

fn add(scan: &Scan<'_>, used: &mut BTreeMap<&'static str, Used>) {
    for user in &scan.users {
        let owner = user.owner();
        for (features, count) in &user.counts {
            for name in scan.architecture.names_of(*features) {
                let used = used.entry(name).or_default();
                used.instructions += count;
                used.sides.insert(owner.category.title());
                used.functions.entry(user.name()).or_default().insert(owner.part.clone());
            }
        }
    }
}

/// The same for a person: a line a feature, without the functions' names.
pub(crate) fn for_people(facts: &Value) -> Value {
    let mut shown = facts.clone();
    let features = facts["above the baseline"].as_object().into_iter().flatten();
    let line = |(name, used): (&String, &Value)| {
        let functions = used["functions"].as_array().map_or(0, Vec::len);
        let sides = used["sides"].as_array().into_iter().flatten().filter_map(Value::as_str);
        let many = |count: u64, noun: &str| match count {
            1 => format!("1 {noun}"),
            count => format!("{count} {noun}s"),
        };
        let line = format!(
            "{} in {} ({})",
            many(used["instructions"].as_u64().unwrap_or(0), "instruction"),
            many(functions as u64, "function"),
            sides.collect::<Vec<_>>().join(", ")
        );
        (name.clone(), json!(line))
    };
    let lines: Map<String, Value> = features.map(line).collect();
    shown["above the baseline"] =
        if lines.is_empty() { json!("nothing") } else { Value::Object(lines) };
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_program_is_told_by_feature() {
        let bytes = fs_err::read("/proc/self/exe").unwrap();
        let facts = of_file(&File::read(&bytes).unwrap()).unwrap();
        assert!(facts["instructions"].as_u64().unwrap() > 100_000, "{facts}");
        // memchr has functions for AVX2, which look at the CPU.
        let avx2 = &facts["above the baseline"]["avx2"];
        assert!(avx2["instructions"].as_u64().unwrap() > 10, "{facts}");
        assert_eq!(avx2["sides"], json!(["Rust"]));
        let people = for_people(&facts);
        let line = people["above the baseline"]["avx2"].as_str().unwrap();
        assert!(line.contains("functions (Rust)"), "{line}");
    }
}
