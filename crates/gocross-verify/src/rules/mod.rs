//! The rules, one a file, each with its page beside it.

pub(crate) mod bind_now;
pub(crate) mod build_id;
pub(crate) mod build_paths;
pub(crate) mod cpu_paths;
pub(crate) mod damaged_file;
pub(crate) mod duplicate_symbols;
pub(crate) mod exec;
pub(crate) mod executable_stack;
pub(crate) mod float_abi;
pub(crate) mod glibc_floor;
pub(crate) mod go_build_info;
pub(crate) mod go_exports;
pub(crate) mod go_runtime;
pub(crate) mod go_start;
pub(crate) mod go_undefined;
pub(crate) mod interpreter;
pub(crate) mod libc_mix;
pub(crate) mod library_floor;
pub(crate) mod nan_encoding;
pub(crate) mod needed;
pub(crate) mod os_abi;
pub(crate) mod position_independent;
pub(crate) mod relro;
pub(crate) mod runpath;
pub(crate) mod soft_float_calls;
pub(crate) mod static_linking;
pub(crate) mod stripped;
pub(crate) mod text_relocations;
pub(crate) mod tls_model;
pub(crate) mod undefined_symbols;
pub(crate) mod writable_code;
pub(crate) mod wrong_flags;
pub(crate) mod wrong_machine;

use crate::rule::Rule;

/// Every rule, sorted by name.
pub const ALL: &[&Rule] = &[
    &bind_now::RULE,
    &build_id::RULE,
    &build_paths::RULE,
    &cpu_paths::RULE,
    &damaged_file::RULE,
    &duplicate_symbols::RULE,
    &exec::RULE,
    &executable_stack::RULE,
    &float_abi::RULE,
    &glibc_floor::RULE,
    &go_build_info::RULE,
    &go_exports::RULE,
    &go_runtime::RULE,
    &go_start::RULE,
    &go_undefined::RULE,
    &interpreter::RULE,
    &libc_mix::RULE,
    &library_floor::RULE,
    &nan_encoding::RULE,
    &needed::RULE,
    &os_abi::RULE,
    &position_independent::RULE,
    &relro::RULE,
    &runpath::RULE,
    &soft_float_calls::RULE,
    &static_linking::RULE,
    &stripped::RULE,
    &text_relocations::RULE,
    &tls_model::RULE,
    &undefined_symbols::RULE,
    &writable_code::RULE,
    &wrong_flags::RULE,
    &wrong_machine::RULE,
];

/// The rule with a name.
#[must_use]
pub fn find(code: &str) -> Option<&'static Rule> {
    ALL.iter().find(|rule| rule.code == code).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_are_sorted_and_their_pages_are_theirs() {
        let codes: Vec<_> = ALL.iter().map(|rule| rule.code).collect();
        let mut sorted = codes.clone();
        sorted.sort_unstable();
        sorted.dedup();
        assert_eq!(codes, sorted);
        for rule in ALL {
            assert!(rule.page.starts_with(&format!("## {}\n\n", rule.code)), "{}", rule.code);
            assert_eq!(find(rule.code).map(|found| found.code), Some(rule.code));
        }
        assert!(find("no-such-rule").is_none());
    }
}
