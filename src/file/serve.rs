//! Handing a file to a browser so that it can do nothing there but be looked at or saved.

use salvo::{
    Depot, Request, Response, Writer, async_trait,
    http::{HeaderValue, header},
};

use super::{
    model::{MediaType, StoredFile},
    read::read,
};
use crate::web::{App, AppError};

/// A file as an answer.
#[derive(Debug)]
pub struct Served {
    media_type: MediaType,
    file_name: String,
    is_saved: bool,
    bytes: Vec<u8>,
}

impl Served {
    /// The same, to be saved and not to be shown in place.
    #[must_use]
    pub fn to_save(self) -> Self {
        Self { is_saved: true, ..self }
    }
}

/// Reads a file for a reader whose right the caller has checked. A damaged one is not served.
pub async fn serve(app: &App, file: &StoredFile) -> Result<Served, AppError> {
    let bytes = read(app, &file.id).await?;
    let damaged = |damage| AppError::Fault(format!("file {} is damaged: {damage:?}", file.id));
    let bytes = bytes.map_err(damaged)?;
    // A name of our own: what the owner typed never reaches a header.
    let file_name = format!("voucher-{}.{}", file.id, file.media_type.ending());
    // Pictures were encoded by ourselves; a PDF is the owner's and only saved.
    let is_saved = !file.media_type.is_picture();
    Ok(Served { media_type: file.media_type, file_name, is_saved, bytes })
}

#[async_trait]
impl Writer for Served {
    async fn write(self, _: &mut Request, _: &mut Depot, res: &mut Response) {
        let way = if self.is_saved { "attachment" } else { "inline" };
        let disposition = format!("{way}; filename=\"{}\"", self.file_name);
        let headers = res.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(self.media_type.mime()));
        if let Ok(value) = HeaderValue::from_str(&disposition) {
            headers.insert(header::CONTENT_DISPOSITION, value);
        }
        let fixed = [
            (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
            (header::CACHE_CONTROL, "no-store"),
            (header::CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox"),
        ];
        for (name, value) in fixed {
            headers.insert(name, HeaderValue::from_static(value));
        }
        if let Err(error) = res.write_body(self.bytes) {
            tracing::error!(%error, "a file could not be put into the answer");
        }
    }
}
