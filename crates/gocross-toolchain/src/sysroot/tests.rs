//! Sysroots made by hand: what is found in them, and which are refused.

use std::os::unix::fs::symlink;

use super::*;

fn row(triple: &str) -> &'static Target {
    gocross_targets::find(triple).unwrap()
}

fn env() -> Env {
    Env::new(Vec::<(String, String)>::new(), "/")
}

/// The header of an ELF file for a target, as a linker reads it.
fn elf(target: &Target) -> Vec<u8> {
    use gocross_targets::{Class, Endian};
    let big = target.elf.endian == Endian::Big;
    let half = |value: u16| if big { value.to_be_bytes() } else { value.to_le_bytes() };
    let word = |value: u32| if big { value.to_be_bytes() } else { value.to_le_bytes() };
    let is_64 = target.elf.class == Class::Elf64;
    let mut bytes = vec![0x7f, b'E', b'L', b'F', if is_64 { 2 } else { 1 }, 1 + u8::from(big), 1];
    bytes.resize(16, 0);
    bytes.extend([half(3), half(target.elf.machine)].concat());
    bytes.extend(word(1));
    bytes.extend(std::iter::repeat_n(0, if is_64 { 24 } else { 12 }));
    bytes.extend(word(target.elf.flags));
    bytes.resize(64, 0);
    bytes
}

/// A root with these files; the bytes of each are an ELF file for `target`.
fn root(target: &Target, files: &[&str]) -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    for file in files {
        let path = dir.path().join(file);
        fs_err::create_dir_all(path.parent().unwrap()).unwrap();
        fs_err::write(path, elf(target)).unwrap();
    }
    dir
}

fn read(triple: &str, dir: &Path) -> Result<Sysroot> {
    Sysroot::read(&env(), row(triple), dir, None)
}

const ARM: &str = "aarch64-unknown-linux-gnu";
const MUSL: &str = "aarch64-unknown-linux-musl";
const MIPS: &str = "mipsel-unknown-linux-gnu";

#[test]
fn what_was_named_last_on_the_way_to_the_command_line_wins() {
    let name = |env: &Env, option, manifest| {
        named(env, row(ARM), option, manifest).map(|named| (named.what, named.dir))
    };
    let env = Env::new([("GOCROSS_SYSROOT_aarch64-unknown-linux-gnu", "env")], "/w");
    let (option, manifest) = (Some(Path::new("option")), Some(Path::new("/manifest")));
    assert_eq!(name(&env, option, manifest).unwrap(), ("`--sysroot`".into(), "/w/option".into()));
    assert_eq!(name(&env, None, manifest).unwrap().1, Path::new("/w/env"));
    let without = env.without("GOCROSS_SYSROOT_aarch64-unknown-linux-gnu");
    assert_eq!(name(&without, None, manifest).unwrap().1, Path::new("/manifest"));
    assert_eq!(name(&without, None, None), None);
    assert_eq!(variable(row(ARM)), "GOCROSS_SYSROOT_aarch64_unknown_linux_gnu");
}

#[test]
fn packages_of_debian_are_searched_beside_the_compilers_c_library() {
    let dir = root(
        row(ARM),
        &[
            "usr/include/zlib.h",
            "usr/lib/aarch64-linux-gnu/libz.a",
            "lib/aarch64-linux-gnu/libz.so.1",
        ],
    );
    let sysroot = read(ARM, dir.path()).unwrap();
    assert_eq!(sysroot.libc, None);
    let at = |place: &str| sysroot.dir.join(place).display().to_string();
    let [usr, lib] = ["usr/lib/aarch64-linux-gnu", "lib/aarch64-linux-gnu"].map(at);
    let expected = [
        format!("-isystem{}", at("usr/include")),
        format!("-L{usr}"),
        format!("-L{lib}"),
        format!("-Wl,-rpath-link,{usr}:{lib}"),
    ];
    assert_eq!(sysroot.words(Family::Gcc, false, false), expected);
    // zig has lld, and no use for the last.
    assert_eq!(sysroot.words(Family::Clang, true, false), expected[..3]);
}

