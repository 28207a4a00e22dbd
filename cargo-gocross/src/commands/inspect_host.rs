//! `inspect --host`: what this machine's CPU is, and which features programs find on it.

use gocross_cpu::{Features, Report};
use gocross_diagnostic::Result;
use serde_json::{Map, Value, json};

use super::inspect::human;
use crate::cli::Format;
use crate::ui;

/// Prints the report.
///
/// # Errors
///
/// None: where nothing can be learnt, the report says so.
pub(super) fn run(format: Format) -> Result<u8> {
    let report = gocross_cpu::report();
    match format {
        Format::Json => ui::print(&as_json(&report)),
        Format::Human => ui::print(human(&facts(&report), 0).trim_end()),
    }
    Ok(0)
}

/// The object that the library writes, with a line for each of its keys.
fn as_json(report: &Report) -> String {
    let line = report.json().to_string();
    serde_json::from_str::<Value>(&line)
        .and_then(|object| serde_json::to_string_pretty(&object))
        .unwrap_or(line)
}

/// The report for a person: what is not there is left out.
fn facts(report: &Report) -> Value {
    let names = |features: Features| -> Value { features.iter().map(|one| one.name()).collect() };
    let mut facts = Map::new();
    let mut insert = |key: &str, value: Value| facts.insert(key.to_owned(), value);
    insert("architecture", json!(report.architecture()));
    let cores = report.identity().cores();
    if cores.is_empty() {
        insert("CPU", json!("not known"));
    } else {
        insert("CPU", json!(report.identity().to_string()));
    }
    insert("features", names(report.features()));
    if !report.hidden().is_empty() {
        insert("hidden by GOCROSS_CPU", names(report.hidden()));
    }
    if let Some(error) = report.mask().error() {
        insert("wrong in GOCROSS_CPU", json!(error.to_string()));
    }
    insert("learnt from", json!(report.source().name()));
    if let Some(limit) = report.source().limit() {
        insert("not known", json!(limit));
    }
    Value::Object(facts)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_has_the_keys_of_the_library_in_its_order() {
        let object: Map<String, Value> =
            serde_json::from_str(&as_json(&gocross_cpu::report())).unwrap();
        let keys: Vec<&str> = object.keys().map(String::as_str).collect();
        assert_eq!(
            keys,
            [
                "architecture",
                "cores",
                "cores_from",
                "features",
                "hidden",
                "features_from",
                "limit",
                "mask_error"
            ]
        );
        assert_eq!(object["architecture"], std::env::consts::ARCH);
    }

    #[test]
    fn a_person_reads_the_same() {
        let report = gocross_cpu::report();
        let text = human(&facts(&report), 0);
        let first = report.features().iter().next().map_or("", |feature| feature.name());
        assert!(text.contains(&format!("\nfeatures: {first}")), "{text}");
        assert!(text.contains(&format!("\nlearnt from: {}", report.source())), "{text}");
        assert_eq!(text.lines().next(), Some(&*format!("architecture: {}", report.architecture())));
    }
}
