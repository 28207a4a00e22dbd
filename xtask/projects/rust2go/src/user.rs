//! The functions, in the words from which rust2go generates both sides.

pub mod binding {
    #![allow(warnings)]
    rust2go::r2g_include_binding!();
}

#[rust2go::r2g]
pub trait Calls {
    fn add(a: i32, b: i32) -> i32;
    #[drop_safe]
    async fn add_async(a: i32, b: i32) -> i32;
}
