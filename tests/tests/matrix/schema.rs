//! `schema/…`: the JSON schema of `[package.metadata.gocross]` accepts and refuses the tables that
//! the types accept and refuse.

use std::path::Path;

use gocross_config::{Config, Table};
use gocross_tests::trial::{Result, Trouble, ensure, trial};
use gocross_tests::workshop::Workshop;
use jsonschema::Validator;
use libtest_mimic::Trial;
use serde_json::{Value, json};

pub(crate) fn trials() -> Vec<Trial> {
    vec![trial("schema/manifests", manifests), trial("schema/refused", refused)]
}

fn schema() -> Result<Validator> {
    let path = Workshop::repository().join("schemas/metadata.schema.json");
    let schema: Value = serde_json::from_str(&fs_err::read_to_string(path)?)
        .map_err(|error| Trouble::wrong(error.to_string()))?;
    jsonschema::validator_for(&schema).map_err(|error| Trouble::wrong(error.to_string()))
}

fn accepts(schema: &Validator, table: &Value) -> (bool, bool) {
    let types = Config::read(&Table::of_package(Path::new("Cargo.toml")), table.clone());
    (schema.is_valid(table), types.is_ok())
}

/// The manifests of the examples and of the tests' projects.
fn manifests() -> Result {
    let schema = schema()?;
    let mut seen = 0;
    for folder in ["examples", "tests/projects"] {
        for entry in fs_err::read_dir(Workshop::repository().join(folder))? {
            let path = entry?.path().join("Cargo.toml");
            let Ok(text) = fs_err::read_to_string(&path) else { continue };
            let manifest: Value =
                toml::from_str(&text).map_err(|error| Trouble::wrong(error.to_string()))?;
            let Some(table) = manifest.pointer("/package/metadata/gocross") else { continue };
            seen += 1;
            ensure(accepts(&schema, table) == (true, true), || format!("`{}`", path.display()))?;
        }
    }
    ensure(seen >= 3, || format!("only {seen} manifests have the table"))
}

/// Each change of a table that is right is refused by both.
fn refused() -> Result {
    let schema = schema()?;
    let right = json!({
        "start": "lazy",
        "std": "size",
        "keep-symbols": ["sqlite3_*"],
        "runtime": { "gomemlimit": "256MiB", "gogc": 50, "gomaxprocs": 2 },
        "verify": {
            "policy": "alpine", "static": true, "stripped": true, "go": true, "exports": ["A"],
            "rules": { "relro": "error" },
        },
        "cpu": {
            "bin": "a", "selftest": ["t"], "force": ["{path}"], "dispatch": ["d"],
            "path": [{ "side": "a", "name": "b", "arch": "aarch64", "needs": [], "functions": [] }],
            "gated": [{ "functions": [], "features": [], "arch": "aarch64" }],
        },
        "target": { "x86_64-unknown-linux-gnu": { "sysroot": "s" } },
    });
    ensure(accepts(&schema, &right) == (true, true), || "the whole table".to_owned())?;
    let mut places = Vec::new();
    places_of(&right, String::new(), &mut places);
    ensure(places.len() > 25, || format!("{places:?}"))?;
    for place in places {
        let mut wrong = right.clone();
        let value = wrong.pointer_mut(&place).ok_or_else(|| Trouble::wrong(place.clone()))?;
        match value {
            // An unknown key in every table.
            Value::Object(table) => drop(table.insert("sturt".to_owned(), json!("x"))),
            // Another type for every value.
            Value::Number(_) => *value = json!("x"),
            _ => *value = json!(7),
        }
        let accepted = accepts(&schema, &wrong);
        ensure(accepted == (false, false), || format!("`{place}`: {accepted:?}"))?;
    }
    runtime(&schema)
}

/// Values of the Go runtime, which are right or wrong by more than their type.
fn runtime(schema: &Validator) -> Result {
    for (table, is_right) in [
        (json!({ "gomemlimit": "off", "gogc": "off" }), true),
        (json!({ "gomemlimit": "1024" }), true),
        (json!({ "gomemlimit": "256MB" }), false),
        (json!({ "gogc": -1 }), false),
        (json!({ "gogc": 2_147_483_648_u32 }), false),
        (json!({ "gomaxprocs": 0 }), false),
        (json!({ "godebug": { "panicnil": 1, "cpu.aes": "off" } }), true),
        (json!({ "godebug": "panicnil=1" }), false),
        (json!({ "godebug": { "panicnil": true } }), false),
        (json!({ "godebug": { "panicnil": "1,a=2" } }), false),
        (json!({ "godebug": { "panic nil": 1 } }), false),
        (json!({ "godebug": { "cpu": { "aes": "off" } } }), false),
    ] {
        let accepted = accepts(schema, &json!({ "runtime": table }));
        ensure(accepted == (is_right, is_right), || format!("{table}: {accepted:?}"))?;
    }
    Ok(())
}

/// The JSON pointers of a value and of all below it.
fn places_of(value: &Value, place: String, places: &mut Vec<String>) {
    match value {
        Value::Object(table) => {
            for (key, value) in table {
                places_of(value, format!("{place}/{key}"), places);
            }
        }
        Value::Array(list) => {
            for (index, value) in list.iter().enumerate() {
                places_of(value, format!("{place}/{index}"), places);
            }
        }
        _ => {}
    }
    places.push(place);
}
