//! `explain`: what the name of a diagnostic or of a rule means.

use gocross_diagnostic::Result;
use serde_json::{Value, json};

use crate::cli::{ExplainArgs, Format};
use crate::explain::{self, Kind, Topic};
use crate::ui;

/// Prints the page of a name, or the list of all names.
///
/// # Errors
///
/// [`gocross_diagnostic::Code::Usage`] for an unknown name.
pub(crate) fn run(args: &ExplainArgs) -> Result<u8> {
    match (&args.name, args.format) {
        (Some(name), Format::Human) => return page(name),
        (Some(name), Format::Json) => {
            let topic = explain::find(name)?;
            let mut value = as_json(&topic);
            value["page"] = topic.page().into();
            ui::json(&value);
        }
        (None, Format::Human) => ui::print(&list()),
        (None, Format::Json) => {
            ui::json(&explain::topics().map(|topic| as_json(&topic)).collect::<Vec<_>>());
        }
    }
    Ok(0)
}

/// Prints the page of a name.
///
/// # Errors
///
/// [`gocross_diagnostic::Code::Usage`] for an unknown name.
pub(crate) fn page(name: &str) -> Result<u8> {
    ui::page(&explain::find(name)?.page());
    Ok(0)
}

/// All names, a line each, in two groups.
fn list() -> String {
    let (rules, diagnostics): (Vec<_>, Vec<_>) =
        explain::topics().partition(|topic| matches!(topic.kind, Kind::Rule(_)));
    let group = |title: &str, topics: &[Topic]| {
        let line = |topic: &Topic| [format!("  {}", topic.name()), topic.summary().to_owned()];
        format!("{title}\n\n{}", ui::table(topics.iter().map(line)))
    };
    let diagnostics = group("diagnostics of `cargo gocross` and of build scripts", &diagnostics);
    diagnostics + "\n\n" + &group("rules of `cargo gocross verify`, and what each demands", &rules)
}

fn as_json(topic: &Topic) -> Value {
    let mut value = json!({ "name": topic.name() });
    match topic.kind {
        Kind::Diagnostic(code) => {
            value["kind"] = "diagnostic".into();
            value["exit_status"] = (code.exit_status() as u8).into();
        }
        Kind::Rule(rule) => {
            value["kind"] = "rule".into();
            value["level"] = rule.level.as_str().into();
        }
    }
    value["summary"] = topic.summary().into();
    value
}
