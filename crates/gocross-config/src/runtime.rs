//! `[package.metadata.gocross.runtime]`: what the Go runtime is started with.
//!
//! The keys are the variables of the package `runtime` in lower case, because those are the names
//! that Go's documentation uses, and the values are Go's own.

use std::collections::BTreeMap;

use serde::de::{Deserializer, Error};
use serde::{Deserialize, Serialize};

use crate::value::Value;

/// The variables that [`Runtime::set`] knows.
const NAMES: &str = "`GOMEMLIMIT`, `GOGC`, `GOMAXPROCS` and `GODEBUG`";

const SIZE: &str = "a size such as `\"256MiB\"`, or `\"off\"`";
const PERCENT: &str = "a percentage such as `50`, or `\"off\"`";
const PROCS: &str = "a number of threads, 1 or more";

/// Variables that the Go runtime reads when it starts, for processes whose environment does not
/// have them (<https://pkg.go.dev/runtime#hdr-Environment_Variables>). Every value is as Go reads
/// it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case", expecting = "a table")]
pub struct Runtime {
    /// `GOMEMLIMIT`: the memory that Go tries to stay below. A number of bytes, or one with the
    /// unit `B`, `KiB`, `MiB`, `GiB` or `TiB`; `off` for no limit, not even that of the cgroup.
    #[serde(deserialize_with = "memory_limit")]
    #[cfg_attr(feature = "schema", schemars(schema_with = "schema::memory_limit"))]
    pub gomemlimit: Option<String>,
    /// `GOGC`: how much the heap grows until garbage is collected, in percent of what is live;
    /// `off` for no collection until the memory limit is reached.
    #[serde(deserialize_with = "gc_percent")]
    #[cfg_attr(feature = "schema", schemars(schema_with = "schema::gc_percent"))]
    pub gogc: Option<String>,
    /// `GOMAXPROCS`: how many threads run Go code at once.
    #[serde(deserialize_with = "max_procs")]
    #[cfg_attr(feature = "schema", schemars(schema_with = "schema::max_procs"))]
    pub gomaxprocs: Option<String>,
    /// `GODEBUG`: settings by name, such as `madvdontneed = 1`. Each one counts where the
    /// environment's `GODEBUG` does not name it.
    #[serde(deserialize_with = "debug_settings")]
    #[cfg_attr(feature = "schema", schemars(schema_with = "schema::debug_settings"))]
    pub godebug: BTreeMap<String, String>,
}

impl Runtime {
    /// Sets a variable by its name in the environment: `GOMEMLIMIT`, `GOGC`, `GOMAXPROCS`, or
    /// `GODEBUG`, whose settings go over those of the same name.
    ///
    /// # Errors
    ///
    /// What is wrong with the name or the value, as a phrase.
    pub fn set(&mut self, name: &str, value: &str) -> Result<(), String> {
        match name {
            "GOMEMLIMIT" => self.gomemlimit = Some(check_memory_limit(value)?.to_owned()),
            "GOGC" => self.gogc = Some(check_gc_percent(value)?.to_owned()),
            "GOMAXPROCS" => self.gomaxprocs = Some(check_max_procs(value)?.to_owned()),
            "GODEBUG" => {
                for setting in value.split(',') {
                    let (key, value) = setting
                        .split_once('=')
                        .ok_or_else(|| format!("`{setting}` is not of the form `name=value`"))?;
                    check_debug_setting(key, value)?;
                    self.godebug.insert(key.to_owned(), value.to_owned());
                }
            }
            _ => return Err(format!("the variables of the Go runtime are {NAMES}")),
        }
        Ok(())
    }

    /// The variables that are set, with their values.
    #[must_use]
    pub fn variables(&self) -> Vec<(String, String)> {
        let settings: Vec<_> =
            self.godebug.iter().map(|(key, value)| format!("{key}={value}")).collect();
        let godebug = (!settings.is_empty()).then(|| settings.join(","));
        [
            ("GOMEMLIMIT", self.gomemlimit.clone()),
            ("GOGC", self.gogc.clone()),
            ("GOMAXPROCS", self.gomaxprocs.clone()),
            ("GODEBUG", godebug),
        ]
        .into_iter()
        .filter_map(|(name, value)| Some((name.to_owned(), value?)))
        .collect()
    }

