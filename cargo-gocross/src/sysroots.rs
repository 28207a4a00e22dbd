//! From the words behind `--sysroot`, and from variables, to the sysroot of each target.

use std::path::PathBuf;

use gocross_config::Config;
use gocross_diagnostic::{Code, Diagnostic, Result, hint};
use gocross_targets::{Spec, Target};
use gocross_toolchain::Env;
use gocross_toolchain::sysroot::{self, Named};

/// The options as they were typed.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Sysroots<'a> {
    words: &'a [String],
    config: &'a Config,
}

impl<'a> Sysroots<'a> {
    /// Reads the words behind each `--sysroot`: `DIR`, or `TRIPLE=DIR`.
    ///
    /// # Errors
    ///
    /// [`Code::Usage`] where it is not clear for which target a directory is.
    pub(crate) fn read(words: &'a [String], specs: &[Spec], config: &'a Config) -> Result<Self> {
        for word in words {
            match split(word) {
                (Some(target), _) if specs.iter().any(|spec| spec.target == target) => {}
                (Some(target), _) => {
                    let message = format!("`--sysroot {word}` is for a target that is not built");
                    return Err(usage(message, target.triple));
                }
                (None, _) if specs.len() == 1 => {}
                (None, _) => {
                    let message = format!("`--sysroot {word}` does not say for which target it is");
                    let triple = specs.first().map_or("TRIPLE", |spec| spec.target.triple);
                    return Err(usage(message, triple));
                }
            }
        }
        Ok(Self { words, config })
    }

    /// The sysroot of one target; the option wins over the variable, and that over the directory
    /// that a manifest names.
    pub(crate) fn of(&self, env: &Env, target: &Target) -> Option<Named> {
        let is_for = |(named, dir): (Option<&Target>, &str)| {
            named.is_none_or(|named| named == target).then(|| PathBuf::from(dir))
        };
        let option = self.words.iter().rev().find_map(|word| is_for(split(word)));
        sysroot::named(env, target, option.as_deref(), self.config.sysroot(target.triple))
    }
}

fn usage(message: String, triple: &str) -> Box<Diagnostic> {
    let hint = hint!("cargo gocross build --target {triple} --sysroot {triple}=/path/to/root");
    Box::new(Diagnostic::error(Code::Usage, message).hint(hint))
}

/// The target in `TRIPLE=DIR`, and the directory. A directory may hold a `=` itself.
fn split(word: &str) -> (Option<&'static Target>, &str) {
    let both =
        word.split_once('=').and_then(|(triple, dir)| Some((Spec::parse(triple).ok()?, dir)));
    both.map_or((None, word), |(spec, dir)| (Some(spec.target), dir))
}

#[cfg(test)]
mod tests {
    use super::*;

    const ARM: &str = "aarch64-unknown-linux-gnu";
    const MIPS: &str = "mipsel-unknown-linux-gnu";

    fn specs(triples: &[&str]) -> Vec<Spec> {
        triples.iter().map(|triple| Spec::parse(triple).unwrap()).collect()
    }

    fn of(words: &[&str], triples: &[&str], triple: &str) -> Option<PathBuf> {
        let words: Vec<String> = words.iter().map(|&word| word.to_owned()).collect();
        let env = Env::new([("GOCROSS_SYSROOT_mipsel_unknown_linux_gnu", "env")], "/w");
        let target = gocross_targets::find(triple).unwrap();
        let mut config = Config::default();
        config.target.entry(ARM.to_owned()).or_default().sysroot = Some("/manifest".into());
        let all = Sysroots::read(&words, &specs(triples), &config).unwrap();
        all.of(&env, target).map(|named| named.dir)
    }

    #[test]
    fn each_target_has_its_own() {
        let words = ["aarch64-unknown-linux-gnu=/a=b"];
        assert_eq!(of(&words, &[ARM, MIPS], ARM), Some("/a=b".into()));
        assert_eq!(of(&words, &[ARM, MIPS], MIPS), Some("/w/env".into()));
        assert_eq!(of(&["root"], &[MIPS], MIPS), Some("/w/root".into()));
        assert_eq!(of(&["x=y"], &[ARM], ARM), Some("/w/x=y".into()));
        assert_eq!(of(&[], &[ARM], ARM), Some("/manifest".into()));
    }

    #[test]
    fn a_directory_for_no_target_in_particular_is_refused() {
        let read = |word: &str, triples: &[&str]| {
            Sysroots::read(&[word.to_owned()], &specs(triples), &Config::default())
                .unwrap_err()
                .to_string()
        };
        assert!(read("/root", &[ARM, MIPS]).contains("for which target"));
        assert!(read("/root", &[]).contains("for which target"));
        assert!(read("mipsel-unknown-linux-gnu=/root", &[ARM]).contains("not built"));
    }
}