#[test]
fn a_root_with_the_c_library_is_the_compilers_sysroot() {
    let dir =
        root(row(ARM), &["usr/include/stdio.h", "usr/lib/crt1.o", "lib/ld-linux-aarch64.so.1"]);
    let sysroot = read(ARM, dir.path()).unwrap();
    assert!(sysroot.has_loader);
    let lib = sysroot.dir.join("usr/lib");
    assert_eq!(sysroot.libc.as_deref(), Some(lib.as_path()));
    let words = sysroot.words(Family::Gcc, false, false);
    assert_eq!(words[0], format!("--sysroot={}", sysroot.dir.display()));
    assert_eq!(words[1], format!("-B{}", lib.display()));
    assert!(!words.iter().any(|word| word.starts_with("-isystem")));
    // A compiler with a C library of its own gets the headers after its own.
    let overlay = sysroot.words(Family::Clang, true, false);
    assert!(overlay[0].starts_with("-idirafter"), "{overlay:?}");
}

#[test]
fn links_are_followed_as_on_the_device() {
    let dir =
        root(row(ARM), &["lib/aarch64-linux-gnu/libz.so.1.2", "usr/lib/aarch64-linux-gnu/libz.a"]);
    let lib = dir.path().join("usr/lib/aarch64-linux-gnu");
    symlink("/lib/aarch64-linux-gnu/libz.so.1.2", lib.join("libz.so")).unwrap();
    symlink("/etc/passwd", lib.join("libpasswd.so")).unwrap();
    symlink("libloop.so", lib.join("libloop.so")).unwrap();
    symlink("../../../../../../../etc/passwd", lib.join("libabove.so")).unwrap();
    let real = dir.path().join("lib/aarch64-linux-gnu/libz.so.1.2");
    assert_eq!(within(dir.path(), &lib.join("libz.so")), Some(real));
    for outside in ["libpasswd.so", "libloop.so", "libabove.so", "libnone.so"] {
        assert_eq!(within(dir.path(), &lib.join(outside)), None, "{outside}");
    }

    let cache = tempfile::tempdir().unwrap();
    let sysroot =
        Sysroot::read(&env(), row(ARM), dir.path(), Some(&Cache::at(cache.path()))).unwrap();
    let links = &sysroot.library_dirs[0];
    assert!(links.starts_with(cache.path()));
    assert!(links.join("libz.so").is_file() && !links.join("libpasswd.so").exists());
}

#[test]
fn a_link_to_the_hosts_directories_is_not_followed() {
    let dir = root(row(ARM), &["usr/lib/libz.so"]);
    symlink("/usr/lib", dir.path().join("lib")).unwrap();
    let sysroot = read(ARM, dir.path()).unwrap();
    assert_eq!(sysroot.library_dirs, [sysroot.dir.join("usr/lib")]);
}

#[test]
fn a_root_for_another_machine_or_c_library_is_refused() {
    let code = |triple, dir: &Path| read(triple, dir).unwrap_err().code;
    let arm = root(row(ARM), &["usr/lib/libz.so"]);
    assert_eq!(code(MIPS, arm.path()), Code::SysrootWrongTarget);
    read(ARM, arm.path()).unwrap();
    // The directory's name says it, where no file stands in the target's own.
    let debian = root(row(ARM), &["usr/lib/aarch64-linux-gnu/libz.so"]);
    assert_eq!(code(MIPS, debian.path()), Code::SysrootWrongTarget);
    assert_eq!(code(MUSL, debian.path()), Code::SysrootWrongTarget);
    let glibc = root(row(ARM), &["lib/libc.so.6", "lib/ld-linux-aarch64.so.1"]);
    assert_eq!(code(MUSL, glibc.path()), Code::SysrootWrongTarget);
    let musl = root(row(MUSL), &["lib/ld-musl-aarch64.so.1", "lib/libz.so.1"]);
    assert_eq!(code(ARM, musl.path()), Code::SysrootWrongTarget);
    read(MUSL, musl.path()).unwrap();
    // A root for two machines serves both.
    let both = root(row(ARM), &["usr/lib64/libz.so"]);
    fs_err::create_dir(both.path().join("usr/lib")).unwrap();
    fs_err::write(both.path().join("usr/lib/libz.so"), elf(row(MIPS))).unwrap();
    for (triple, own) in [(ARM, "usr/lib64"), (MIPS, "usr/lib")] {
        let sysroot = read(triple, both.path()).unwrap();
        assert_eq!(sysroot.library_dirs, [sysroot.dir.join(own)]);
    }
}

#[test]
fn what_is_no_root_at_all_is_told_so() {
    assert_eq!(read(ARM, Path::new("/nowhere")).unwrap_err().code, Code::SysrootMissing);
    let empty = tempfile::tempdir().unwrap();
    let error = read(ARM, empty.path()).unwrap_err();
    assert_eq!(error.code, Code::SysrootMissing);
    assert!(error.to_string().contains("usr/lib/aarch64-linux-gnu"), "{error}");
}
