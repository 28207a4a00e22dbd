//! Sizes of real files, made by the compilers of several architectures.

use std::path::Path;
use std::process::Command;

use super::*;

/// Makes a file from a C source.
fn compiled(compiler: &str, source: &str, arguments: &[&str]) -> Vec<u8> {
    let folder = tempfile::tempdir().unwrap();
    fs_err::write(folder.path().join("part.c"), source).unwrap();
    run(folder.path(), compiler, &[&["part.c", "-o", "out"], arguments].concat());
    fs_err::read(folder.path().join("out")).unwrap()
}

fn run(folder: &Path, program: &str, arguments: &[&str]) {
    let output = Command::new(program).current_dir(folder).args(arguments).output();
    let output = output.unwrap_or_else(|error| panic!("{program}: {error}"));
    assert!(output.status.success(), "{program}: {}", String::from_utf8_lossy(&output.stderr));
}

fn sizes(bytes: &[u8]) -> Sizes {
    let sizes = measure(&File::read(bytes).unwrap(), bytes).unwrap();
    // What all of this is for: each byte is counted once.
    assert_eq!(sizes.size, bytes.len() as u64);
    let categories = sizes.categories.iter().map(|category| category.size);
    assert_eq!(categories.sum::<u64>(), sizes.size);
    for category in &sizes.categories {
        let parts = category.parts.iter().map(|part| part.size);
        assert_eq!(parts.sum::<u64>(), category.size, "{:?}", category.category);
    }
    sizes
}

fn part(sizes: &Sizes, category: Category, name: &str) -> u64 {
    let mut categories = sizes.categories.iter();
    let parts = categories.find(|found| found.category == category).map(|found| &found.parts[..]);
    let mut parts = parts.unwrap_or_default().iter();
    parts.find(|part| part.name == name).map_or(0, |part| part.size)
}

/// The machine's own compiler, and those for the other architectures of the table.
const COMPILERS: [&str; 5] = [
    "cc",
    "aarch64-linux-gnu-gcc",
    "arm-linux-gnueabihf-gcc",
    "riscv64-linux-gnu-gcc",
    "mipsel-linux-gnu-gcc",
];

const SOURCE: &str = "#include <stdio.h>\n\
    static int table[100] = {1};\n\
    static __attribute__((noinline)) int inner(int n) { return table[n] * 3 + n; }\n\
    int main(int argc, char **argv) { printf(\"%d\\n\", inner(argc)); return 0; }\n";

#[test]
fn the_parts_add_up_on_each_architecture() {
    for compiler in COMPILERS {
        for arguments in
            [&["-O1"][..], &["-O1", "-g"], &["-O1", "-s"], &["-O1", "-static"], &["-c"]]
        {
            let sizes = sizes(&compiled(compiler, SOURCE, arguments));
            let has_debug = part(&sizes, Category::Debug, ".debug_info") > 0;
            assert_eq!(has_debug, arguments.contains(&"-g"), "{compiler} {arguments:?}");
            if arguments.contains(&"-s") {
                assert_eq!(sizes.names, Names::None, "{compiler}");
            } else {
                // 400 bytes of the table, and the function.
                let own = part(&sizes, Category::C, "part.c");
                assert!(own > 400, "{compiler} {arguments:?}: {sizes:#?}");
            }
            if arguments.contains(&"-static") {
                let libc = part(&sizes, Category::Libc, "C library");
                let of_c = sizes.categories.iter().find(|found| found.category == Category::C);
                assert!(libc > 100_000, "{compiler}: {sizes:#?}");
                assert!(of_c.unwrap().size < libc, "{compiler}: {sizes:#?}");
            }
        }
    }
}

#[test]
fn an_archive_is_told_by_member() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["one", "two"] {
        fs_err::write(
            folder.path().join(name).with_extension("c"),
            format!("int {name}[50] = {{1}};"),
        )
        .unwrap();
        run(folder.path(), "cc", &["-c", &format!("{name}.c")]);
    }
    fs_err::write(folder.path().join("note"), "odd").unwrap();
    run(folder.path(), "ar", &["rcsD", "lib.a", "one.o", "two.o", "note"]);
    let bytes = fs_err::read(folder.path().join("lib.a")).unwrap();
    let sizes = sizes(&bytes);
    assert!(part(&sizes, Category::C, "one.o") >= 200, "{sizes:#?}");
    assert!(part(&sizes, Category::C, "two.o") >= 200, "{sizes:#?}");
    assert_eq!(part(&sizes, Category::Other, "members that are no ELF"), 3);
    assert_eq!(sizes.members.len(), 3);
}

#[test]
fn this_test_is_rust() {
    let sizes = sizes(&fs_err::read("/proc/self/exe").unwrap());
    for name in ["std", "core", "alloc", "cargo_gocross"] {
        assert!(part(&sizes, Category::Rust, name) > 1000, "{name}");
    }
    assert_eq!(part(&sizes, Category::Go, "runtime"), 0);
}

#[test]
fn go_keeps_its_packages_without_symbols() {
    let folder = tempfile::tempdir().unwrap();
    let source = "package main\n\nimport \"fmt\"\n\nfunc main() { fmt.Println(\"hello\") }\n";
    fs_err::write(folder.path().join("main.go"), source).unwrap();
    let mut by_flags = Vec::new();
    for flags in ["", "-s -w"] {
        for mode in ["exe", "pie"] {
            let ldflags = format!("-ldflags={flags}");
            let mode = format!("-buildmode={mode}");
            run(
                folder.path(),
                "go",
                &["build", "-trimpath", &mode, &ldflags, "-o", "out", "main.go"],
            );
            let sizes = sizes(&fs_err::read(folder.path().join("out")).unwrap());
            let expected = if flags.is_empty() { Names::Symbols } else { Names::GoFunctions };
            assert_eq!(sizes.names, expected);
            assert!(part(&sizes, Category::Go, "(function table)") > 100_000);
            assert!(part(&sizes, Category::Go, "main") > 0);
            by_flags.push(part(&sizes, Category::Go, "fmt"));
        }
    }
    // Symbols tell data too, which Go's table does not.
    assert!(by_flags[2] > 10_000 && by_flags[2] <= by_flags[0], "{by_flags:?}");
    assert!(by_flags[3] > 10_000, "{by_flags:?}");
}

#[test]
fn damaged_files_are_counted_all_the_same() {
    let whole = compiled("cc", SOURCE, &["-O1"]);
    for length in (64..whole.len()).step_by(97) {
        sizes(&whole[..length]);
    }
    let mut bytes = whole.clone();
    let table = u64::from_le_bytes(whole[40..48].try_into().unwrap()) as usize;
    for at in (16..64).chain(table..whole.len()) {
        for value in [0, 1, 0x7f, 0xff] {
            bytes[at] = value;
            if File::read(&bytes).is_ok() {
                sizes(&bytes);
            }
        }
        bytes[at] = whole[at];
    }
}
