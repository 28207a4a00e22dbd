//! Rust against Go, on random keys and texts.

use anyhow::ensure;

use super::{Outcome, Paths};
use crate::gmsm;
use crate::modes::{Ctr, TAG};
use crate::sample::Sampler;

const CASES: usize = 200;
/// Longer than any path's widest step, and than the 512 bytes of key stream that Go keeps ready.
const LONGEST: usize = 1_100;

/// One message, and the place of its first byte: texts in real programs are not aligned.
struct Case {
    key: [u8; 16],
    iv: [u8; 16],
    text: Vec<u8>,
    offset: usize,
}

pub(super) fn run(paths: &Paths) -> Outcome {
    let mut random = Sampler::new(5);
    for number in 0..CASES {
        let case = Case::new(&mut random, number);
        let what = || format!("case {number}, {} bytes at {}", case.text.len(), case.offset);
        ensure!(case.ecb(paths)?, "ecb: {}", what());
        ensure!(case.ctr(paths)?, "ctr: {}", what());
        ensure!(case.gcm(paths)?, "gcm: {}", what());
    }
    Ok(format!("{CASES} cases in ecb, ctr and gcm"))
}

impl Case {
    fn new(random: &mut Sampler, number: usize) -> Self {
        let mut iv = random.array();
        if number.is_multiple_of(4) {
            iv[..15].fill(0xff); // soon wraps
        }
        let len = random.below(if number.is_multiple_of(2) { 70 } else { LONGEST });
        Self { key: random.array(), iv, text: random.bytes(len), offset: number % 16 }
    }

    /// Room for the text at its offset, and the text in it.
    fn room(&self) -> Vec<u8> {
        let mut room = vec![0; self.offset];
        room.extend(&self.text);
        room
    }

    fn ecb(&self, paths: &Paths) -> anyhow::Result<bool> {
        let whole = self.text.len() / 16 * 16;
        let mut want = vec![0; whole];
        gmsm::ecb(&self.key, &self.text[..whole], &mut want)?;
        Ok(paths.keys(&self.key).all(|key| {
            let (mut inside, mut across) = (self.room(), vec![[0; 16]; whole / 16]);
            let blocks = inside[self.offset..].as_chunks_mut().0;
            key.encrypt_to(blocks, &mut across);
            key.encrypt(blocks);
            let same = blocks.as_flattened() == want && across.as_flattened() == want;
            key.decrypt(blocks);
            same && blocks.as_flattened() == &self.text[..whole]
        }))
    }

    fn ctr(&self, paths: &Paths) -> anyhow::Result<bool> {
        let mut want = vec![0; self.text.len()];
        gmsm::ctr(&self.key, &self.iv, &self.text, &mut want)?;
        Ok(paths.keys(&self.key).all(|key| {
            let mut ctr = Ctr::new(key, &self.iv);
            let mut across = vec![0; self.text.len()];
            ctr.clone().apply_to(&self.text, &mut across);
            // In two pieces, in place.
            let mut inside = self.room();
            let (head, tail) = inside[self.offset..].split_at_mut(self.text.len() / 3);
            ctr.apply(head);
            ctr.apply(tail);
            across == want && inside[self.offset..] == want
        }))
    }

    fn gcm(&self, paths: &Paths) -> anyhow::Result<bool> {
        // Every fourth nonce has the usual 12 bytes.
        let nonce = &self.iv[..if self.offset.is_multiple_of(4) { 12 } else { 1 + self.offset }];
        let aad = &self.text[self.text.len() / 2..];
        let mut want = vec![0; self.text.len() + TAG];
        gmsm::seal(&self.key, nonce, aad, &self.text, &mut want)?;
        let mut back = vec![0; self.text.len()];
        gmsm::open(&self.key, nonce, aad, &want, &mut back)?;
        let mut same = back == self.text;
        for gcm in paths.gcms(&self.key) {
            let mut room = self.room();
            let text = &mut room[self.offset..];
            let tag = gcm.seal(nonce, aad, text)?;
            same &= [&*text, &tag].concat() == want;
            gcm.open(nonce, aad, text, &tag)?;
            same &= text == self.text;
        }
        Ok(same)
    }
}
