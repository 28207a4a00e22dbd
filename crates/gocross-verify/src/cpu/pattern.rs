//! Patterns of names: `*` stands for any text.

/// Whether `name` is what `pattern` stands for.
#[must_use]
pub fn matches(pattern: &str, name: &str) -> bool {
    let Some((start, rest)) = pattern.split_once('*') else { return pattern == name };
    let Some(mut tail) = name.strip_prefix(start) else { return false };
    let mut parts = rest.split('*').peekable();
    while let Some(part) = parts.next() {
        if parts.peek().is_none() {
            return tail.ends_with(part);
        }
        // The first place leaves the most for the parts that follow.
        let Some(at) = tail.find(part) else { return false };
        tail = &tail[at + part.len()..];
    }
    true
}

#[cfg(test)]
mod tests {
    use super::matches;

    #[test]
    fn a_star_is_any_text() {
        for (pattern, name) in [
            ("sm4_sm4e_*", "sm4_sm4e_encrypt"),
            ("sm4_sm4e_*", "sm4_sm4e_"),
            ("*", ""),
            ("a*b*c", "a-b-b-c"),
            ("*.abi0", "x/y.f.abi0"),
            ("exact", "exact"),
            ("a*a", "aa"),
        ] {
            assert!(matches(pattern, name), "{pattern} {name}");
        }
        for (pattern, name) in [
            ("sm4_sm4e_*", "xsm4_sm4e_encrypt"),
            ("exact", "exact2"),
            ("a*a", "a"),
            ("a*b*c", "a-c-b"),
            ("", "a"),
        ] {
            assert!(!matches(pattern, name), "{pattern} {name}");
        }
    }
}
