//! zig as a C compiler: it brings the C library of every target with it, musl and any
//! version of glibc included.
//!
//! `zig cc` is clang under another name, apart from a few arguments that mean something
//! else to it. They are taken out by a script, which also gives the whole a single path,
//! for cargo's `linker`.

use std::path::PathBuf;

use gocross_diagnostic::{Hint, Try, hint};
use gocross_targets::{Libc, Target};

use super::Query;
use super::candidates::{Binding, Candidate};
use crate::memo::digest;
use crate::{Cache, Env, run};

const SCRIPTS: &str = "zig-v1";
const LIBRARIES: &str = "zig-cache";

/// zig for a target, where there is a zig.
pub(super) fn candidate(env: &Env, query: &Query<'_>, tries: &mut Vec<Try>) -> Option<Candidate> {
    let cache = query.cache?;
    let (what, zig) = find(env, tries)?;
    let floor = query.glibc.map(|glibc| format!(".{glibc}")).unwrap_or_default();
    let target = format!("{}{floor}", query.target.zig_target);
    match scripts(cache, &zig, &target, query.target) {
        Ok(folder) => Some(Candidate {
            what,
            words: vec![folder.join("cc").display().to_string()],
            binding: Binding::Offered,
            ar: Some(folder.join("ar")),
        }),
        Err(error) => {
            tries.push(Try::new(what, error.message));
            None
        }
    }
}

/// `GOCROSS_ZIG`, `zig` in `PATH`, Python's package `ziglang`.
pub(super) fn find(env: &Env, tries: &mut Vec<Try>) -> Option<(String, PathBuf)> {
    if let Some(named) = env.var_os("GOCROSS_ZIG") {
        let what = format!("`GOCROSS_ZIG={}`", named.display());
        match env.find_program(&named) {
            Some(zig) => return Some((what, zig)),
            None => tries.push(Try::new(what, "no such program")),
        }
        return None;
    }
    tries.push(Try::new("`GOCROSS_ZIG`", "not set"));
    if let Some(zig) = env.find_program("zig") {
        return Some(("`zig` in `PATH`".to_owned(), zig));
    }
    tries.push(Try::new("`zig` in `PATH`", "not there"));
    let what = "Python's package `ziglang`".to_owned();
    match of_python(env) {
        Some(zig) => Some((what, zig)),
        None => {
            tries.push(Try::new(what, "not there"));
            None
        }
    }
}

fn of_python(env: &Env) -> Option<PathBuf> {
    let python = env.find_program("python3")?;
    let question =
        "import os, ziglang; print(os.path.join(os.path.dirname(ziglang.__file__), 'zig'))";
    let output = run(env, &python, ["-c", question], &[]).ok()?;
    env.find_program(output.stdout.trim()).filter(|_| output.success)
}

/// Whether a program is zig, or a script that starts it.
pub(super) fn is_zig(program: &str) -> bool {
    let path = std::path::Path::new(program);
    path.file_name().is_some_and(|name| name == "zig")
        || path.components().any(|part| part.as_os_str() == SCRIPTS)
}

/// The command that installs zig. Some distributions keep pip out of their own Python ("PEP
/// 668"); the package holds one program and no module that another could meet.
pub(super) fn install(env: &Env) -> Hint {
    let question = "import os, sys, sysconfig; file = os.path.join(sysconfig.get_path('stdlib'), \
                    'EXTERNALLY-MANAGED'); \
                    print(sys.prefix == sys.base_prefix and os.path.exists(file))";
    let python = env.find_program("python3");
    let answer = python.and_then(|python| run(env, &python, ["-c", question], &[]).ok());
    let managed = answer.is_some_and(|output| output.stdout.trim() == "True");
    let allow = if managed { "--break-system-packages " } else { "" };
    hint!("python3 -m pip install {allow}ziglang")
}

/// The folder with `cc`, `c++` and `ar` for a target. Its path depends on zig and the
/// target alone: cargo builds all again when a linker's path changes.
fn scripts(
    cache: &Cache,
    zig: &std::path::Path,
    target: &str,
    row: &Target,
) -> gocross_diagnostic::Result<PathBuf> {
    let kept = cache.folder(LIBRARIES)?;
    let head = format!(
        "#!/bin/sh\nexport ZIG_GLOBAL_CACHE_DIR={kept}\nexport ZIG_LOCAL_CACHE_DIR={kept}\n",
        kept = quoted(&kept)
    );
    let zig = quoted(zig);
    let filter = match row.libc {
        Libc::Gnu => FILTER.to_owned(),
        Libc::Musl => format!("{FILTER}{DYNAMIC_MUSL}"),
    };
    let words = match row.zig_cpu {
        "" => format!("-target {target}"),
        cpu => format!("-target {target} -mcpu={cpu}"),
    };
    let texts = [
        ("cc", format!("{head}{filter}exec {zig} cc {words} \"$@\"\n")),
        ("c++", format!("{head}{filter}exec {zig} c++ {words} \"$@\"\n")),
        ("ar", format!("{head}exec {zig} ar \"$@\"\n")),
    ];
    let key = digest(&texts.iter().map(|(_, text)| text.as_str()).collect::<String>());
    let folder = cache.folder(&format!("{SCRIPTS}/{target}-{key}"))?;
    for (name, text) in &texts {
        let path = folder.join(name);
        if !fs_err::read(&path).is_ok_and(|old| old == text.as_bytes()) {
            cache.write_program(&path, text.as_bytes())?;
        }
    }
    Ok(folder)
}

