//! Go's lists of words in one string, as in `GOFLAGS` and the `CGO_` variables
//! (`cmd/internal/quoted`): spaces separate, and a word may stand in quotes of either kind.
//! There are no escapes.

/// Splits a list. A quote that does not end takes the rest, which Go itself refuses.
pub(crate) fn split(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        let (word, after) = if matches!(first, '\'' | '"') {
            let inner = &rest[1..];
            inner.split_once(first).unwrap_or((inner, ""))
        } else {
            rest.split_once(char::is_whitespace).unwrap_or((rest, ""))
        };
        words.push(word.to_owned());
        rest = after.trim_start();
    }
    words
}

/// Joins words; none where one of them holds both kinds of quotes and a space, which Go cannot
/// be told.
pub(crate) fn join<'a>(words: impl IntoIterator<Item = &'a str>) -> Option<String> {
    let quoted = |word: &str| {
        let needs = word.is_empty() || word.contains(char::is_whitespace);
        let begins = word.starts_with(['\'', '"']);
        match (needs || begins, word.contains('\''), word.contains('"')) {
            (false, ..) => Some(word.to_owned()),
            (true, false, _) => Some(format!("'{word}'")),
            (true, true, false) => Some(format!("\"{word}\"")),
            (true, true, true) => None,
        }
    };
    words.into_iter().map(quoted).collect::<Option<Vec<_>>>().map(|words| words.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_those_that_go_reads() {
        assert_eq!(split("  -a 'b c' \"d 'e'\"  f'g "), ["-a", "b c", "d 'e'", "f'g"]);
        assert_eq!(split(""), Vec::<String>::new());
        assert_eq!(split("'open end"), ["open end"]);
    }

    #[test]
    fn what_is_joined_is_split_again() {
        let words = ["-X", "main.v=a b", "it's here", "", "\"x\"", "a'b"];
        let joined = join(words).unwrap();
        assert_eq!(split(&joined), words, "{joined}");
        assert_eq!(join(["both ' and \" here"]), None);
    }
}
