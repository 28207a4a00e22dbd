//! The command line as it is typed.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::builder::{PossibleValue, PossibleValuesParser};
use clap::{Args, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;

use crate::template::TEMPLATES;

/// Builds Go into Rust programs, for every target.
#[derive(Debug, Parser)]
#[command(name = "cargo gocross", bin_name = "cargo gocross", version, about)]
#[command(after_help = "Exit status: cargo's own; 2 for a wrong command line, 96 for a tool \
that is missing or does not fit, 97 for errors in what was built

`cargo gocross explain NAME` tells what `error[NAME]` means")]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) verb: Verb,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    /// Builds a package and the Go in it: `cargo build` with the tools of the target
    #[command(visible_alias = "b")]
    Build(CargoArguments),
    /// Checks a package: `cargo check` with the tools of the target
    #[command(visible_alias = "c")]
    Check(CargoArguments),
    /// Checks a package with clippy's lints
    Clippy(CargoArguments),
    /// Builds the documentation
    #[command(visible_alias = "d")]
    Doc(CargoArguments),
    /// Applies the suggestions of the compiler
    Fix(CargoArguments),
    /// Runs a program, under QEMU where the target is another machine
    #[command(visible_alias = "r")]
    Run(CargoArguments),
    /// Runs the tests, under QEMU where the target is another machine
    #[command(visible_alias = "t")]
    Test(CargoArguments),
    /// Runs the benchmarks, under QEMU where the target is another machine
    Bench(CargoArguments),
    /// Runs the tests with cargo-nextest, under QEMU where the target is another machine
    Nextest(CargoArguments),
    /// Builds one target of a package with further arguments for rustc
    Rustc(CargoArguments),
    /// Builds the documentation of one target with further arguments for rustdoc
    Rustdoc(CargoArguments),
    /// Builds and installs a package's programs
    Install(CargoArguments),
    /// Writes a new project: a Rust program with Go in it
    New(NewArgs),
    /// Adds to an existing crate what it needs to have Go in it, and overwrites nothing
    Init(InitArgs),
    /// Judges programs, libraries, objects and archives: will they run on their target?
    #[command(
        after_help = "`cargo gocross explain` lists the rules. Exit status: 97 where there is \
an error"
    )]
    Verify(VerifyArgs),
    /// Tells what a program, library, object or archive is, or this machine's CPU
    Inspect(InspectArgs),
    /// Tells how much of a file is Rust, Go, C and the rest
    Size(SizeArgs),
    /// Compares two builds: are they the same, and if not, where do they differ?
    #[command(after_help = "Exit status: 0 where all bytes are the same, 97 where some differ")]
    Diff(DiffArgs),
    /// Lists the targets
    Targets(TargetsArgs),
    /// Shows which tools a build would use, and how each was found
    Doctor(DoctorArgs),
    /// Prints the variables that are handed to cargo
    Env(EnvArgs),
    /// Explains a diagnostic or a rule by its name
    Explain(ExplainArgs),
    /// Prints a script that completes `cargo gocross` in a shell
    #[command(after_help = COMPLETIONS)]
    Completions(CompletionsArgs),
    /// Writes manual pages: one for the tool and one for each verb
    Man(ManArgs),
    /// Judges a program and becomes it; cargo is told to start programs so
    #[command(hide = true)]
    VerifiedRun(VerifiedRunArgs),
}

/// A verb of cargo's, with cargo's own arguments.
#[derive(Debug, Args)]
pub(crate) struct CargoArguments {
    /// cargo's own arguments, such as `--target TRIPLE` (more than once for several targets),
    /// `--release` and `-p PACKAGE`; all are passed on. Two are ours: `--sysroot DIR` names the
    /// directory with the target's libraries (`--sysroot TRIPLE=DIR` with several targets),
    /// `--no-verify` does not judge what was built
    #[arg(trailing_var_arg = true, allow_hyphen_values = true, value_name = "CARGO ARGUMENTS")]
    pub(crate) args: Vec<OsString>,
}

#[derive(Debug, Args)]
pub(crate) struct NewArgs {
    /// The folder to make; its last part is the name
    #[arg(required_unless_present = "list_templates")]
    pub(crate) path: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) package: PackageArgs,
}

#[derive(Debug, Args)]
pub(crate) struct InitArgs {
    /// The folder of the crate; without one, the current folder
    pub(crate) path: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) package: PackageArgs,
}