    /// These settings over those of `below`: `godebug` is joined by name.
    #[must_use]
    pub fn over(self, below: &Self) -> Self {
        let mut godebug = below.godebug.clone();
        godebug.extend(self.godebug);
        Self {
            gomemlimit: self.gomemlimit.or_else(|| below.gomemlimit.clone()),
            gogc: self.gogc.or_else(|| below.gogc.clone()),
            gomaxprocs: self.gomaxprocs.or_else(|| below.gomaxprocs.clone()),
            godebug,
        }
    }
}

/// As `parseByteCount` in Go's `runtime/string.go`: Go ends a program with another value.
fn check_memory_limit(text: &str) -> Result<&str, String> {
    const UNITS: &[(&str, u32)] = &[("KiB", 10), ("MiB", 20), ("GiB", 30), ("TiB", 40), ("B", 0)];
    if text == "off" {
        return Ok(text);
    }
    let (digits, shift) = UNITS
        .iter()
        .find_map(|&(unit, shift)| Some((text.strip_suffix(unit)?, shift)))
        .unwrap_or((text, 0));
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(format!(
            "`{text}` is not {SIZE}; Go's units are `B`, `KiB`, `MiB`, `GiB` and `TiB`"
        ));
    }
    let bytes = digits.parse::<i64>().ok().and_then(|count| count.checked_mul(1 << shift));
    if bytes.is_some() { Ok(text) } else { Err(format!("`{text}` is more than Go can count")) }
}

/// As `readGOGC` in Go's `runtime/mgcpacer.go`, which takes what it does not understand for 100,
/// and any negative number for `off`.
fn check_gc_percent(text: &str) -> Result<&str, String> {
    let is_percent = || text.parse::<i32>().is_ok_and(|percent| percent >= 0);
    if text == "off" || (is_percent() && is_digits(text)) {
        Ok(text)
    } else {
        Err(format!("`{text}` is not {PERCENT}"))
    }
}

/// As `schedinit` in Go's `runtime/proc.go`, which passes over what it does not understand.
fn check_max_procs(text: &str) -> Result<&str, String> {
    let is_count = text.parse::<i32>().is_ok_and(|count| count > 0);
    if is_count && is_digits(text) { Ok(text) } else { Err(format!("`{text}` is not {PROCS}")) }
}

/// `i32::from_str` takes a sign too.
fn is_digits(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit())
}

/// As Go itself writes them (`internal/godebugs/table.go`): which names there are depends on the
/// release, and Go passes over those that it does not know.
fn check_debug_setting(key: &str, value: &str) -> Result<(), String> {
    let is_name = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.');
    // A `#` begins the pattern of a bisection (`internal/godebug`).
    let is_value = |byte: u8| is_name(byte) || matches!(byte, b'-' | b'+' | b'#' | b'/' | b':');
    if key.is_empty() || !key.bytes().all(is_name) {
        return Err(format!("`{key}` cannot be the name of a `GODEBUG` setting"));
    }
    if value.is_empty() || !value.bytes().all(is_value) {
        return Err(format!("`{value}` cannot be the value of the `GODEBUG` setting `{key}`"));
    }
    Ok(())
}

fn memory_limit<'de, D: Deserializer<'de>>(source: D) -> Result<Option<String>, D::Error> {
    match Value::deserialize(source)? {
        Value::Text(text) => checked(&text, check_memory_limit),
        other => Err(D::Error::invalid_type(other.unexpected(), &SIZE)),
    }
}

fn gc_percent<'de, D: Deserializer<'de>>(source: D) -> Result<Option<String>, D::Error> {
    match Value::deserialize(source)? {
        Value::Integer(percent) => checked(&percent.to_string(), check_gc_percent),
        Value::Text(text) if text == "off" => Ok(Some(text)),
        other => Err(D::Error::invalid_type(other.unexpected(), &PERCENT)),
    }
}

fn max_procs<'de, D: Deserializer<'de>>(source: D) -> Result<Option<String>, D::Error> {
    match Value::deserialize(source)? {
        Value::Integer(count) => checked(&count.to_string(), check_max_procs),
        other => Err(D::Error::invalid_type(other.unexpected(), &PROCS)),
    }
}

fn checked<E: Error>(
    text: &str,
    check: fn(&str) -> Result<&str, String>,
) -> Result<Option<String>, E> {
    check(text).map(|text| Some(text.to_owned())).map_err(E::custom)
}

