//! Every path that this CPU has: the standard's vectors, and each other's results.

use super::*;
use crate::sample::sample;

const KEY: [u8; 16] = *b"\x01\x23\x45\x67\x89\xab\xcd\xef\xfe\xdc\xba\x98\x76\x54\x32\x10";
/// GB/T 32907-2016, A.1: the key encrypted under itself.
const ONCE: [u8; 16] = *b"\x68\x1e\xdf\x34\xd2\x06\x96\x5e\x86\xb3\xe9\x4f\x53\x6e\x42\x46";

/// Keys on each usable path.
fn keys() -> impl Iterator<Item = Key> {
    paths().filter(|path| path.usable).map(|path| Key::with_path(&KEY, path.name).unwrap())
}

/// The round keys, one S-box at a time: what the paths are compared with.
fn plain_expand(key: &[u8; 16]) -> [u32; 32] {
    schedule::expand(key, plain_tau)
}

/// One block as the standard writes it.
fn plain_encrypt(keys: &[u32; 32], block: &[u8; 16]) -> [u8; 16] {
    let mut x = schedule::words(block);
    for key in keys {
        let b = plain_tau(x[1] ^ x[2] ^ x[3] ^ key);
        let next =
            x[0] ^ b ^ b.rotate_left(2) ^ b.rotate_left(10) ^ b.rotate_left(18) ^ b.rotate_left(24);
        x = [x[1], x[2], x[3], next];
    }
    x.reverse();
    std::array::from_fn(|at| x[at / 4].to_be_bytes()[at % 4])
}

fn plain_tau(word: u32) -> u32 {
    u32::from_be_bytes(word.to_be_bytes().map(|byte| algebra::SBOX[usize::from(byte)]))
}

#[test]
fn the_standards_block() {
    for key in keys() {
        let mut block = [KEY];
        key.encrypt(&mut block);
        assert_eq!(block, [ONCE], "{}", key.path());
        key.decrypt(&mut block);
        assert_eq!(block, [KEY], "{}", key.path());
    }
}

#[test]
fn round_keys_are_those_of_the_standard() {
    for path in path::all().filter(|path| cpu::features().has_all(path.needs)) {
        for seed in 0..200 {
            let key = sample(seed, 16).try_into().unwrap();
            // SAFETY: the path is usable.
            assert_eq!(unsafe { (path.expand)(&key) }, plain_expand(&key), "{}", path.name);
        }
    }
    // GB/T 32907-2016, A.1.
    assert_eq!(plain_expand(&KEY)[..2], [0xf121_86f9, 0x4166_2b61]);
    assert_eq!(plain_expand(&KEY)[31], 0x9124_a012);
}

/// 0 to 67 blocks, and around the places to 129 where a path changes its width. Each at another
/// alignment of source and destination, and in place; what is beside the blocks stays.
#[test]
fn any_number_of_blocks_anywhere() {
    for key in keys() {
        let wide = [80_usize, 96, 112, 128].into_iter().flat_map(|at| at - 1..=at + 1);
        for blocks in (0..=67).chain(wide) {
            let plain = sample(blocks as u64, 16 * blocks);
            let want: Vec<u8> = plain
                .chunks(16)
                .flat_map(|block| plain_encrypt(&key.encrypt, block.try_into().unwrap()))
                .collect();
            for shift in 0..16 {
                let name = key.path();
                let mut memory = vec![0xa5; shift + plain.len() + 16];
                let source = [&vec![0; 15 - shift][..], &plain].concat();
                let (from, to) = (source[15 - shift..].as_ptr(), memory[shift..].as_mut_ptr());
                // SAFETY: both hold so many blocks, and the path is usable.
                unsafe {
                    (key.path.encrypt)(&key.encrypt, from.cast(), to.cast(), blocks);
                }
                assert_eq!(memory[shift..][..want.len()], want, "{name}, {blocks} at {shift}");
                // SAFETY: as above, in place.
                unsafe { (key.path.encrypt)(&key.decrypt, to.cast(), to.cast(), blocks) };
                assert_eq!(memory[shift..][..want.len()], plain, "{name}, {blocks} back");
                let beside = memory[..shift].iter().chain(&memory[shift + want.len()..]);
                assert!(beside.copied().all(|byte| byte == 0xa5), "{name}, beside {blocks}");
            }
        }
    }
}

#[test]
fn a_path_is_named_or_refused() {
    assert!(paths().last().unwrap().usable, "the last one needs nothing");
    for path in paths() {
        match Key::with_path(&KEY, path.name) {
            Ok(key) => assert!(path.usable && key.path() == path.name),
            Err(error) => assert!(!path.usable, "{error}"),
        }
    }
    let error = Key::with_path(&KEY, "abacus").err().unwrap().to_string();
    assert!(error.starts_with("no path `abacus` for this architecture; there are `"), "{error}");
    assert!(error.ends_with("`table`"), "{error}");
}
