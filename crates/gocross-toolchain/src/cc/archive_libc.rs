//! Whether a C compiler can link a program with nothing shared in it: rustc's `crt-static`.

use std::path::Path;

use gocross_diagnostic::{Code, Diagnostic, Result, hint};
use gocross_targets::{Libc, TARGETS, Target};

use super::CCompiler;
use super::companions::ask;
use crate::{Env, Memo, first_lines, run};

/// Links a small program with `-static`.
///
/// # Errors
///
/// [`Code::StaticLibc`] with the compiler's words: zig has no static glibc, and some
/// distributions have none either. [`Code::Io`] for a temporary file.
pub fn links_statically(
    env: &Env,
    memo: &Memo<'_>,
    cc: &CCompiler,
    target: &'static Target,
) -> Result<()> {
    memo.get(env, &format!("static {} {}", target.triple, cc.command_line()), |env| {
        // What decides goes into the record: another compiler or library is tried again.
        env.find_program(&cc.command[0]);
        if let Some(library) = ask(env, &cc.command, "-print-file-name=libc.a") {
            env.is_file(Path::new(&library));
        }
        try_it(env, cc, target)
    })
}

fn try_it(env: &Env, cc: &CCompiler, target: &'static Target) -> Result<()> {
    let io = |error: std::io::Error| Box::new(Diagnostic::error(Code::Io, error.to_string()));
    let folder = tempfile::tempdir().map_err(io)?;
    let [source, program] = ["static.c", "static"].map(|name| folder.path().join(name));
    fs_err::write(&source, "int main(void) { return 0; }\n").map_err(io)?;
    let own = cc.command[1..].iter().map(AsRef::as_ref);
    let words = own.chain(["-static".as_ref(), "-o".as_ref(), program.as_os_str()]);
    let words = words.chain([source.as_os_str()]);
    let why = match run(env, Path::new(&cc.command[0]), words, &[("LC_ALL", "C".as_ref())]) {
        Ok(output) if output.success => return Ok(()),
        Ok(output) => output.stderr,
        Err(error) => error.to_string(),
    };
    let message =
        format!("`{}` cannot link a static program for `{}`", cc.command_line(), target.triple);
    let mut diagnostic = Diagnostic::error(Code::StaticLibc, message)
        .detail("the rustflags ask for one with `+crt-static`")
        .detail(first_lines(&why, 8));
    if let Some(twin) = musl_twin(target) {
        diagnostic = diagnostic.hint(hint!("cargo gocross build --target {}", twin.triple));
    }
    Err(Box::new(diagnostic.hint(hint!("export CC_{}=/path/to/cc", target.env_suffix()))))
}

/// The row of the same machine whose programs are static by themselves.
fn musl_twin(target: &Target) -> Option<&'static Target> {
    let is_twin = |row: &&Target| row.libc == Libc::Musl && row.elf == target.elf;
    TARGETS.iter().find(is_twin)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cc::Family;

    fn compiler(command: &str) -> CCompiler {
        CCompiler {
            command: vec![command.to_owned()],
            family: Family::Gcc,
            ar: None,
            cxx: None,
            fortran: None,
            include_dirs: Vec::new(),
            sysroot: None,
            root: None,
            sysroot_words: Vec::new(),
            origin: String::new(),
            tries: Vec::new(),
        }
    }

    #[test]
    fn a_compiler_without_a_static_library_is_told_with_its_words_and_a_way_out() {
        let dir = tempfile::tempdir().unwrap();
        let fake = dir.path().join("cc");
        fs_err::copy("/bin/false", &fake).unwrap();
        let target = gocross_targets::find("aarch64-unknown-linux-gnu").unwrap();
        let env = Env::of_process().unwrap();
        let cc = compiler(&fake.display().to_string());
        let error = links_statically(&env, &Memo::none(), &cc, target).unwrap_err();
        assert_eq!(error.code, Code::StaticLibc);
        assert_eq!(
            error.hints[0].as_str(),
            "cargo gocross build --target aarch64-unknown-linux-musl"
        );
    }

    #[test]
    fn a_target_without_a_twin_has_none() {
        let twin = |triple| musl_twin(gocross_targets::find(triple).unwrap()).map(|row| row.triple);
        assert_eq!(twin("s390x-unknown-linux-gnu"), None);
        // The twin of mipsel is soft float, and so another machine.
        assert_eq!(twin("mipsel-unknown-linux-gnu"), None);
        assert_eq!(twin("x86_64-unknown-linux-gnu"), Some("x86_64-unknown-linux-musl"));
    }
}
