//! Differences of real files, made by the compilers of all architectures of the table.

use std::path::Path;
use std::process::Command;

use super::*;

/// The machine's own compiler, and those for the other architectures of the table.
const COMPILERS: [&str; 5] = [
    "cc",
    "aarch64-linux-gnu-gcc",
    "arm-linux-gnueabihf-gcc",
    "riscv64-linux-gnu-gcc",
    "mipsel-linux-gnu-gcc",
];

/// All that code refers to: functions, texts, tables, numbers with a point, `switch`.
const SOURCE: &str = r#"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#ifdef FRONT
int added_in_front(int n) { int sum = 0; for (int i = 0; i < n; i++) sum += i * n; return sum; }
#endif
static int table[16] = {1, 2, 3};
static const char *names[] = {"zero", "one", "two"};
int counter;
double ratio = 2.5;
typedef int (*op)(int);
static __attribute__((noinline)) int twice(int n) { counter++; return n * 2; }
static __attribute__((noinline)) int scale(int n) { return n * 37 + CONSTANT; }
static const op ops[] = {twice, scale};
__attribute__((noinline)) int pick(int n) {
    switch (n) {
    case 0: return twice(n);
    case 1: return puts("case one");
    case 2: return scale(n + 9);
    case 3: return counter;
    case 4: return table[n] + 100;
    case 5: return puts("five");
    case 6: return (int)strlen(names[n & 1]);
    default: return abort(), 0;
    }
}
__attribute__((noinline)) double area(double r) { return r * r * 3.14159265 * ratio; }
int main(int argc, char **argv) {
    int n = argc > 1 ? atoi(argv[1]) : 1;
    printf("%d %f %s\n", pick(n) + ops[n & 1](n), area(n), names[n % 3]);
    return 0;
}
"#;

fn run(folder: &Path, program: &str, arguments: &[&str]) {
    let output = Command::new(program).current_dir(folder).args(arguments).output();
    let output = output.unwrap_or_else(|error| panic!("{program}: {error}"));
    assert!(output.status.success(), "{program}: {}", String::from_utf8_lossy(&output.stderr));
}

/// Makes a file from [`SOURCE`], in a folder of its own.
fn compiled(compiler: &str, arguments: &[&str]) -> Vec<u8> {
    let folder = tempfile::tempdir().unwrap();
    fs_err::write(folder.path().join("part.c"), SOURCE).unwrap();
    let constant = ["-DCONSTANT=11"];
    let constant =
        if arguments.iter().any(|it| it.starts_with("-DC")) { &[][..] } else { &constant };
    run(folder.path(), compiler, &[&["part.c", "-o", "out"], constant, arguments].concat());
    fs_err::read(folder.path().join("out")).unwrap()
}

fn difference(left: &[u8], right: &[u8]) -> Difference {
    compare((&File::read(left).unwrap(), left), (&File::read(right).unwrap(), right)).unwrap()
}

fn names(changes: &[PieceChange]) -> Vec<&str> {
    changes.iter().map(|change| change.name.as_str()).collect()
}

/// How a program or an object of each architecture may be built.
fn each_build(check: impl Fn(&str, &[&str])) {
    for compiler in COMPILERS {
        for optimisation in ["-O0", "-O2"] {
            for kind in [&["-pie", "-fPIE"][..], &["-no-pie", "-fno-pie"], &["-c", "-fPIC"]] {
                check(compiler, &[&[optimisation], kind].concat());
            }
        }
    }
}

#[test]
fn a_function_added_in_front_is_the_only_one_that_differs() {
    each_build(|compiler, arguments| {
        let left = compiled(compiler, arguments);
        let right = compiled(compiler, &[arguments, &["-DFRONT"]].concat());
        let found = difference(&left, &right);
        let message = format!("{compiler} {arguments:?}: {found:#?}");
        assert_eq!(names(&found.functions), ["added_in_front"], "{message}");
        assert_eq!(found.functions[0].left, None);
        assert!(found.functions[0].right > Some(20), "{message}");
        assert!(found.data.is_empty(), "{message}");
        assert_eq!(found.summary[0], "functions: 1 added");
    });
}

