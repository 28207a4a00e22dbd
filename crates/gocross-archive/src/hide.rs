//! Which symbols of Go's archive are its own business, and their names.
//!
//! C has one space of names for a whole program. A Go package with SQLite in it and a Rust crate
//! with another version of it both define `sqlite3_open`; the linker takes the first and tells
//! nobody. So whatever the archive defines gets a name that nobody else has, but for what the
//! program calls and what is one thing in each program.

use std::collections::BTreeSet;

use gocross_diagnostic::{Code, Diagnostic, Result};
use gocross_elf::{Kind, kind};
use object_names::{Defined, defined};

use crate::Export;
use crate::start::GUARDED;

/// What is put behind a name. A suffix after a point is left alone by the demanglers of C++
/// (Itanium C++ ABI, "Mangling": vendor suffixes) and of Rust, so that back-traces stay readable.
pub(crate) const SUFFIX: &str = ".gocross";

/// Names of Go's runtime and of its start, by which tools know a Go archive, and which meet the
/// same names of a second one: that is an error.
const RUNTIME: &[&str] =
    &["_cgo_*", "x_cgo_*", "_cgoexp_*", "crosscall*", "x_crosscall*", "_rt0_*", "gocross_*"];

/// Functions that replace those of the C and C++ libraries, for all of a program: memory that one
/// of them gives, another one takes back (C17 7.22.3; C++ "Replacement functions").
const REPLACEMENTS: &[&str] = &[
    "malloc",
    "calloc",
    "realloc",
    "free",
    "aligned_alloc",
    "memalign",
    "posix_memalign",
    "valloc",
    "pvalloc",
    "reallocarray",
    "malloc_usable_size",
    "_Znw*",
    "_Zna*",
    "_Zdl*",
    "_Zda*",
];

/// Functions that compilers call by themselves, and that runtimes of languages bring along weakly:
/// any definition does, and the C library's is the fastest.
const SUPPORT: &[&str] = &["memcpy", "memmove", "memset", "memcmp", "bcmp", "strlen"];

/// The names of an archive, and what they become.
#[derive(Debug, Default)]
pub(crate) struct Names {
    hidden: BTreeSet<Vec<u8>>,
    wraps: BTreeSet<Vec<u8>>,
}

/// What decides about names.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Rules<'a> {
    /// Whether names are hidden at all.
    pub(crate) hide: bool,
    /// What the program calls.
    pub(crate) exports: &'a [Export],
    /// Patterns of names that stay.
    pub(crate) keep: &'a [String],
    /// Whether the archive's `sigaction` and its kin are those of the program.
    pub(crate) guards: bool,
    /// Functions whose uses lead to `__wrap_NAME` (GNU ld's manual, `--wrap`).
    pub(crate) wraps: &'a [String],
}

impl Names {
    /// Reads what the members define.
    ///
    /// # Errors
    ///
    /// [`Code::BadArchive`] for a member that is compiled for link-time optimisation: its names
    /// stand in no symbol table.
    pub(crate) fn of<'a>(
        members: impl IntoIterator<Item = (&'a str, &'a [u8])>,
        rules: &Rules<'_>,
    ) -> Result<Self> {
        let wraps = rules.wraps.iter().map(|name| name.clone().into_bytes()).collect();
        let mut names = Self { hidden: BTreeSet::new(), wraps };
        if !rules.hide {
            return Ok(names);
        }
        let mut strong = BTreeSet::new();
        for (name, data) in members {
            let Ok(Kind::Elf(_)) = kind(data) else { continue };
            let Defined { symbols, needs_lto } =
                defined(data).map_err(|error| bad(format!("`{name}` cannot be read: {error}")))?;
            if needs_lto {
                return Err(bad(format!(
                    "`{name}` is compiled for link-time optimisation (`-flto`), which hides its \
                     symbols from all but its own linker"
                )));
            }
            for (symbol, is_weak) in symbols {
                if !is_weak {
                    strong.insert(symbol.clone());
                }
                names.hidden.insert(symbol);
            }
        }
        names.hidden.retain(|name| !stays(name, strong.contains(name), rules));
        Ok(names)
    }

    /// The other name of a symbol, where it has one.
    pub(crate) fn new_name(&self, name: &[u8], is_defined: bool) -> Option<Vec<u8>> {
        let wrapped = if is_defined { None } else { self.wrapped(name) };
        let linked = wrapped.as_deref().unwrap_or(name);
        if self.hidden.contains(linked) {
            return Some([linked, SUFFIX.as_bytes()].concat());
        }
        wrapped
    }

    /// What a use of a name is by `--wrap`.
    fn wrapped(&self, name: &[u8]) -> Option<Vec<u8>> {
        if self.wraps.contains(name) {
            return Some([b"__wrap_", name].concat());
        }
        let real = name.strip_prefix(b"__real_")?;
        self.wraps.contains(real).then(|| real.to_vec())
    }
}

fn stays(name: &[u8], is_strong: bool, rules: &Rules<'_>) -> bool {
    let Ok(text) = std::str::from_utf8(name) else { return false };
    let is_one_of = |patterns: &[&str]| patterns.iter().any(|pattern| matches(pattern, text));
    // A name with a version is the linker's to read (`name@VERSION`, LSB "Symbol Versioning").
    text.contains('@')
        || is_one_of(RUNTIME)
        || is_one_of(REPLACEMENTS)
        || (rules.guards && is_one_of(GUARDED))
        || (!is_strong && is_one_of(SUPPORT))
        || rules.exports.iter().any(|export| export.name == text)
        || rules.keep.iter().any(|pattern| matches(pattern, text))
}

