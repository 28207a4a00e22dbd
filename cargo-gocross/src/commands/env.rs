//! `env`: what is handed to cargo, for a shell or a script that starts cargo itself.

use std::collections::BTreeMap;

use gocross_diagnostic::{Code, Diagnostic, Result};
use gocross_toolchain::Env;

use crate::cli::{EnvArgs, EnvFormat};
use crate::prepare::{Query, prepare};
use crate::ui;
use crate::{cargo_env, metadata};

/// Prints the variables, and the cargo that they are meant for.
///
/// # Errors
///
/// Those of the searches.
pub(crate) fn run(env: &Env, args: &EnvArgs) -> Result<u8> {
    let config = &metadata::checked(env, None)?.config;
    let (targets, sysroots) = (&args.target, &args.sysroot);
    let query = Query { targets, sysroots, config, runs: true, offline: false, configs: &[] };
    let prepared = prepare(env, &query)?;
    let changes = cargo_env::changes(env, &prepared);
    changes.in_variables()?;
    let cargo = prepared.toolchain.cargo.display().to_string();
    let text = match args.format {
        EnvFormat::Json => {
            let mut object: BTreeMap<&str, &str> =
                changes.set.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
            object.insert("cargo", &cargo);
            serde_json::to_string_pretty(&object).unwrap_or_default()
        }
        EnvFormat::Shell => {
            let mut lines: Vec<String> =
                changes.unset.iter().map(|name| format!("unset {name}")).collect();
            for (name, value) in &changes.set {
                lines.push(format!("export {name}={}", quoted(value)?));
            }
            lines.push(format!("# for {}", quoted(&cargo)?));
            lines.join("\n")
        }
    };
    ui::print(&text);
    prepared.notes.iter().for_each(ui::tell);
    Ok(0)
}

fn quoted(value: &str) -> Result<String> {
    shlex::try_quote(value).map(std::borrow::Cow::into_owned).map_err(|error| {
        let message = format!("`{value}` cannot be written for a shell: {error}");
        Box::new(Diagnostic::error(Code::Usage, message))
    })
}