/// What a package is made from.
#[derive(Debug, Args)]
pub(crate) struct PackageArgs {
    /// What to begin with
    #[arg(long, value_name = "TEMPLATE", default_value = TEMPLATES[0].name, value_parser = templates())]
    pub(crate) template: String,
    /// The name of a new package, where it is not that of the folder
    #[arg(long)]
    pub(crate) name: Option<String>,
    /// The version control of a new package; without it, cargo decides
    #[arg(long, value_name = "VCS", value_parser = ["git", "hg", "pijul", "fossil", "none"])]
    pub(crate) vcs: Option<String>,
    /// Lists the templates and does nothing else
    #[arg(long)]
    pub(crate) list_templates: bool,
}

fn templates() -> PossibleValuesParser {
    let value = |template: &crate::template::Template| {
        PossibleValue::new(template.name).help(template.about)
    };
    TEMPLATES.iter().map(value).into()
}

#[derive(Debug, Args)]
pub(crate) struct VerifyArgs {
    /// The files, which are taken to belong together; without one, what a build gives
    #[arg(value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,
    /// The target; without one, that of each file's own machine, or the build's
    #[arg(long, value_name = "TRIPLE")]
    pub(crate) target: Vec<String>,
    /// The sysroot of the target: a directory with its libraries and headers; with several
    /// targets, `TRIPLE=DIR`
    #[arg(long, value_name = "DIR")]
    pub(crate) sysroot: Vec<String>,
    /// What the system has that it is to run on, such as `kylin-v10`
    #[arg(long, value_name = "POLICY")]
    pub(crate) policy: Option<String>,
    /// The folder of a system (`/`, a sysroot, an unpacked image): would the file start there?
    #[arg(long, value_name = "DIR")]
    pub(crate) root: Option<PathBuf>,
    /// How to print the findings
    #[arg(long, value_enum, default_value_t = VerifyFormat::Human)]
    pub(crate) format: VerifyFormat,
    /// The same as `cargo gocross explain NAME`
    #[arg(long, value_name = "NAME", exclusive = true)]
    pub(crate) explain: Option<String>,
    /// Runs the self-test that `[package.metadata.gocross.cpu]` declares on every CPU model of the
    /// target, under QEMU where the machine is another one, and judges what comes of it
    #[arg(long, conflicts_with_all = ["files", "policy", "root"])]
    pub(crate) cpu: bool,
    /// With `--cpu`: after how many seconds a run of the self-test hangs
    #[arg(long, value_name = "SECONDS", default_value_t = 600, requires = "cpu")]
    pub(crate) timeout: u64,
    /// With `--cpu`: our plugin for QEMU, which tells the gated instructions that run; without it,
    /// QEMU's log does [default: `GOCROSS_QEMU_PLUGIN`, or the one in gocross's cache]
    #[arg(long, value_name = "FILE", requires = "cpu")]
    pub(crate) plugin: Option<PathBuf>,
    /// With `--cpu`: does without models whose QEMU is missing, instead of status 96
    #[arg(long, requires = "cpu")]
    pub(crate) skip_missing: bool,
    /// cargo's own arguments for the build, such as `--release`
    #[arg(last = true, value_name = "CARGO ARGUMENTS", conflicts_with = "files")]
    pub(crate) cargo_args: Vec<OsString>,
}

#[derive(Debug, Args)]
pub(crate) struct InspectArgs {
    /// The file
    #[arg(value_name = "FILE", required_unless_present = "host")]
    pub(crate) file: Option<PathBuf>,
    /// Tell of this machine's CPU instead: what it is, and which features programs find
    #[arg(long, conflicts_with = "file")]
    pub(crate) host: bool,
    /// How to print the facts
    #[arg(long, value_enum, default_value_t = Format::Human)]
    pub(crate) format: Format,
}

#[derive(Debug, Args)]
pub(crate) struct SizeArgs {
    /// The file: a program, a library, an object or an archive
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,
    /// How many crates, packages and files to list of each language; JSON has all
    #[arg(long, value_name = "N", default_value_t = 10)]
    pub(crate) top: usize,
    /// How to print the sizes
    #[arg(long, value_enum, default_value_t = Format::Human)]
    pub(crate) format: Format,
}

#[derive(Debug, Args)]
pub(crate) struct DiffArgs {
    /// A file: a program, a library, an object or an archive
    #[arg(value_name = "A")]
    pub(crate) left: PathBuf,
    /// The file that it is compared with
    #[arg(value_name = "B")]
    pub(crate) right: PathBuf,
    /// How many differences to list of each kind; JSON has all
    #[arg(long, value_name = "N", default_value_t = 10)]
    pub(crate) top: usize,
    /// How to print the differences
    #[arg(long, value_enum, default_value_t = Format::Human)]
    pub(crate) format: Format,
}

