//! Galois/counter mode (NIST SP 800-38D; RFC 8998 for SM4): encrypts, and notices every change.

use std::fmt;

use super::counter::{Counter, xor};
use super::ghash::Ghash;
use crate::cipher::{BLOCK, Key, PathError};

/// Bytes in a tag. Shorter ones are weaker than they look, so there are none.
pub const TAG: usize = 16;

/// Bytes that one nonce may encrypt: 2^39 - 256 bits (SP 800-38D, 5.2.1.1).
const LIMIT: u64 = (1 << 36) - 32;
/// Bytes of additional data: 2^64 - 1 bits.
const AAD_LIMIT: u64 = (1 << 61) - 1;

/// A key for SM4-GCM.
///
/// ```
/// use {{crate}}::{cipher::Key, modes::Gcm};
///
/// let gcm = Gcm::new(Key::new(&[1; 16]));
/// let mut text = *b"the text";
/// // Never use one nonce twice with the same key.
/// let tag = gcm.seal(&[0; 12], b"a header", &mut text)?;
/// assert!(gcm.open(&[0; 12], b"another", &mut text, &tag).is_err());
/// gcm.open(&[0; 12], b"a header", &mut text, &tag)?;
/// assert_eq!(&text, b"the text");
/// # Ok::<(), {{crate}}::modes::GcmError>(())
/// ```
#[derive(Clone)]
pub struct Gcm {
    key: Key,
    ghash: Ghash,
}

/// Why nothing was encrypted or decrypted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GcmError {
    /// The tag is not the one of this key, nonce, additional data and text.
    Tag,
    /// The nonce has no byte.
    Nonce,
    /// The text or the additional data is longer than one nonce may protect.
    Length,
}

impl fmt::Display for GcmError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Tag => "the tag does not fit: another key or nonce, or something was changed",
            Self::Nonce => "a nonce has at least one byte",
            Self::Length => "one nonce protects less than 64 GiB",
        })
    }
}

impl std::error::Error for GcmError {}

impl Gcm {
    /// SM4-GCM on the key's path, with the best path for GHASH that the CPU has.
    #[must_use]
    pub fn new(key: Key) -> Self {
        let ghash = Ghash::new(&hash_key(&key));
        Self { key, ghash }
    }

    /// The same with GHASH on the path of that name.
    pub fn with_ghash(key: Key, name: &str) -> Result<Self, PathError> {
        let ghash = Ghash::with_path(&hash_key(&key), name)?;
        Ok(Self { key, ghash })
    }

    /// The name of the path that GHASH takes.
    #[must_use]
    pub fn ghash_path(&self) -> &'static str {
        self.ghash.path()
    }

    /// Encrypts `data` in place and gives its tag, which covers `aad` as well. Never use a nonce
    /// twice with the same key; 12 bytes are the usual length.
    pub fn seal(&self, nonce: &[u8], aad: &[u8], data: &mut [u8]) -> Result<[u8; TAG], GcmError> {
        check(nonce, aad, data)?;
        let (mask, mut counter) = self.start(nonce);
        self.crypt(&mut counter, data);
        Ok(self.tag(mask, aad, data))
    }

    /// Decrypts `data` in place if the tag fits; otherwise leaves it as it is.
    pub fn open(
        &self,
        nonce: &[u8],
        aad: &[u8],
        data: &mut [u8],
        tag: &[u8; TAG],
    ) -> Result<(), GcmError> {
        check(nonce, aad, data)?;
        let (mask, mut counter) = self.start(nonce);
        if !equal(&self.tag(mask, aad, data), tag) {
            return Err(GcmError::Tag);
        }
        self.crypt(&mut counter, data);
        Ok(())
    }

    /// What the tag is masked with, and the counter of the first block (SP 800-38D, 7.1).
    fn start(&self, nonce: &[u8]) -> ([u8; BLOCK], Counter<32>) {
        let first = if let Ok(nonce) = <[u8; 12]>::try_from(nonce) {
            let mut first = [0; BLOCK];
            first[..12].copy_from_slice(&nonce);
            first[15] = 1;
            first
        } else {
            let mut ghash = self.ghash.clone();
            ghash.update_padded(nonce);
            ghash.update(&[lengths(&[], nonce)]);
            ghash.sum()
        };
        let mut counter = Counter::new(first);
        let mut mask = [counter.next()];
        self.key.encrypt(&mut mask);
        (mask[0], counter)
    }

    fn crypt(&self, counter: &mut Counter<32>, data: &mut [u8]) {
        counter.stream(&self.key, data.len(), |at, stream| {
            xor(&mut data[at..][..stream.len()], stream);
        });
    }

    fn tag(&self, mut mask: [u8; BLOCK], aad: &[u8], data: &[u8]) -> [u8; TAG] {
        let mut ghash = self.ghash.clone();
        ghash.update_padded(aad);
        ghash.update_padded(data);
        ghash.update(&[lengths(aad, data)]);
        xor(&mut mask, &ghash.sum());
        mask
    }
}

fn hash_key(key: &Key) -> [u8; BLOCK] {
    let mut zeros = [[0; BLOCK]];
    key.encrypt(&mut zeros);
    zeros[0]
}

