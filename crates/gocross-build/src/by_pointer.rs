//! Lets values pass by address where C and Rust have no common way to pass them by value.
//!
//! bindgen declares every function as if Rust knew how. The archive has a second function for
//! those exports where it may not (`gocross_archive::by_pointer`); here they get a Rust function
//! of the same name that calls it.

use gocross_archive::by_pointer::PREFIX;
use gocross_diagnostic::{Code, Diagnostic, Result};
use gocross_targets::{Complex, Target};
use quote::{format_ident, quote};
use syn::visit_mut::{VisitMut, visit_path_mut};
use syn::{FnArg, ForeignItem, ForeignItemFn, Item, ItemForeignMod, Pat, Path, ReturnType};

use crate::bit_fields::SignedBitFields;
use crate::types::{BINDGENS_COMPLEX, Types};

/// Rewrites bindgen's text. `exports` have a function that takes addresses.
///
/// # Errors
///
/// [`Code::Bindings`] where a function pointer takes or gives a complex number by value, on a
/// target where Rust cannot.
pub(crate) fn rewrite(text: &str, target: &Target, exports: &[String]) -> Result<String> {
    let mut file = syn::parse_file(text).map_err(|error| not_rust(&error))?;
    let types = Types::of(&file);
    if target.complex == Complex::OwnRule
        && let Some(pointer) = types.complex_callback(&file)
    {
        return Err(no_callback(&pointer, target));
    }
    let mut wrappers = Vec::new();
    for item in &mut file.items {
        let Item::ForeignMod(foreign) = item else { continue };
        for function in &mut foreign.items {
            let ForeignItem::Fn(declared) = function else { continue };
            let name = exported_name(declared);
            if types.needs_address(&declared.sig) && exports.contains(&name) {
                wrappers.push(wrapper(declared, &name));
                *function = ForeignItem::Verbatim(quote!());
            }
        }
    }
    file.items.retain(|item| !is_left_over(item));
    file.items.extend(wrappers);
    ComplexOfGocross.visit_file_mut(&mut file);
    SignedBitFields(&types).visit_file_mut(&mut file);
    let text = prettyplease::unparse(&file);
    Ok(format!("/* written by gocross-build and rust-bindgen */\n\n{text}"))
}

/// bindgen's own struct, and blocks that have lost their only function.
fn is_left_over(item: &Item) -> bool {
    match item {
        Item::Struct(item) => item.ident == BINDGENS_COMPLEX,
        Item::ForeignMod(ItemForeignMod { items, .. }) => items
            .iter()
            .all(|item| matches!(item, ForeignItem::Verbatim(tokens) if tokens.is_empty())),
        _ => false,
    }
}

/// The C name: that of `link_name`, where Rust cannot have it for a name.
pub(crate) fn exported_name(function: &ForeignItemFn) -> String {
    let link_name = function.attrs.iter().find_map(|attribute| {
        let value = attribute.meta.require_name_value().ok()?;
        let syn::Expr::Lit(literal) = &value.value else { return None };
        let syn::Lit::Str(name) = &literal.lit else { return None };
        // `\u{1}` tells LLVM to leave the name as it is.
        value.path.is_ident("link_name").then(|| name.value().trim_start_matches('\u{1}').into())
    });
    link_name.unwrap_or_else(|| function.sig.ident.to_string())
}

