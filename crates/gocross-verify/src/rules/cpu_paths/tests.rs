//! The rule, asked about programs that the C compiler of this machine makes.

use super::*;
use crate::cpu::{Declaration, Gated};
use crate::testing::{about, about_files, compiled, messages};

/// A program with a dispatcher, a path for AES and a fall-back; `-D` breaks one of them.
const SOURCE: &str = r#"
#include <immintrin.h>
#define ALONE __attribute__((noinline, used))
ALONE __attribute__((target("aes"))) __m128i aes_one(__m128i a) { return _mm_aesenc_si128(a, a); }
#ifdef PLAIN_ONLY
#define aes_one plain_one
#endif
ALONE __m128i plain_one(__m128i a) { return _mm_add_epi32(a, a); }
#ifdef UNGUARDED
ALONE __m128i careless(__m128i a) { return aes_one(a); }
#endif
#ifdef ALIAS
__m128i same_one(__m128i a) __attribute__((alias("aes_one")));
#endif
#ifdef WIDE
ALONE __attribute__((target("avx512f,avx512vl"))) __m256i wide_one(__m256i a) {
    return _mm256_rol_epi32(a, 3);
}
#endif
#ifdef STRAY
ALONE __attribute__((target("popcnt"))) int stray(int a) { return __builtin_popcount(a); }
#endif
static __m128i (*const table[])(__m128i) = { aes_one, plain_one };
int main(int argc, char **argv) {
    __m128i a = _mm_set1_epi32(argc);
    return _mm_cvtsi128_si32(table[!__builtin_cpu_supports("aes")](a));
}
"#;

fn path(name: &str, needs: &[&str], functions: &[&str]) -> Path {
    let owned = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect();
    Path {
        side: "sum.c".to_owned(),
        name: name.to_owned(),
        arch: None,
        needs: owned(needs),
        functions: owned(functions),
    }
}

fn declared() -> Declaration {
    let paths = vec![path("aes", &["aes"], &["aes_*"]), path("plain", &[], &["plain_*"])];
    Declaration { paths, ..Declaration::default() }
}

fn asked(defines: &[&str], declaration: Declaration) -> Vec<Finding> {
    let arguments = [&["-O1", "-fcf-protection=none"], defines].concat();
    about(compiled(SOURCE, &arguments)).declared(declaration).ask(&RULE)
}

#[test]
fn a_guarded_program_passes() {
    assert_eq!(asked(&[], declared()), []);
    assert_eq!(asked(&["-no-pie"], declared()), []);
}

#[test]
fn without_a_declaration_it_is_a_note() {
    let found = asked(&["-DSTRAY"], Declaration::default());
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].level, Level::Note);
    let symbols: Vec<_> = found[0].places.iter().map(|place| place.symbol.as_deref()).collect();
    assert_eq!(symbols, [Some("aes_one"), Some("stray")]);
    assert_eq!(
        found[0].details,
        ["aes: 1 instruction in 1 function", "popcnt: 1 instruction in 1 function"]
    );
}

#[test]
fn an_instruction_in_another_function_fails() {
    let found = asked(&["-DSTRAY"], declared());
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].level, Level::Error);
    assert_eq!(found[0].places[0].symbol.as_deref(), Some("stray"));
    let gated = Gated {
        functions: vec!["stray".to_owned()],
        features: vec!["popcnt".to_owned()],
        arch: None,
    };
    assert_eq!(asked(&["-DSTRAY"], Declaration { gated: vec![gated], ..declared() }), []);
}

#[test]
fn a_call_without_a_guard_fails() {
    let found = asked(&["-DUNGUARDED"], declared());
    assert_eq!(
        messages(&found),
        ["functions above the baseline are called without a look at the CPU"]
    );
    assert_eq!(found[0].details, ["`careless` calls `aes_one`"]);
    let dispatch = vec!["careless".to_owned()];
    assert_eq!(asked(&["-DUNGUARDED"], Declaration { dispatch, ..declared() }), []);
    // The same of a function that is only on a list.
    let gated = Gated {
        functions: vec!["aes_one".to_owned()],
        features: vec!["aes".to_owned()],
        arch: None,
    };
    let only = Declaration { gated: vec![gated], ..Declaration::default() };
    assert_eq!(asked(&["-DUNGUARDED"], only.clone()), found);
    assert_eq!(asked(&[], only), []);
}

#[test]
fn a_function_is_declared_by_any_of_its_names() {
    for name in ["aes_one", "same_one"] {
        let mut other = declared();
        other.paths[0].functions = vec![name.to_owned()];
        assert_eq!(asked(&["-DALIAS"], other), [], "{name}");
    }
}

#[test]
fn what_a_feature_brings_along_may_be_named() {
    for needs in [&["avx512vl"][..], &["avx512f", "avx512vl"]] {
        let mut wide = declared();
        wide.paths.insert(0, path("wide", needs, &["wide_*"]));
        assert_eq!(asked(&["-DWIDE"], wide), [], "{needs:?}");
    }
}

#[test]
fn a_path_that_is_missing_fails() {
    let mut more = declared();
    more.paths.insert(0, path("avx2", &["avx2"], &["avx2_*"]));
    more.paths.insert(1, path("vaes", &["vaes"], &["aes_*"]));
    let found = asked(&[], more);
    assert_eq!(
        messages(&found),
        ["the path `avx2` of `sum.c` is not in it", "the path `vaes` of `sum.c` is not in it"]
    );
    assert_eq!(found[0].details, ["`avx2`: no function is called `avx2_*`"]);
    assert_eq!(found[1].details, ["`vaes`: no instruction of vaes in `aes_*`"]);
    let mut without = declared();
    without.paths[1].functions = vec!["portable_*".to_owned()];
    assert_eq!(messages(&asked(&[], without)), ["the fall-back `plain` of `sum.c` is not in it"]);
}

#[test]
fn a_side_without_hardware_is_told_by_its_name() {
    let mut other = declared();
    other.paths[0].functions = vec!["plain_*".to_owned()];
    other.gated.push(Gated {
        functions: vec!["aes_one".to_owned()],
        features: vec!["aes".to_owned()],
        arch: None,
    });
    let found = asked(&[], other);
    assert_eq!(messages(&found), ["no SUM path in C: `sum.c` has none of its paths `aes`"]);
    assert_eq!(of_side("sm4.go"), "SM4 path in Go");
    assert_eq!(of_side("filter"), "path for hardware");
}

#[test]
fn a_program_without_symbols_is_a_warning() {
    let found = asked(&["-s"], declared());
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].level, Level::Warning);
    assert!(found[0].message.contains("no symbols"), "{found:?}");
    // What nobody has declared has no name either, and is told all the same.
    assert_eq!(asked(&["-s"], Declaration::default()).len(), 1);
}

#[test]
fn a_declaration_is_for_one_program() {
    let mut more = Declaration { bin: Some("prog".to_owned()), ..declared() };
    more.paths.insert(0, path("avx2", &["avx2"], &["avx2_*"]));
    let file = || gocross_elf::File::Elf(Box::new(compiled(SOURCE, &["-O1"])));
    let ask = |name: &'static str| {
        about_files(vec![(name, file())]).declared(more.clone()).ask(&RULE).len()
    };
    assert_eq!((ask("target/debug/prog"), ask("target/debug/deps/prog-0123")), (1, 0));
}
