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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_those_that_go_reads() {
        assert_eq!(split("  -a 'b c' \"d 'e'\"  f'g "), ["-a", "b c", "d 'e'", "f'g"]);
        assert_eq!(split(""), Vec::<String>::new());
        assert_eq!(split("'open end"), ["open end"]);
    }
}