#[test]
fn a_changed_constant_shows_its_function_and_instruction() {
    each_build(|compiler, arguments| {
        let left = compiled(compiler, arguments);
        let right = compiled(compiler, &[arguments, &["-DCONSTANT=12"]].concat());
        let found = difference(&left, &right);
        let message = format!("{compiler} {arguments:?}: {found:#?}");
        assert_eq!(names(&found.functions), ["scale"], "{message}");
        let first = found.functions[0].first.as_ref().expect(&message);
        assert!(first.left[0].contains("0xb") && first.right[0].contains("0xc"), "{message}");
        assert!(found.data.is_empty() && found.sections.is_empty(), "{message}");
    });
}

#[test]
fn two_folders_make_no_difference_unless_they_are_left_in_the_file() {
    for compiler in COMPILERS {
        let build = |map: bool| {
            let folder = tempfile::tempdir().unwrap();
            let part = folder.path().join("part.c");
            fs_err::write(&part, SOURCE).unwrap();
            let map_argument = format!("-ffile-prefix-map={}=/src", folder.path().display());
            let source = part.display().to_string();
            let arguments = ["-O2", "-g", "-DCONSTANT=11", "-o", "out", &source];
            let extra = if map { &[map_argument.as_str()][..] } else { &[] };
            run(folder.path(), compiler, &[&arguments, extra].concat());
            let path = folder.path().display().to_string();
            (fs_err::read(folder.path().join("out")).unwrap(), path)
        };
        let ((one, _), (other, _)) = (build(true), build(true));
        assert!(difference(&one, &other).equal, "{compiler}");
        let ((one, from), (other, to)) = (build(false), build(false));
        let found = difference(&one, &other);
        assert!(!found.equal && found.functions.is_empty() && found.data.is_empty());
        let words = format!("built from another path: `{from}`, then `{to}`");
        assert!(found.summary.contains(&words), "{compiler}: {found:#?}");
    }
}

#[test]
fn what_is_no_code_is_told_in_words() {
    let [one, other] =
        ["0x11", "0x12"].map(|id| compiled("cc", &["-O1", &format!("-Wl,--build-id={id}")]));
    let found = difference(&one, &other);
    assert_eq!(found.summary, ["only the build ID differs"]);
    assert_eq!((found.facts[0].left.as_deref(), found.facts.len()), (Some("11"), 1));
    let folder = tempfile::tempdir().unwrap();
    fs_err::write(folder.path().join("one"), &one).unwrap();
    fs_err::write(folder.path().join("comment"), "another compiler\0").unwrap();
    let update = ["--update-section", ".comment=comment", "one", "two"];
    run(folder.path(), "objcopy", &[&update[..2], &update[2..]].concat());
    run(folder.path(), "objcopy", &["one", "three"]);
    let [two, three] = ["two", "three"].map(|name| fs_err::read(folder.path().join(name)).unwrap());
    let found = difference(&three, &two);
    assert_eq!(
        found.summary,
        ["only the names of the compilers (`.comment`) differ"],
        "{found:#?}"
    );
    // Without debug information the rest is the same.
    let [plain, debug] = [&["-O1"][..], &["-O1", "-g"]].map(|arguments| compiled("cc", arguments));
    let found = difference(&plain, &debug);
    assert!(found.functions.is_empty() && found.data.is_empty(), "{found:#?}");
    assert!(found.debug.contains(&".debug_info".to_owned()), "{found:#?}");
}

