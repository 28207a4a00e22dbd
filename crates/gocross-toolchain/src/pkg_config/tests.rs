//! pkg-config for this machine and for others, with fake programs and directories.

use super::*;
use crate::cc::Family;

const TRIPLE: &str = "aarch64-unknown-linux-gnu";

fn compiler(root: Option<Sysroot>) -> CCompiler {
    CCompiler {
        command: vec!["/sdk/bin/aarch64-sdk-linux-gcc".into()],
        family: Family::Gcc,
        ar: None,
        cxx: None,
        fortran: None,
        include_dirs: Vec::new(),
        sysroot: None,
        root,
        sysroot_words: Vec::new(),
        origin: String::new(),
        tries: Vec::new(),
    }
}

fn root() -> Sysroot {
    Sysroot {
        dir: "/root".into(),
        libc: None,
        has_loader: false,
        has_libc_headers: false,
        include_dirs: Vec::new(),
        library_dirs: Vec::new(),
        pkg_config_dirs: vec!["/root/usr/lib/pkgconfig".into()],
    }
}

/// The answers of a machine whose `PATH` is a directory with these programs.
fn ask(
    programs: &[&str],
    variables: &[(&str, &str)],
    native: bool,
    root: Option<Sysroot>,
) -> (PkgConfig, tempfile::TempDir) {
    let dir = tempfile::tempdir().unwrap();
    for program in programs {
        fs_err::copy("/bin/sh", dir.path().join(program)).unwrap();
    }
    let path = ("PATH", dir.path().to_str().unwrap());
    let env = Env::new(variables.iter().copied().chain([path]), "/");
    let target = gocross_targets::find(TRIPLE).unwrap();
    let cc = compiler(root);
    let query = Query { target, native, cc: &cc, links_static: false, cache: None };
    (find(&env, &query), dir)
}

fn value<'a>(found: &'a PkgConfig, name: &str) -> Option<&'a str> {
    found.variables.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
}

#[test]
fn this_machine_answers_for_itself() {
    let (found, dir) = ask(&["pkg-config"], &[("PKG_CONFIG_PATH", "/mine")], true, None);
    assert_eq!(found.program, Some(dir.path().join("pkg-config")));
    assert_eq!(value(&found, LIBDIR), None);
    assert_eq!(value(&found, PATH), None);
}

#[test]
fn another_machine_never_gets_this_ones_answers() {
    let variables = [("PKG_CONFIG_PATH", "/host"), ("PKG_CONFIG_SYSROOT_DIR", "/other")];
    let (found, _dir) = ask(&["pkg-config"], &variables, false, None);
    assert_eq!(value(&found, PATH), Some(""));
    assert_eq!(value(&found, SYSROOT_DIR), Some(""));
    assert_eq!(value(&found, ALLOW_CROSS), Some("1"));
    let libdir = value(&found, LIBDIR).unwrap();
    assert!(libdir.is_empty() || libdir.contains("aarch64-linux-gnu"), "{libdir}");
}

#[test]
fn the_sysroots_directories_are_the_answer() {
    let (found, _dir) =
        ask(&["pkg-config", "aarch64-linux-gnu-pkg-config"], &[], false, Some(root()));
    assert_eq!(value(&found, LIBDIR), Some("/root/usr/lib/pkgconfig"));
    assert_eq!(value(&found, SYSROOT_DIR), Some("/root"));
    assert!(found.program.unwrap().ends_with("pkg-config"));
}

#[test]
fn a_program_for_the_target_knows_its_directories() {
    let (found, dir) = ask(&["pkg-config", "aarch64-linux-gnu-pkg-config"], &[], false, None);
    assert_eq!(found.program, Some(dir.path().join("aarch64-linux-gnu-pkg-config")));
    assert_eq!(value(&found, LIBDIR), None);
    assert_eq!(value(&found, PATH), Some(""));
}

#[test]
fn what_the_user_set_for_the_target_wins() {
    let variables = [
        ("PKG_CONFIG_LIBDIR_aarch64-unknown-linux-gnu", "/mine"),
        ("TARGET_PKG_CONFIG_PATH", "/first"),
        ("PKG_CONFIG_SYSROOT_DIR_aarch64_unknown_linux_gnu", "/my-root"),
        ("PKG_CONFIG_aarch64_unknown_linux_gnu", "pkgconf"),
    ];
    let (found, dir) = ask(&["pkg-config", "pkgconf"], &variables, false, Some(root()));
    assert_eq!(found.program, Some(dir.path().join("pkgconf")));
    assert_eq!(value(&found, LIBDIR), Some("/mine"));
    assert_eq!(value(&found, PATH), Some("/first"));
    assert_eq!(value(&found, SYSROOT_DIR), Some("/my-root"));
    let (found, _dir) = ask(&["pkg-config"], &[("HOST_PKG_CONFIG_PATH", "/host")], true, None);
    assert_eq!(value(&found, PATH), Some("/host"));
}

#[test]
fn a_failure_is_explained_and_an_answer_is_not() {
    let dir = tempfile::tempdir().unwrap();
    let program = dir.path().join("pkg-config");
    let text = "#!/bin/sh\necho \"$@\"\n[ \"$2\" != zlib ]\n";
    let cache = Cache::at(dir.path().join("cache"));
    cache.folder("").unwrap();
    cache.write_program(&program, text.as_bytes()).unwrap();
    let target = gocross_targets::find(TRIPLE).unwrap();
    let env = Env::new([("PATH", "/usr/bin:/bin")], "/");
    let mut found = ask(&[], &[], false, Some(root())).0;
    found.program = Some(program);
    let script = explaining(&cache, target, false, &found).unwrap().unwrap();
    let run = |words: &[&str]| crate::run(&env, &script, words, &[]).unwrap();
    let failed = run(&["--libs", "zlib"]);
    assert!(!failed.success);
    let told =
        "pkg-config was asked for aarch64-unknown-linux-gnu: looked in /root/usr/lib/pkgconfig";
    assert!(failed.stderr.starts_with(told), "{}", failed.stderr);
    assert!(failed.stderr.contains("apt install zlib1g-dev:arm64"), "{}", failed.stderr);
    assert_eq!(run(&["--exists", "zlib"]).stderr, "");
    let fine = run(&["--libs", "other"]);
    assert!(fine.success && fine.stdout == "--libs other\n" && fine.stderr.is_empty());
    found.links_static = true;
    let script = explaining(&cache, target, false, &found).unwrap().unwrap();
    let output = crate::run(&env, &script, ["--libs"], &[]).unwrap();
    assert_eq!(output.stdout, "--static --libs\n");
}
