//! Judging a file by its content. Pictures are decoded under limits and encoded anew, so that
//! nothing of the original survives but its pixels: no position, no trailing script, no trick.

use std::io::Cursor;

use image::{
    DynamicImage, ImageDecoder, ImageError, ImageFormat, ImageReader, Limits,
    codecs::jpeg::JpegEncoder,
};

use super::model::{FileError, MAX_ALLOC, MAX_BYTES, MAX_SIDE, MediaType};

/// Good enough to read a bank's receipt, much smaller than what phones make.
const JPEG_QUALITY: u8 = 88;

/// Accepts or refuses a file. Decodes pictures: call it where blocking is allowed.
pub fn check(bytes: Vec<u8>) -> Result<(MediaType, Vec<u8>), FileError> {
    if bytes.is_empty() {
        return Err(FileError::Empty);
    }
    if bytes.len() as u64 > MAX_BYTES {
        return Err(FileError::TooLarge);
    }
    let kind = infer::get(&bytes).map(|kind| kind.mime_type());
    let (media, bytes) = match kind {
        Some("image/jpeg") => {
            let picture = decode(&bytes, ImageFormat::Jpeg)?;
            (MediaType::Jpeg, jpeg(&picture)?)
        }
        Some("image/png") => repainted_png(&decode(&bytes, ImageFormat::Png)?)?,
        Some("application/pdf") => (MediaType::Pdf, bytes),
        _ => return Err(FileError::WrongContent),
    };
    if bytes.len() as u64 > MAX_BYTES { Err(FileError::TooLarge) } else { Ok((media, bytes)) }
}

fn decode(bytes: &[u8], format: ImageFormat) -> Result<DynamicImage, FileError> {
    let mut limits = Limits::default();
    limits.max_image_width = Some(MAX_SIDE);
    limits.max_image_height = Some(MAX_SIDE);
    limits.max_alloc = Some(MAX_ALLOC);
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    reader.limits(limits.clone());
    let mut decoder = reader.into_decoder().map_err(|error| refusal(&error))?;
    limits.reserve(decoder.total_bytes()).map_err(|error| refusal(&error))?;
    // Phones store the picture lying and say so in the metadata, which is about to go.
    let orientation = decoder.orientation().map_err(|error| refusal(&error))?;
    let mut picture = DynamicImage::from_decoder(decoder).map_err(|error| refusal(&error))?;
    picture.apply_orientation(orientation);
    Ok(picture)
}

fn refusal(error: &ImageError) -> FileError {
    match error {
        ImageError::Limits(_) => FileError::TooManyPixels,
        _ => FileError::Broken,
    }
}

fn jpeg(picture: &DynamicImage) -> Result<Vec<u8>, FileError> {
    let mut out = Vec::new();
    JpegEncoder::new_with_quality(&mut out, JPEG_QUALITY)
        .encode_image(&picture.to_rgb8())
        .map_err(|_| FileError::Broken)?;
    Ok(out)
}

/// As PNG, or, if that is too large (a photo saved as PNG), as JPEG.
fn repainted_png(picture: &DynamicImage) -> Result<(MediaType, Vec<u8>), FileError> {
    let mut out = Cursor::new(Vec::new());
    picture.write_to(&mut out, ImageFormat::Png).map_err(|_| FileError::Broken)?;
    let out = out.into_inner();
    if out.len() as u64 > MAX_BYTES {
        Ok((MediaType::Jpeg, jpeg(picture)?))
    } else {
        Ok((MediaType::Png, out))
    }
}

#[cfg(test)]
mod tests;
