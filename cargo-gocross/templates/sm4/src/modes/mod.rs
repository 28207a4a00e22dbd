//! Modes of operation, over any path of the cipher. Decryption with [`Gcm`] shows no byte of a text
//! that was changed; [`Ctr`] does not notice.

mod counter;
mod ctr;
mod gcm;
pub(crate) mod ghash;

pub use ctr::Ctr;
pub use gcm::{Gcm, GcmError, TAG};

use crate::cipher::PathInfo;

/// GHASH's paths that were compiled in, best first.
pub fn ghash_paths() -> impl Iterator<Item = PathInfo> {
    let features = gocross::cpu::features();
    ghash::all().map(move |path| PathInfo {
        name: path.name,
        needs: path.needs,
        constant_time: true,
        usable: features.has_all(path.needs),
    })
}
