//! From the words behind `--target` to rows of the table.

use gocross_diagnostic::{Code, Diagnostic, Result, hint};
use gocross_targets::{Spec, SpecError};

/// cargo's word for the machine that it runs on.
const HOST: &str = "host-tuple";

/// The rows for what the user asked for, each once.
///
/// # Errors
///
/// [`Code::UnknownTarget`], [`Code::GlibcSuffix`].
pub(crate) fn specs(words: &[String], host: &str) -> Result<Vec<Spec>> {
    let mut specs = Vec::new();
    for word in words {
        let word = if word == HOST { host } else { word };
        let spec = Spec::parse(word).map_err(|error| explain(&error))?;
        if let Some(other) =
            specs.iter().find(|other: &&Spec| other.target == spec.target && **other != spec)
        {
            let message = format!(
                "`{}` is asked for twice, with different versions of glibc",
                other.target.triple
            );
            return Err(Box::new(
                Diagnostic::error(Code::GlibcSuffix, message)
                    .detail("cargo puts both into one folder")
                    .help("build them one after the other, with `--target-dir`"),
            ));
        }
        if !specs.contains(&spec) {
            specs.push(spec);
        }
    }
    Ok(specs)
}

fn explain(error: &SpecError) -> Box<Diagnostic> {
    Box::new(match error {
        SpecError::Unknown { triple } => unknown(triple),
        SpecError::BadGlibc { suffix } => {
            let message = format!("`.{suffix}` behind the target is no version of glibc");
            Diagnostic::error(Code::GlibcSuffix, message)
                .help("write it like `aarch64-unknown-linux-gnu.2.28`")
        }
        SpecError::NotGlibc { target } => {
            let message = format!("`{}` has no glibc to ask a version of", target.triple);
            Diagnostic::error(Code::GlibcSuffix, message)
        }
    })
}

fn unknown(triple: &str) -> Diagnostic {
    let message = format!("there is no target `{triple}` in gocross's table");
    let mut diagnostic = Diagnostic::error(Code::UnknownTarget, message);
    let near = nearest(triple);
    if !near.is_empty() {
        diagnostic = diagnostic.detail(format!("did you mean {}?", near.join(" or ")));
    }
    diagnostic.hint(hint!("cargo gocross targets"))
}

/// The triples that are most like a word, best first: at most three, and none that is
/// hardly alike.
fn nearest(word: &str) -> Vec<String> {
    let mut known: Vec<(f64, &str)> = Spec::known()
        .map(|triple| (strsim::jaro_winkler(word, triple), triple))
        .filter(|(likeness, _)| *likeness > 0.7)
        .collect();
    known.sort_by(|a, b| b.0.total_cmp(&a.0));
    known.into_iter().take(3).map(|(_, triple)| format!("`{triple}`")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(words: &[&str]) -> Result<Vec<Spec>> {
        let words: Vec<_> = words.iter().map(|&word| word.to_owned()).collect();
        specs(&words, "x86_64-unknown-linux-gnu")
    }

    #[test]
    fn the_host_has_a_name_and_a_target_asked_twice_is_built_once() {
        let specs = parse(&["host-tuple", "x86_64-unknown-linux-gnu"]).unwrap();
        assert_eq!(specs.len(), 1);
        assert_eq!(specs[0].target.triple, "x86_64-unknown-linux-gnu");
    }

    #[test]
    fn an_unknown_triple_gets_the_nearest_names() {
        let error = parse(&["aarch64-linux-gnu"]).unwrap_err();
        assert_eq!(error.code, Code::UnknownTarget);
        assert!(error.to_string().contains("did you mean `aarch64-unknown-linux-gnu`"), "{error}");
        let error = parse(&["zzz"]).unwrap_err();
        assert!(!error.to_string().contains("did you mean"), "{error}");
    }

    #[test]
    fn one_target_cannot_have_two_glibc_floors() {
        let floor = "aarch64-unknown-linux-gnu.2.28";
        assert_eq!(parse(&[floor, floor]).unwrap().len(), 1);
        let error = parse(&[floor, "aarch64-unknown-linux-gnu"]).unwrap_err();
        assert_eq!(error.code, Code::GlibcSuffix);
    }
}
