//! Makes one program of a command with arguments, for those who take a program only.

use std::path::PathBuf;

use gocross_diagnostic::Result;

use super::join;
use crate::Cache;
use crate::memo::digest;

const KIND: &str = "wrapper-v1";

/// A command in one line for a shell.
pub(crate) fn line(command: &[String]) -> String {
    join(command)
}

/// The program that runs `command`: its first word, or a script in the cache where
/// there are more.
///
/// The script's path depends on the command alone: cargo rebuilds all when a linker's
/// path changes. It ends in `name` (`gcc`, `clang`), for rustc tells by that how a linker is
/// called: one of another name is told to use lld, which refuses the C library's files on MIPS.
pub(crate) fn program(cache: &Cache, command: &[String], name: &str) -> Result<PathBuf> {
    if let [program] = command {
        return Ok(PathBuf::from(program));
    }
    let line = join(command);
    let path = cache.folder(KIND)?.join(format!("{}-{name}", digest(&line)));
    let script = format!("#!/bin/sh\nexec {line} \"$@\"\n");
    if fs_err::read(&path).is_ok_and(|text| text == script.as_bytes()) {
        return Ok(path);
    }
    cache.write_program(&path, script.as_bytes())?;
    Ok(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_word_needs_no_script() {
        let cache = Cache::at("/dev/null/none");
        assert_eq!(
            program(&cache, &["/usr/bin/cc".to_owned()], "gcc").unwrap(),
            PathBuf::from("/usr/bin/cc")
        );
    }

    #[test]
    fn a_script_runs_the_whole_command_with_further_arguments() {
        let dir = tempfile::tempdir().unwrap();
        let cache = Cache::at(dir.path());
        let command = ["/usr/bin/printf".to_owned(), "%s|".to_owned(), "a b".to_owned()];
        let script = program(&cache, &command, "gcc").unwrap();
        assert_eq!(program(&cache, &command, "gcc").unwrap(), script);
        assert!(script.display().to_string().ends_with("-gcc"));
        let env = crate::Env::new(Vec::<(String, String)>::new(), "/");
        let output = crate::run(&env, &script, ["c d"], &[]).unwrap();
        assert_eq!(output.stdout, "a b|c d|");
    }
}
