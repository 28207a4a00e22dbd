//! The compilers that come into question for a target, best first.

use std::path::PathBuf;

use gocross_diagnostic::Try;
use gocross_targets::Target;

use super::Query;
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

impl Place {
    /// A command that may be passed over.
    pub(super) fn offered(what: impl Into<String>, words: Vec<String>) -> Self {
        Self::Command(Candidate::new(what, words, Binding::Offered))
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Binding {
    /// The user named it for this target: if it does not fit, that is an error.
    Demanded,
    /// It is there; if it does not fit, the search goes on.
    Offered,
}

/// A place to look, in the order of the search.
#[derive(Debug)]
pub(super) enum Place {
    /// There is nothing, as the try says.
    Nothing(Try),
    /// There is a command.
    Command(Candidate),
    /// zig, which is looked for only when nothing before it fits.
    Zig,
}

/// The variables with which a user names the compiler of a target, best first.
pub(super) fn demanding(target: &Target) -> impl Iterator<Item = String> {
    let of_triple = [format!("CC_{}", target.triple), format!("CC_{}", target.env_suffix())];
    ["CC_FOR_TARGET".to_owned()].into_iter().chain(of_triple).chain(["TARGET_CC".to_owned()])
}

/// Lists the places to look.
pub(super) fn list(env: &Env, query: &Query<'_>) -> Vec<Place> {
    let target = query.target;
    if let Some(glibc) = query.glibc {
        let outcome = format!("not looked at: only zig can build for glibc {glibc}");
        return vec![Place::Nothing(Try::new("other compilers", outcome)), Place::Zig];
    }
    let mut list: Vec<Place> =
        demanding(target).map(|name| variable(env, &name, Binding::Demanded)).collect();
    let what = format!("`target.{}.linker` of cargo's configuration", target.triple);
    list.push(match query.linker {
        Some(linker) => Place::Command(Candidate::new(what, words(env, linker), Binding::Offered)),
        None => Place::Nothing(Try::new(what, "not set")),
    });
    // For a foreign target `CC` may well name the host's compiler.
    let binding = if query.native { Binding::Demanded } else { Binding::Offered };
    list.push(variable(env, "CC", binding));

    let gnu = vec![format!("{}-gcc", target.gnu_prefix)];
    let host = vec!["cc".to_owned()];
    let clang = vec!["clang".to_owned(), format!("--target={}", target.clang_target)];
    let searched = if query.native { [host, gnu, clang] } else { [gnu, clang, host] };
    list.extend(searched.map(|words| {
        let what = format!("`{}` in `PATH`", words[0]);
        Place::Command(Candidate::new(what, words, Binding::Offered))
    }));
    list.push(Place::Zig);
    list
}

/// The command that a variable names.
pub(super) fn variable(env: &Env, name: &str, binding: Binding) -> Place {
    match env.var(name) {
        Some(value) => {
            Place::Command(Candidate::new(format!("`{name}`"), words(env, &value), binding))
        }
        None => Place::Nothing(Try::new(format!("`{name}`"), "not set")),
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
        Query {
            target,
            glibc: None,
            linker: None,
            native,
            cache: None,
            sysroot: None,
            on_step: &|_| (),
        }
    }

    fn commands(env: &Env, native: bool) -> Vec<Candidate> {
        let places = list(env, &query(native)).into_iter();
        let command =
            |place| if let Place::Command(candidate) = place { Some(candidate) } else { None };
        places.filter_map(command).collect()
    }

    fn names(env: &Env, native: bool) -> Vec<String> {
        commands(env, native).into_iter().map(|candidate| candidate.words.join(" ")).collect()
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
        let binding = |native| commands(&env, native)[0].binding;
        assert_eq!(binding(true), Binding::Demanded);
        assert_eq!(binding(false), Binding::Offered);
    }

    #[test]
    fn every_place_is_told_in_its_order() {
        let env = Env::new([("TARGET_CC", "a"), ("CC", "b")], "/");
        let told: Vec<String> = list(&env, &query(false))
            .into_iter()
            .map(|place| match place {
                Place::Nothing(attempt) => attempt.what,
                Place::Command(candidate) => candidate.words.join(" "),
                Place::Zig => "zig".to_owned(),
            })
            .collect();
        assert_eq!(
            told[..4],
            [
                "`CC_FOR_TARGET`",
                "`CC_aarch64-unknown-linux-gnu`",
                "`CC_aarch64_unknown_linux_gnu`",
                "a"
            ]
        );
        assert_eq!(told[5..7], ["b", "aarch64-linux-gnu-gcc"]);
        assert_eq!(told.last().unwrap(), "zig");
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
