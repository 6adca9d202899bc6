use image::{ImageEncoder, RgbImage, codecs::png::PngEncoder};

use super::*;

fn picture(width: u32, height: u32) -> DynamicImage {
    DynamicImage::ImageRgb8(RgbImage::from_fn(width, height, |x, y| {
        image::Rgb([x.to_le_bytes()[0], y.to_le_bytes()[0], 90])
    }))
}

fn contains(bytes: &[u8], mark: &[u8]) -> bool {
    bytes.windows(mark.len()).any(|window| window == mark)
}

#[test]
fn a_script_behind_a_photo_is_gone() {
    let mut bytes = jpeg(&picture(40, 30)).unwrap();
    bytes.extend_from_slice(b"<?php system($_GET['c']); ?>");
    let (media, stored) = check(bytes).unwrap();
    assert_eq!(media, MediaType::Jpeg);
    assert!(!contains(&stored, b"<?php"));
}

/// Orientation 6 (turn right) and a text that must not survive, as an EXIF segment.
fn exif() -> Vec<u8> {
    let mut segment =
        b"Exif\0\0MM\0\x2a\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0".to_vec();
    segment.extend_from_slice(b"\0\0\0\0GPS 32.06N 118.79E");
    let length = u16::try_from(segment.len() + 2).unwrap();
    let mut whole = vec![0xff, 0xe1];
    whole.extend_from_slice(&length.to_be_bytes());
    whole.append(&mut segment);
    whole
}

#[test]
fn a_photo_is_turned_upright_and_loses_its_place() {
    let plain = jpeg(&picture(40, 30)).unwrap();
    let photo = [&plain[..2], &exif(), &plain[2..]].concat();
    let (_, stored) = check(photo).unwrap();
    assert!(!contains(&stored, b"GPS"));
    let upright = decode(&stored, ImageFormat::Jpeg).unwrap();
    assert_eq!((upright.width(), upright.height()), (30, 40));
}

#[test]
fn a_screenshot_stays_a_screenshot() {
    let mut bytes = Vec::new();
    let rgb = picture(20, 10).to_rgb8();
    PngEncoder::new(&mut bytes).write_image(&rgb, 20, 10, image::ExtendedColorType::Rgb8).unwrap();
    let (media, stored) = check(bytes).unwrap();
    assert_eq!(media, MediaType::Png);
    assert_eq!(decode(&stored, ImageFormat::Png).unwrap().to_rgb8(), rgb);
}

/// A PNG whose header promises `side` × `side` pixels; a few hundred bytes.
fn bomb(side: u32) -> Vec<u8> {
    let mut bytes = Vec::new();
    PngEncoder::new(&mut bytes).write_image(&[0], 1, 1, image::ExtendedColorType::L8).unwrap();
    bytes[16..20].copy_from_slice(&side.to_be_bytes());
    bytes[20..24].copy_from_slice(&side.to_be_bytes());
    let crc = crc32(&bytes[12..29]);
    bytes[29..33].copy_from_slice(&crc.to_be_bytes());
    bytes
}

fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0, |crc: u32, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| {
            (crc >> 1) ^ (0xedb8_8320 & (crc & 1).wrapping_neg())
        })
    })
}

#[test]
fn a_pixel_flood_is_refused_before_it_is_decoded() {
    for side in [8_001, 50_000, 2_000_000_000] {
        let refused = check(bomb(side));
        assert!(matches!(refused, Err(FileError::TooManyPixels)), "{side}: {refused:?}");
    }
}

#[test]
fn only_the_content_counts() {
    let svg = b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>".to_vec();
    let html = b"<!doctype html><script>alert(1)</script>".to_vec();
    let gif = b"GIF89a/*\x01\0\x01\0*/=1;alert(1)".to_vec();
    for bytes in [svg, html, gif, b"MZ\x90\0".to_vec(), b"hello".to_vec()] {
        assert!(matches!(check(bytes), Err(FileError::WrongContent)));
    }
    assert!(matches!(check(Vec::new()), Err(FileError::Empty)));
    let long = vec![0; usize::try_from(MAX_BYTES).unwrap() + 1];
    assert!(matches!(check(long), Err(FileError::TooLarge)));
    let cut = jpeg(&picture(40, 30)).unwrap()[..60].to_vec();
    assert!(matches!(check(cut), Err(FileError::Broken)));
}

#[test]
fn a_receipt_in_pdf_is_kept_as_it_is() {
    let pdf = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\n%%EOF\n".to_vec();
    let (media, stored) = check(pdf.clone()).unwrap();
    assert_eq!((media, stored), (MediaType::Pdf, pdf));
}
