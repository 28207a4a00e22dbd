//! Parts of declared functions: without optimisation, helpers are functions of their own.

use super::*;
use crate::cpu::{Declaration, Path};
use crate::testing::{about, compiled};

/// The path `aes` has its instruction in a helper of a helper.
const SOURCE: &str = r#"
#include <immintrin.h>
#define ALONE __attribute__((noinline, used))
ALONE static __attribute__((target("aes"))) __m128i one(__m128i a) { return _mm_aesenc_si128(a, a); }
ALONE static __m128i between(__m128i a) { return one(one(a)); }
ALONE __m128i aes_all(__m128i a) { return between(one(a)); }
ALONE __m128i plain_all(__m128i a) { return _mm_add_epi32(a, a); }
#ifdef OTHER
ALONE __m128i other(__m128i a) { return between(a); }
#endif
#ifdef KEPT
__m128i (*const kept)(__m128i) = between;
#endif
static __m128i (*const table[])(__m128i) = { aes_all, plain_all };
int main(int argc, char **argv) {
    __m128i a = _mm_set1_epi32(argc);
    return _mm_cvtsi128_si32(table[!__builtin_cpu_supports("aes")](a));
}
"#;

fn asked(arguments: &[&str]) -> Vec<Finding> {
    let path = |name: &str, needs: &[&str], function: &str| Path {
        side: "sum.c".to_owned(),
        name: name.to_owned(),
        arch: None,
        needs: needs.iter().map(|need| (*need).to_owned()).collect(),
        functions: vec![function.to_owned()],
    };
    let paths = vec![path("aes", &["aes"], "aes_*"), path("plain", &[], "plain_*")];
    let declaration = Declaration { paths, ..Declaration::default() };
    let arguments = [&["-O1", "-fno-inline", "-fcf-protection=none"], arguments].concat();
    about(compiled(SOURCE, &arguments)).declared(declaration).ask(&RULE)
}

#[test]
fn what_only_a_path_calls_is_a_part_of_it() {
    assert_eq!(asked(&[]), []);
    assert_eq!(asked(&["-no-pie"]), []);
}

#[test]
fn what_others_may_call_is_no_part() {
    for way in ["-DOTHER", "-DKEPT"] {
        let found = asked(&[way]);
        let symbols: Vec<_> = found.iter().flat_map(|finding| &finding.places).collect();
        assert_eq!(symbols.len(), 1, "{way}: {found:?}");
        // The way from the path to it is there all the same, so the path is not missing.
        assert_eq!(symbols[0].symbol.as_deref(), Some("one"), "{way}: {found:?}");
        assert_eq!(found.len(), 1, "{way}: {found:?}");
    }
}
