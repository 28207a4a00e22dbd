//! A second function for each export, which gives a call that has not run yet
//! (`gocross::deferred`).
//!
//! The struct of arguments and results is the one that cgo makes (`cmd/cgo/out.go`,
//! `_cgo_argtype`): its fields are laid out as Go does, which aligns nothing to more than the width of
//! a pointer. `repr(C, packed(N))` is that very rule.

use std::collections::BTreeMap;

use gocross_diagnostic::Result;
use gocross_targets::Target;
use quote::{format_ident, quote};
use syn::{
    Fields, File, FnArg, ForeignItem, ForeignItemFn, Ident, Item, ItemStruct, LitInt, ReturnType,
    Type,
};

use crate::by_pointer::{exported_name, not_rust};

/// Appends the module `deferred` to bindgen's text. `symbols` are the functions that take a pointer to
/// the arguments, by the names of the exports.
///
/// # Errors
///
/// [`gocross_diagnostic::Code::Bindings`] for text that is not Rust.
pub(crate) fn append(
    text: &str,
    target: &Target,
    symbols: &BTreeMap<String, String>,
) -> Result<String> {
    let file = syn::parse_file(text).map_err(|error| not_rust(&error))?;
    let alignment = (target.elf.class.bits() / 8).to_string();
    let alignment = syn::parse_str(&alignment).map_err(|error| not_rust(&error))?;
    let mut items = Vec::<Item>::new();
    for foreign in file.items.iter().filter_map(|item| match item {
        Item::ForeignMod(foreign) => Some(foreign),
        _ => None,
    }) {
        for item in &foreign.items {
            let ForeignItem::Fn(function) = item else { continue };
            let Some(symbol) = symbols.get(&exported_name(function)) else { continue };
            let exported = Exported::of(function, &file);
            items.extend(exported.items(symbol, &alignment));
        }
    }
    let module: Item = syn::parse_quote! {
        /// The exported functions as calls that have not run yet; see `gocross::deferred`.
        ///
        /// # Safety
        ///
        /// What holds for the function of the same name holds for each of these, until the call has
        /// run, on whatever thread it does.
        pub mod deferred {
            use super::*;

            unsafe extern "C" {
                fn gocross_go_try_start() -> ::core::ffi::c_int;
                fn gocross_deferred_run(calls: *mut ::core::ffi::c_void, length: usize);
                fn gocross_deferred_ring() -> *mut ::core::ffi::c_void;
                fn gocross_deferred_wake();
                fn gocross_deferred_submit(batch: *mut ::core::ffi::c_void);
            }

            static RUNTIME: ::gocross::deferred::Runtime = ::gocross::deferred::Runtime {
                try_start: gocross_go_try_start,
                run: gocross_deferred_run,
                ring: gocross_deferred_ring,
                wake: gocross_deferred_wake,
                submit: gocross_deferred_submit,
            };

            #(#items)*
        }
    };
    let module = prettyplease::unparse(&syn::parse_quote!(#module));
    Ok(format!("{text}\n{module}"))
}

/// An exported function, taken apart.
struct Exported<'a> {
    function: &'a ForeignItemFn,
    /// Names and types of the parameters.
    parameters: Vec<(Ident, &'a Type)>,
    results: Results<'a>,
}

enum Results<'a> {
    None,
    One(&'a Type),
    /// A struct that cgo has made of several, and the types of its fields `r0`, `r1` ….
    Several(&'a Type, Vec<(&'a Ident, &'a Type)>),
}

impl<'a> Exported<'a> {
    fn of(function: &'a ForeignItemFn, file: &'a File) -> Self {
        let typed = function.sig.inputs.iter().filter_map(|input| match input {
            FnArg::Typed(typed) => Some(&*typed.ty),
            FnArg::Receiver(_) => None,
        });
        let parameters =
            typed.enumerate().map(|(at, kind)| (format_ident!("p{at}"), kind)).collect();
        let results = match &function.sig.output {
            ReturnType::Default => Results::None,
            ReturnType::Type(_, kind) => {
                let several = format!("{}_return", exported_name(function));
                match fields_of(kind, &several, file) {
                    Some(fields) => Results::Several(kind, fields),
                    None => Results::One(kind),
                }
            }
        };
        Self { function, parameters, results }
    }

    /// The frame, and the function that makes a call of it.
    fn items(&self, symbol: &str, alignment: &LitInt) -> [Item; 3] {
        let name = &self.function.sig.ident;
        let frame = format_ident!("{name}_frame");
        let docs = self.function.attrs.iter().filter(|attribute| attribute.path().is_ident("doc"));
        let (places, kinds): (Vec<_>, Vec<_>) = self.parameters.iter().cloned().unzip();
        let zeroed = quote!(::core::mem::MaybeUninit);
        let (fields, zeros, output, read) = match &self.results {
            Results::None => (quote!(), quote!(), quote!(()), quote!()),
            Results::One(kind) => (
                quote!(r0: #zeroed<#kind>,),
                quote!(r0: #zeroed::zeroed(),),
                quote!(#kind),
                quote!(unsafe { { self.r0 }.assume_init() }),
            ),
            Results::Several(kind, results) => {
                let (names, kinds): (Vec<_>, Vec<_>) = results.iter().copied().unzip();
                (
                    quote!(#(#names: #zeroed<#kinds>,)*),
                    quote!(#(#names: #zeroed::zeroed(),)*),
                    quote!(#kind),
                    quote!(unsafe { #kind { #(#names: { self.#names }.assume_init()),* } }),
                )
            }
        };
        let inputs = &self.function.sig.inputs;
        let given = inputs.iter().filter_map(|input| match input {
            FnArg::Typed(typed) => Some(&typed.pat),
            FnArg::Receiver(_) => None,
        });
        [
            syn::parse_quote! {
                #[repr(C, packed(#alignment))]
                #[derive(Clone, Copy)]
                pub struct #frame { #(#places: #kinds,)* #fields }
            },
            syn::parse_quote! {
                unsafe impl ::gocross::deferred::Frame for #frame {
                    type Output = #output;
                    const FUNCTION: unsafe extern "C" fn() = {
                        unsafe extern "C" {
                            #[link_name = #symbol]
                            fn function();
                        }
                        function
                    };
                    const RUNTIME: &'static ::gocross::deferred::Runtime = &RUNTIME;
                    fn output(&self) -> #output { #read }
                }
            },
            syn::parse_quote! {
                #(#docs)*
                pub unsafe fn #name(#inputs) -> ::gocross::deferred::Call<#frame> {
                    let frame = #frame { #(#places: #given,)* #zeros };
                    unsafe { ::gocross::deferred::Call::new(frame) }
                }
            },
        ]
    }
}

/// The fields of a struct, if the type is the one of that name, which cgo makes of two or more results.
fn fields_of<'a>(kind: &'a Type, name: &str, file: &'a File) -> Option<Vec<(&'a Ident, &'a Type)>> {
    let Type::Path(path) = kind else { return None };
    let last = &path.path.segments.last()?.ident;
    let found = file.items.iter().find_map(|item| match item {
        Item::Struct(item) if item.ident == *last && item.ident == name => Some(item),
        _ => None,
    });
    let ItemStruct { fields: Fields::Named(fields), .. } = found? else { return None };
    if fields.named.len() < 2 {
        return None;
    }
    fields.named.iter().map(|field| Some((field.ident.as_ref()?, &field.ty))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const BINDINGS: &str = r#"
        use ::gocross::ffi::*;
        #[repr(C)] pub struct Two_return { pub r0: GoInt, pub r1: i64 }
        #[repr(C)] pub struct One_return { pub r0: GoInt }
        pub unsafe fn ByAddress(z: ::gocross::ffi::Complex<f64>) {}
        unsafe extern "C" {
            #[doc = " says something"]
            pub fn None(type_: i8, n: i64);
            pub fn One(s: GoString) -> One_return;
            pub fn Two() -> Two_return;
            #[link_name = "\u{1}match"]
            pub fn match_(n: GoInt) -> GoInt;
            pub fn of_another_library();
        }
    "#;

    fn appended(triple: &str) -> String {
        let names = ["None", "One", "Two", "match", "ByAddress"];
        let symbols = names.map(|name| (name.to_owned(), format!("_cgoexp_0123456789ab_{name}")));
        let target = gocross_targets::find(triple).unwrap();
        let text = append(BINDINGS, target, &symbols.into()).unwrap();
        let module = text.strip_prefix(BINDINGS).unwrap();
        module.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn a_frame_is_laid_out_as_go_does() {
        let text = appended("aarch64-unknown-linux-gnu");
        assert!(text.contains("#[repr(C, packed(8))]"), "{text}");
        let frame = "pub struct None_frame { p0: i8, p1: i64, }";
        assert!(text.contains(frame), "{text}");
        let text = appended("mipsel-unknown-linux-musl");
        assert!(text.contains("#[repr(C, packed(4))]"), "{text}");
    }

    #[test]
    fn several_results_are_fields_and_one_struct_is_one_field() {
        let text = appended("x86_64-unknown-linux-gnu");
        let several = "pub struct Two_frame { r0: ::core::mem::MaybeUninit<GoInt>, \
                       r1: ::core::mem::MaybeUninit<i64>, }";
        assert!(text.contains(several), "{text}");
        // cgo makes no such struct of one result; this one is C's.
        let one = "r0: ::core::mem::MaybeUninit<One_return>, }";
        assert!(text.contains(one), "{text}");
    }

    #[test]
    fn a_call_has_the_name_the_types_and_the_words_of_the_function() {
        let text = appended("x86_64-unknown-linux-gnu");
        let head = "/// says something pub unsafe fn None(type_: i8, n: i64) \
                    -> ::gocross::deferred::Call<None_frame> { \
                    let frame = None_frame { p0: type_, p1: n };";
        assert!(text.contains(head), "{text}");
        assert!(text.contains(r#"#[link_name = "_cgoexp_0123456789ab_match"]"#), "{text}");
        assert!(text.contains("pub unsafe fn match_("), "{text}");
        assert!(!text.contains("another_library") && !text.contains("ByAddress"), "{text}");
    }
}
