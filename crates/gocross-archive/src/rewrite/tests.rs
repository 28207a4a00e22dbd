//! Rewriting, tried on objects that a compiler made, linked and run.

use std::path::Path;

use gocross_elf::Symbols;
use gocross_toolchain::{Env, run};

use super::{Input, Plan, rewrite_object, write_archive};

/// An object with a constructor, a hidden function, and a use of somebody else's function.
const OBJECT: &str = r#"
#include <stdio.h>
extern int wait_for_it(void);
__attribute__((constructor)) static void at_start(void) { puts("constructor"); }
__attribute__((used)) static int hidden_start(int n) { printf("started %d\n", n); return n; }
int exported(void) { return wait_for_it(); }
"#;

const PROGRAM: &str = r#"
#include <stdio.h>
extern int start(int), exported(void);
int wait_for_it(void) { puts("the old one"); return 1; }
int wait_instead(void) { puts("the new one"); return 2; }
int main(void) { return start(3) + exported() == 5 ? 0 : 1; }
"#;

fn plan() -> Plan {
    Plan::default()
        .drop_init_array()
        .alias("hidden_start", "start")
        .redirect("wait_for_it", "wait_instead")
}

/// The object that the machine's C compiler makes of a text.
pub(crate) fn compiled(folder: &Path, source: &str) -> Vec<u8> {
    fs_err::write(folder.join("a.c"), source).unwrap();
    cc(folder, &["-c", "a.c", "-o", "a.o", "-g", "-O1"]);
    fs_err::read(folder.join("a.o")).unwrap()
}

fn cc(folder: &Path, args: &[&str]) {
    let env = Env::of_process().unwrap().in_dir(folder);
    let program = env.find_program("cc").unwrap();
    let output = run(&env, &program, args, &[]).unwrap();
    assert!(output.success, "{}", output.stderr);
}

#[test]
fn a_rewritten_object_links_and_does_what_the_plan_says() {
    let dir = tempfile::tempdir().unwrap();
    let object = rewrite_object(&compiled(dir.path(), OBJECT), &plan()).unwrap();
    let archive = write_archive(&[Input { name: "a.o".to_owned(), data: object }]).unwrap();
    fs_err::write(dir.path().join("liba.a"), archive).unwrap();
    fs_err::write(dir.path().join("main.c"), PROGRAM).unwrap();
    cc(dir.path(), &["main.c", "liba.a", "-o", "program"]);
    let env = Env::of_process().unwrap();
    let output = run(&env, &dir.path().join("program"), [""; 0], &[]).unwrap();
    assert_eq!((output.stdout.as_str(), output.success), ("started 3\nthe new one\n", true));
}

#[test]
fn a_definition_is_renamed_and_its_uses_elsewhere_are_not() {
    let dir = tempfile::tempdir().unwrap();
    let object = compiled(dir.path(), "int main(void) { return 0; }\n");
    let plan = Plan::default().rename("main", "other_main");
    let symbols = Symbols::read(&rewrite_object(&object, &plan).unwrap()).unwrap();
    assert!(symbols.defines("other_main") && !symbols.defines("main"));
    let user = "int main(void); int f(void) { return main(); } int g(void) { return 1; }\n";
    let user = compiled(dir.path(), user);
    let plan = Plan::default().rename("g", "other_g");
    let symbols = Symbols::read(&rewrite_object(&user, &plan).unwrap()).unwrap();
    assert!(symbols.undefined.contains(b"main".as_slice()) && symbols.defines("other_g"));
    let error = rewrite_object(&user, &Plan::default().rename("main", "x")).unwrap_err();
    assert_eq!(error.to_string(), "it does not define `main`");
}

#[test]
fn a_start_that_is_not_there_is_an_error() {
    let dir = tempfile::tempdir().unwrap();
    let object = compiled(dir.path(), "int f(void) { return 0; }\n");
    let error = rewrite_object(&object, &Plan::default().drop_init_array()).unwrap_err();
    assert_eq!(error.to_string(), "it has no `.init_array`");
}

#[test]
fn an_alias_of_what_is_not_there_is_an_error_that_names_it() {
    let dir = tempfile::tempdir().unwrap();
    let object = compiled(dir.path(), OBJECT);
    let error = rewrite_object(&object, &Plan::default().alias("nobody", "x")).unwrap_err();
    assert_eq!(error.to_string(), "it does not define `nobody`");
    // A symbol that is only used is not a definition.
    assert!(rewrite_object(&object, &Plan::default().alias("wait_for_it", "x")).is_err());
}

#[test]
fn the_same_input_gives_the_same_bytes() {
    let dir = tempfile::tempdir().unwrap();
    let object = compiled(dir.path(), OBJECT);
    let archive = || {
        let data = rewrite_object(&object, &plan()).unwrap();
        write_archive(&[Input { name: "a.o".to_owned(), data }]).unwrap()
    };
    assert_eq!(archive(), archive());
}

#[test]
fn damaged_objects_are_errors_and_never_panics() {
    let dir = tempfile::tempdir().unwrap();
    let object = compiled(dir.path(), OBJECT);
    for length in 0..object.len() {
        rewrite_object(&object[..length], &plan()).ok();
    }
    // Every byte of the header and of the section headers, with values that overflow.
    let table = object.len() - 64 * 30;
    for at in (0..64).chain(table..object.len()) {
        for value in [0, 1, 0x7f, 0xff] {
            let mut damaged = object.clone();
            damaged[at] = value;
            rewrite_object(&damaged, &plan()).ok();
        }
    }
    assert!(rewrite_object(&object[..object.len() / 2], &plan()).is_err());
    assert!(rewrite_object(b"not an object", &plan()).is_err());
}

/// An i386 object as Go writes it, as far as the rewriting looks: a word of text with a 2 in it,
/// which is to take the offset of a thread-local variable, and another word.
fn i386_object() -> Vec<u8> {
    let u32s =
        |words: &[u32]| words.iter().flat_map(|word| word.to_le_bytes()).collect::<Vec<u8>>();
    let mut object = b"\x7fELF\x01\x01\x01".to_vec();
    object.resize(16, 0);
    // ET_REL, EM_386; e_shoff 88; five headers of 40 bytes, the last one holds the names.
    object.extend(u32s(&[1 | 3 << 16, 1, 0, 0, 88, 0, 52, 40 << 16, 5 | 4 << 16]));
    assert_eq!(object.len(), 52);
    object.extend(u32s(&[2, 7])); // 52: text
    object.extend(u32s(&[0, 16, 4, 2])); // 60: R_386_TLS_GOTIE at 0, R_386_PC32 at 4
    object.resize(88, 0); // 76: names and strings, all empty
    let header = |kind, offset, size, link, info| [0, kind, 0, 0, offset, size, link, info, 1, 0];
    for words in [
        header(0, 0, 0, 0, 0),
        header(1, 52, 8, 0, 0),
        header(9, 60, 16, 3, 1),
        header(2, 76, 0, 4, 0),
        header(3, 76, 1, 0, 0),
    ] {
        object.extend(u32s(&words));
    }
    object
}

#[test]
fn the_addend_of_gos_thread_local_on_i386_is_cleared_and_no_other() {
    let rewritten = rewrite_object(&i386_object(), &Plan::default()).unwrap();
    assert_eq!(rewritten[52..60], [0, 0, 0, 0, 7, 0, 0, 0]);
    let mut amd64 = i386_object();
    amd64[18] = 62;
    assert_eq!(rewrite_object(&amd64, &Plan::default()).unwrap()[52], 2);
}
