//! `completions`: a script that completes `cargo gocross` in a shell.

use clap::Command;
use clap_complete::{Shell, generate};

use crate::{command_tree, ui};

/// Prints the script.
pub(crate) fn run(shell: Shell) -> u8 {
    let mut script = Vec::new();
    let ours = command_tree::with_arguments_of_cargo();
    match shell {
        // The completion of cargo asks for that of the program `cargo-gocross`.
        Shell::Bash | Shell::Zsh => {
            generate(
                shell,
                &mut ours.name(command_tree::PROGRAM),
                command_tree::PROGRAM,
                &mut script,
            );
        }
        // That of these shells does not, so the script is one for cargo.
        _ => {
            let mut cargo = Command::new("cargo").subcommand(ours.name("gocross"));
            generate(shell, &mut cargo, "cargo", &mut script);
        }
    }
    ui::print(String::from_utf8_lossy(&script).trim_end());
    0
}
