//! Each colour type of a PNG, decoded in Go into Rust's memory.

mod writer;

use {{crate}}::picture::{MAX_PIXELS, Picture};
use writer::{PASSES, Png};

fn decoded(png: &Png) -> Vec<[u8; 4]> {
    let picture = Picture::decode(&png.file(), MAX_PIXELS).unwrap();
    assert_eq!((picture.width(), picture.height()), (png.width, png.height));
    picture.pixels().as_chunks().0.to_vec()
}

#[test]
fn grey_of_each_depth() {
    let grey = |width, depth, row: &[u8]| {
        let rows = vec![row.to_vec()];
        decoded(&Png { width, height: 1, depth, rows, ..Png::default() })
    };
    let opaque = |levels: &[u8]| -> Vec<_> { levels.iter().map(|l| [*l, *l, *l, 255]).collect() };
    assert_eq!(grey(3, 1, &[0b1010_0000]), opaque(&[255, 0, 255]));
    assert_eq!(grey(4, 2, &[0b0001_1011]), opaque(&[0, 85, 170, 255]));
    assert_eq!(grey(3, 4, &[0x0f, 0x80]), opaque(&[0, 255, 0x88]));
    assert_eq!(grey(2, 8, &[7, 200]), opaque(&[7, 200]));
    // The upper half of 16 bits.
    assert_eq!(grey(2, 16, &[0x12, 0xff, 0xfe, 0x00]), opaque(&[0x12, 0xfe]));
}

#[test]
fn palettes_with_transparent_colours() {
    let png = Png {
        width: 3,
        height: 2,
        depth: 2,
        colour: 3,
        palette: vec![10, 20, 30, 200, 100, 50, 1, 2, 3],
        transparency: vec![255, 128, 0],
        rows: vec![vec![0b0001_1000], vec![0b1001_0000]],
        ..Png::default()
    };
    // Half of each colour where alpha is half; nothing where nothing can be seen.
    let [first, second, third] = [[10, 20, 30, 255], [100, 50, 25, 128], [0, 0, 0, 0]];
    assert_eq!(decoded(&png), [first, second, third, third, second, first]);
}

#[test]
fn grey_with_alpha_is_multiplied() {
    let mut png = Png { width: 3, height: 1, depth: 8, colour: 4, ..Png::default() };
    png.rows = vec![vec![200, 255, 200, 128, 200, 0]];
    let expected = [[200, 200, 200, 255], [100, 100, 100, 128], [0, 0, 0, 0]];
    assert_eq!(decoded(&png), expected);
    png.depth = 16;
    png.rows = vec![vec![200, 9, 255, 255, 200, 200, 128, 128, 200, 9, 0, 0]];
    assert_eq!(decoded(&png), expected);
}

#[test]
fn colours_of_16_bits() {
    let mut png = Png { width: 2, height: 1, depth: 16, colour: 2, ..Png::default() };
    png.rows = vec![vec![1, 255, 2, 255, 3, 255, 250, 0, 251, 0, 252, 0]];
    assert_eq!(decoded(&png), [[1, 2, 3, 255], [250, 251, 252, 255]]);
    png.colour = 6;
    png.rows = vec![vec![1, 255, 2, 255, 3, 255, 255, 255, 250, 0, 251, 0, 252, 0, 0, 0]];
    assert_eq!(decoded(&png), [[1, 2, 3, 255], [0, 0, 0, 0]]);
}

/// Every pass of Adam7, and those that are empty because the picture is small.
#[test]
fn interlaced_pictures_are_the_same() {
    for (width, height) in [(1, 1), (3, 2), (5, 9), (8, 8), (21, 13)] {
        let pixel = |x: usize, y: usize| [(x * 11) as u8, (y * 17) as u8, (x * y) as u8];
        let row = |xs: Vec<usize>, y: usize| xs.into_iter().flat_map(|x| pixel(x, y)).collect();
        let plain = Png {
            width: width as u32,
            height: height as u32,
            depth: 8,
            colour: 2,
            rows: (0..height).map(|y| row((0..width).collect(), y)).collect(),
            ..Png::default()
        };
        let mut interlaced = Png { interlaced: true, rows: Vec::new(), ..plain.clone() };
        for [left, top, right, down] in PASSES {
            if left < width {
                let rows = (top..height).step_by(down);
                let columns: Vec<_> = (left..width).step_by(right).collect();
                interlaced.rows.extend(rows.map(|y| row(columns.clone(), y)));
            }
        }
        assert_eq!(decoded(&interlaced), decoded(&plain), "{width} x {height}");
        assert_ne!(interlaced.file(), plain.file());
    }
}

#[test]
fn what_is_no_picture_is_an_error() {
    let said = |file: &[u8]| Picture::decode(file, MAX_PIXELS).unwrap_err().to_string();
    let grey =
        Png { width: 40, height: 30, depth: 8, rows: vec![vec![9; 40]; 30], ..Png::default() };
    let whole = grey.file();
    assert!(Picture::decode(&whole, MAX_PIXELS).is_ok());

    assert_eq!(said(b""), "the file ends too early");
    assert_eq!(said(b"GIF89a and more"), "png: invalid format: not a PNG file");
    // At each place: never a panic, never a picture.
    let ends = ["the file ends too early", "png: invalid format: not enough pixel data"];
    for length in 8..whole.len() - 12 {
        let said = said(&whole[..length]);
        assert!(ends.contains(&said.as_str()), "{length}: {said}");
    }
    let mut damaged = whole.clone();
    damaged[80] ^= 1;
    assert!(said(&damaged).starts_with("png: invalid format: "), "{}", said(&damaged));
    let short = Png { rows: vec![vec![9; 40]; 29], ..grey.clone() };
    assert_eq!(said(&short.file()), "png: invalid format: not enough pixel data");

    let sized = |width, height| said(&Png { width, height, ..grey.clone() }.file());
    assert_eq!(sized(0, 30), "png: invalid format: non-positive dimension");
    assert_eq!(sized(40, 0), "png: invalid format: non-positive dimension");
    assert!(sized(1 << 31, 1).starts_with("png: "), "{}", sized(1 << 31, 1));
    assert_eq!(sized(65_536, 1), "65536 x 1 pixels are more than 65535 on one side");
    assert_eq!(sized(1, 0x7fff_ffff), "1 x 2147483647 pixels are more than 65535 on one side");
    // More than Go counts on any target.
    assert_eq!(
        sized(0x7fff_ffff, 0x7fff_ffff),
        "2147483647 x 2147483647 pixels are more than 65535 on one side"
    );
    assert_eq!(
        sized(60_000, 50_000),
        "60000 x 50000 pixels are more than 67108864; `--max-pixels 3000000000` allows them"
    );
}

#[test]
fn as_many_pixels_as_are_allowed() {
    let grey = Png { width: 6, height: 5, depth: 8, rows: vec![vec![9; 6]; 5], ..Png::default() };
    assert!(Picture::decode(&grey.file(), 30).is_ok());
    assert!(Picture::decode(&grey.file(), 29).is_err());
}
