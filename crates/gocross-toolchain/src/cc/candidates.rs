//! The compilers that come into question for a target, best first.

use std::path::PathBuf;

use gocross_diagnostic::Try;

use super::{Query, zig};
use crate::Env;

/// A command that may be the C compiler of the target.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Candidate {
    /// What named it.
    pub(super) what: String,
    /// The command.
    pub(super) words: Vec<String>,
    /// Whether it may be passed over.
    pub(super) binding: Binding,
    /// The archiver that comes with it, where that is known beforehand.
    pub(super) ar: Option<PathBuf>,
}

impl Candidate {
    fn new(what: impl Into<String>, words: Vec<String>, binding: Binding) -> Self {
        Self { what: what.into(), words, binding, ar: None }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Binding {
    /// The user named it for this target: if it does not fit, that is an error.
    Demanded,
    /// It is there; if it does not fit, the search goes on.
    Offered,
}

/// Lists the candidates. Places where there is none go to `tries` at once.
pub(super) fn list(env: &Env, query: &Query<'_>, tries: &mut Vec<Try>) -> Vec<Candidate> {
    let target = query.target;
    let mut list = Vec::new();
    if let Some(glibc) = query.glibc {
        let outcome = format!("not looked at: only zig can build for glibc {glibc}");
        tries.push(Try::new("other compilers", outcome));
        list.extend(zig::candidate(env, query, tries));
        return list;
    }
    let demanded = ["CC_FOR_TARGET".to_owned()]
        .into_iter()
        .chain([format!("CC_{}", target.triple), format!("CC_{}", target.env_suffix())])
        .chain(["TARGET_CC".to_owned()]);
    for name in demanded {
        variable(env, &name, Binding::Demanded, &mut list, tries);
    }
    match query.linker {
        Some(linker) => {
            let what = format!("`target.{}.linker` of cargo's configuration", target.triple);
            list.push(Candidate::new(what, words(env, linker), Binding::Offered));
        }
        None => tries.push(Try::new(
            format!("`target.{}.linker` of cargo's configuration", target.triple),
            "not set",
        )),
    }
    // For a foreign target `CC` may well name the host's compiler.
    let binding = if query.native { Binding::Demanded } else { Binding::Offered };
    variable(env, "CC", binding, &mut list, tries);

    let gnu = vec![format!("{}-gcc", target.gnu_prefix)];
    let host = vec!["cc".to_owned()];
    let clang = vec!["clang".to_owned(), format!("--target={}", target.clang_target)];
    let searched = if query.native { [host, gnu, clang] } else { [gnu, clang, host] };
    for words in searched {
        list.push(Candidate::new(format!("`{}` in `PATH`", words[0]), words, Binding::Offered));
    }
    list.extend(zig::candidate(env, query, tries));
    list
}

fn variable(
    env: &Env,
    name: &str,
    binding: Binding,
    list: &mut Vec<Candidate>,
    tries: &mut Vec<Try>,
) {
    match env.var(name) {
        Some(value) => {
            list.push(Candidate::new(format!("`{name}`"), words(env, &value), binding));
        }
        None => tries.push(Try::new(format!("`{name}`"), "not set")),
    }
}

/// The command in a variable: a program whose path may hold spaces, or words for a shell.
fn words(env: &Env, value: &str) -> Vec<String> {
    if env.find_program(value).is_some() {
        return vec![value.to_owned()];
    }
    match shlex::split(value) {
        Some(words) if !words.is_empty() => words,
        _ => vec![value.to_owned()],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn query(native: bool) -> Query<'static> {
        let target = gocross_targets::find("aarch64-unknown-linux-gnu").unwrap();
        Query { target, glibc: None, linker: None, native, cache: None, on_step: &|_| () }
    }

    fn names(env: &Env, native: bool) -> Vec<String> {
        let list = list(env, &query(native), &mut Vec::new());
        list.into_iter().map(|candidate| candidate.words.join(" ")).collect()
    }

    #[test]
    fn what_the_user_named_comes_first_and_the_whole_command_is_kept() {
        let env = Env::new(
            [
                ("CC", "host-cc"),
                ("TARGET_CC", "c -x"),
                ("CC_aarch64_unknown_linux_gnu", "b '-D a'"),
                ("CC_FOR_TARGET", "a"),
            ],
            "/",
        );
        let expected = [
            "a",
            "b -D a",
            "c -x",
            "host-cc",
            "aarch64-linux-gnu-gcc",
            "clang --target=aarch64-linux-gnu",
            "cc",
        ];
        assert_eq!(names(&env, false), expected);
    }

    #[test]
    fn the_hosts_own_compiler_comes_first_for_the_host() {
        let env = Env::new(Vec::<(String, String)>::new(), "/");
        assert_eq!(names(&env, true)[0], "cc");
        assert_eq!(names(&env, false)[0], "aarch64-linux-gnu-gcc");
    }

    #[test]
    fn cc_is_binding_for_the_host_only() {
        let env = Env::new([("CC", "gcc")], "/");
        let binding = |native| list(&env, &query(native), &mut Vec::new())[0].binding;
        assert_eq!(binding(true), Binding::Demanded);
        assert_eq!(binding(false), Binding::Offered);
    }

    #[test]
    fn variables_that_are_not_set_are_told() {
        let env = Env::new(Vec::<(String, String)>::new(), "/");
        let mut tries = Vec::new();
        list(&env, &query(false), &mut tries);
        let told: Vec<_> = tries.iter().map(|attempt| attempt.what.as_str()).collect();
        assert!(
            told.starts_with(&["`CC_FOR_TARGET`", "`CC_aarch64-unknown-linux-gnu`"]),
            "{told:?}"
        );
        assert!(told.ends_with(&["`CC`"]), "{told:?}");
    }

    #[test]
    fn a_program_with_a_space_in_its_path_is_one_word() {
        let dir = tempfile::tempdir().unwrap();
        let program = dir.path().join("my cc");
        fs_err::copy("/bin/sh", &program).unwrap();
        let env = Env::new([("CC", program.to_str().unwrap())], "/");
        assert_eq!(names(&env, true)[0], program.to_str().unwrap());
    }
}
