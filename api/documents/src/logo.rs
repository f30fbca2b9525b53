//! Pictures that stand at the head of documents.

use std::io::Cursor;

use image::{DynamicImage, ImageFormat, ImageReader};
use typst::foundations::Bytes;

/// The most pixels of a side.
pub(crate) const SIDE_MAX: u32 = 4_000;
/// The largest file, in bytes.
pub(crate) const SIZE_MAX: usize = 2 * 1024 * 1024;

/// A picture that can be set: a PNG or a JPEG, of sensible size, and whole.
#[derive(Clone, Debug)]
pub struct Logo {
    pub(crate) bytes: Bytes,
    pub(crate) format: &'static str,
}

/// Why a picture can't stand at the head of a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LogoError {
    /// Neither a PNG nor a JPEG, or not whole.
    #[error("not a whole PNG or JPEG")]
    NoPicture,
    /// Too many bytes or pixels.
    #[error("more than {} MB, or than {SIDE_MAX} pixels on a side", SIZE_MAX / 1024 / 1024)]
    TooLarge,
}

impl Logo {
    /// A picture, which is read once to see that it can be. Its head is looked at first, so that a small file can't fill the
    /// memory.
    ///
    /// # Errors
    ///
    /// When it is none, or too large.
    pub fn new(content: Vec<u8>) -> Result<Self, LogoError> {
        if content.len() > SIZE_MAX {
            return Err(LogoError::TooLarge);
        }
        let format = image::guess_format(&content).map_err(|_| LogoError::NoPicture)?;
        let name = match format {
            ImageFormat::Png => "png",
            ImageFormat::Jpeg => "jpg",
            _ => return Err(LogoError::NoPicture),
        };
        let reader = || ImageReader::with_format(Cursor::new(&content), format);
        let (width, height) = reader().into_dimensions().map_err(|_| LogoError::NoPicture)?;
        if width > SIDE_MAX || height > SIDE_MAX {
            return Err(LogoError::TooLarge);
        }
        let _: DynamicImage = reader().decode().map_err(|_| LogoError::NoPicture)?;
        Ok(Self { bytes: Bytes::new(content), format: name })
    }
}