/// A function of the same name and types that passes addresses.
fn wrapper(function: &ForeignItemFn, export: &str) -> Item {
    let docs = function.attrs.iter().filter(|attribute| attribute.path().is_ident("doc"));
    let (name, result) = (&function.sig.ident, &function.sig.output);
    let parameters = &function.sig.inputs;
    let (names, kinds): (Vec<_>, Vec<_>) = parameters
        .iter()
        .filter_map(|parameter| match parameter {
            FnArg::Typed(typed) => match &*typed.pat {
                Pat::Ident(pattern) => Some((&pattern.ident, &typed.ty)),
                _ => None,
            },
            FnArg::Receiver(_) => None,
        })
        .unzip();
    let called = format_ident!("{PREFIX}{export}");
    let addresses = quote!(#(::core::ptr::from_ref::<#kinds>(&#names).cast_mut()),*);
    let body = match result {
        ReturnType::Default => quote! {
            unsafe extern "C" { fn #called(#(_: *mut #kinds),*); }
            unsafe { #called(#addresses) }
        },
        ReturnType::Type(_, kind) => quote! {
            unsafe extern "C" { fn #called(_: *mut #kind, #(_: *mut #kinds),*); }
            let mut gocross_result = ::core::mem::MaybeUninit::<#kind>::uninit();
            unsafe {
                #called(gocross_result.as_mut_ptr(), #addresses);
                gocross_result.assume_init()
            }
        },
    };
    syn::parse_quote! {
        #(#docs)*
        pub unsafe fn #name(#parameters) #result { #body }
    }
}

/// Puts the one `Complex` of all crates in the place of bindgen's.
struct ComplexOfGocross;

impl VisitMut for ComplexOfGocross {
    fn visit_path_mut(&mut self, path: &mut Path) {
        visit_path_mut(self, path);
        if let Some(last) = path.segments.last().filter(|last| last.ident == BINDGENS_COMPLEX) {
            let arguments = last.arguments.clone();
            *path = syn::parse_quote!(::gocross::ffi::Complex #arguments);
        }
    }
}

pub(crate) fn not_rust(error: &syn::Error) -> Box<Diagnostic> {
    let message = "the declarations that bindgen has written cannot be read";
    Box::new(Diagnostic::error(Code::Bindings, message).detail(error.to_string()))
}

fn no_callback(name: &str, target: &Target) -> Box<Diagnostic> {
    let message = format!(
        "the function pointer in `{name}` passes a complex number by value, which Rust cannot do \
         for {}",
        target.triple
    );
    Box::new(
        Diagnostic::error(Code::Bindings, message)
            .detail("C has a rule of its own for `_Complex` there, and no Rust type follows it")
            .help(format!(
                "let the function pointer in `{name}` take and give `double _Complex *`"
            )),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEADER: &str = r#"
        use ::gocross::ffi::*;
        #[repr(C)] pub struct __BindgenComplex<T> { pub re: T, pub im: T }
        #[repr(C)] pub struct plain { pub x: f64, pub y: [::core::ffi::c_int; 3usize] }
        #[repr(C)] pub struct holds { pub p: plain, pub z: __BindgenComplex<f32> }
        #[repr(C, packed)] pub struct packed { pub x: f64 }
        #[repr(C)] pub union number { pub i: i32, pub f: f32 }
        #[repr(C)] pub struct bits { pub b: __BindgenBitfieldUnit<[u8; 1usize]> }
        pub type v4 = [f32; 4usize];
        pub type alias = holds;
        #[repr(C)] pub struct Two_return { pub r0: GoInt, pub r1: alias }
    "#;

    fn rewritten(functions: &str, triple: &str) -> Result<String> {
        let target = gocross_targets::find(triple).unwrap();
        let exports = ["F", "match"].map(str::to_owned);
        rewrite(&format!("{HEADER}{functions}"), target, &exports)
    }

    fn is_wrapped(signature: &str) -> bool {
        let function = format!("unsafe extern \"C\" {{ pub fn F{signature}; }}");
        let text = rewritten(&function, "aarch64-unknown-linux-gnu").unwrap();
        assert_ne!(text.contains("fn gocross_by_pointer_F("), text.contains("    pub fn F("));
        text.contains("fn gocross_by_pointer_F(")
    }

    #[test]
    fn what_every_abi_passes_alike_is_left_as_it_is() {
        for signature in [
            "()",
            "(a: GoInt, s: GoString) -> GoSlice",
            "(p: plain) -> plain",
            "(p: *mut bits, q: *const holds) -> *mut number",
            "(f: ::core::option::Option<unsafe extern \"C\" fn(a: GoInt)>)",
        ] {
            assert!(!is_wrapped(signature), "{signature}");
        }
    }

    #[test]
    fn what_they_do_not_goes_by_address() {
        for signature in [
            "(z: GoComplex128)",
            "() -> GoComplex64",
            "(z: __BindgenComplex<f64>)",
            "(a: holds)",
            "(a: alias)",
            "() -> Two_return",
            "(p: packed)",
            "(n: number)",
            "(b: bits)",
            "(v: v4)",
        ] {
            assert!(is_wrapped(signature), "{signature}");
        }
    }

    #[test]
    fn the_function_keeps_its_name_and_its_types() {
        let text = rewritten(
            "unsafe extern \"C\" { #[link_name = \"\\u{1}match\"] \
             pub fn match_(type_: holds, n: GoInt) -> __BindgenComplex<f64>; }",
            "mipsel-unknown-linux-gnu",
        )
        .unwrap();
        assert!(!text.contains(BINDGENS_COMPLEX), "{text}");
        let head = "pub unsafe fn match_(type_: holds, n: GoInt) -> ::gocross::ffi::Complex<f64> {";
        assert!(text.contains(head), "{text}");
        assert!(text.contains("gocross_by_pointer_match("), "{text}");
    }

    #[test]
    fn a_complex_callback_is_refused_where_rust_has_no_way() {
        let declared = "pub type call = ::core::option::Option<\
                        unsafe extern \"C\" fn(z: __BindgenComplex<f64>)>;";
        let error = rewritten(declared, "mipsel-unknown-linux-gnu").unwrap_err();
        assert!(error.message.contains("the function pointer in `call`"), "{error}");
        rewritten(declared, "riscv64gc-unknown-linux-gnu").unwrap();
        let by_address = declared.replace("z: __B", "z: *mut __B");
        rewritten(&by_address, "mipsel-unknown-linux-gnu").unwrap();
    }
}
