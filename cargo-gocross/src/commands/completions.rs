//! `completions`: a script that completes `cargo gocross` in a shell.

use clap::Command;
use clap_complete::{Shell, generate};

use crate::command_tree::{self, PROGRAM};
use crate::ui;

/// Prints the script.
pub(crate) fn run(shell: Shell) -> u8 {
    ui::print(script(shell).trim_end());
    0
}

fn script(shell: Shell) -> String {
    let mut script = Vec::new();
    let ours = command_tree::with_arguments_of_cargo();
    match shell {
        // cargo's own completion asks for that of the program `cargo-gocross`.
        Shell::Bash | Shell::Zsh => generate(shell, &mut ours.name(PROGRAM), PROGRAM, &mut script),
        // These shells have none that does, so this one is for cargo.
        _ => {
            let cargo = Command::new("cargo").disable_help_flag(true).disable_help_subcommand(true);
            generate(shell, &mut cargo.subcommand(ours.name("gocross")), "cargo", &mut script);
        }
    }
    let script = String::from_utf8_lossy(&script);
    // clap_complete 4.6 writes the hyphen of a program's name in two ways, and then finds none of
    // its verbs (clap-rs/clap#6421).
    script.replace("cargo__subcmd__gocross__subcmd__", "cargo__gocross__subcmd__")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_verb_of_bash_is_reached() {
        let script = script(Shell::Bash);
        let set = script.lines().filter_map(|line| line.trim().strip_prefix("cmd=\""));
        for name in set.filter_map(|line| line.strip_suffix('"')).filter(|name| !name.is_empty()) {
            assert!(script.contains(&format!("        {name})\n")), "{name}");
        }
    }
}
