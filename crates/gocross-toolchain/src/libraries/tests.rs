//! Libraries of this machine with its own compiler, and files for another one.

use super::*;
use crate::cc::{Query, find as find_cc};
use crate::{Cache, Memo};

struct Bench {
    env: Env,
    target: &'static Target,
    cc: CCompiler,
    dir: tempfile::TempDir,
}

/// This machine's own compiler; none on a machine without a row.
fn bench() -> Option<Bench> {
    let triple = format!("{}-unknown-linux-gnu", std::env::consts::ARCH);
    let target = gocross_targets::find(&triple)?;
    let env = Env::of_process().unwrap();
    let dir = tempfile::tempdir().unwrap();
    let cache = Cache::at(dir.path().join("cache"));
    let query = Query {
        target,
        glibc: None,
        linker: None,
        native: true,
        cache: Some(&cache),
        sysroot: None,
        on_step: &|_| (),
    };
    let cc = find_cc(&env, &Memo::none(), &query).unwrap();
    Some(Bench { env, target, cc, dir })
}

impl Bench {
    fn find(&self, name: &str, prefer_static: bool) -> Option<PathBuf> {
        let dirs = [self.dir.path().to_owned()];
        find(&self.env, self.target, &self.cc, &dirs, name, prefer_static)
    }

    fn write(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = fs_err::canonicalize(self.dir.path()).unwrap().join(name);
        fs_err::write(&path, bytes).unwrap();
        path
    }
}

#[test]
fn the_c_library_is_found_where_the_linker_finds_it() {
    let Some(bench) = bench() else { return };
    assert!(bench.find("c", false).unwrap().ends_with("libc.so"));
    assert!(bench.find("c", true).unwrap().ends_with("libc.a"));
    assert!(bench.find(":libc.a", false).unwrap().ends_with("libc.a"));
    assert_eq!(bench.find("gocross-no-such-library", false), None);
}

#[test]
fn a_file_for_another_machine_is_passed_over_and_told() {
    let Some(bench) = bench() else { return };
    let mut foreign = fs_err::read("/proc/self/exe").unwrap();
    foreign.truncate(64);
    foreign[18..20].copy_from_slice(&[8, 0]); // EM_MIPS
    bench.write("libthird.so", &foreign);
    assert_eq!(bench.find("third", false), None);
    let script = bench.write("libthird.a", b"INPUT(-lc)\n");
    assert_eq!(bench.find("third", false), Some(script));

    bench.write("libonly.so", &foreign);
    let dirs = [bench.dir.path().to_owned()];
    let search = Search { target: bench.target, cc: &bench.cc, dirs: &dirs, prefer_static: false };
    let tries = search.find(&bench.env, "only").unwrap_err();
    assert!(tries[0].outcome.contains("libonly.so` is ELF MIPS"), "{tries:?}");
}

#[test]
fn a_missing_library_is_told_with_its_package_and_a_sysroot() {
    let dir = tempfile::tempdir().unwrap();
    fs_err::copy("/bin/sh", dir.path().join("apt-get")).unwrap();
    let env = Env::new([("PATH", dir.path())], "/");
    let target = gocross_targets::find("aarch64-unknown-linux-gnu").unwrap();
    let asked_by = "`#cgo LDFLAGS: -lz` in `go/zip.go`";
    let error = missing(&env, target, false, "z", asked_by, vec![Try::new("`/lib`", "not there")]);
    assert_eq!(error.code, Code::LibraryMissing);
    let text = error.to_string();
    assert!(text.contains("`#cgo LDFLAGS: -lz` in `go/zip.go` asks for it"), "{text}");
    assert!(error.hints[0].as_str().ends_with("apt install zlib1g-dev:arm64"), "{text}");
    assert!(error.hints[2].as_str().ends_with("--sysroot /path/to/its/root"), "{text}");
    let native = missing(&env, target, true, "z", "x", vec![]);
    assert_eq!(native.hints[0].as_str(), "apt install zlib1g-dev");
    // Debian's packages are for glibc.
    let musl = gocross_targets::find("aarch64-unknown-linux-musl").unwrap();
    assert_eq!(missing(&env, musl, false, "z", "x", vec![]).hints.len(), 1);
}
