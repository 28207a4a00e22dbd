//! What has to hold for any bytes, for the project's fuzzing alone.

use gocross_elf::Symbols;

use super::{Plan, rewrite_object};

/// Rewrites bytes that may be an object as Go's are rewritten.
///
/// # Panics
///
/// Where what comes out is not what the plan says.
pub fn fuzz(object: &[u8]) {
    let plan = Plan::default()
        .drop_init_array()
        .redirect("_cgo_wait_runtime_init_done", "gocross_go_wait")
        .rename("main", "gocross_go_main");
    let entry = plan.clone().alias("_rt0_amd64_linux_lib", "gocross_go_entry");
    for plan in [&plan, &entry] {
        let Ok(rewritten) = rewrite_object(object, plan) else { continue };
        assert!(rewritten.len() >= object.len(), "something is lost");
        let again = rewrite_object(&rewritten, &Plan::default());
        assert!(again.is_ok(), "what was written cannot be read: {again:?}");
        // An object whose other tables are damaged is for the linker to refuse.
        if let (Ok(_), Ok(symbols)) = (Symbols::read(object), Symbols::read(&rewritten)) {
            for (name, new_name) in &plan.aliases {
                assert!(symbols.defines(new_name), "`{name}` is not `{new_name}`");
            }
        }
    }
}
