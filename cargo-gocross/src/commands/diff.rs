//! `diff`: are two builds the same, and if not, where do they differ?

use gocross_diagnostic::{ExitStatus, Result};
use gocross_elf::{File, members};
use gocross_toolchain::Env;

use crate::cli::{DiffArgs, Format};
use crate::difference::{self, Difference, PieceChange};
use crate::{ui, verification};

/// Compares two files; the exit status tells whether they are the same.
///
/// # Errors
///
/// A file that cannot be looked at.
pub(crate) fn run(env: &Env, args: &DiffArgs) -> Result<u8> {
    let (left, right) =
        (verification::bytes(env, &args.left)?, verification::bytes(env, &args.right)?);
    let left_file = verification::describe(&args.left, &left)?;
    let right_file = verification::describe(&args.right, &right)?;
    for (path, file, bytes) in [(&args.left, &left_file, &left), (&args.right, &right_file, &right)]
    {
        if matches!(file, File::Archive(_)) {
            members(bytes).map_err(|error| verification::bad(path, &error.to_string()))?;
        }
    }
    let found = difference::compare((&left_file, &left), (&right_file, &right))
        .map_err(|error| verification::bad(&args.left, &error.to_string()))?;
    match args.format {
        Format::Json => ui::json(&found),
        Format::Human => ui::print(&human(&found, args.top, 0).join("\n")),
    }
    Ok(if found.equal { ExitStatus::Done } else { ExitStatus::Verification } as u8)
}

fn human(found: &Difference, top: usize, depth: usize) -> Vec<String> {
    let mut lines = found.summary.clone();
    for fact in &found.facts {
        let value = |value: &Option<String>| value.clone().unwrap_or_else(|| "none".to_owned());
        lines.push(format!("{}:", fact.what));
        lines.push(format!("  - {}", value(&fact.left)));
        lines.push(format!("  + {}", value(&fact.right)));
    }
    let kinds = [
        ("functions", &found.functions),
        ("data", &found.data),
        ("without a name", &found.sections),
    ];
    for (title, changes) in kinds {
        if !changes.is_empty() {
            lines.push(format!("{title}:"));
        }
        lines.extend(changes.iter().take(top).flat_map(piece));
        lines.extend(more(changes.len(), top));
    }
    for (title, sections) in [("debug information", &found.debug), ("tables", &found.tables)] {
        // The summary has said it where there is nothing else.
        if !sections.is_empty()
            && (depth > 0 || !found.functions.is_empty() || !found.data.is_empty())
        {
            lines.push(format!("{title}, which follow from the rest: {}", sections.join(", ")));
        }
    }
    for member in found.members.iter().take(top) {
        lines.push(format!("{}: {}", member.name, sizes(member.left, member.right)));
        if let Some(difference) = &member.difference {
            let below = human(difference, top, depth + 1);
            lines.extend(below.iter().map(|line| format!("  {line}")));
        }
    }
    lines.extend(more(found.members.len(), top));
    lines
}

fn more(count: usize, top: usize) -> Option<String> {
    (count > top).then(|| format!("  {} more; `--top {count}` lists them", count - top))
}

fn piece(change: &PieceChange) -> Vec<String> {
    let mut lines = vec![format!(
        "  {} in {}: {}",
        change.name,
        change.section,
        sizes(change.left, change.right)
    )];
    if let Some(first) = &change.first {
        lines[0] += &format!(", from +{:#x} on", first.offset);
        lines.extend(first.left.iter().map(|line| format!("    - {line}")));
        lines.extend(first.right.iter().map(|line| format!("    + {line}")));
    }
    lines
}

fn sizes(left: Option<u64>, right: Option<u64>) -> String {
    match (left, right) {
        (Some(left), Some(right)) if left == right => format!("{left} bytes"),
        (Some(left), Some(right)) => format!("{left} bytes, then {right}"),
        (Some(left), None) => format!("removed, {left} bytes"),
        (None, Some(right)) => format!("added, {right} bytes"),
        (None, None) => String::new(),
    }
}
