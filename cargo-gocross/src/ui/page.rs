//! Pages in Markdown, with their headings and code marked on a terminal.

use std::io::Write;

use anstyle::{AnsiColor, Style};

/// Prints a page. Elsewhere than on a terminal it is Markdown as it was written.
pub(crate) fn page(markdown: &str) {
    let mut text = String::new();
    let mut in_block = false;
    for line in markdown.lines() {
        let is_fence = line.starts_with("```");
        in_block ^= is_fence;
        text.push_str(&match line.starts_with('#') {
            true if !in_block => marked(Style::new().bold(), line),
            _ if in_block || is_fence => line.to_owned(),
            _ => with_code(line),
        });
        text.push('\n');
    }
    // anstream leaves the colours out where nobody sees them (NO_COLOR, a pipe).
    anstream::stdout().write_all(text.as_bytes()).ok();
}

/// A line with what stands between backticks marked.
fn with_code(line: &str) -> String {
    let style = Style::new().fg_color(Some(AnsiColor::Cyan.into()));
    let mut parts = line.split('`');
    let mut text = parts.next().unwrap_or_default().to_owned();
    while let Some(code) = parts.next() {
        match parts.next() {
            Some(after) => text.push_str(&(marked(style, &format!("`{code}`")) + after)),
            None => text.push_str(&format!("`{code}")),
        }
    }
    text
}

fn marked(style: Style, text: &str) -> String {
    format!("{style}{text}{style:#}")
}

#[cfg(test)]
mod tests {
    use super::with_code;

    #[test]
    fn colours_change_no_letter() {
        for line in ["a `b` c", "`a` `b`", "one ` alone", "``undefined `main'``", ""] {
            assert_eq!(anstream::adapter::strip_str(&with_code(line)).to_string(), line);
        }
        assert_eq!(with_code("a `b`"), "a \u{1b}[36m`b`\u{1b}[0m");
    }
}
