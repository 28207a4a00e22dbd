//! Whether rustc is to link the C library into a program: `-C target-feature=+crt-static`.

use gocross_targets::Target;

/// What the flags of a row and of the user come to; the last word counts, and without a word
/// the C library is shared.
pub(crate) fn of(target: &Target, user: &[String]) -> bool {
    let words = target.rustflags.iter().copied().chain(user.iter().map(String::as_str));
    let mut is_static = false;
    let mut before = "";
    for word in words {
        // `-Ctarget-feature=…` and `-C target-feature=…`; `--codegen` is the long name.
        let option = word.strip_prefix("-C").or_else(|| word.strip_prefix("--codegen="));
        let option = option.or_else(|| matches!(before, "-C" | "--codegen").then_some(word));
        let features = option.and_then(|option| option.strip_prefix("target-feature="));
        for feature in features.into_iter().flat_map(|features| features.split(',')) {
            match feature {
                "+crt-static" => is_static = true,
                "-crt-static" => is_static = false,
                _ => {}
            }
        }
        before = word;
    }
    is_static
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(triple: &str, flags: &str) -> bool {
        let flags: Vec<String> = flags.split_whitespace().map(str::to_owned).collect();
        of(gocross_targets::find(triple).unwrap(), &flags)
    }

    #[test]
    fn the_row_decides_where_the_user_says_nothing() {
        assert!(with("aarch64-unknown-linux-musl", "-Copt-level=3"));
        assert!(!with("aarch64-unknown-linux-gnu", ""));
    }

    #[test]
    fn the_users_last_word_counts_in_every_spelling() {
        for spelling in ["-Ctarget-feature=", "-C target-feature=", "--codegen target-feature="] {
            assert!(with("aarch64-unknown-linux-gnu", &format!("{spelling}+neon,+crt-static")));
            assert!(!with("aarch64-unknown-linux-musl", &format!("{spelling}-crt-static")));
        }
        let both = "-Ctarget-feature=-crt-static --codegen=target-feature=+crt-static";
        assert!(with("aarch64-unknown-linux-gnu", both));
        assert!(!with("aarch64-unknown-linux-gnu", "--cfg target-feature=+crt-static"));
    }
}
