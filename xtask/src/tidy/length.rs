//! Files and functions short enough to be read in one go.

use super::Problem;
use crate::tree::Source;

/// The most lines of a Rust file.
const FILE: usize = 600;
/// The most lines of a function, its signature and closing brace included.
const FUNCTION: usize = 80;

const WHY_FILE: &str = "one idea a file; split it";
const WHY_FUNCTION: &str = "one idea a function; split it";

/// Finds files and functions that are too long.
pub(super) fn check(sources: &[Source]) -> Vec<Problem> {
    let rust = sources.iter().filter(|source| source.has_extension("rs"));
    rust.flat_map(|source| file(source).into_iter().chain(functions(source))).collect()
}

fn file(source: &Source) -> Option<Problem> {
    let lines = source.text.lines().count();
    (lines > FILE).then(|| Problem {
        path: source.path.clone(),
        line: FILE + 1,
        what: format!("the file has {lines} lines, at most {FILE} are allowed"),
        why: WHY_FILE,
    })
}

fn functions(source: &Source) -> Vec<Problem> {
    let lines: Vec<&str> = source.text.lines().collect();
    let mut problems = Vec::new();
    for (start, line) in lines.iter().enumerate() {
        let Some(name) = function_name(line) else { continue };
        let length = length(&lines[start..]);
        if length > FUNCTION {
            problems.push(Problem {
                path: source.path.clone(),
                line: start + 1,
                what: format!("`{name}` has {length} lines, at most {FUNCTION} are allowed"),
                why: WHY_FUNCTION,
            });
        }
    }
    problems
}

/// The name of the function that a line begins to define.
fn function_name(line: &str) -> Option<&str> {
    let (before, after) = line.split_once("fn ")?;
    let qualifier = |word: &str| {
        ["const", "async", "unsafe", "extern", "safe"].contains(&word)
            || word.starts_with("pub")
            || word.starts_with('"')
            // The inside of `pub(in some::path)`.
            || word.ends_with(')')
    };
    if !before.split_whitespace().all(qualifier) {
        return None;
    }
    let end = after.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(after.len());
    (end > 0).then(|| &after[..end])
}

/// The lines of the function that begins on the first of these lines.
///
/// rustfmt puts the closing brace alone on a line, indented like the first line.
fn length(lines: &[&str]) -> usize {
    let indent = |line: &str| line.len() - line.trim_start().len();
    let first = lines[0];
    if first.trim_end().ends_with(['}', ';']) {
        return 1;
    }
    let ends = |line: &&str| {
        let text = line.trim();
        // `) -> T;` ends a declaration in a trait.
        indent(line) == indent(first)
            && (text == "}" || (text.starts_with(')') && text.ends_with(';')))
    };
    lines.iter().skip(1).position(ends).map_or(lines.len(), |at| at + 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn function(lines: usize) -> String {
        format!(
            "//! x\npub(crate) fn long(\n    a: u8,\n) {{\n{}}}\n",
            "    work();\n".repeat(lines)
        )
    }

    #[test]
    fn a_long_function_is_named_with_its_length() {
        let problems = check(&[Source::new("a.rs", &function(FUNCTION))]);
        assert_eq!(problems.len(), 1);
        assert_eq!(problems[0].line, 2);
        assert_eq!(problems[0].what, "`long` has 84 lines, at most 80 are allowed");
    }

    #[test]
    fn a_function_of_the_allowed_length_passes() {
        assert!(check(&[Source::new("a.rs", &function(FUNCTION - 4))]).is_empty());
    }

    #[test]
    fn a_long_file_is_a_problem() {
        let problems = check(&[Source::new("a.rs", &"//! x\n".repeat(FILE + 1))]);
        assert_eq!(problems[0].what, "the file has 601 lines, at most 600 are allowed");
    }

    #[test]
    fn a_function_ends_at_its_own_brace() {
        let text = "impl X {\n    fn a() {\n        if b {\n        }\n    }\n\n    fn c();\n}\n";
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(length(&lines[1..]), 4);
        assert_eq!(length(&lines[6..]), 1);
        assert_eq!(length(&["fn a(", "    b: u8,", ") -> u8;", "}"]), 3);
    }

    #[test]
    fn only_definitions_are_functions() {
        assert_eq!(function_name("    pub(crate) const fn as_str(self) -> &str {"), Some("as_str"));
        assert_eq!(function_name("pub unsafe extern \"C\" fn go() {"), Some("go"));
        assert_eq!(function_name("    run: fn(&mut Tally) -> Result,"), None);
        assert_eq!(function_name("// a fn in words"), None);
    }
}
