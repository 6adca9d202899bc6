//! What is known of a stored file, and why one is refused.

use serde::{Deserialize, Serialize};

use crate::{
    kernel::{
        Timestamp,
        ids::{FileId, MemberId, RegistrationId, StaffId},
    },
    web::AppError,
};

/// The largest file, in bytes, as uploaded and as stored.
pub const MAX_BYTES: u64 = 10 * 1024 * 1024;

/// The longest side of a picture, in pixels.
pub const MAX_SIDE: u32 = 8000;

/// What decoding a picture may allocate, in bytes.
pub const MAX_ALLOC: u64 = 128 * 1024 * 1024;

/// The kinds that are accepted; decided by the content, never by the name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum MediaType {
    /// A photo.
    #[serde(rename = "image/jpeg")]
    Jpeg,
    /// A screenshot.
    #[serde(rename = "image/png")]
    Png,
    /// A bank's electronic receipt.
    #[serde(rename = "application/pdf")]
    Pdf,
}

impl MediaType {
    /// As in `Content-Type`.
    pub const fn mime(self) -> &'static str {
        match self {
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
            Self::Pdf => "application/pdf",
        }
    }

    /// The ending of a downloaded file.
    pub const fn ending(self) -> &'static str {
        match self {
            Self::Jpeg => "jpg",
            Self::Png => "png",
            Self::Pdf => "pdf",
        }
    }

    /// True for pictures, which we encoded ourselves and may therefore be shown in place.
    pub const fn is_picture(self) -> bool {
        matches!(self, Self::Jpeg | Self::Png)
    }
}

/// Whose file it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Owner {
    /// A member unit's.
    Member(MemberId),
    /// An applicant, by the application.
    Registration(RegistrationId),
    /// The association's own: resolutions.
    Association,
    /// Brought in by one of its people: receipts of refunds.
    Staff(StaffId),
}

impl Owner {
    pub(super) const fn kind(&self) -> &'static str {
        match self {
            Self::Member(_) => "member",
            Self::Registration(_) => "registration",
            Self::Association => "association",
            Self::Staff(_) => "staff",
        }
    }

    pub(super) fn id(&self) -> &str {
        match self {
            Self::Member(id) => id.as_str(),
            Self::Registration(id) => id.as_str(),
            Self::Association => "",
            Self::Staff(id) => id.as_str(),
        }
    }
}

/// A stored file without its content.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredFile {
    /// Row id.
    pub id: FileId,
    /// What its owner called it; for reading only, never a path.
    pub name: String,
    /// Its kind.
    pub media_type: MediaType,
    /// Bytes as stored.
    pub size: i64,
    /// When it was stored.
    pub created_ms: Timestamp,
}

impl StoredFile {
    /// `1.2 MB` or `340 KB`, for people.
    pub fn size_text(&self) -> String {
        let kilobytes = (self.size + 1023) / 1024;
        if kilobytes < 1024 {
            return format!("{kilobytes} KB");
        }
        let tenths = kilobytes * 10 / 1024;
        format!("{}.{} MB", tenths / 10, tenths % 10)
    }
}

/// Why a file was not accepted.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    /// Nothing in it.
    #[error("文件是空的，请重新选择")]
    Empty,
    /// More than [`MAX_BYTES`].
    #[error("文件超过 10 MB，请压缩后再上传")]
    TooLarge,
    /// Not one of the accepted kinds, whatever its name says.
    #[error("文件内容不是 JPG、PNG 图片或 PDF，不能上传")]
    WrongContent,
    /// More pixels than we are ready to decode.
    #[error("图片尺寸过大（单边最多 8000 像素），请缩小后再上传")]
    TooManyPixels,
    /// It begins like a picture, but is none.
    #[error("图片已损坏，无法读取，请重新导出后再上传")]
    Broken,
    /// The system failed.
    #[error(transparent)]
    Fault(#[from] AppError),
}

impl From<crate::db::Error> for FileError {
    fn from(error: crate::db::Error) -> Self {
        Self::Fault(error.into())
    }
}

/// The name as it may be shown: no path, no control or direction characters, at most 80 letters.
pub fn display_name(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let clean: String = last.chars().filter(|c| !is_misleading(*c)).collect();
    let clean = clean.trim();
    // A name that a database driver would read as data gets a plain one.
    match crate::kernel::text::optional(clean, usize::MAX) {
        Ok(text) if !text.is_empty() => shortened(&text),
        _ => "未命名文件".into(),
    }
}

/// Keeps the ending, by which people recognise a file.
fn shortened(name: &str) -> String {
    const MOST: usize = 80;
    let letters: Vec<char> = name.chars().collect();
    if letters.len() <= MOST {
        return name.to_owned();
    }
    let head: String = letters[..MOST - 12].iter().collect();
    let tail: String = letters[letters.len() - 11..].iter().collect();
    format!("{head}…{tail}")
}

/// Characters that hide what a name really is: controls, bidirectional marks, zero widths.
fn is_misleading(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_shown_without_paths_and_tricks() {
        assert_eq!(display_name("C:\\Users\\张\\回单.jpg"), "回单.jpg");
        assert_eq!(display_name("../../etc/passwd"), "passwd");
        assert_eq!(display_name("回单\u{202e}gpj.exe"), "回单gpj.exe");
        for nothing in ["", "  ", "null", "\u{202e}", "a/"] {
            assert_eq!(display_name(nothing), "未命名文件", "{nothing:?}");
        }
        let long = display_name(&format!("{}.pdf", "长".repeat(300)));
        assert_eq!(long.chars().count(), 80);
        assert_eq!(&long[long.len() - 4..], ".pdf");
    }

    #[test]
    fn sizes_are_for_people() {
        let file = |size| StoredFile {
            id: "f".parse().unwrap(),
            name: String::new(),
            media_type: MediaType::Pdf,
            size,
            created_ms: Timestamp::default(),
        };
        assert_eq!(file(1).size_text(), "1 KB");
        assert_eq!(file(340 * 1024).size_text(), "340 KB");
        assert_eq!(file(1_258_292).size_text(), "1.2 MB");
    }
}
