//! The command line as a tree, for what tells of it: completions and manual pages.

use clap::builder::PossibleValuesParser;
use clap::{Arg, ArgAction, Command, CommandFactory, ValueHint};
use gocross_targets::Spec;
use gocross_verify::POLICIES;

use crate::cli::Cli;
use crate::explain;
use crate::verb::Verb;

/// The program that cargo starts for `cargo gocross`.
pub(crate) const PROGRAM: &str = "cargo-gocross";

/// An option of cargo's, or one of ours beside them.
struct Argument {
    long: &'static str,
    short: Option<char>,
    value: Value,
    verbs: fn(Verb) -> bool,
}

/// What stands behind an option.
#[derive(Clone, Copy)]
enum Value {
    None,
    Any,
    Directory,
    File,
    Triple,
}

/// What people type before the `--`; each option is one of cargo's for each of its verbs here.
const ARGUMENTS: &[Argument] = &[
    option("target", Value::Triple, all),
    option("sysroot", Value::Directory, all),
    option("no-verify", Value::None, all),
    Argument { short: Some('r'), ..option("release", Value::None, is_local) },
    option("profile", Value::Any, is_of_cargo),
    Argument { short: Some('p'), ..option("package", Value::Any, is_local) },
    option("workspace", Value::None, has_workspaces),
    Argument { short: Some('F'), ..option("features", Value::Any, is_of_cargo) },
    option("all-features", Value::None, is_of_cargo),
    option("no-default-features", Value::None, is_of_cargo),
    option("bin", Value::Any, is_of_cargo),
    option("bins", Value::None, has_kinds),
    option("example", Value::Any, is_of_cargo),
    option("examples", Value::None, has_kinds),
    option("lib", Value::None, has_libraries),
    option("test", Value::Any, has_tests),
    option("tests", Value::None, has_tests),
    option("bench", Value::Any, has_tests),
    option("benches", Value::None, has_tests),
    option("all-targets", Value::None, has_tests),
    option("manifest-path", Value::File, is_local),
    option("target-dir", Value::Directory, is_of_cargo),
    Argument { short: Some('j'), ..option("jobs", Value::Any, is_of_cargo) },
    option("message-format", Value::Any, is_of_cargo),
    option("config", Value::Any, is_of_cargo),
    option("locked", Value::None, is_of_cargo),
    option("offline", Value::None, is_of_cargo),
    option("frozen", Value::None, is_of_cargo),
    Argument { short: Some('q'), ..option("quiet", Value::None, is_of_cargo) },
    Argument { short: Some('v'), ..option("verbose", Value::None, is_of_cargo) },
];

const fn option(long: &'static str, value: Value, verbs: fn(Verb) -> bool) -> Argument {
    Argument { long, short: None, value, verbs }
}

const fn all(_: Verb) -> bool {
    true
}

/// The options of `cargo nextest` stand behind verbs of its own.
const fn is_of_cargo(verb: Verb) -> bool {
    !verb.has_verbs()
}

/// `cargo install` builds for release by itself, and looks for no package in this directory.
const fn is_local(verb: Verb) -> bool {
    is_of_cargo(verb) && !matches!(verb, Verb::Install)
}

/// One package at a time is run, or built with further arguments.
const fn has_workspaces(verb: Verb) -> bool {
    is_local(verb) && !matches!(verb, Verb::Run | Verb::Rustc | Verb::Rustdoc)
}

const fn has_kinds(verb: Verb) -> bool {
    is_of_cargo(verb) && !matches!(verb, Verb::Run)
}

const fn has_libraries(verb: Verb) -> bool {
    has_kinds(verb) && !matches!(verb, Verb::Install)
}

const fn has_tests(verb: Verb) -> bool {
    has_libraries(verb) && !matches!(verb, Verb::Doc)
}

impl Argument {
    fn arg(&self) -> Arg {
        let arg = Arg::new(self.long).long(self.long);
        let arg = self.short.into_iter().fold(arg, Arg::short);
        match self.value {
            Value::None => arg.action(ArgAction::SetTrue),
            Value::Any => arg.value_hint(ValueHint::Other),
            Value::Directory => arg.value_hint(ValueHint::DirPath),
            Value::File => arg.value_hint(ValueHint::FilePath),
            Value::Triple => arg.value_parser(triples()),
        }
    }
}

fn triples() -> PossibleValuesParser {
    PossibleValuesParser::new(Spec::known())
}

/// The verbs that are meant for people.
pub(crate) fn visible() -> Command {
    let all = Cli::command();
    let mut visible = Command::new(PROGRAM)
        .bin_name(all.get_bin_name().unwrap_or(PROGRAM))
        .version(env!("CARGO_PKG_VERSION"))
        .subcommands(all.get_subcommands().filter(|verb| !verb.is_hide_set()).cloned());
    if let Some(about) = all.get_about() {
        visible = visible.about(about.clone());
    }
    if let Some(after) = all.get_after_help() {
        visible = visible.after_help(after.clone());
    }
    visible
}

/// The same, with what may stand behind each verb: cargo's arguments, and the values that are
/// known here. None of it decides what is accepted.
pub(crate) fn with_arguments_of_cargo() -> Command {
    let mut tree = visible();
    for verb in Verb::ALL {
        let arguments = ARGUMENTS.iter().filter(|argument| (argument.verbs)(*verb));
        let arguments: Vec<Arg> = arguments.map(Argument::arg).collect();
        tree = tree.mut_subcommand(verb.as_str(), |command| command.args(arguments));
    }
    for verb in ["verify", "doctor", "env"] {
        tree = tree.mut_subcommand(verb, |command| {
            command.mut_arg("target", |target| target.value_parser(triples()))
        });
    }
    let names = || PossibleValuesParser::new(explain::topics().map(|topic| topic.name()));
    let policies = PossibleValuesParser::new(POLICIES.iter().map(|policy| policy.name));
    tree.mut_subcommand("explain", |explain| {
        explain.mut_arg("name", |name| name.value_parser(names()))
    })
    .mut_subcommand("verify", |verify| {
        let verify = verify.mut_arg("policy", |policy| policy.value_parser(policies));
        verify.mut_arg("explain", |name| name.value_parser(names()))
    })
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use gocross_toolchain::{Env, run};

    use super::*;

    #[test]
    fn the_tree_is_consistent_and_shows_no_hidden_verb() {
        visible().debug_assert();
        let tree = with_arguments_of_cargo();
        assert!(tree.find_subcommand("verified-run").is_none());
        tree.debug_assert();
    }

    #[test]
    fn every_option_is_one_of_cargos() {
        let env = Env::of_process().unwrap();
        for verb in Verb::ALL.iter().filter(|verb| verb.installed_by().is_none()) {
            let words = ["help", verb.as_str()].map(std::ffi::OsStr::new);
            let manual = run(&env, Path::new("cargo"), words, &[]).unwrap().stdout;
            for argument in ARGUMENTS.iter().filter(|argument| (argument.verbs)(*verb)) {
                let name = format!("--{}", argument.long);
                let is_ours = matches!(argument.long, "sysroot" | "no-verify");
                assert!(is_ours || manual.contains(&name), "cargo {} has no {name}", verb.as_str());
            }
        }
    }
}