/// Whether a name matches a pattern, in which `*` stands for any text.
pub(crate) fn matches(pattern: &str, name: &str) -> bool {
    let Some((head, tail)) = pattern.split_once('*') else { return pattern == name };
    let Some(rest) = name.strip_prefix(head) else { return false };
    rest.char_indices().map(|(at, _)| at).chain([rest.len()]).any(|at| matches(tail, &rest[at..]))
}

fn bad(why: String) -> Box<Diagnostic> {
    Box::new(Diagnostic::error(Code::BadArchive, why))
}

mod object_names {
    //! What an object defines.

    use gocross_elf::{Elf, ReadError};

    /// The global symbols that an object defines.
    pub(super) struct Defined {
        /// Their names, and whether they are weak.
        pub(super) symbols: Vec<(Vec<u8>, bool)>,
        /// Whether the code is in GCC's intermediate form alone (`-flto` without
        /// `-ffat-lto-objects`).
        pub(super) needs_lto: bool,
    }

    pub(super) fn defined(object: &[u8]) -> Result<Defined, ReadError> {
        let elf = Elf::read(object)?;
        let mut defined = Defined { symbols: Vec::new(), needs_lto: false };
        for symbol in elf.symbols.iter().filter(|symbol| symbol.is_global()) {
            if symbol.is_named(b"__gnu_lto_slim") {
                defined.needs_lto = true;
            }
            if !symbol.is_undefined() && !symbol.name().is_empty() {
                defined.symbols.push((symbol.name().to_vec(), symbol.is_weak()));
            }
        }
        Ok(defined)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rewrite::tests::compiled;

    fn names(source: &str, rules: &Rules<'_>) -> Names {
        let dir = tempfile::tempdir().unwrap();
        let object = compiled(dir.path(), source);
        Names::of([("a.o", object.as_slice())], rules).unwrap()
    }

    fn rules() -> Rules<'static> {
        Rules { hide: true, exports: &[], keep: &[], guards: false, wraps: &[] }
    }

    fn new_name(names: &Names, name: &str, is_defined: bool) -> Option<String> {
        let new = names.new_name(name.as_bytes(), is_defined)?;
        Some(String::from_utf8(new).unwrap())
    }

    #[test]
    fn what_the_archive_defines_is_its_own_and_what_it_uses_is_not() {
        let source = "extern int puts(const char *); int common; int own(void) { return 1; }\n\
                      static int local(void) { return 2; }\n\
                      int Exported(void) { return puts(\"\") + own() + local(); }\n\
                      void *malloc(unsigned long n) { return 0; } int _cgo_panic(void) { return 0; }\n\
                      int kept_a(void) { return 0; }";
        let export = Export { name: "Exported".to_owned(), file: "a.go".into(), line: 1 };
        let keep = ["kept_*".to_owned()];
        let names = names(
            source,
            &Rules { exports: std::slice::from_ref(&export), keep: &keep, ..rules() },
        );
        for name in ["own", "common"] {
            assert_eq!(new_name(&names, name, true), Some(format!("{name}.gocross")));
            assert_eq!(new_name(&names, name, false), Some(format!("{name}.gocross")));
        }
        for name in ["puts", "local", "Exported", "malloc", "_cgo_panic", "kept_a"] {
            assert_eq!(new_name(&names, name, true), None, "{name}");
        }
    }

    #[test]
    fn compilers_own_functions_are_hidden_only_where_somebody_means_them() {
        let weak = "__attribute__((weak)) void *memcpy(void *a, const void *b, unsigned long n) \
                    { return a; }";
        assert_eq!(new_name(&names(weak, &rules()), "memcpy", false), None);
        let strong = "void *memcpy(void *a, const void *b, unsigned long n) { return a; }";
        let hidden = new_name(&names(strong, &rules()), "memcpy", false);
        assert_eq!(hidden, Some("memcpy.gocross".to_owned()));
    }

    #[test]
    fn a_wrapped_function_is_called_by_its_wrapper_alone() {
        let source = "int __wrap_open(void) { return 1; } int shut(void) { return 1; }";
        let wraps = ["open", "shut", "other"].map(str::to_owned);
        let names = names(source, &Rules { wraps: &wraps, ..rules() });
        assert_eq!(new_name(&names, "open", false), Some("__wrap_open.gocross".to_owned()));
        assert_eq!(new_name(&names, "__real_open", false), Some("open".to_owned()));
        assert_eq!(new_name(&names, "__real_shut", false), Some("shut.gocross".to_owned()));
        assert_eq!(new_name(&names, "other", false), Some("__wrap_other".to_owned()));
        assert_eq!(new_name(&names, "shut", true), Some("shut.gocross".to_owned()));
    }

    #[test]
    fn with_hiding_off_no_name_changes() {
        let names = names("int own(void) { return 1; }", &Rules { hide: false, ..rules() });
        assert_eq!(new_name(&names, "own", true), None);
    }

    #[test]
    fn patterns_have_stars_anywhere() {
        for (pattern, name) in [("*", ""), ("a*", "abc"), ("*c", "abc"), ("a*b*c", "axbxc")] {
            assert!(matches(pattern, name), "{pattern} {name}");
        }
        for (pattern, name) in [("a", "ab"), ("a*b", "abc"), ("", "a"), ("b*", "abc")] {
            assert!(!matches(pattern, name), "{pattern} {name}");
        }
    }
}
