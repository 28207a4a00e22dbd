//! Published vectors.

use anyhow::{bail, ensure};

use super::{Outcome, Paths};
use crate::modes::Ctr;
use crate::{gmsm, hex};

/// The standard's key, and its plain text.
pub(super) const KEY: [u8; 16] = hex::array("0123456789abcdeffedcba9876543210");

/// GB/T 32907-2016, A.1: one block, there and back.
pub(super) fn block(paths: &Paths) -> Outcome {
    const SEALED: [u8; 16] = hex::array("681edf34d206965e86b3e94f536e4246");
    for key in paths.keys(&KEY) {
        // A single one, and as many as make wide paths use their width.
        for count in [1, 67] {
            let mut blocks = vec![KEY; count];
            key.encrypt(&mut blocks);
            ensure!(blocks.iter().all(|b| *b == SEALED), "{}: encrypts otherwise", key.path());
            key.decrypt(&mut blocks);
            ensure!(blocks.iter().all(|b| *b == KEY), "{}: decrypts otherwise", key.path());
        }
    }
    let mut block = [0; 16];
    gmsm::ecb(&KEY, &KEY, &mut block)?;
    ensure!(block == SEALED, "Go encrypts otherwise");
    Ok("GB/T 32907-2016, A.1".into())
}

/// A counter, a text, and the text encrypted.
type Case = (&'static str, &'static str, &'static str);

/// draft-ribose-cfrg-sm4-10, A.2.5.1; and a counter that wraps, as OpenSSL 3.0 does.
const CTR: [Case; 2] = [
    (
        "000102030405060708090a0b0c0d0e0f",
        "aaaaaaaaaaaaaaaabbbbbbbbbbbbbbbbccccccccccccccccdddddddddddddddd\
         eeeeeeeeeeeeeeeeffffffffffffffffaaaaaaaaaaaaaaaabbbbbbbbbbbbbbbb",
        "ac3236cb970cc20791364c395a1342d1a3cbc1878c6f30cd074cce385cdd70c7\
         f234bc0e24c11980fd1286310ce37b926e02fcd0faa0baf38b2933851d824514",
    ),
    (
        "ffffffffffffffffffffffffffffffff",
        "0000000000000000000000000000000000000000000000000000000000000000\
         0000000000000000000000000000000000000000000000000000000000000000",
        "6811af7e097364e786fb45ce5d9a60f02677f46b09c122cc975533105bd4a22a\
         4e595bf03f23bd10329baf5698e898ecb3136c044e95482d4f652e694f2741cd",
    ),
];

pub(super) fn ctr(paths: &Paths) -> Outcome {
    for (iv, plain, sealed) in CTR {
        let (iv, plain, sealed): ([u8; 16], [u8; 64], [u8; 64]) =
            (hex::array(iv), hex::array(plain), hex::array(sealed));
        for key in paths.keys(&KEY) {
            let name = key.path();
            let mut text = plain;
            Ctr::new(key, &iv).apply(&mut text);
            ensure!(text == sealed, "{name}: encrypts otherwise");
        }
        let mut text = [0; 64];
        gmsm::ctr(&KEY, &iv, &plain, &mut text)?;
        ensure!(text == sealed, "Go encrypts otherwise");
    }
    Ok("draft-ribose-cfrg-sm4-10, A.2.5.1, and a counter that wraps".into())
}

/// RFC 8998, A.1.
pub(super) fn gcm(paths: &Paths) -> Outcome {
    const NONCE: [u8; 12] = hex::array("00001234567800000000abcd");
    const AAD: [u8; 20] = hex::array("feedfacedeadbeeffeedfacedeadbeefabaddad2");
    const PLAIN: [u8; 64] = hex::array(
        "aaaaaaaaaaaaaaaabbbbbbbbbbbbbbbbccccccccccccccccdddddddddddddddd\
         eeeeeeeeeeeeeeeeffffffffffffffffeeeeeeeeeeeeeeeeaaaaaaaaaaaaaaaa",
    );
    const SEALED: [u8; 80] = hex::array(
        "17f399f08c67d5ee19d0dc9969c4bb7d5fd46fd3756489069157b282bb200735\
         d82710ca5c22f0ccfa7cbf93d496ac15a56834cbcf98c397b4024a2691233b8d\
         83de3541e4c2b58177e065a9bf7b62ec",
    );
    let (sealed, seal) = SEALED.split_at(64);
    let seal = seal.try_into()?;
    for gcm in paths.gcms(&KEY) {
        let name = gcm.ghash_path();
        let mut text = PLAIN;
        let tag = gcm.seal(&NONCE, &AAD, &mut text)?;
        ensure!(text == *sealed && tag == seal, "{name}: encrypts otherwise");
        gcm.open(&NONCE, &AAD, &mut text, &seal)?;
        ensure!(text == PLAIN, "{name}: decrypts otherwise");
        text[63] ^= 1;
        if gcm.open(&NONCE, &AAD, &mut text, &seal).is_ok() {
            bail!("{name}: takes a text that was changed");
        }
    }
    let mut text = [0; 80];
    gmsm::seal(&KEY, &NONCE, &AAD, &PLAIN, &mut text)?;
    ensure!(text == SEALED, "Go encrypts otherwise");
    Ok("RFC 8998, A.1".into())
}