#[derive(Debug, Args)]
pub(crate) struct VerifiedRunArgs {
    /// The target of the program
    #[arg(long)]
    pub(crate) target: String,
    /// How many words of the command stand before the program
    #[arg(long)]
    pub(crate) words: usize,
    /// The command
    #[arg(trailing_var_arg = true, allow_hyphen_values = true, required = true)]
    pub(crate) command: Vec<OsString>,
}

#[derive(Debug, Args)]
pub(crate) struct TargetsArgs {
    /// How to print the list
    #[arg(long, value_enum, default_value_t = Format::Human)]
    pub(crate) format: Format,
}

#[derive(Debug, Args)]
pub(crate) struct DoctorArgs {
    /// The target, or several; without one, those of cargo's configuration or this machine
    #[arg(long, value_name = "TRIPLE")]
    pub(crate) target: Vec<String>,
    /// The sysroot of the target: a directory with its libraries and headers; with several
    /// targets, `TRIPLE=DIR`
    #[arg(long, value_name = "DIR")]
    pub(crate) sysroot: Vec<String>,
    /// Names the crates of the program that install signal handlers instead, and tells what becomes
    /// of those in a program with Go in it
    #[arg(long, conflicts_with = "sysroot")]
    pub(crate) signals: bool,
    /// How to print what was found
    #[arg(long, value_enum, default_value_t = Format::Human)]
    pub(crate) format: Format,
    /// With `--signals`: cargo's own arguments that say what is built, such as `--features` and `-p`
    #[arg(last = true, value_name = "CARGO ARGUMENTS", requires = "signals")]
    pub(crate) cargo_args: Vec<OsString>,
}

#[derive(Debug, Args)]
pub(crate) struct EnvArgs {
    /// The target, or several; without one, those of cargo's configuration
    #[arg(long, value_name = "TRIPLE")]
    pub(crate) target: Vec<String>,
    /// The sysroot of the target: a directory with its libraries and headers; with several
    /// targets, `TRIPLE=DIR`
    #[arg(long, value_name = "DIR")]
    pub(crate) sysroot: Vec<String>,
    /// How to print the variables: for a shell, or as JSON
    #[arg(long, value_enum, default_value_t = EnvFormat::Shell)]
    pub(crate) format: EnvFormat,
}

#[derive(Debug, Args)]
pub(crate) struct ExplainArgs {
    /// The name, as it stands in `error[NAME]`; without one, all names are listed
    #[arg(value_name = "NAME")]
    pub(crate) name: Option<String>,
    /// How to print it
    #[arg(long, value_enum, default_value_t = Format::Human)]
    pub(crate) format: Format,
}

#[derive(Debug, Args)]
pub(crate) struct CompletionsArgs {
    /// The shell
    #[arg(value_name = "SHELL")]
    pub(crate) shell: Shell,
}

/// Where each shell looks for what is printed.
const COMPLETIONS: &str = "\
Where to put it:
  bash        cargo gocross completions bash > ~/.local/share/bash-completion/completions/cargo-gocross
  zsh         cargo gocross completions zsh > ~/.zfunc/_cargo-gocross
  fish        cargo gocross completions fish > ~/.config/fish/conf.d/cargo-gocross.fish
  elvish      cargo gocross completions elvish >> ~/.config/elvish/rc.elv
  powershell  cargo gocross completions powershell >> $PROFILE

In bash and zsh, cargo's own completion hands over to it: `rustup completions bash cargo` and
`rustup completions zsh cargo` print that one. bash needs bash-completion 2.12 or newer; zsh needs
`fpath+=~/.zfunc` before `compinit` in ~/.zshrc. elvish and PowerShell keep one completer a program,
so there it takes the place of another one for cargo.";

#[derive(Debug, Args)]
pub(crate) struct ManArgs {
    /// The directory for all pages, which is made where it is not there; without one, the page of
    /// the tool is printed
    #[arg(value_name = "DIR")]
    pub(crate) dir: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    Human,
    Json,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum VerifyFormat {
    Human,
    Json,
    Sarif,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum EnvFormat {
    Shell,
    Json,
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn all_that_follows_a_cargo_verb_is_cargos() {
        let words = ["cargo gocross", "build", "--target", "a", "--release", "--", "--help"];
        let cli = Cli::try_parse_from(words).unwrap();
        let Verb::Build(CargoArguments { args }) = cli.verb else { panic!("{cli:?}") };
        assert_eq!(args, ["--target", "a", "--release", "--", "--help"]);
    }

    #[test]
    fn every_verb_of_cargos_is_one_of_ours() {
        let command = Cli::command();
        for verb in crate::verb::Verb::ALL {
            let name = verb.as_str();
            assert!(command.find_subcommand(name).is_some(), "{name}");
        }
    }
}
