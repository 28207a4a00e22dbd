//! `schemas/metadata.schema.json`: the JSON schema of `[package.metadata.gocross]`, for editors.

use gocross_targets::Spec;
use gocross_verify::{POLICIES, rules};
use serde_json::{Value, json};

use crate::failure::{Failure, Result};

/// The schema of the types, with the names that are rows of tables.
pub(super) fn text() -> Result<String> {
    let mut schema = gocross_config::schema().to_value();
    without_null(&mut schema);
    let top = json!({
        "$id": "https://github.com/cargo-gocross/cargo-gocross/schemas/metadata.schema.json",
        "title": "[package.metadata.gocross]",
    });
    for (key, value) in top.as_object().into_iter().flatten() {
        schema[key] = value.clone();
    }
    let policies: Vec<_> = POLICIES.iter().map(|policy| policy.name).collect();
    let rules: Vec<_> = rules::ALL.iter().map(|rule| rule.code).collect();
    let triples: Vec<_> = Spec::known().collect();
    add(&mut schema, "/$defs/Verify/properties/policy", json!({ "enum": policies }))?;
    add(&mut schema, "/$defs/Verify/properties/rules", names(&rules))?;
    add(&mut schema, "/properties/target", names(&triples))?;
    let mut text =
        serde_json::to_string_pretty(&schema).map_err(|e| Failure::new(e.to_string()))?;
    text.push('\n');
    Ok(text)
}

/// Takes out what an `Option` adds: TOML has no `null`, and a default that is nothing says nothing.
fn without_null(value: &mut Value) {
    let is_null = |value: &Value| *value == json!("null") || *value == json!({ "type": "null" });
    match value {
        Value::Object(object) => {
            object.remove("default");
            for list in ["type", "anyOf"] {
                let Some(Value::Array(choices)) = object.get_mut(list) else { continue };
                choices.retain(|choice| !is_null(choice));
                let [only] = choices.as_slice() else { continue };
                let only = only.clone();
                match (list, only) {
                    ("type", only) => drop(object.insert(list.to_owned(), only)),
                    (_, Value::Object(only)) => {
                        object.remove(list);
                        object.extend(only);
                    }
                    _ => {}
                }
            }
            if let Some(Value::String(text)) = object.get_mut("description") {
                // The sources' lines are not the reader's.
                let paragraphs: Vec<_> =
                    text.split("\n\n").map(|lines| lines.replace('\n', " ")).collect();
                *text = paragraphs.join("\n\n");
            }
            object.values_mut().for_each(without_null);
        }
        Value::Array(values) => values.iter_mut().for_each(without_null),
        _ => {}
    }
}

fn names(names: &[&str]) -> Value {
    json!({ "propertyNames": { "enum": names } })
}

/// Adds keys to the schema at a JSON pointer.
fn add(schema: &mut Value, pointer: &str, keys: Value) -> Result {
    let place = schema.pointer_mut(pointer).and_then(Value::as_object_mut);
    let place = place.ok_or_else(|| Failure::new(format!("the schema has no `{pointer}`")))?;
    place.extend(keys.as_object().cloned().unwrap_or_default());
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_option_is_its_type() {
        let mut value = json!({
            "a": { "type": ["string", "null"], "default": null, "description": "b\nc\n\nd" },
            "e": { "anyOf": [{ "$ref": "#" }, { "type": "null" }] },
            "f": { "type": ["string", "null", "array"] },
        });
        without_null(&mut value);
        let want = json!({
            "a": { "type": "string", "description": "b c\n\nd" },
            "e": { "$ref": "#" },
            "f": { "type": ["string", "array"] },
        });
        assert_eq!(value, want);
    }

    #[test]
    fn names_of_tables_are_in_the_schema() {
        let schema: Value = serde_json::from_str(&text().unwrap()).unwrap();
        let triples = schema.pointer("/properties/target/propertyNames/enum").unwrap();
        assert_eq!(triples.as_array().unwrap().len(), Spec::known().count());
        assert!(add(&mut json!({}), "/properties/x", json!({})).is_err());
    }
}
