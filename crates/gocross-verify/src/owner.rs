//! Who owns what has a name: Rust, Go, C, or the C library.

use std::borrow::Cow;
use std::collections::HashSet;
use std::sync::LazyLock;

use serde::Serialize;

/// The large parts of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Category {
    /// Rust, by crate.
    Rust,
    /// Go, by package.
    Go,
    /// C and what is called like it, by source file or object.
    C,
    /// The C library, the compiler's own functions, and what runs before `main`.
    Libc,
    /// What debuggers read.
    Debug,
    /// Tables, headers, gaps, and what has no name.
    Other,
}

impl Category {
    /// For people.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Rust => "Rust",
            Self::Go => "Go",
            Self::C => "C",
            Self::Libc => "C library",
            Self::Debug => "debug information",
            Self::Other => "other",
        }
    }
}

/// Who owns a piece.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Owner {
    /// The large part.
    pub category: Category,
    /// The crate, the package, the source file …
    pub part: String,
}

impl Owner {
    /// An owner.
    #[must_use]
    pub fn new(category: Category, part: impl Into<String>) -> Self {
        Self { category, part: part.into() }
    }
}

/// The names that glibc and musl give to programs and that the C standard does not reserve by
/// their first letters, from `nm` of both.
static LIBC_NAMES: LazyLock<HashSet<&'static str>> =
    LazyLock::new(|| include_str!("libc_names.txt").split_whitespace().collect());

/// Who owns a symbol, by its name alone. Names with a point are Go's only `with_go`; compilers
/// of C make such names too. `None` where the language is not told: that is C, and who asks
/// knows from where.
#[must_use]
pub fn of_name(name: &[u8], with_go: bool) -> Option<Owner> {
    let name = String::from_utf8_lossy(name);
    if let Some(name) = rust_crate(&name) {
        return Some(Owner::new(Category::Rust, name));
    }
    if with_go && let Some(package) = go_package(&name) {
        return Some(Owner::new(Category::Go, package));
    }
    let of_c = C_LIBRARIES.iter().find(|(start, _)| name.starts_with(start));
    if let Some((_, library)) = of_c {
        return Some(Owner::new(Category::C, *library));
    }
    libc_part(&name).map(|part| Owner::new(Category::Libc, part))
}

/// C and assembler that crates bring under names of their own. Assembler seldom tells its file,
/// and then stands in the symbol table behind that of another.
const C_LIBRARIES: [(&str, &str); 4] =
    [("ring_core_", "ring"), ("aws_lc_", "aws-lc"), ("blake3_", "blake3"), ("_blake3_", "blake3")];

/// The crate of a Rust symbol, mangled in the old way or the new one (RFC 2603).
#[must_use]
pub fn rust_crate(name: &str) -> Option<String> {
    const OF_STD: [&str; 6] =
        ["rust_begin_unwind", "rust_eh_personality", "rust_panic", "__rust_", "__rdl_", "__rg_"];
    if OF_STD.iter().any(|start| name.starts_with(start)) {
        return Some("std".to_owned());
    }
    // Constants that LLVM has named.
    if name.starts_with("anon.") || name.strip_prefix("alloc_").is_some_and(is_hash) {
        return Some("(constants)".to_owned());
    }
    let name = name.strip_prefix("switch.table.").unwrap_or(name);
    let old = name.starts_with("_ZN") && name.contains("17h");
    if !old && !name.starts_with("_R") {
        return None;
    }
    let path = format!("{:#}", rustc_demangle::try_demangle(name).ok()?);
    Some(crate_of_path(&path).unwrap_or("(generic)").to_owned())
}

/// `alloc` of `<alloc::vec::Vec<T> as core::ops::Drop>::drop`, `core` of
/// `<[T] as core::fmt::Debug>::fmt`.
fn crate_of_path(path: &str) -> Option<&str> {
    let words = path.split(['<', '>', '&', '(', ')', '[', ']', ' ', ',', '*', ';']);
    let mut names = words.filter_map(|word| word.split_once("::").map(|(first, _)| first));
    names.find(|name| {
        name.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_')
            && name.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '_')
    })
}

