//! What the tests take from the environment of their own process.

#![expect(clippy::disallowed_methods, reason = "the one place that reads it; nothing is cached")]

use std::collections::BTreeMap;
use std::ffi::OsString;

/// Variables of a child process.
pub type Variables = BTreeMap<OsString, OsString>;

/// What a machine needs to find its tools and the network. All else stays outside: neither
/// what `cargo test` sets for its tests nor a `CC` or `RUSTFLAGS` of the developer's may decide
/// the outcome of a test.
const KEPT: &[&str] = &[
    "CARGO_HOME",
    "CURL_CA_BUNDLE",
    "GIT_SSL_CAINFO",
    "GOCACHE",
    "GOCROSS_CACHE",
    "GOMODCACHE",
    "GONOSUMDB",
    "GOPATH",
    "GOPRIVATE",
    "GOPROXY",
    "GOSUMDB",
    "HOME",
    "LANG",
    "LIBCLANG_PATH",
    "LOGNAME",
    "PATH",
    "TERM",
    "TMPDIR",
    "USER",
    "XDG_CACHE_HOME",
    "XDG_CONFIG_HOME",
];
const KEPT_PREFIXES: &[&str] =
    &["CARGO_HTTP_", "CARGO_NET_", "CARGO_REGISTR", "CARGO_SOURCE_", "RUSTUP_", "SSL_CERT_"];
const KEPT_SUFFIX: &str = "_proxy";

/// What every command of a test sees.
#[must_use]
pub fn of_children() -> Variables {
    let kept = |name: &OsString| {
        name.to_str().is_some_and(|name| {
            KEPT.contains(&name)
                || KEPT_PREFIXES.iter().any(|prefix| name.starts_with(prefix))
                || name.to_lowercase().ends_with(KEPT_SUFFIX)
        })
    };
    std::env::vars_os().filter(|(name, _)| kept(name)).collect()
}

/// Whether a test that cannot run for want of a tool counts as failed.
#[must_use]
pub fn forbids_ignored() -> bool {
    std::env::var_os("GOCROSS_TESTS_NO_IGNORED").is_some_and(|value| value == "1")
}

/// The triples of `GOCROSS_TESTS_TARGETS`, with spaces between them.
#[must_use]
pub fn named_targets() -> Vec<String> {
    let text = std::env::var("GOCROSS_TESTS_TARGETS").unwrap_or_default();
    text.split_whitespace().map(str::to_owned).collect()
}
