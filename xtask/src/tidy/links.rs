//! Links between the project's own pages lead somewhere, and each page of the book is in its
//! table of contents.

use std::collections::{BTreeMap, BTreeSet};

use pulldown_cmark::{Event, Parser, Tag, TagEnd};

use super::Problem;
use crate::tree::Source;

/// The folder of the book.
const BOOK: &str = "docs/";
/// The book's table of contents.
const SUMMARY: &str = "docs/SUMMARY.md";
/// Parts of `docs/rules.md` and copies of `docs/errors.md`, whose links begin there; the pages
/// themselves are checked.
const COPIES: &[&str] = &["crates/gocross-verify/src/rules/", "cargo-gocross/src/explain/"];
/// How an address of the repository goes on where it names a file or a folder.
const IN_TREE: &[&str] = &["/blob/main/", "/tree/main/"];

const WHY_PATH: &str = "a reader who follows the link finds nothing";
const WHY_ANCHOR: &str = "a reader who follows the link does not find the section";
const WHY_OUTSIDE: &str = "the book holds the pages of `docs/` and nothing else";
const WHY_SUMMARY: &str = "mdBook leaves out what the table of contents does not name";

/// A link, and the line on which it stands.
struct Link {
    line: usize,
    target: String,
}

/// What a page links to, and what can be linked to in it.
#[derive(Default)]
struct Page {
    links: Vec<Link>,
    anchors: BTreeSet<String>,
}

/// Checks every Markdown file.
pub(super) fn check(sources: &[Source]) -> Vec<Problem> {
    let is_copy = |source: &Source| COPIES.iter().any(|folder| source.path.starts_with(folder));
    let is_page = |source: &&Source| source.has_extension("md") && !is_copy(source);
    let pages: BTreeMap<&str, Page> =
        sources.iter().filter(is_page).map(|source| (&*source.path, read(&source.text))).collect();
    let tree = Tree { sources, pages: &pages };
    let mut problems = Vec::new();
    for (path, page) in &pages {
        let wrong = page.links.iter().filter_map(|link| {
            let (what, why) = tree.fault(path, &link.target)?;
            Some(Problem { path: (*path).to_owned(), line: link.line, what, why })
        });
        problems.extend(wrong);
    }
    problems.extend(not_in_summary(&pages));
    problems
}

/// The pages of the book that its table of contents leaves out.
fn not_in_summary(pages: &BTreeMap<&str, Page>) -> Vec<Problem> {
    let links = pages.get(SUMMARY).into_iter().flat_map(|summary| &summary.links);
    let named: BTreeSet<String> =
        links.filter_map(|link| resolve(SUMMARY, link.target.split('#').next()?)).collect();
    let left_out = pages
        .keys()
        .filter(|path| path.starts_with(BOOK) && **path != SUMMARY && !named.contains(**path));
    let problem = |path: &&str| Problem {
        path: (*path).to_owned(),
        line: 1,
        what: format!("the page is not in {SUMMARY}"),
        why: WHY_SUMMARY,
    };
    left_out.map(problem).collect()
}

/// All files, and what stands in the pages among them.
struct Tree<'a> {
    sources: &'a [Source],
    pages: &'a BTreeMap<&'a str, Page>,
}

impl Tree<'_> {
    /// What is wrong with a link of a page.
    fn fault(&self, from: &str, target: &str) -> Option<(String, &'static str)> {
        let (path, anchor) = target.split_once('#').unwrap_or((target, ""));
        let to = if let Some(address) = path.strip_prefix(env!("CARGO_PKG_REPOSITORY")) {
            let in_tree = IN_TREE.iter().find_map(|middle| address.strip_prefix(middle))?;
            in_tree.to_owned()
        } else if path.contains(':') {
            return None;
        } else if path.is_empty() {
            from.to_owned()
        } else {
            let to = resolve(from, path);
            let to = to.filter(|to| !from.starts_with(BOOK) || to.starts_with(BOOK));
            let Some(to) = to else {
                let address = concat!(env!("CARGO_PKG_REPOSITORY"), "/blob/main/…");
                return Some((format!("`{target}` leaves the book; write {address}"), WHY_OUTSIDE));
            };
            to
        };
        if !self.has(&to) {
            return Some((format!("`{target}` leads to no file"), WHY_PATH));
        }
        let page = self.pages.get(&*to)?;
        let is_there = anchor.is_empty() || page.anchors.contains(anchor);
        (!is_there).then(|| (format!("`{target}`: {to} has no section `#{anchor}`"), WHY_ANCHOR))
    }

    /// Whether there is a file or a folder at this path.
    fn has(&self, path: &str) -> bool {
        let folder = format!("{}/", path.trim_end_matches('/'));
        self.sources.iter().any(|source| source.path == path || source.path.starts_with(&folder))
    }
}