fn quoted(path: &std::path::Path) -> String {
    super::join(&[path.display().to_string()])
}

/// Takes out what clang and GNU C understand and zig does not, or not in that way:
/// `--target`, which the `cc` crate adds for clang and which zig parses by other rules;
/// `-mabi=32` and `-mhard-float`, cgo's for MIPS, which zig's `-target` says already ("no LLVM CPU
/// feature named"); `-Wl,-melf_i386`, rustc's for i686, of which zig says "unsupported
/// linker arg" (it knows from its own `-target`); `-Wl,-Bdynamic`, with which zig takes shared
/// libraries alone, where GNU ld and lld take a static one too; and `-fPIC` for a link, where it says nothing to
/// a linker but has zig build its C library once more (a minute).
const FILTER: &str = r#"link=yes
for word do
  case $word in -c|-S|-E|-M|-MM|-fsyntax-only) link=no ;; esac
done
for word do
  shift
  case $word in
    --target=*|-mabi=32|-mhard-float|-Wl,-melf_i386) continue ;;
    -Wl,-Bdynamic) word=-Wl,-search_paths_first ;;
    -fPIC) if [ "$link" = yes ]; then continue; fi ;;
  esac
  set -- "$@" "$word"
done
"#;

/// zig links musl into a program unless it is told `-dynamic`; other compilers have to be told
/// `-static`. rustc says which it wants in their way, and links with `-nodefaultlibs`, which
/// neither cgo's trial links nor the probe have: they would cost a second build of musl.
const DYNAMIC_MUSL: &str = r#"case " $* " in
  *" -static "*|*" -static-pie "*|*" -shared "*) ;;
  *" -nodefaultlibs "*) if [ "$link" = yes ]; then set -- "$@" -dynamic; fi ;;
esac
"#;

#[cfg(test)]
mod tests {
    use super::*;

    /// What the script for `cc` hands on, seen through a zig that prints its arguments.
    fn handed_on(words: &[&str]) -> String {
        let dir = tempfile::tempdir().unwrap();
        let cache = Cache::at(dir.path().join("a cache"));
        let echo = std::path::Path::new("/bin/echo");
        let row = gocross_targets::find("armv7-unknown-linux-musleabihf").unwrap();
        let folder = scripts(&cache, echo, "arm-linux-musleabihf", row).unwrap();
        let env = Env::new(Vec::<(String, String)>::new(), "/");
        run(&env, &folder.join("cc"), words, &[]).unwrap().stdout.trim().to_owned()
    }

    #[test]
    fn arguments_that_mean_something_else_to_zig_are_taken_out() {
        let head = "cc -target arm-linux-musleabihf -mcpu=baseline-neon-d32";
        assert_eq!(handed_on(&["--target=x", "-O2", "a.c", "-fPIC"]), format!("{head} -O2 a.c"));
        let line = handed_on(&["-Wl,-Bdynamic", "-lz"]);
        assert_eq!(line, format!("{head} -Wl,-search_paths_first -lz"));
        assert_eq!(handed_on(&["-m32", "-Wl,-melf_i386", "a.o"]), format!("{head} -m32 a.o"));
        assert_eq!(
            handed_on(&["-c", "-fPIC", "-mabi=32", "-mhard-float", "a b.c"]),
            format!("{head} -c -fPIC a b.c")
        );
    }

    #[test]
    fn what_rustc_does_not_link_statically_is_dynamic() {
        let dynamic = |words| handed_on(words).ends_with(" -dynamic");
        assert!(dynamic(&["a.o", "-nodefaultlibs"]));
        assert!(!dynamic(&["a.o", "-static", "-nodefaultlibs"]));
        assert!(!dynamic(&["a.o", "-static-pie", "-nodefaultlibs"]));
        assert!(!dynamic(&["a.o", "-shared", "-nodefaultlibs"]));
        // cgo and the probe do not say what they want.
        assert!(!dynamic(&["a.o", "-pthread"]));
        assert!(!dynamic(&["-c", "a.c", "-nodefaultlibs"]));
    }

    #[test]
    fn a_zig_that_was_named_and_is_not_there_is_not_replaced() {
        let env = Env::new([("GOCROSS_ZIG", "/nowhere/zig")], "/");
        let mut tries = Vec::new();
        assert_eq!(find(&env, &mut tries), None);
        assert_eq!(tries.len(), 1);
    }
}
