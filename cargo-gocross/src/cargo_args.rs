//! cargo's own arguments: the few that decide which tools are needed are read, all are passed on.

use std::ffi::{OsStr, OsString};
use std::path::PathBuf;

use gocross_diagnostic::{Code, Diagnostic, Result, hint};

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
    /// What stood behind each `--config`.
    pub(crate) configs: Vec<String>,
    /// What the user has said of the form of cargo's messages.
    pub(crate) messages: Wanted,
    /// `--no-verify`, which is ours.
    pub(crate) no_verify: bool,
    /// `--no-run`.
    pub(crate) no_run: bool,
}

/// What the user has said of the form of cargo's messages.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Wanted {
    /// Nothing: we may ask for JSON and keep it.
    #[default]
    Nothing,
    /// JSON, which goes on to the user.
    Json,
    /// Another form, or no build at all.
    Other,
}

impl Wanted {
    fn of_format(format: &str) -> Self {
        if format.starts_with("json") { Self::Json } else { Self::Other }
    }
}

/// Options of cargo's that are looked at, with a value that may be a word of its own. They are
/// passed on as they stand.
const LOOKED_AT: [&str; 4] = ["--target-dir", "--manifest-path", "--config", "--message-format"];

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
            if matches!(word.to_str(), Some("-h" | "--help" | "--unit-graph" | "--build-plan")) {
                read.messages = Wanted::Other;
            }
            let known = LOOKED_AT.iter().find_map(|name| {
                let joined = joined_value(&word, name).map(|value| (*name, Some(value)));
                joined.or_else(|| (word == **name).then_some((*name, None)))
            });
            read.others.push(word);
            match known {
                Some((name, Some(value))) => read.look_at(name, &value),
                // The value is no option, whatever it looks like.
                Some((name, None)) => {
                    if let Some(value) = words.next() {
                        read.look_at(name, &value);
                        read.others.push(value);
                    }
                }
                None => (),
            }
        }
        Ok(read)
    }

    fn look_at(&mut self, name: &str, value: &OsStr) {
        let text = || value.to_string_lossy().into_owned();
        match name {
            "--target-dir" => self.target_dir = Some(value.into()),
            "--manifest-path" => self.manifest_path = Some(value.into()),
            "--config" => self.configs.push(text()),
            _ => self.messages = Wanted::of_format(&text()),
        }
    }
}

fn triple(value: Option<OsString>) -> Result<String> {
    match value.map(OsString::into_string) {
        Some(Ok(text)) if !text.is_empty() && !text.starts_with('-') => Ok(text),
        _ => Err(Box::new(
            Diagnostic::error(Code::Usage, "`--target` wants a target triple behind it")
                .hint(hint!("cargo gocross targets")),
        )),
    }
}

fn directory(value: Option<OsString>) -> Result<String> {
    match value.map(OsString::into_string) {
        Some(Ok(text)) if !text.is_empty() && !text.starts_with('-') => Ok(text),
        _ => Err(Box::new(
            Diagnostic::error(Code::Usage, "`--sysroot` wants a directory behind it").hint(hint!(
                "cargo gocross build --target aarch64-unknown-linux-gnu --sysroot /path/to/root"
            )),
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
    fn configuration_is_seen_and_passed_on() {
        let args = read("--config a.b=1 --config=more.toml --config --offline -- --config c.d=2");
        assert_eq!(args.configs, ["a.b=1", "more.toml", "--offline"]);
        assert_eq!(
            args.others,
            ["--config", "a.b=1", "--config=more.toml", "--config", "--offline"]
        );
        assert!(!args.offline);
    }

    #[test]
    fn what_the_user_wants_of_messages() {
        let wanted = |line: &str| read(line).messages;
        assert_eq!(wanted("--release"), Wanted::Nothing);
        assert_eq!(wanted("--message-format json --release"), Wanted::Json);
        assert_eq!(wanted("--message-format=short"), Wanted::Other);
        assert_eq!(wanted("--help"), Wanted::Other);
        assert_eq!(wanted("-- --message-format=short"), Wanted::Nothing);
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