fn check(nonce: &[u8], aad: &[u8], data: &[u8]) -> Result<(), GcmError> {
    if nonce.is_empty() {
        return Err(GcmError::Nonce);
    }
    if data.len() as u64 > LIMIT || aad.len().max(nonce.len()) as u64 > AAD_LIMIT {
        return Err(GcmError::Length);
    }
    Ok(())
}

/// The last block of GHASH: both lengths in bits.
fn lengths(aad: &[u8], data: &[u8]) -> [u8; BLOCK] {
    let bits = |bytes: &[u8]| 8 * bytes.len() as u128;
    (bits(aad) << 64 | bits(data)).to_be_bytes()
}

/// Compares all bytes, however early they differ: the time must not tell how many fit.
fn equal(a: &[u8; TAG], b: &[u8; TAG]) -> bool {
    let difference = a.iter().zip(b).fold(0, |all, (a, b)| all | (a ^ b));
    std::hint::black_box(difference) == 0
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::{Sampler, sample};

    fn gcm() -> Gcm {
        Gcm::new(Key::new(&[3; 16]))
    }

    /// RFC 8998, A.1.
    #[test]
    fn the_vector_of_the_rfc() {
        let key = *b"\x01\x23\x45\x67\x89\xab\xcd\xef\xfe\xdc\xba\x98\x76\x54\x32\x10";
        let nonce = b"\x00\x00\x12\x34\x56\x78\x00\x00\x00\x00\xab\xcd";
        let aad =
            b"\xfe\xed\xfa\xce\xde\xad\xbe\xef\xfe\xed\xfa\xce\xde\xad\xbe\xef\xab\xad\xda\xd2";
        let mut text: Vec<u8> = [0xaa, 0xbb, 0xcc, 0xdd, 0xee, 0xff, 0xee, 0xaa]
            .into_iter()
            .flat_map(|byte| [byte; 8])
            .collect();
        let tag = Gcm::new(Key::new(&key)).seal(nonce, aad, &mut text).unwrap();
        assert_eq!(
            text[..],
            *b"\x17\xf3\x99\xf0\x8c\x67\xd5\xee\x19\xd0\xdc\x99\x69\xc4\xbb\x7d\
               \x5f\xd4\x6f\xd3\x75\x64\x89\x06\x91\x57\xb2\x82\xbb\x20\x07\x35\
               \xd8\x27\x10\xca\x5c\x22\xf0\xcc\xfa\x7c\xbf\x93\xd4\x96\xac\x15\
               \xa5\x68\x34\xcb\xcf\x98\xc3\x97\xb4\x02\x4a\x26\x91\x23\x3b\x8d"
        );
        assert_eq!(tag, *b"\x83\xde\x35\x41\xe4\xc2\xb5\x81\x77\xe0\x65\xa9\xbf\x7b\x62\xec");
    }

    #[test]
    fn opens_what_it_sealed() {
        for len in (0..70).chain([511, 512, 513, 4_000]) {
            let (text, aad, nonce) = (sample(1, len), sample(2, len % 37), sample(3, 1 + len % 40));
            let mut data = text.clone();
            let tag = gcm().seal(&nonce, &aad, &mut data).unwrap();
            assert!(len < 8 || data != text);
            gcm().open(&nonce, &aad, &mut data, &tag).unwrap();
            assert_eq!(data, text, "{len}");
        }
    }

    /// One bit anywhere, and nothing of the text is shown.
    #[test]
    fn every_change_is_noticed() {
        let mut random = Sampler::new(4);
        for _ in 0..500 {
            let [mut nonce, mut aad, mut data] = [12, 20, 50].map(|len| random.bytes(len));
            let mut tag = gcm().seal(&nonce, &aad, &mut data).unwrap();
            let bit = 1 << random.below(8);
            let place = random.below(12 + 20 + 50 + 16);
            let all = nonce.iter_mut().chain(&mut aad).chain(&mut data).chain(&mut tag);
            *all.into_iter().nth(place).unwrap() ^= bit;
            let changed = data.clone();
            assert_eq!(gcm().open(&nonce, &aad, &mut data, &tag), Err(GcmError::Tag), "{place}");
            assert_eq!(data, changed);
        }
    }

    /// 32 bits count, not 128 (SP 800-38D, 6.2).
    #[test]
    fn the_counter_wraps_in_its_own_word() {
        let mut counter = Counter::<32>::new((0xabcd_u128 << 32 | 0xffff_fffe).to_be_bytes());
        let seen: Vec<u128> = (0..4).map(|_| u128::from_be_bytes(counter.next())).collect();
        let high = 0xabcd_u128 << 32;
        assert_eq!(seen, [high | 0xffff_fffe, high | 0xffff_ffff, high, high | 1]);
    }

    #[test]
    fn what_cannot_be_safe_is_refused() {
        assert_eq!(gcm().seal(&[], b"", &mut []), Err(GcmError::Nonce));
        assert_eq!(gcm().open(&[], b"", &mut [], &[0; 16]), Err(GcmError::Nonce));
    }
}
