//! Whether rustc is to link the C library into a program: `-C target-feature=+crt-static`.

use gocross_targets::Target;

use crate::codegen;

/// What the flags of a row and of the user come to; without a word of either the C library is
/// shared.
pub(crate) fn of(target: &Target, user: &[String]) -> bool {
    let of_row = || said(target.rustflags.iter().copied());
    said(user.iter().map(String::as_str)).or_else(of_row).unwrap_or(false)
}

/// The row's flags, without what it says of the C library where the user says something else:
/// rustc does not take the last word here, but `+crt-static` wherever it stands.
pub(crate) fn row_flags(target: &Target, user: &[String]) -> impl Iterator<Item = &'static str> {
    let user = said(user.iter().map(String::as_str));
    let is_overruled = move |flag: &str| user.is_some() && said([flag]).is_some();
    target.rustflags.iter().copied().filter(move |flag| !is_overruled(flag))
}

/// What flags say, by rustc's rule (`Session::crt_static`): of both, `+crt-static` counts.
fn said<'a>(flags: impl IntoIterator<Item = &'a str>) -> Option<bool> {
    let mut found = None;
    let features =
        codegen::options(flags).filter_map(|option| option.strip_prefix("target-feature="));
    for feature in features.flat_map(|features| features.split(',')) {
        match feature {
            "+crt-static" => found = Some(true),
            "-crt-static" => found = found.or(Some(false)),
            _ => {}
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(triple: &str) -> &'static Target {
        gocross_targets::find(triple).unwrap()
    }

    fn words(flags: &str) -> Vec<String> {
        flags.split_whitespace().map(str::to_owned).collect()
    }

    #[test]
    fn the_row_decides_where_the_user_says_nothing() {
        let target = row("aarch64-unknown-linux-musl");
        assert!(of(target, &words("-Copt-level=3")));
        assert!(row_flags(target, &words("-Copt-level=3")).eq(target.rustflags.iter().copied()));
        assert!(!of(row("aarch64-unknown-linux-gnu"), &[]));
    }

    #[test]
    fn the_users_word_counts_in_every_spelling() {
        for spelling in ["-Ctarget-feature=", "-C target-feature=", "--codegen target-feature="] {
            let on = words(&format!("{spelling}+neon,+crt-static"));
            assert!(of(row("aarch64-unknown-linux-gnu"), &on), "{on:?}");
            let off = words(&format!("{spelling}-crt-static"));
            let musl = row("aarch64-unknown-linux-musl");
            assert!(!of(musl, &off), "{off:?}");
            assert_eq!(row_flags(musl, &off).collect::<Vec<_>>(), ["-Clink-self-contained=no"]);
        }
        assert!(!of(row("aarch64-unknown-linux-gnu"), &words("--cfg target-feature=+crt-static")));
    }

    #[test]
    fn of_two_words_rustc_takes_the_plus() {
        let both = words("--codegen=target-feature=+crt-static -Ctarget-feature=-crt-static");
        assert!(of(row("aarch64-unknown-linux-gnu"), &both));
    }
}