fn is_hash(text: &str) -> bool {
    text.len() >= 16 && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// The package of a Go symbol (`cmd/internal/objabi`, `cmd/link/internal/ld`).
#[must_use]
pub fn go_package(name: &str) -> Option<Cow<'_, str>> {
    if name.starts_with("_cgo") || name.starts_with("x_cgo") || name.starts_with("crosscall") {
        return Some("runtime/cgo".into());
    }
    let of_tables = [
        ("type:", "(types)"),
        ("type..", "(types)"),
        ("go:string", "(strings)"),
        ("go.string", "(strings)"),
        ("go:itab.", "(types)"),
        ("go.itab", "(types)"),
        ("go:func", "(function table)"),
        ("go:buildinfo", "(build info)"),
        ("go:", "(tables)"),
        ("gclocals", "(function table)"),
        ("runtime.pclntab", "(function table)"),
        ("runtime.gcbits.", "(types)"),
        ("$f32.", "(constants)"),
        ("$f64.", "(constants)"),
    ];
    if let Some((_, part)) = of_tables.iter().find(|(start, _)| name.starts_with(start)) {
        return Some((*part).into());
    }
    // Type arguments and receivers have paths of their own.
    let head = &name[..name.find(['[', '(', '@']).unwrap_or(name.len())];
    let element = head.rfind('/').map_or(0, |slash| slash + 1);
    let point = element + head[element..].find('.')?;
    let (package, rest) = (&name[..point], &name[point + 1..]);
    if package.is_empty() || rest.is_empty() || head.len() < name.len() && name.contains('@') {
        return None;
    }
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"_-./%~+".contains(&byte);
    let c_suffix = ["constprop", "part", "isra", "cold", "lto_priv", "llvm", "localalias"];
    let first = rest.split('.').next().unwrap_or_default();
    let of_c = first.bytes().all(|byte| byte.is_ascii_digit()) && !first.is_empty()
        || c_suffix.contains(&first)
        || package.starts_with(['_', '.', '$']);
    if of_c || !package.bytes().all(allowed) {
        return None;
    }
    // Go writes the points in the last element of a path so.
    Some(if package.contains("%2e") { package.replace("%2e", ".").into() } else { package.into() })
}

/// Which part of the C library or of the compiler has this name.
fn libc_part(name: &str) -> Option<&'static str> {
    const START: [&str; 10] = [
        "_start",
        "__start",
        "_start_c",
        "_init",
        "_fini",
        "frame_dummy",
        "call_weak_fn",
        "deregister_tm_clones",
        "register_tm_clones",
        "__do_global_dtors_aux",
    ];
    if START.contains(&name) || name.starts_with("__libc_csu_") {
        return Some("start-up");
    }
    if is_of_compiler(name) {
        return Some("compiler runtime");
    }
    let mut letters = name.bytes();
    // Names that begin so are reserved for the C library and the compiler (C11, 7.1.3).
    let reserved = letters.next() == Some(b'_')
        && letters.next().is_some_and(|second| second == b'_' || second.is_ascii_uppercase())
        && !name.starts_with("_Z");
    (reserved || LIBC_NAMES.contains(name)).then_some("C library")
}

/// Functions that compilers call on their own (libgcc, compiler-rt; "Run-time ABI for the Arm
/// Architecture").
fn is_of_compiler(name: &str) -> bool {
    if name.starts_with("_Unwind_") || name.starts_with("__aeabi_") || name.starts_with("__gnu_") {
        return true;
    }
    let Some(rest) = name.strip_prefix("__") else { return false };
    const MODES: [&str; 14] = [
        "di3", "ti3", "si3", "sf2", "df2", "tf2", "sf3", "df3", "tf3", "di2", "ti2", "si2", "hf2",
        "4",
    ];
    const WORDS: [&str; 25] = [
        "add", "ashl", "ashr", "bswap", "clz", "cmp", "ctz", "div", "eq", "ext", "ffs", "fix",
        "float", "ge", "gt", "le", "lshr", "lt", "mod", "mul", "ne", "neg", "popcount", "sub", "u",
    ];
    WORDS.iter().any(|word| rest.starts_with(word)) && MODES.iter().any(|mode| rest.ends_with(mode))
        || rest.starts_with("aarch64_")
        || rest.starts_with("atomic_")
        || rest.starts_with("register_frame")
        || rest.starts_with("deregister_frame")
}

