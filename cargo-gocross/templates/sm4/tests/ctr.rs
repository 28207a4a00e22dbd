//! The cipher through Go: known answers, and pieces of every length.

use {{crate}}::ctr::Ctr;

const KEY: [u8; 16] = *b"\x01\x23\x45\x67\x89\xab\xcd\xef\xfe\xdc\xba\x98\x76\x54\x32\x10";
const IV: [u8; 16] = *b"\x00\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x0b\x0c\x0d\x0e\x0f";

fn hex(data: &[u8]) -> String {
    data.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn start(iv: &[u8]) -> Ctr {
    Ctr::new(&KEY, iv).unwrap()
}

fn in_one(data: &[u8]) -> Vec<u8> {
    let mut data = data.to_vec();
    start(&IV).apply(&mut data).unwrap();
    data
}

/// Bytes without a short period, so that a piece out of place shows.
fn sample(len: usize) -> Vec<u8> {
    (0..len as u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 24) as u8).collect()
}

/// draft-ribose-cfrg-sm4, A.2.5.1.
#[test]
fn published_vector() {
    let plain: Vec<u8> = [0xaa, 0xbb, 0xcc, 0xdd, 0xee, 0xff, 0xaa, 0xbb]
        .iter()
        .flat_map(|byte| [*byte; 8])
        .collect();
    assert_eq!(
        hex(&in_one(&plain)),
        "ac3236cb970cc20791364c395a1342d1a3cbc1878c6f30cd074cce385cdd70c7\
         f234bc0e24c11980fd1286310ce37b926e02fcd0faa0baf38b2933851d824514"
    );
}

/// `head -c 64 /dev/zero | openssl enc -sm4-ctr -K 0123… -iv ffff…` (OpenSSL 3.0).
#[test]
fn counter_wraps_round_as_openssls() {
    let mut data = [0; 64];
    start(&[0xff; 16]).apply(&mut data).unwrap();
    assert_eq!(
        hex(&data),
        "6811af7e097364e786fb45ce5d9a60f02677f46b09c122cc975533105bd4a22a\
         4e595bf03f23bd10329baf5698e898ecb3136c044e95482d4f652e694f2741cd"
    );
}

/// `head -c 1048576 /dev/zero | openssl enc -sm4-ctr -K 0123… -iv 0001…`: FNV-1a of all of it,
/// and its end.
#[test]
fn a_mebibyte_equals_openssls() {
    let mut data = vec![0; 1 << 20];
    let mut ctr = start(&IV);
    for piece in data.chunks_mut(65_537) {
        ctr.apply(piece).unwrap();
    }
    let fnv = data.iter().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x100_0000_01b3)
    });
    assert_eq!(fnv, 0x1b9e_3ced_ecff_ecec);
    assert_eq!(hex(&data[data.len() - 16..]), "f6e01831034376cba7b912e95f0f7e3d");
}

#[test]
fn any_two_pieces_equal_one() {
    let plain = sample(70);
    let want = in_one(&plain);
    for border in 0..=plain.len() {
        let mut data = plain.clone();
        let (head, tail) = data.split_at_mut(border);
        let mut ctr = start(&IV);
        ctr.apply(head).unwrap();
        ctr.apply(tail).unwrap();
        assert_eq!(data, want, "border at {border}");
    }
}

#[test]
fn pieces_of_any_length_equal_one() {
    // Past the 512 bytes of key stream that Go keeps ready.
    let plain = sample(5_000);
    let want = in_one(&plain);
    for len in (1..=67).chain([127, 128, 129, 511, 512, 513, 1_024, 4_095, 4_999]) {
        let mut data = plain.clone();
        let mut ctr = start(&IV);
        for piece in data.chunks_mut(len) {
            ctr.apply(piece).unwrap();
        }
        assert_eq!(data, want, "pieces of {len}");
    }
}

#[test]
fn twice_is_the_plain_text() {
    let plain = sample(1_000);
    assert_ne!(in_one(&plain), plain);
    assert_eq!(in_one(&in_one(&plain)), plain);
}

#[test]
fn nothing_moves_nothing() {
    let mut ctr = start(&IV);
    ctr.apply(&mut []).unwrap();
    let mut data = sample(9);
    ctr.apply(&mut data).unwrap();
    assert_eq!(data, in_one(&sample(9)));
}

#[test]
fn wrong_lengths_are_errors() {
    let said = |key: &[u8], iv: &[u8]| Ctr::new(key, iv).err().unwrap().to_string();
    assert_eq!(said(&KEY[1..], &IV), "sm4: invalid key size 15");
    assert_eq!(said(&[], &IV), "sm4: invalid key size 0");
    assert_eq!(said(&KEY, &[0; 17]), "sm4: invalid iv size 17");
    assert_eq!(said(&KEY, &[]), "sm4: invalid iv size 0");
}

#[test]
fn streams_do_not_mix_across_threads() {
    let want = in_one(&sample(3_000));
    std::thread::scope(|scope| {
        for len in [1, 13, 16, 700] {
            let want = &want;
            // Made on one thread, used and dropped on another.
            let mut ctr = start(&IV);
            scope.spawn(move || {
                let mut data = sample(3_000);
                for piece in data.chunks_mut(len) {
                    ctr.apply(piece).unwrap();
                }
                assert_eq!(&data, want, "pieces of {len}");
            });
        }
    });
}
