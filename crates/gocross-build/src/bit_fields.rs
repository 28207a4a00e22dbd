//! Gives signed bit-fields their sign, which bindgen's functions lose (rust-lang/rust-bindgen#1160).

use syn::visit_mut::{
    VisitMut, visit_expr_method_call_mut, visit_impl_item_fn_mut, visit_path_segment_mut,
};
use syn::{
    Expr, ExprLit, ExprMethodCall, GenericArgument, ImplItemFn, Lit, PathArguments, PathSegment,
    ReturnType,
};

use crate::types::Types;

/// Changes the functions that read bit-fields of whole numbers.
pub(crate) struct SignedBitFields<'a>(pub(crate) &'a Types);

impl VisitMut for SignedBitFields<'_> {
    fn visit_impl_item_fn_mut(&mut self, function: &mut ImplItemFn) {
        visit_impl_item_fn_mut(self, function);
        let ReturnType::Type(_, kind) = &function.sig.output else { return };
        let mut width = Width(None);
        let mut body = function.block.clone();
        width.visit_block_mut(&mut body);
        if let Some(width) = width.0
            && !self.0.is_bool(kind)
        {
            // Shifted up and down again: the type's own shift brings its sign along, or zeros.
            function.block = syn::parse_quote!({
                let value: #kind = #body;
                let unused = <#kind>::BITS - #width;
                (value << unused) >> unused
            });
        }
    }
}

/// Finds `get_const::<FIRST usize, WIDTH u8>`, by which bindgen reads bit-fields.
struct Width(Option<u32>);

impl VisitMut for Width {
    fn visit_expr_method_call_mut(&mut self, call: &mut ExprMethodCall) {
        visit_expr_method_call_mut(self, call);
        if let Some(arguments) = call.turbofish.as_ref().filter(|_| call.method == "get_const") {
            self.0 = arguments.args.last().and_then(number);
        }
    }

    fn visit_path_segment_mut(&mut self, segment: &mut PathSegment) {
        visit_path_segment_mut(self, segment);
        if let PathArguments::AngleBracketed(arguments) = &segment.arguments
            && segment.ident == "raw_get_const"
        {
            self.0 = arguments.args.last().and_then(number);
        }
    }
}

fn number(argument: &GenericArgument) -> Option<u32> {
    match argument {
        GenericArgument::Const(Expr::Lit(ExprLit { lit: Lit::Int(number), .. })) => {
            number.base10_parse().ok()
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_reads_a_number_is_changed() {
        let text = "type flag = bool; impl bits {
            fn n(&self) -> c_int { unsafe { transmute(self.b.get_const::<3usize, 9u8>() as u32) } }
            fn set_n(&mut self, val: c_int) { self.b.set_const::<3usize, 9u8>(val as u64) }
            fn f(&self) -> flag { unsafe { transmute(self.b.get_const::<0usize, 1u8>() as u8) } }
            fn new() -> unit { let mut u = unit::default(); u.set_const::<0usize, 1u8>(1); u }
            fn m(p: *const Self) -> c_int { transmute(<unit<u8>>::raw_get_const::<0usize, 4u8>(p)) }
        }";
        let mut file = syn::parse_file(text).unwrap();
        let types = Types::of(&file);
        SignedBitFields(&types).visit_file_mut(&mut file);
        let written = prettyplease::unparse(&file);
        assert_eq!(written.matches("<c_int>::BITS - 9u32").count(), 1, "{written}");
        assert_eq!(written.matches("<c_int>::BITS - 4u32").count(), 1, "{written}");
        assert_eq!(written.matches(">> unused").count(), 2, "{written}");
    }
}
