//! Counter mode (NIST SP 800-38A, 6.5), with a counter of 128 bits that wraps: as `openssl enc
//! -sm4-ctr` and Go count.

use super::counter::{Counter, xor};
use crate::cipher::{BLOCK, Key};

/// A stream of SM4 in counter mode. Encrypting and decrypting are the same.
///
/// ```
/// use {{crate}}::{cipher::Key, modes::Ctr};
///
/// let (key, iv) = (Key::new(&[1; 16]), [2; 16]);
/// let mut text = *b"any number of bytes";
/// Ctr::new(key.clone(), &iv).apply(&mut text);
/// let mut again = Ctr::new(key, &iv);
/// let (head, tail) = text.split_at_mut(5);
/// again.apply(head);
/// again.apply(tail);
/// assert_eq!(&text, b"any number of bytes");
/// ```
#[derive(Clone)]
pub struct Ctr {
    key: Key,
    counter: Counter<128>,
    /// The last block of key stream, where the data so far ended inside of it.
    rest: [u8; BLOCK],
    /// How much of `rest` is used.
    used: usize,
}

impl Ctr {
    /// Starts at the first byte of the key stream.
    #[must_use]
    pub fn new(key: Key, iv: &[u8; BLOCK]) -> Self {
        Self { key, counter: Counter::new(*iv), rest: [0; BLOCK], used: BLOCK }
    }

    /// Encrypts or decrypts the next `data.len()` bytes of the stream in place. Pieces may have any
    /// length: the stream goes on where the last call ended.
    pub fn apply(&mut self, data: &mut [u8]) {
        let rest = self.rest(data.len());
        let (head, data) = data.split_at_mut(rest.len());
        xor(head, rest);
        self.used += head.len();
        let last = self.counter.stream(&self.key, data.len(), |at, stream| {
            xor(&mut data[at..][..stream.len()], stream);
        });
        self.keep(last, data.len());
    }

    /// The same from `src` to `dst`.
    ///
    /// # Panics
    ///
    /// When the two have different lengths.
    pub fn apply_to(&mut self, src: &[u8], dst: &mut [u8]) {
        assert_eq!(src.len(), dst.len(), "as many bytes out as in");
        let rest = self.rest(src.len());
        let (head, dst) = dst.split_at_mut(rest.len());
        let (first, src) = src.split_at(rest.len());
        add(head, first, rest);
        self.used += head.len();
        let last = self.counter.stream(&self.key, src.len(), |at, stream| {
            add(&mut dst[at..][..stream.len()], &src[at..], stream);
        });
        self.keep(last, src.len());
    }

    /// What is left of the last block, for up to `len` bytes.
    fn rest(&self, len: usize) -> &[u8] {
        let rest = &self.rest[self.used..];
        &rest[..len.min(rest.len())]
    }

    fn keep(&mut self, last: Option<[u8; BLOCK]>, len: usize) {
        if let Some(last) = last {
            self.rest = last;
            self.used = len % BLOCK;
        }
    }
}

/// `dst` is the sum of the other two.
#[inline(always)]
fn add(dst: &mut [u8], src: &[u8], stream: &[u8]) {
    for ((byte, plain), key) in dst.iter_mut().zip(src).zip(stream) {
        *byte = plain ^ key;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::sample;

    /// The key stream, one block at a time.
    fn plain(key: &Key, iv: u128, len: usize) -> Vec<u8> {
        (0..len.div_ceil(BLOCK) as u128)
            .flat_map(|at| {
                let mut block = [iv.wrapping_add(at).to_be_bytes()];
                key.encrypt(&mut block);
                block[0]
            })
            .take(len)
            .collect()
    }

    /// In place and across, in pieces of every length, over the end of the counter.
    #[test]
    fn pieces_of_any_length_are_one_stream() {
        let key = Key::new(&[7; 16]);
        let text = sample(1, 2_100);
        for iv in [0, u128::MAX, u128::MAX - 40, u128::from(u64::MAX) - 3] {
            let mut want = plain(&key, iv, text.len());
            xor(&mut want, &text);
            for len in (1..=67).chain([127, 511, 512, 513, 1_024, 2_099, 2_100]) {
                let mut inside = Ctr::new(key.clone(), &iv.to_be_bytes());
                let mut across = inside.clone();
                let (mut data, mut other) = (text.clone(), vec![0; text.len()]);
                for piece in data.chunks_mut(len) {
                    inside.apply(piece);
                }
                for (src, dst) in text.chunks(len).zip(other.chunks_mut(len)) {
                    across.apply_to(src, dst);
                }
                assert!(data == want && other == want, "pieces of {len} from {iv:x}");
            }
        }
    }

    #[test]
    fn any_three_pieces_are_one_stream() {
        let key = Key::new(&[9; 16]);
        let want = plain(&key, 5, 50);
        for first in 0..=50 {
            for second in first..=50 {
                let mut data = [0; 50];
                let mut ctr = Ctr::new(key.clone(), &5_u128.to_be_bytes());
                ctr.apply(&mut data[..first]);
                ctr.apply(&mut data[first..second]);
                ctr.apply(&mut data[second..]);
                assert_eq!(data[..], want, "{first}, {second}");
            }
        }
    }
}
