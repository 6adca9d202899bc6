//! Handing a file to a browser so that it can do nothing there but be looked at or saved.

use salvo::{
    Depot, Request, Response, Writer, async_trait,
    http::{HeaderValue, header},
};

use super::{
    model::{MediaType, StoredFile},
    store,
};
use crate::web::{App, AppError};

/// A file as an answer.
#[derive(Debug)]
pub struct Served {
    media_type: MediaType,
    file_name: String,
    bytes: Vec<u8>,
}

/// Reads a file for a reader whose right the caller has checked.
pub async fn serve(app: &App, file: &StoredFile) -> Result<Served, AppError> {
    let bytes = store::content(&app.db, file).await?;
    if i64::try_from(bytes.len()) != Ok(file.size) {
        return Err(AppError::Fault(format!("file {} is incomplete", file.id)));
    }
    // A name of our own: what the owner typed never reaches a header.
    let file_name = format!("voucher-{}.{}", file.id, file.media_type.ending());
    Ok(Served { media_type: file.media_type, file_name, bytes })
}

#[async_trait]
impl Writer for Served {
    async fn write(self, _: &mut Request, _: &mut Depot, res: &mut Response) {
        // Pictures were encoded by ourselves; a PDF is the owner's and only saved.
        let way = if self.media_type.is_picture() { "inline" } else { "attachment" };
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