/// The path that a relative link of a file means, where it stays in the repository.
fn resolve(from: &str, link: &str) -> Option<String> {
    let mut parts: Vec<&str> = from.split('/').collect();
    parts.pop();
    for part in link.split('/') {
        match part {
            "." | "" => {}
            ".." => {
                parts.pop()?;
            }
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

/// The links and the headings of a page.
fn read(text: &str) -> Page {
    let mut page = Page::default();
    let mut heading: Option<String> = None;
    for (event, range) in Parser::new(text).into_offset_iter() {
        match event {
            Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) => {
                let line = text[..range.start].matches('\n').count() + 1;
                page.links.push(Link { line, target: dest_url.into_string() });
            }
            Event::Start(Tag::Heading { .. }) => heading = Some(String::new()),
            Event::Text(text) | Event::Code(text) => {
                if let Some(heading) = &mut heading {
                    heading.push_str(&text);
                }
            }
            Event::End(TagEnd::Heading(_)) => {
                let name = anchor(&heading.take().unwrap_or_default());
                // The second section of a name gets a number, as on GitHub and in mdBook.
                let numbered = (1..).map(|number| format!("{name}-{number}"));
                let free = std::iter::once(name.clone())
                    .chain(numbered)
                    .find(|name| !page.anchors.contains(name));
                page.anchors.extend(free);
            }
            _ => {}
        }
    }
    page
}

/// The anchor of a heading, as GitHub and mdBook make it.
fn anchor(heading: &str) -> String {
    let kept = |c: char| match c {
        ' ' => Some('-'),
        c if c.is_alphanumeric() || c == '-' || c == '_' => Some(c),
        _ => None,
    };
    heading.to_lowercase().chars().filter_map(kept).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const REPOSITORY: &str = env!("CARGO_PKG_REPOSITORY");

    /// The problems of a page `docs/a.md` with this text, beside a README and another page.
    fn problems(text: &str) -> Vec<String> {
        let sources = [
            Source::new("README.md", "# Top\n"),
            Source::new("docs/a.md", text),
            Source::new(
                "docs/guides/b.md",
                "# B\n\n## `[package]`, and more\n\n## Twice\n\n## Twice\n",
            ),
            Source::new(SUMMARY, "[A](a.md)\n[B](guides/b.md)\n"),
        ];
        check(&sources).into_iter().map(|problem| problem.to_string()).collect()
    }

    #[test]
    fn links_that_lead_somewhere_are_right() {
        let text = format!(
            "# A b\n[x](#a-b) [x](guides/b.md) [x](guides/b.md#package-and-more) \
             [x](./guides/b.md#twice-1) [x](guides) [x](https://example.com/#x) \
             [x]({REPOSITORY}/blob/main/README.md#top) [x]({REPOSITORY}/issues/1)\n"
        );
        assert_eq!(problems(&text), [""; 0]);
    }

    #[test]
    fn a_file_that_is_not_there_is_a_problem() {
        let found = problems("# A\n\n[x](guides/c.md)\n");
        assert_eq!(found.len(), 1);
        assert!(found[0].starts_with("docs/a.md:3: `guides/c.md` leads to no file"), "{found:?}");
        let address = format!("[x]({REPOSITORY}/blob/main/no.md)\n");
        assert_eq!(problems(&address).len(), 1);
        assert_eq!(problems("![x](no.svg)\n").len(), 1);
    }

    #[test]
    fn a_section_that_is_not_there_is_a_problem() {
        for link in ["#b", "guides/b.md#a", "guides/b.md#twice-2"] {
            let found = problems(&format!("# A\n\n[x]({link})\n"));
            assert_eq!(found.len(), 1, "{link}");
            assert!(found[0].contains("has no section"), "{found:?}");
        }
    }

    #[test]
    fn a_link_in_code_is_text() {
        assert_eq!(problems("`[x](no.md)`\n\n```text\n[x](no.md)\n```\n"), [""; 0]);
    }

    #[test]
    fn a_page_of_the_book_links_to_no_file_beside_it() {
        let found = problems("[x](../README.md)\n");
        assert_eq!(found.len(), 1);
        assert!(found[0].contains("leaves the book"), "{found:?}");
        assert_eq!(problems("[x](../../x.md)\n").len(), 1);
    }

    #[test]
    fn a_page_that_the_table_of_contents_leaves_out_is_a_problem() {
        let sources = [
            Source::new("docs/a.md", "# A\n"),
            Source::new("docs/b.md", "# B\n"),
            Source::new(SUMMARY, "# Summary\n\n- [A](a.md)\n"),
        ];
        let problems = check(&sources);
        assert_eq!(problems.len(), 1);
        assert_eq!(problems[0].path, "docs/b.md");
        assert_eq!(problems[0].why, WHY_SUMMARY);
    }

    #[test]
    fn parts_of_a_page_are_checked_in_the_page() {
        let part = Source::new(&format!("{}x.md", COPIES[0]), "[x](errors.md#x)\n");
        assert!(check(&[part]).is_empty());
    }
}