#[test]
fn archives_are_compared_by_member() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    let object = |name: &str, arguments: &[&str]| {
        fs_err::write(path.join(name), compiled("cc", &[&["-c", "-O1"], arguments].concat()))
            .unwrap();
    };
    object("a.o", &[]);
    object("b.o", &[]);
    run(path, "ar", &["rcsD", "one.a", "a.o", "b.o"]);
    run(path, "ar", &["rcsU", "times.a", "a.o", "b.o"]);
    run(path, "ar", &["rcsD", "order.a", "b.o", "a.o"]);
    object("b.o", &["-DCONSTANT=12"]);
    object("c.o", &[]);
    run(path, "ar", &["rcsD", "two.a", "a.o", "b.o", "c.o"]);
    let archive = |name: &str| fs_err::read(path.join(name)).unwrap();
    let found = difference(&archive("one.a"), &archive("two.a"));
    assert_eq!(found.summary, ["members: 1 differ, 1 added"]);
    let below = found.members[0].difference.as_ref().unwrap();
    assert_eq!((found.members[0].name.as_str(), names(&below.functions)), ("b.o", vec!["scale"]));
    assert_eq!((found.members[1].name.as_str(), found.members[1].left), ("c.o", None));
    let times = difference(&archive("one.a"), &archive("times.a"));
    assert_eq!(times.summary, ["only the times of the members differ"]);
    let order = difference(&archive("one.a"), &archive("order.a"));
    assert_eq!(order.summary, ["only the order of the members differs"]);
    let kinds = difference(&archive("one.a"), &archive("a.o"));
    assert_eq!(kinds.summary, ["one is an archive, the other an ELF relocatable object"]);
    let machines = [compiled("cc", &["-c"]), compiled("aarch64-linux-gnu-gcc", &["-c"])];
    let found = difference(&machines[0], &machines[1]);
    assert_eq!(found.summary, ["they are for different machines"]);
}

/// A program in Go for an architecture.
fn go(arch: &str, constant: u32, arguments: &[&str]) -> Vec<u8> {
    let folder = tempfile::tempdir().unwrap();
    let source = format!(
        "package main\n\nimport \"os\"\n\n//go:noinline\nfunc scale(n int) int {{ return n*37 + \
         {constant} }}\n\nfunc main() {{ os.Exit(scale(len(os.Args))) }}\n"
    );
    fs_err::write(folder.path().join("main.go"), source).unwrap();
    fs_err::write(folder.path().join("go.mod"), "module example.com/a\n\ngo 1.22\n").unwrap();
    let output = Command::new("go")
        .current_dir(folder.path())
        .env("GOARCH", arch)
        .env("CGO_ENABLED", "0")
        .args(["build", "-trimpath", "-buildvcs=false", "-o", "out"])
        .args(arguments)
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    fs_err::read(folder.path().join("out")).unwrap()
}

#[test]
fn go_is_compared_by_function_and_by_build_setting() {
    for arch in ["amd64", "arm64", "arm", "riscv64", "mipsle"] {
        let one = go(arch, 11, &[]);
        assert!(difference(&one, &go(arch, 11, &[])).equal, "{arch}");
        let found = difference(&one, &go(arch, 12, &[]));
        assert_eq!(names(&found.functions), ["main.scale"], "{arch}: {found:#?}");
        let first = found.functions[0].first.as_ref().unwrap();
        assert!(first.left[0].contains("0xb") && first.right[0].contains("0xc"), "{first:?}");
        assert!(found.data.is_empty() && found.sections.is_empty(), "{arch}: {found:#?}");
    }
    let found = difference(&go("amd64", 11, &[]), &go("amd64", 11, &["-tags", "extra"]));
    let fact = found.facts.iter().find(|fact| fact.what == "Go setting -tags");
    assert_eq!(fact.and_then(|fact| fact.right.as_deref()), Some("extra"), "{found:#?}");
    assert!(found.functions.is_empty(), "{found:#?}");
}

#[test]
fn damaged_files_are_compared_without_a_panic() {
    for compiler in ["cc", "mipsel-linux-gnu-gcc"] {
        let whole = compiled(compiler, &["-O1"]);
        for length in (64..whole.len()).step_by(997) {
            if let Ok(file) = File::read(&whole[..length]) {
                let left = (&file, &whole[..length]);
                assert!(!compare(left, (&File::read(&whole).unwrap(), &whole)).unwrap().equal);
            }
        }
        let mut bytes = whole.clone();
        // The headers of the sections.
        for at in (whole.len() - 1500..whole.len()).step_by(7) {
            bytes[at] = !bytes[at];
            if File::read(&bytes).is_ok() {
                assert!(!difference(&bytes, &whole).equal);
            }
            bytes[at] = whole[at];
        }
    }
}
