//! Modes of operation, over any path of the cipher. Decryption with [`Gcm`] shows no byte of a text
//! that was changed; [`Ctr`] does not notice.

mod counter;
mod ctr;
mod gcm;
pub(crate) mod ghash;

pub use ctr::Ctr;
pub use gcm::{Gcm, GcmError, TAG};