/// The crate of an object file that rustc names, such as `std.525e07807ea512cd-cgu.08`.
#[must_use]
pub fn crate_of_file(file: &[u8]) -> Option<String> {
    let file = String::from_utf8_lossy(file);
    let (name, rest) = file.split_once('.')?;
    let (hash, _) = rest.split_once("-cgu.").or_else(|| rest.split_once(".rcgu"))?;
    (!hash.is_empty()).then(|| name.to_owned())
}

/// Whether a source file is one of the C library's: musl calls each after its function.
#[must_use]
pub fn is_libc_file(file: &[u8]) -> bool {
    let file = String::from_utf8_lossy(file);
    let name = file.rsplit('/').next().unwrap_or_default();
    let Some((stem, ending)) = name.rsplit_once('.') else { return false };
    matches!(ending, "c" | "s" | "S" | "o")
        && (stem.starts_with("crt") || LIBC_NAMES.contains(stem))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn owner(name: &str) -> Option<(Category, String)> {
        of_name(name.as_bytes(), true).map(|owner| (owner.category, owner.part))
    }

    #[test]
    fn rust_is_told_by_crate_in_both_manglings() {
        let rust = |name| Some((Category::Rust, String::from(name)));
        let old = "_ZN4core3fmt9Formatter9write_str17h0123456789abcdefE";
        assert_eq!(owner(old), rust("core"));
        let drop = "_ZN66_$LT$alloc..vec..Vec$LT$T$GT$$u20$as$u20$core..ops..drop..Drop$GT$4drop17h0123456789abcdefE";
        assert_eq!(owner(drop), rust("alloc"));
        assert_eq!(owner("_RNvCs1234_7mycrate3foo"), rust("mycrate"));
        assert_eq!(
            owner("_RNvXCs1234_7mycrateNtB2_3BarNtNtCs5_4core3fmt5Debug3fmt"),
            rust("mycrate")
        );
        // C++ is mangled alike, and has no hash.
        assert_eq!(owner("_ZN3foo3barEv"), None);
    }

    #[test]
    fn go_is_told_by_package() {
        let package = |name| go_package(name).map(Cow::into_owned);
        for (name, expected) in [
            ("runtime.mallocgc", "runtime"),
            ("net/http.(*Client).Do", "net/http"),
            ("main.main.func1", "main"),
            ("gopkg.in/yaml%2ev3.Marshal", "gopkg.in/yaml.v3"),
            ("slices.SortFunc[go.shape.[]net/http.T]", "slices"),
            ("vendor/golang.org/x/net/dns.(*B).f-fm", "vendor/golang.org/x/net/dns"),
            ("net/http..inittask", "net/http"),
            ("type:*net/http.Client", "(types)"),
            ("_cgo_topofstack", "runtime/cgo"),
        ] {
            assert_eq!(package(name).as_deref(), Some(expected), "{name}");
        }
        for name in
            ["completed.0", "sort.constprop.0", "f.cold", "main", "memcpy@GLIBC_2.17", ".L1"]
        {
            assert_eq!(package(name), None, "{name}");
        }
        assert_eq!(of_name(b"runtime.mallocgc", false), None);
    }

    #[test]
    fn the_c_library_is_told_from_c() {
        let libc = |part: &str| Some((Category::Libc, part.to_owned()));
        assert_eq!(owner("printf"), libc("C library"));
        assert_eq!(owner("__stdio_write"), libc("C library"));
        assert_eq!(owner("_start"), libc("start-up"));
        assert_eq!(owner("__udivti3"), libc("compiler runtime"));
        assert_eq!(owner("__aeabi_uidiv"), libc("compiler runtime"));
        assert_eq!(owner("sm4_encrypt"), None);
        let ring = Some((Category::C, "ring".to_owned()));
        assert_eq!(owner("ring_core_0_17_14__gcm_ghash_avx"), ring);
        assert_eq!(owner("main"), None);
        assert_eq!(crate_of_file(b"std.525e07807ea512cd-cgu.08").as_deref(), Some("std"));
        assert_eq!(crate_of_file(b"a.c"), None);
        assert!(is_libc_file(b"src/stdio/vfprintf.c") && !is_libc_file(b"sm4.c"));
    }
}
