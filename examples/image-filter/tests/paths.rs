//! Each path that this CPU can run, against the filters' definitions.

use image_filter::filter::Filter;
use image_filter::path;
use image_filter::picture::Picture;
use image_filter::{cli, reference, sample};

fn check(picture: &Picture, what: &str) {
    for filter in Filter::ALL {
        let expected = reference::filtered(filter, picture);
        for path in path::usable() {
            let mut found = picture.clone();
            filter.apply(&mut found, path);
            let place =
                found.pixels().iter().zip(&expected).position(|(found, want)| found != want);
            assert_eq!(place, None, "{} on `{}`: {what}", filter.name(), path.name());
        }
    }
}

#[test]
fn every_width_and_height_of_small_pictures() {
    for width in 1..=40 {
        for height in 1..=6 {
            check(&sample::noise(width, height).unwrap(), &format!("{width} x {height}"));
        }
    }
}

#[test]
fn pictures_as_long_as_they_may_be() {
    for (width, height) in [(65_535, 1), (1, 65_535), (2, 20_000), (20_001, 2)] {
        check(&sample::noise(width, height).unwrap(), &format!("{width} x {height}"));
    }
}

/// Where sums are largest and where halves are rounded.
#[test]
fn bytes_that_come_to_a_limit() {
    for bytes in [[0, 0, 0, 0], [255; 4], [255, 0, 255, 0], [1, 0, 0, 1], [127, 128, 255, 254]] {
        let mut picture = Picture::new(37, 5, 1 << 10).unwrap();
        for (place, byte) in picture.pixels_mut().iter_mut().enumerate() {
            *byte = bytes[place / 3 % 4];
        }
        check(&picture, &format!("{bytes:?}"));
    }
}

/// The definition knows nothing of the paths, and a wrong byte is seen.
#[test]
fn filters_change_pictures() {
    let picture = sample::noise(9, 9).unwrap();
    for filter in Filter::ALL {
        assert_ne!(reference::filtered(filter, &picture), picture.pixels());
    }
}

/// The self-test's results, from a program of a few lines in another language.
#[test]
fn the_self_test_prints_the_same_everywhere() {
    for path in path::usable() {
        let mut out = Vec::new();
        let args = ["image-filter", "selftest", "--path", path.name()];
        cli::run(args, &mut out, &mut Vec::new()).unwrap();
        let out = String::from_utf8(out).unwrap();
        let (report, results): (Vec<_>, Vec<_>) =
            out.lines().partition(|line| line.starts_with("cpu: "));
        assert!(report[0].starts_with("cpu: features"), "{out}");
        let chosen =
            ["gaussian", "grey"].map(|side| format!("cpu: path image.{side} = {}", path.name()));
        assert_eq!(report[1..], chosen);
        assert_eq!(results, RESULTS);
    }
}

const RESULTS: [&str; 11] = [
    "gaussian narrow: 6ef80fc632be7fe5",
    "gaussian around 128: f53e8c272585f859",
    "gaussian around 256: de545d2d091bbf20",
    "gaussian wide: ef5bdfeee2e74051",
    "gaussian high: becd053ffbeffcde",
    "grey narrow: 3b09664317367583",
    "grey around 128: 920740658fd0f39e",
    "grey around 256: af287984f4f6a434",
    "grey wide: 783b9f8adce3458d",
    "grey high: 2967da0bfb5bafea",
    "png there and back: 4ed58916bd3ba78a",
];
