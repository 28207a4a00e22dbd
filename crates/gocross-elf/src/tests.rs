//! Reading whole files: this test's own program, compilers' objects, and damaged ones.

use std::process::Command;

use super::*;

fn own() -> Vec<u8> {
    fs_err::read("/proc/self/exe").unwrap()
}

/// What the C compiler makes of a source.
fn compiled(source: &str, arguments: &[&str]) -> Vec<u8> {
    let folder = tempfile::tempdir().unwrap();
    fs_err::write(folder.path().join("a.c"), source).unwrap();
    let output = Command::new("cc")
        .current_dir(folder.path())
        .args(["a.c", "-o", "a"])
        .args(arguments)
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    fs_err::read(folder.path().join("a")).unwrap()
}

#[test]
fn a_program_tells_what_it_needs() {
    let bytes = own();
    let elf = Elf::read(&bytes).unwrap();
    assert_eq!(elf.kind, Type::PositionIndependentExecutable);
    assert!(elf.interpreter.unwrap().starts_with(b"/lib"));
    let dynamic = elf.dynamic.as_ref().unwrap();
    assert!(dynamic.needed.contains(&b"libc.so.6".as_slice()), "{dynamic:?}");
    assert!(!elf.is_static() && elf.relro() && !elf.is_stripped());
    assert_eq!(elf.executable_stack(), Some(false));
    let versioned =
        elf.imports().filter_map(|(symbol, version)| Some((symbol.name(), version?.name)));
    assert!(versioned.into_iter().any(|(_, version)| version.starts_with(b"GLIBC_2.")));
    assert!(elf.damage.is_empty(), "{:?}", elf.damage);
}

#[test]
fn a_library_tells_its_name_and_its_weaknesses() {
    let source = "__thread int t; int twice(int n) { return n + t; }";
    let link =
        ["-shared", "-fPIC", "-Wl,-soname,liba.so.1", "-Wl,-rpath,/home/a", "-Wl,-z,execstack"];
    let bytes =
        compiled(source, &[&link[..], &["-ftls-model=initial-exec", "-Wl,--build-id"]].concat());
    let elf = Elf::read(&bytes).unwrap();
    let dynamic = elf.dynamic.as_ref().unwrap();
    assert_eq!(elf.kind, Type::SharedObject);
    assert_eq!(dynamic.soname, Some(b"liba.so.1".as_slice()));
    assert_eq!(dynamic.rpath.or(dynamic.runpath), Some(b"/home/a".as_slice()));
    assert!(dynamic.static_tls);
    assert_eq!(elf.executable_stack(), Some(true));
    assert_eq!(elf.build_id.map(<[u8]>::len), Some(20));
    let exports: Vec<_> = elf.exports().map(|symbol| symbol.name()).collect();
    assert!(exports.contains(&b"twice".as_slice()), "{exports:?}");
}

#[test]
fn without_sections_a_library_exports_the_same() {
    let mut bytes =
        compiled("int one(void) { return 1; } int two(void) { return 2; }", &["-shared", "-fPIC"]);
    let names = |bytes: &[u8]| -> Vec<Vec<u8>> {
        let elf = Elf::read(bytes).unwrap();
        elf.exports().map(|symbol| symbol.name().to_owned()).collect()
    };
    let whole = names(&bytes);
    assert_eq!(whole.len(), 2, "{whole:?}");
    // e_shoff, e_shnum, e_shstrndx of ELF64.
    bytes[0x28..0x30].fill(0);
    bytes[0x3c..0x40].fill(0);
    assert_eq!(names(&bytes), whole);
}

#[test]
fn an_archive_tells_what_its_members_are() {
    let object = compiled("int f(void) { return 1; }", &["-c"]);
    let mut archive = b"!<arch>\n".to_vec();
    for (name, data) in [("a.o/", object.as_slice()), ("text/", b"hello\n")] {
        archive.extend(
            format!("{name:16}{:12}{:6}{:6}{:8}{:<10}`\n", 0, 0, 0, 644, data.len()).bytes(),
        );
        archive.extend(data);
        archive.resize(archive.len().next_multiple_of(2), b'\n');
    }
    let File::Archive(facts) = File::read(&archive).unwrap() else { panic!("no archive") };
    assert_eq!(
        (facts.objects.len(), facts.others.as_slice()),
        (1, [b"text".as_slice()].as_slice())
    );
    assert_eq!(facts.objects[0].1.kind, Type::Relocatable);
    // A member that reaches beyond the end.
    archive.truncate(archive.len() - 8);
    let File::Archive(facts) = File::read(&archive).unwrap() else { panic!("no archive") };
    assert!(!facts.damage.is_empty());
}

/// Asks a file everything.
fn exhaust(bytes: &[u8]) -> usize {
    let Ok(file) = File::read(bytes) else { return 0 };
    let mut count = 0;
    for (_, elf) in file.objects() {
        count += elf.symbols.iter().map(|symbol| symbol.name().len()).sum::<usize>();
        count += elf
            .imports()
            .map(|(symbol, version)| symbol.name().len() + usize::from(version.is_some()))
            .sum::<usize>();
        count +=
            elf.exports().count() + elf.build_paths().len() + usize::from(elf.has_go_runtime());
        count += elf.go.iter().map(|go| go.dependencies().count()).sum::<usize>();
        count += elf.sections.iter().map(|section| elf.contents(section).len()).sum::<usize>();
    }
    count
}

#[test]
fn damaged_files_are_read_without_a_panic_or_an_endless_loop() {
    let library = compiled(
        "#include <stdio.h>\nint f(void) { return puts(\"/home/a/b.c\"); }",
        &["-shared", "-fPIC"],
    );
    let object = compiled("int f(void) { return 1; }", &["-c"]);
    for whole in [&library, &object] {
        assert!(exhaust(whole) > 0);
        for length in (0..whole.len()).step_by(37) {
            exhaust(&whole[..length]);
        }
        let mut bytes = whole.clone();
        for at in (0..0x1000.min(whole.len())).chain(whole.len().saturating_sub(0x800)..whole.len())
        {
            for value in [0, 1, 0x7f, 0xff] {
                bytes[at] = value;
                exhaust(&bytes);
            }
            bytes[at] = whole[at];
        }
    }
}

#[test]
fn assembler_that_tells_neither_type_nor_size_has_its_names() {
    let source = "__asm__(\".globl first, second\\n first: nop; inner: ret\\n second: .zero 100\");\
                  __asm__(\".globl a_ciphertext, b_same\\n a_ciphertext: b_same: nop\");\
                  int sized(void) { return 1; } int main(void) { return sized(); }";
    for arguments in [&["-c"][..], &[], &["-no-pie"]] {
        let bytes = compiled(source, arguments);
        let elf = Elf::read(&bytes).unwrap();
        let pieces = pieces(&elf);
        let size = |name: &[u8]| {
            let piece = pieces.iter().find(|piece| piece.name == name)?;
            Some((piece.is_function, piece.range.end - piece.range.start))
        };
        assert_eq!(size(b"first"), Some((true, 2)), "{arguments:?}");
        let second = size(b"second").unwrap();
        assert!(second.0 && (100..164).contains(&second.1), "{second:?}, {arguments:?}");
        assert_eq!(size(b"inner"), None);
        let named = pieces.iter().find(|piece| piece.name == b"a_ciphertext").unwrap();
        assert_eq!(named.aliases, [b"b_same"], "{arguments:?}");
        assert!(size(b"sized").is_some_and(|(_, size)| size < 20), "{arguments:?}");
    }
}
