//! cargo's own arguments: the few that decide which tools are needed are read, all are passed on.

use std::ffi::{OsStr, OsString};
use std::path::PathBuf;

use gocross_diagnostic::{Code, Diagnostic, Result};

/// cargo's arguments, with the targets taken out.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct CargoArgs {
    /// What stood behind each `--target`.
    pub(crate) targets: Vec<String>,
    /// All other arguments, up to a `--`.
    pub(crate) others: Vec<OsString>,
    /// The `--` and what follows it.
    pub(crate) after: Vec<OsString>,
    /// `--offline` or `--frozen`.
    pub(crate) offline: bool,
    /// `--target-dir`.
    pub(crate) target_dir: Option<PathBuf>,
    /// `--manifest-path`.
    pub(crate) manifest_path: Option<PathBuf>,
    /// What stood behind each `--sysroot`, which is ours.
    pub(crate) sysroots: Vec<String>,
    /// `--no-verify`, which is ours.
    pub(crate) no_verify: bool,
    /// `--no-run`.
    pub(crate) no_run: bool,
}

impl CargoArgs {
    /// Reads cargo's arguments.
    ///
    /// # Errors
    ///
    /// [`Code::Usage`] for a `--target` without a triple or a `--sysroot` without a directory.
    pub(crate) fn read(args: Vec<OsString>) -> Result<Self> {
        let mut read = Self::default();
        let mut words = args.into_iter();
        while let Some(word) = words.next() {
            if word == "--" {
                read.after.push(word);
                read.after.extend(words);
                break;
            }
            if let Some(value) = option_value(&word, "--target", &mut words) {
                read.targets.push(triple(value)?);
                continue;
            }
            if let Some(value) = option_value(&word, "--sysroot", &mut words) {
                read.sysroots.push(directory(value)?);
                continue;
            }
            if word == "--no-verify" {
                read.no_verify = true;
                continue;
            }
            read.no_run |= word == "--no-run";
            read.offline |= word == "--offline" || word == "--frozen";
            for (name, place) in [
                ("--target-dir", &mut read.target_dir),
                ("--manifest-path", &mut read.manifest_path),
            ] {
                // Looked at, and passed on as it stands.
                if let Some(joined) = joined_value(&word, name) {
                    *place = Some(joined.into());
                } else if word == name {
                    *place = words.as_slice().first().map(PathBuf::from);
                }
            }
            read.others.push(word);
        }
        Ok(read)
    }
}

fn triple(value: Option<OsString>) -> Result<String> {
    match value.map(OsString::into_string) {
        Some(Ok(text)) if !text.is_empty() && !text.starts_with('-') => Ok(text),
        _ => Err(Box::new(
            Diagnostic::error(Code::Usage, "`--target` wants a target triple behind it")
                .hint("cargo gocross targets"),
        )),
    }
}

fn directory(value: Option<OsString>) -> Result<String> {
    match value.map(OsString::into_string) {
        Some(Ok(text)) if !text.is_empty() && !text.starts_with('-') => Ok(text),
        _ => Err(Box::new(
            Diagnostic::error(Code::Usage, "`--sysroot` wants a directory behind it").hint(
                "cargo gocross build --target aarch64-unknown-linux-gnu --sysroot /path/to/root",
            ),
        )),
    }
}

/// The value of `NAME VALUE` or `NAME=VALUE`; the inner option is empty where it is missing.
fn option_value(
    word: &OsStr,
    name: &str,
    rest: &mut impl Iterator<Item = OsString>,
) -> Option<Option<OsString>> {
    if word == name {
        return Some(rest.next());
    }
    joined_value(word, name).map(Some)
}

fn joined_value(word: &OsStr, name: &str) -> Option<OsString> {
    let value = word.to_str()?.strip_prefix(name)?.strip_prefix('=')?;
    Some(value.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(line: &str) -> CargoArgs {
        CargoArgs::read(line.split_whitespace().map(OsString::from).collect()).unwrap()
    }

    #[test]
    fn targets_are_taken_out_and_all_else_keeps_its_order() {
        let args = read("--release --target a -p x --target=b --features f -- --target c");
        assert_eq!(args.targets, ["a", "b"]);
        assert_eq!(args.others, ["--release", "-p", "x", "--features", "f"]);
        assert_eq!(args.after, ["--", "--target", "c"]);
    }

    #[test]
    fn options_that_begin_like_target_are_cargos() {
        let args = read("--target-dir t --targetx y");
        assert_eq!(args.targets, Vec::<String>::new());
        assert_eq!(args.others, ["--target-dir", "t", "--targetx", "y"]);
        assert_eq!(args.target_dir, Some("t".into()));
        assert_eq!(read("--target-dir=u").target_dir, Some("u".into()));
    }

    #[test]
    fn offline_is_seen() {
        assert!(read("--offline").offline && read("--frozen").offline);
        assert!(!read("--locked -- --offline").offline);
    }

    #[test]
    fn no_run_is_seen_and_passed_on() {
        let args = read("--no-run");
        assert!(args.no_run);
        assert_eq!(args.others, ["--no-run"]);
        assert!(!read("-- --no-run").no_run);
    }

    #[test]
    fn no_verify_is_ours_and_not_cargos() {
        let args = read("--no-verify --release -- --no-verify");
        assert!(args.no_verify);
        assert_eq!(args.others, ["--release"]);
        assert_eq!(args.after, ["--", "--no-verify"]);
    }

    #[test]
    fn sysroots_are_ours_and_not_cargos() {
        let args = read("--sysroot a --release --sysroot=t=b -- --sysroot c");
        assert_eq!(args.sysroots, ["a", "t=b"]);
        assert_eq!(args.others, ["--release"]);
        assert_eq!(args.after, ["--", "--sysroot", "c"]);
        for line in ["--sysroot", "--sysroot --release", "--sysroot="] {
            let args = line.split(' ').map(OsString::from).collect();
            assert_eq!(CargoArgs::read(args).unwrap_err().code, Code::Usage, "{line}");
        }
    }

    #[test]
    fn a_target_without_a_triple_is_an_error() {
        for line in [&["--target"][..], &["--target", "--release"], &["--target="]] {
            let args = line.iter().map(OsString::from).collect();
            assert_eq!(CargoArgs::read(args).unwrap_err().code, Code::Usage, "{line:?}");
        }
    }
}
