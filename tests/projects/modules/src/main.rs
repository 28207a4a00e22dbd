//! Asks both sides for the versions of their C libraries, and lets both work.

use std::ffi::{CStr, CString};
use std::path::Path;

mod go {
    gocross::bindings!();
}

fn text(text: *mut std::ffi::c_char) -> String {
    // SAFETY: Go gives memory of C's, which is ours to free.
    unsafe { gocross::OwnedCStr::from_raw(text) }.expect("a text").to_string_lossy().into_owned()
}

fn sqlite() -> String {
    use libsqlite3_sys::*;
    let mut db = std::ptr::null_mut();
    let mut statement = std::ptr::null_mut();
    // SAFETY: a database in memory, used as SQLite's documentation has it.
    unsafe {
        assert_eq!(sqlite3_open(c":memory:".as_ptr(), &mut db), SQLITE_OK);
        let question = c"select 6 * 7".as_ptr();
        let prepared =
            sqlite3_prepare_v2(db, question, -1, &mut statement, std::ptr::null_mut());
        assert_eq!(prepared, SQLITE_OK);
        assert_eq!(sqlite3_step(statement), SQLITE_ROW);
        let answer = sqlite3_column_int(statement, 0);
        sqlite3_finalize(statement);
        sqlite3_close(db);
        let version = CStr::from_ptr(sqlite3_libversion()).to_string_lossy();
        format!("sqlite {version} answer {answer}")
    }
}

fn zstd() -> String {
    let input = [7_u8; 10_000];
    let (mut packed, mut output) = ([0_u8; 20_000], [0_u8; 10_000]);
    // SAFETY: the buffers have the lengths that are given.
    let size = unsafe {
        let size = zstd_sys::ZSTD_compress(
            packed.as_mut_ptr().cast(),
            packed.len(),
            input.as_ptr().cast(),
            input.len(),
            1,
        );
        zstd_sys::ZSTD_decompress(
            output.as_mut_ptr().cast(),
            output.len(),
            packed.as_ptr().cast(),
            size,
        )
    };
    // SAFETY: no arguments.
    let version = unsafe { zstd_sys::ZSTD_versionNumber() };
    format!("zstd {version} {}", size == 10_000 && output == input)
}

/// The data of a Go module, and a small dictionary in place of its large one.
fn words() -> String {
    let folder = std::env::temp_dir().join(format!("gocross-modules-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder for the dictionary");
    let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("dict");
    let model = Path::new(env!("JIEBA")).join("deps/cppjieba/dict/hmm_model.utf8");
    std::fs::copy(model, folder.join("hmm_model.utf8")).expect("the module has a model");
    for file in ["jieba.dict.utf8", "user.dict.utf8", "idf.utf8", "stop_words.utf8"] {
        std::fs::copy(own.join(file), folder.join(file)).expect("the project has a dictionary");
    }
    let path = CString::new(folder.to_str().expect("UTF-8")).expect("no zero in a path");
    // SAFETY: Go keeps neither text.
    let words = unsafe {
        go::Words(path.as_ptr().cast_mut(), c"我来到北京清华大学".as_ptr().cast_mut())
    };
    std::fs::remove_dir_all(&folder).expect("it is ours");
    text(words)
}

fn main() {
    // SAFETY: the functions take nothing and give texts.
    unsafe {
        println!("go    {}", text(go::Sqlite()));
        println!("rust  {}", sqlite());
        println!("go    {}", text(go::Zstd()));
        println!("rust  {}", zstd());
    }
    println!("go    {}", words());
}
