//! Findings as SARIF 2.1.0 (OASIS), for code hosts and editors.

use gocross_verify::{Finding, Level, Place, rules};
use serde_json::{Value, json};

use crate::explain::Topic;

const SCHEMA: &str =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

/// The document.
pub(crate) fn sarif(findings: &[Finding]) -> Value {
    let rules: Vec<Value> = rules::ALL.iter().map(|rule| descriptor(rule)).collect();
    let results: Vec<Value> = findings.iter().map(result).collect();
    json!({
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "cargo-gocross",
                "version": env!("CARGO_PKG_VERSION"),
                "informationUri": env!("CARGO_PKG_REPOSITORY"),
                "rules": rules,
            }},
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    })
}

fn descriptor(rule: &'static gocross_verify::Rule) -> Value {
    let page = Topic::of_rule(rule).page();
    let text = page.split_once("\n\n").map_or("", |(_, text)| text);
    json!({
        "id": rule.code,
        "shortDescription": { "text": rule.summary },
        "fullDescription": { "text": rule.why },
        "help": { "text": text, "markdown": text },
        "helpUri": format!("{}/blob/main/docs/rules.md#{}", env!("CARGO_PKG_REPOSITORY"), rule.code),
        "defaultConfiguration": { "level": level(rule.level) },
    })
}

fn result(finding: &Finding) -> Value {
    let mut text = finding.message.clone();
    for detail in &finding.details {
        text.push_str(&format!("\n{detail}"));
    }
    if let Some(help) = &finding.help {
        text.push_str(&format!("\nhelp: {help}"));
    }
    if let Some(hint) = &finding.hint {
        text.push_str(&format!("\nhint: {hint}"));
    }
    let logical: Vec<Value> = finding.places.iter().flat_map(logical_locations).collect();
    let mut location =
        json!({ "physicalLocation": { "artifactLocation": { "uri": uri(&finding.file) } } });
    if !logical.is_empty() {
        location["logicalLocations"] = Value::Array(logical);
    }
    let index = rules::ALL.iter().position(|rule| rule.code == finding.code);
    let mut result = json!({
        "ruleId": finding.code,
        "level": level(finding.level),
        "message": { "text": text },
        "locations": [location],
    });
    if let Some(index) = index {
        result["ruleIndex"] = json!(index);
    }
    result
}

fn logical_locations(place: &Place) -> Vec<Value> {
    let parts = [
        ("module", &place.member),
        ("module", &place.origin),
        ("section", &place.section),
        ("function", &place.symbol),
    ];
    let location = |(kind, name): (&str, &Option<String>)| {
        name.as_ref().map(|name| json!({ "name": name, "kind": kind }))
    };
    parts.into_iter().filter_map(location).collect()
}

const fn level(level: Level) -> &'static str {
    match level {
        Level::Off => "none",
        other => other.as_str(),
    }
}

/// A path as a URI reference (RFC 3986): an absolute one as `file://`.
fn uri(path: &str) -> String {
    let mut uri = if path.starts_with('/') { "file://".to_owned() } else { String::new() };
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"/-._~".contains(&byte) {
            uri.push(char::from(byte));
        } else {
            uri.push_str(&format!("%{byte:02X}"));
        }
    }
    uri
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_becomes_a_uri() {
        assert_eq!(uri("/a b/c+d"), "file:///a%20b/c%2Bd");
        assert_eq!(uri("target/debug/a"), "target/debug/a");
    }
}
