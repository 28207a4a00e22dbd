//! Words that no file may hold.

use super::Problem;
use crate::tree::Source;

/// Every list here is written in halves, so that this file does not hold the words itself.
struct Rule {
    words: &'static [&'static str],
    /// Whether a word counts only between characters that are no letters or digits.
    whole: bool,
    why: &'static str,
    applies: fn(&Source) -> bool,
}

const RULES: &[Rule] = &[
    Rule {
        words: &[concat!("TO", "DO"), concat!("FIX", "ME"), concat!("X", "XX")],
        whole: true,
        why: "what is not done is an issue, not a comment",
        applies: is_code,
    },
    Rule {
        words: &[concat!("to", "do!"), concat!("unimple", "mented!")],
        whole: true,
        why: "code that is not there must not compile",
        applies: is_code,
    },
    Rule {
        words: &[concat!("#[ig", "nore")],
        whole: false,
        why: "a test that does not run proves nothing",
        applies: is_code,
    },
    Rule {
        words: &[
            concat!("crates", ".io"),
            concat!("proxy", ".golang.org"),
            concat!("sum", ".golang.org"),
            concat!("pypi", ".org"),
            concat!("pythonhosted", ".org"),
            concat!("npmjs", ".org"),
            concat!("npmjs", ".com"),
            concat!("maven", ".org"),
            concat!("maven.apache", ".org"),
            concat!("deb.debian", ".org"),
            concat!("security.debian", ".org"),
            concat!("archive.ubuntu", ".com"),
        ],
        whole: false,
        why: "which host serves packages is each machine's own configuration",
        applies: |_| true,
    },
];

/// How cargo itself names its default registry in a lock file.
const LOCK_SOURCE: &str = concat!("registry+https://github.com/rust-lang/crates", ".io-index");

/// Finds forbidden words.
pub(super) fn check(sources: &[Source]) -> Vec<Problem> {
    let mut problems = Vec::new();
    for source in sources {
        for rule in RULES.iter().filter(|rule| (rule.applies)(source)) {
            let lines = source.lines().filter(|(_, line)| !is_lock_source(source, line));
            for (line, text) in lines {
                let found = rule.words.iter().filter(|word| holds(text, word, rule.whole));
                problems.extend(found.map(|word| Problem {
                    path: source.path.clone(),
                    line,
                    what: format!("`{word}`"),
                    why: rule.why,
                }));
            }
        }
    }
    problems
}

/// Files whose text is run or compiled; prose may speak about such words.
fn is_code(source: &Source) -> bool {
    let extensions = ["rs", "go", "c", "h", "s", "S", "sh", "toml", "yml", "yaml"];
    extensions.iter().any(|extension| source.has_extension(extension))
        || !source.name().contains('.')
}

fn is_lock_source(source: &Source, line: &str) -> bool {
    source.name() == "Cargo.lock" && line.contains(LOCK_SOURCE)
}

fn holds(text: &str, word: &str, whole: bool) -> bool {
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    text.match_indices(word).any(|(at, _)| {
        let before = text[..at].chars().next_back().is_some_and(is_word);
        let after = text[at + word.len()..].chars().next().is_some_and(is_word);
        !whole || (!before && !after)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_word_is_found_with_its_line() {
        for rule in RULES {
            for word in rule.words {
                let problems = check(&[Source::new("src/a.rs", &format!("//! x\n// {word} y\n"))]);
                assert!(
                    problems.iter().any(|problem| problem.line == 2 && problem.what.contains(word)),
                    "{word}"
                );
            }
        }
    }

    #[test]
    fn part_of_a_longer_word_is_none() {
        let template = format!("mktemp /tmp/a.{}{0}\n", concat!("X", "XX"));
        assert!(check(&[Source::new("a.sh", &template)]).is_empty());
        let module = format!("golang.org/x/sys\n{}\n", concat!("mas", "to", "don"));
        assert!(check(&[Source::new("a.rs", &module)]).is_empty());
    }

    #[test]
    fn a_lock_file_may_name_its_source_and_no_other_host() {
        let own = format!("source = \"{LOCK_SOURCE}\"\n");
        assert!(check(&[Source::new("Cargo.lock", &own)]).is_empty());
        assert_eq!(check(&[Source::new("README.md", &own)]).len(), 1);
        let other = format!("source = \"https://{}/x\"\n", concat!("index.crates", ".io"));
        assert_eq!(check(&[Source::new("Cargo.lock", &other)]).len(), 1);
    }

    #[test]
    fn prose_may_speak_of_unfinished_work() {
        let text = format!("no `{}` in the sources\n", concat!("TO", "DO"));
        assert!(check(&[Source::new("CONTRIBUTING.md", &text)]).is_empty());
    }
}
