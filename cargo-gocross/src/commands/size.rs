//! `size`: how much of a file is Rust, Go, C and the rest.

use gocross_diagnostic::Result;
use gocross_toolchain::Env;
use serde_json::json;

use crate::cli::{Format, SizeArgs};
use crate::sizes::{self, Category, Names, Sizes};
use crate::{ui, verification};

/// Prints the sizes of a file's parts.
///
/// # Errors
///
/// A file that cannot be looked at.
pub(crate) fn run(env: &Env, args: &SizeArgs) -> Result<u8> {
    let bytes = verification::bytes(env, &args.file)?;
    let file = verification::describe(&args.file, &bytes)?;
    let sizes = sizes::measure(&file, &bytes)
        .map_err(|error| verification::bad(&args.file, &error.to_string()))?;
    match args.format {
        Format::Json => {
            let mut report = json!({ "file": args.file.display().to_string() });
            if let (Some(report), Ok(serde_json::Value::Object(sizes))) =
                (report.as_object_mut(), serde_json::to_value(&sizes))
            {
                report.extend(sizes);
            }
            ui::json(&report);
        }
        Format::Human => ui::print(&human(&sizes, args.top)),
    }
    Ok(0)
}

/// A line for each part, the largest first, and one for all that are left out.
fn human(sizes: &Sizes, top: usize) -> String {
    let mut rows: Vec<(u64, String)> = vec![(sizes.size, "the whole file".to_owned())];
    for category in &sizes.categories {
        rows.push((category.size, category.category.title().to_owned()));
        let alone =
            category.parts.len() == 1 && category.parts[0].name == category.category.title();
        let shown = category.parts.iter().take(if alone { 0 } else { top });
        rows.extend(shown.map(|part| (part.size, format!("  {}", part.name))));
        let left = category.parts.get(top..).unwrap_or_default();
        if !left.is_empty() && !alone {
            let size = left.iter().map(|part| part.size).sum();
            rows.push((size, format!("  {} more", left.len())));
        }
    }
    if !sizes.members.is_empty() {
        let members: u64 = sizes.members.iter().map(|member| member.size).sum();
        rows.push((members, format!("by member, {} of them", sizes.members.len())));
        let shown = sizes.members.iter().take(top);
        rows.extend(shown.map(|member| (member.size, format!("  {}", member.name))));
    }
    let width = rows.iter().map(|(size, _)| size.to_string().len()).max().unwrap_or(0);
    let lines = rows.iter().map(|(size, name)| {
        let share = *size as f64 * 100.0 / sizes.size.max(1) as f64;
        [format!("{size:>width$}"), format!("{share:>5.1} %"), name.clone()]
    });
    let note = match sizes.names {
        Names::Symbols => "",
        Names::GoFunctions => {
            "\n\nthere is no symbol table: Go's functions are told by Go's own table, all else by section"
        }
        Names::None if sizes.categories.iter().any(|found| found.category != Category::Other) => "",
        Names::None => "\n\nthere is no symbol table: only sections tell what there is",
    };
    let damage: String =
        sizes.damage.iter().map(|damage| format!("\n\nthe file is damaged: {damage}")).collect();
    ui::table(lines) + note + &damage
}
