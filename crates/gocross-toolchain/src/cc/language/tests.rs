//! The search for compilers of C++ and Fortran: its order with fakes, its proof with this
//! machine's own compilers.

use super::*;
use crate::cc::find;

fn compiler(command: &str) -> CCompiler {
    CCompiler {
        command: command.split(' ').map(str::to_owned).collect(),
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

fn query(target: &'static Target, native: bool) -> Query<'static> {
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

fn arm() -> &'static Target {
    gocross_targets::find("aarch64-unknown-linux-gnu").unwrap()
}

#[test]
fn the_compiler_of_another_language_has_the_name_of_its_c_compiler() {
    let dir = tempfile::tempdir().unwrap();
    let env = Env::new([("PATH", dir.path())], "/");
    for (c, cxx, fortran) in [
        ("a-gcc-12", "a-g++-12", Some("a-gfortran-12")),
        ("clang-14", "clang++-14", None),
        ("mipsel-openwrt-linux-musl-gcc", "mipsel-openwrt-linux-musl-g++", None),
        ("cc", "c++", Some("gfortran")),
    ] {
        let c = compiler(&format!("{} -m32", dir.path().join(c).display()));
        assert_eq!(by_name(&env, &c, Language::Cxx), None);
        for (language, name) in [(Language::Cxx, Some(cxx)), (Language::Fortran, fortran)] {
            let Some(name) = name else { continue };
            let expected = dir.path().join(name);
            fs_err::copy("/bin/sh", &expected).unwrap();
            let words = [expected.display().to_string(), "-m32".to_owned()];
            assert_eq!(by_name(&env, &c, language).unwrap(), words);
        }
    }
}

#[test]
fn every_place_is_told_in_its_order() {
    let dir = tempfile::tempdir().unwrap();
    let env = Env::new([("PATH", dir.path())], "/");
    let cc = compiler("/usr/bin/aarch64-linux-gnu-no-gcc");
    let error = cxx(&env, &Memo::none(), &query(arm(), false), &cc).unwrap_err();
    assert_eq!(error.code, Code::CxxMissing);
    let told: Vec<&str> = error.tries.iter().map(|attempt| attempt.what.as_str()).collect();
    assert_eq!(
        told,
        [
            "`CXX_FOR_TARGET`",
            "`CXX_aarch64-unknown-linux-gnu`",
            "`CXX_aarch64_unknown_linux_gnu`",
            "`TARGET_CXX`",
            "`CXX`",
            "the C compiler's companion",
            "`aarch64-linux-gnu-g++` in `PATH`",
            "`clang++` in `PATH`",
        ]
    );
    assert_eq!(error.hints[0].as_str(), "export CXX_aarch64_unknown_linux_gnu=/path/to/c++");
    fs_err::copy("/bin/sh", dir.path().join("apt-get")).unwrap();
    let error = cxx(&env, &Memo::none(), &query(arm(), false), &cc).unwrap_err();
    assert_eq!(error.hints[0].as_str(), "apt install g++-aarch64-linux-gnu");
    let error = fortran(&env, &Memo::none(), &query(arm(), false), &cc).unwrap_err();
    assert_eq!(error.code, Code::FcMissing);
    assert_eq!(error.hints[0].as_str(), "apt install gfortran-aarch64-linux-gnu");
}

#[test]
fn the_hosts_compiler_is_not_taken_for_another_machine() {
    if !cfg!(target_arch = "x86_64") {
        return;
    }
    let env = Env::of_process().unwrap().without("CXX_aarch64_unknown_linux_gnu");
    let cc = compiler("/usr/bin/no-such-gcc");
    let named = env.clone().with("CXX_aarch64_unknown_linux_gnu", "g++");
    let error = cxx(&named, &Memo::none(), &query(arm(), false), &cc).unwrap_err();
    assert_eq!(error.code, Code::CxxWrongTarget);
    // `CXX` may be meant for the host: it is passed over.
    let plain = env.with("CXX", "g++").with("PATH", "/usr/bin/nowhere");
    let error = cxx(&plain, &Memo::none(), &query(arm(), false), &cc).unwrap_err();
    assert_eq!(error.code, Code::CxxMissing);
}

#[test]
fn the_word_for_no_compiler_is_no_compiler() {
    let none = no_compiler(arm(), "C++");
    let env = Env::new([("CXX_aarch64_unknown_linux_gnu", none.as_str()), ("PATH", "/none")], "/");
    let cc = compiler("/usr/bin/no-such-gcc");
    assert_eq!(glance(&env, &cc, arm(), Language::Cxx), None);
    let error = cxx(&env, &Memo::none(), &query(arm(), false), &cc).unwrap_err();
    assert!(error.to_string().contains("none was found before"), "{error}");
}

#[test]
fn this_machines_own_compilers_are_proven() {
    let triple = format!("{}-unknown-linux-gnu", std::env::consts::ARCH);
    let Some(target) = gocross_targets::find(&triple) else { return };
    let env = Env::of_process().unwrap();
    let cc = find(&env, &Memo::none(), &query(target, true)).unwrap();
    let found = cxx(&env, &Memo::none(), &query(target, true), &cc).unwrap();
    assert!(Path::new(&found.command[0]).is_absolute());
    assert_eq!(found.runtime, CxxRuntime::Libstdcxx);
    let broken = env.with("CXX", "/bin/true");
    let error = cxx(&broken, &Memo::none(), &query(target, true), &cc).unwrap_err();
    assert_eq!(error.code, Code::CxxBroken);
}