fn debug_settings<'de, D: Deserializer<'de>>(
    source: D,
) -> Result<BTreeMap<String, String>, D::Error> {
    let table = match Value::deserialize(source)? {
        Value::Table(table) => table,
        other => return Err(D::Error::invalid_type(other.unexpected(), &"a table")),
    };
    let text = |key: String, value: Value| {
        let value = match value {
            Value::Text(text) => text,
            Value::Integer(number) => number.to_string(),
            // TOML takes the dot of `cpu.aes` for a table.
            Value::Table(inner) => {
                let name = inner.keys().next().map_or("", String::as_str);
                let what = format!("write a name with a dot in quotes: `\"{key}.{name}\"`");
                return Err(D::Error::custom(what));
            }
            other => {
                let expected = format!("an integer or a string for `{key}`");
                return Err(D::Error::invalid_type(other.unexpected(), &expected.as_str()));
            }
        };
        check_debug_setting(&key, &value).map_err(D::Error::custom)?;
        Ok((key, value))
    };
    table.into_iter().map(|(key, value)| text(key, value)).collect()
}

/// What the functions above accept.
#[cfg(feature = "schema")]
mod schema {
    use schemars::{Schema, SchemaGenerator, json_schema};

    pub(super) fn memory_limit(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "pattern": "^([0-9]+(([KMGT]i)?B)?|off)$" })
    }

    pub(super) fn gc_percent(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "anyOf": [{ "type": "integer", "minimum": 0, "maximum": i32::MAX }, { "const": "off" }]
        })
    }

    pub(super) fn max_procs(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "integer", "minimum": 1, "maximum": i32::MAX })
    }

    pub(super) fn debug_settings(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "object",
            "propertyNames": { "pattern": "^[A-Za-z0-9_.]+$" },
            "additionalProperties": {
                "anyOf": [
                    { "type": "integer" },
                    { "type": "string", "pattern": "^[A-Za-z0-9_.+#/:-]+$" },
                ],
            },
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_those_that_go_reads() {
        let mut runtime = Runtime::default();
        for (name, values) in [
            ("GOMEMLIMIT", &["off", "0", "1024", "5B", "256MiB", "8388607TiB"][..]),
            ("GOGC", &["off", "0", "50", "2147483647"]),
            ("GOMAXPROCS", &["1", "64"]),
            ("GODEBUG", &["madvdontneed=1", "cpu.aes=off,gctrace=1", "http2client=0#1101"]),
        ] {
            for value in values {
                runtime.set(name, value).unwrap();
            }
        }
        let variables = runtime.variables();
        let values: Vec<_> = variables.iter().map(|(_, value)| value.as_str()).collect();
        let godebug = "cpu.aes=off,gctrace=1,http2client=0#1101,madvdontneed=1";
        assert_eq!(values, ["8388607TiB", "2147483647", "64", godebug]);
    }

    #[test]
    fn what_go_would_pass_over_or_die_of_is_refused() {
        let mut runtime = Runtime::default();
        for (name, values) in [
            ("GOMEMLIMIT", &["", "B", "MiB", "256MB", "256 MiB", "-1", "+1", "1e9", "1.5GiB"][..]),
            ("GOMEMLIMIT", &["9223372036854775808", "8388608TiB", "Off"]),
            ("GOGC", &["", "-1", "+5", "50%", "2147483648", "on"]),
            ("GOMAXPROCS", &["", "0", "-2", "+2", "2.5", "off", "2147483648"]),
            ("GODEBUG", &["", "a", "=1", "a=", "a=1,,b=2", "a=1 b=2", "a=\"", "a=\\", "a=b=c"]),
            ("GOROOT", &["/"]),
        ] {
            for value in values {
                runtime.set(name, value).expect_err(&format!("{name}={value}"));
            }
        }
        let error = runtime.set("GOMEMLIMIT", "1GB").unwrap_err();
        let want = "`1GB` is not a size such as `\"256MiB\"`, or `\"off\"`; Go's units are `B`, \
                    `KiB`, `MiB`, `GiB` and `TiB`";
        assert_eq!(error, want);
    }

    #[test]
    fn godebug_is_joined_by_name() {
        let read = |pairs: &[(&str, &str)]| {
            let mut runtime = Runtime::default();
            for (name, value) in pairs {
                runtime.set(name, value).unwrap();
            }
            runtime
        };
        let own = read(&[("GODEBUG", "a=1,b=2"), ("GOGC", "50")]);
        let below = read(&[("GODEBUG", "b=3,c=4"), ("GOGC", "60"), ("GOMAXPROCS", "2")]);
        let want = read(&[("GODEBUG", "a=1,b=2,c=4"), ("GOGC", "50"), ("GOMAXPROCS", "2")]);
        assert_eq!(own.over(&below), want);
    }
}
