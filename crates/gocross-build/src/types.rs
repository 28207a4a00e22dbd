//! The types that bindgen has declared, and which of them C and Rust pass by value alike.

use std::collections::{HashMap, HashSet};

use syn::visit_mut::{VisitMut, visit_type_fn_ptr_mut};
use syn::{
    Attribute, Field, File, FnArg, Item, ItemStruct, ReturnType, Signature, Type, TypeFnPtr,
};

/// What bindgen calls `_Complex` where it has no name of its own.
pub(crate) const BINDGENS_COMPLEX: &str = "__BindgenComplex";

/// The declarations of one header.
pub(crate) struct Types {
    structs: HashMap<String, ItemStruct>,
    unions: HashSet<String>,
    aliases: HashMap<String, Type>,
}

impl Types {
    pub(crate) fn of(file: &File) -> Self {
        let mut types =
            Self { structs: HashMap::new(), unions: HashSet::new(), aliases: HashMap::new() };
        for item in &file.items {
            match item {
                Item::Struct(item) => {
                    types.structs.insert(item.ident.to_string(), item.clone());
                }
                Item::Union(item) => {
                    types.unions.insert(item.ident.to_string());
                }
                Item::Type(item) => {
                    types.aliases.insert(item.ident.to_string(), (*item.ty).clone());
                }
                _ => (),
            }
        }
        types
    }

    /// Whether a function takes or gives something that not every ABI lets Rust pass by value.
    pub(crate) fn needs_address(&self, signature: &Signature) -> bool {
        let parameters = signature.inputs.iter().filter_map(|parameter| match parameter {
            FnArg::Typed(typed) => Some(&*typed.ty),
            FnArg::Receiver(_) => None,
        });
        parameters.chain(result(&signature.output)).any(|kind| self.is_odd(kind))
    }

    /// Whether a type is passed by a rule that Rust may not follow: complex numbers; vectors,
    /// which bindgen takes for arrays; unions, bit-fields, and structs with an alignment of their
    /// own, whose classes (AArch64's, RISC-V's and x86-64's psABIs) hang on what bindgen drops.
    fn is_odd(&self, kind: &Type) -> bool {
        let name = match kind {
            // C passes no arrays.
            Type::Array(_) => return true,
            Type::Path(path) => path.path.segments.last().map(|last| last.ident.to_string()),
            _ => None,
        };
        let Some(name) = name else { return false };
        if let Some(aliased) = self.aliases.get(&name) {
            return self.is_odd(aliased);
        }
        match self.structs.get(&name) {
            Some(found) if name != BINDGENS_COMPLEX => self.is_odd_struct(found),
            _ => is_complex_name(&name) || is_odd_name(&name) || self.unions.contains(&name),
        }
    }

    fn is_odd_struct(&self, found: &ItemStruct) -> bool {
        let is_odd_field = |field: &Field| {
            let is_blob = field.ident.as_ref().is_some_and(|name| name == "_bindgen_opaque_blob");
            is_blob || self.is_odd(element(&field.ty))
        };
        found.fields.is_empty()
            || has_own_layout(&found.attrs)
            || found.fields.iter().any(is_odd_field)
    }

    /// The type in which a function pointer passes a complex number by value.
    pub(crate) fn complex_callback(&self, file: &File) -> Option<String> {
        file.items.iter().find_map(|item| {
            let name = match item {
                Item::Struct(item) => item.ident.to_string(),
                Item::Union(item) => item.ident.to_string(),
                Item::Type(item) => item.ident.to_string(),
                Item::ForeignMod(block) => match block.items.first()? {
                    syn::ForeignItem::Fn(function) => function.sig.ident.to_string(),
                    _ => return None,
                },
                _ => return None,
            };
            let mut pointers = Pointers { types: self, found: false };
            // A visitor that changes nothing: bindgen has syn compiled with this kind alone.
            pointers.visit_item_mut(&mut item.clone());
            pointers.found.then_some(name)
        })
    }

    /// Whether a type is Rust's `bool`.
    pub(crate) fn is_bool(&self, kind: &Type) -> bool {
        let Type::Path(path) = kind else { return false };
        match path.path.get_ident().map(ToString::to_string) {
            Some(name) => self.aliases.get(&name).map_or(name == "bool", |kind| self.is_bool(kind)),
            None => false,
        }
    }

    fn is_complex(&self, kind: &Type) -> bool {
        let Type::Path(path) = kind else { return false };
        let Some(last) = path.path.segments.last() else { return false };
        let name = last.ident.to_string();
        match self.aliases.get(&name) {
            Some(aliased) => self.is_complex(aliased),
            None => is_complex_name(&name),
        }
    }
}

/// Looks for function pointers that pass complex numbers.
struct Pointers<'a> {
    types: &'a Types,
    found: bool,
}

impl VisitMut for Pointers<'_> {
    fn visit_type_fn_ptr_mut(&mut self, pointer: &mut TypeFnPtr) {
        let parameters = pointer.inputs.iter().map(|parameter| &parameter.ty);
        let mut all = parameters.chain(result(&pointer.output));
        self.found |= all.any(|kind| self.types.is_complex(kind));
        visit_type_fn_ptr_mut(self, pointer);
    }
}

fn result(output: &ReturnType) -> Option<&Type> {
    match output {
        ReturnType::Default => None,
        ReturnType::Type(_, kind) => Some(kind),
    }
}

/// What an array is made of; another type is itself.
fn element(kind: &Type) -> &Type {
    match kind {
        Type::Array(array) => element(&array.elem),
        other => other,
    }
}

fn is_complex_name(name: &str) -> bool {
    matches!(name, "GoComplex64" | "GoComplex128") || name == BINDGENS_COMPLEX
}

/// bindgen's bit-fields and opaque types, and what may be a `long double`.
fn is_odd_name(name: &str) -> bool {
    name.starts_with("__Bindgen") || matches!(name, "u128" | "i128")
}

/// Whether a struct is `repr(packed)` or `repr(align)`.
fn has_own_layout(attributes: &[Attribute]) -> bool {
    attributes.iter().filter(|attribute| attribute.path().is_ident("repr")).any(|attribute| {
        let mut own = false;
        let read = attribute.parse_nested_meta(|word| {
            own |= word.path.is_ident("packed") || word.path.is_ident("align");
            if word.input.peek(syn::token::Paren) {
                let inside;
                syn::parenthesized!(inside in word.input);
                inside.parse::<syn::LitInt>()?;
            }
            Ok(())
        });
        own || read.is_err()
    })
}
