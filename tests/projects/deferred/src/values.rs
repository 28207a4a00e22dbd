//! Arguments and results of every form arrive as they were sent.

use gocross::deferred::Batch;

use crate::go;

extern "C" fn doubled(n: i32) -> i32 {
    2 * n
}

pub(crate) fn all() {
    let mut batch = Batch::new();
    let mut page = vec![0_u8; 5000];
    let bytes: Vec<u8> = (0..=255).collect();
    // SAFETY: the memory is there until the batch has run.
    unsafe {
        let mixed = batch.push(go::deferred::Mixed(-3, 1 << 40, 1, 5.5, 65_535, -70_000));
        let value = go::mixed { small: 5, large: -(1 << 50), ratio: 3.0 };
        let structure = batch.push(go::deferred::Struct(7, value));
        let text = gocross::str("four").raw();
        let sum = batch.push(go::deferred::Sum(text, gocross::bytes(&bytes).raw()));
        let fill = batch.push(go::deferred::Fill(gocross::bytes_mut(&mut page).raw(), 9));
        let back = batch.push(go::deferred::Callback(Some(doubled), 21));
        let nothing = batch.push(go::deferred::Nothing());
        let deep = batch.push(go::deferred::Allocate(3000));
        let memory = batch.push(go::deferred::Text(100));
        batch.run();

        let plain = go::Mixed(-3, 1 << 40, 1, 5.5, 65_535, -70_000);
        let mixed = batch.get(mixed);
        assert_eq!((mixed.r0, mixed.r1, mixed.r2), (-2, (1 << 40) + 1, 0));
        assert_eq!((mixed.r3, mixed.r4), (2.75, -4465));
        assert_eq!((mixed.r0, mixed.r1, mixed.r2), (plain.r0, plain.r1, plain.r2));
        let structure = batch.get(structure);
        assert_eq!((structure.small, structure.large, structure.ratio), (12, -(1 << 51), 1.5));
        let sum = batch.get(sum);
        assert_eq!((sum.r0, sum.r1), (255 * 128 + 4, b'r'));
        batch.get(fill);
        batch.get(nothing);
        assert_eq!(batch.get(back), 42);
        assert_eq!(batch.get(deep), 3000);
        drop(gocross::OwnedCBytes::from_raw(batch.get(memory), 100));
    }
    assert!(page.iter().all(|byte| *byte == 9));
    println!("as sent");
}
