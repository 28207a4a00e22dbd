//! Every diagnostic code has its section in the documentation, and every section its code.

use gocross_diagnostic::Code;

use super::Problem;
use crate::tree::Source;

/// The page that explains each code.
const PAGE: &str = "docs/errors.md";
/// Where the codes are named.
const TABLE: &str = "crates/gocross-diagnostic/src/code.rs";

const WHY_SECTION: &str = "whoever meets a code looks it up there";
const WHY_CODE: &str = "no such code can be met";

/// Compares the codes with the page.
pub(super) fn check(sources: &[Source]) -> Vec<Problem> {
    let codes: Vec<&str> = Code::ALL.iter().map(|code| code.as_str()).collect();
    compare(&codes, sources)
}

fn compare(codes: &[&str], sources: &[Source]) -> Vec<Problem> {
    let page = sources.iter().find(|source| source.path == PAGE);
    let sections: Vec<(usize, &str)> = page
        .iter()
        .flat_map(|page| page.lines())
        .filter_map(|(line, text)| Some((line, text.strip_prefix("## ")?.trim().trim_matches('`'))))
        .collect();
    let missing = codes.iter().filter(|code| !sections.iter().any(|(_, section)| section == *code));
    let unknown = sections.iter().filter(|(_, section)| !codes.contains(section));
    let missing = missing.map(|code| Problem {
        path: TABLE.to_owned(),
        line: line_of(sources, code),
        what: format!("`{code}` has no section `## {code}` in {PAGE}"),
        why: WHY_SECTION,
    });
    let unknown = unknown.map(|(line, section)| Problem {
        path: PAGE.to_owned(),
        line: *line,
        what: format!("`{section}` is no code of {TABLE}"),
        why: WHY_CODE,
    });
    missing.chain(unknown).collect()
}

/// The line that names a code.
fn line_of(sources: &[Source], code: &str) -> usize {
    let name = format!("\"{code}\"");
    let table = sources.iter().find(|source| source.path == TABLE);
    table
        .and_then(|table| table.lines().find(|(_, text)| text.contains(&name)))
        .map_or(1, |(line, _)| line)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_without_a_section_is_a_problem() {
        let sources = [
            Source::new(PAGE, "# Errors\n\n## cc-missing\n"),
            Source::new(TABLE, "CcMissing = \"cc-missing\";\nGoMissing = \"go-missing\";\n"),
        ];
        let problems = compare(&["cc-missing", "go-missing"], &sources);
        assert_eq!(problems.len(), 1);
        assert_eq!((problems[0].path.as_str(), problems[0].line), (TABLE, 2));
        assert_eq!(
            problems[0].what,
            "`go-missing` has no section `## go-missing` in docs/errors.md"
        );
    }

    #[test]
    fn a_section_without_a_code_is_a_problem() {
        let problems =
            compare(&["cc-missing"], &[Source::new(PAGE, "## cc-missing\n\n## `gone`\n")]);
        assert_eq!(problems.len(), 1);
        assert_eq!((problems[0].path.as_str(), problems[0].line), (PAGE, 3));
    }

    #[test]
    fn no_page_means_no_sections() {
        assert_eq!(compare(&["cc-missing"], &[]).len(), 1);
    }
}
