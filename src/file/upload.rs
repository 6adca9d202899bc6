//! Taking a file in: checked, encoded anew, stored.

use std::path::Path;

use tokio::sync::Semaphore;

use super::{
    check,
    model::{FileError, MAX_BYTES, Owner, StoredFile, display_name},
    store,
    tidy::KEPT,
};
use crate::{
    db::{self, Bytes},
    kernel::{ids::FileId, vault::hex},
    web::{App, AppError},
};

/// A chunk, sealed, fits every packet limit (MySQL 4 MB and more) and the statement time limit.
const CHUNK: usize = 512 * 1024;

/// Pictures decoded at a time in this process: each may take 128 MB and a core.
static DECODERS: Semaphore = Semaphore::const_new(2);

/// Checks and stores the file that a form left at `path` under the name that its owner gave it.
pub async fn upload(
    app: &App,
    owner: &Owner,
    name: &str,
    path: &Path,
) -> Result<StoredFile, FileError> {
    let unreadable = |error: std::io::Error| AppError::Fault(format!("an upload: {error}"));
    let size = tokio::fs::metadata(path).await.map_err(unreadable)?.len();
    if size > MAX_BYTES {
        return Err(FileError::TooLarge);
    }
    let bytes = tokio::fs::read(path).await.map_err(unreadable)?;
    keep(app, owner, name, bytes).await
}

/// The same for bytes that are in memory already.
pub async fn keep(
    app: &App,
    owner: &Owner,
    name: &str,
    bytes: Vec<u8>,
) -> Result<StoredFile, FileError> {
    let (media_type, bytes) = checked(bytes).await?;
    let now = app.clock.now();
    let file = StoredFile {
        id: FileId::new(&app.ids, now),
        name: display_name(name),
        media_type,
        size: i64::try_from(bytes.len()).unwrap_or(i64::MAX),
        created_ms: now,
    };
    let sha256 = sha256(&bytes);
    let mut chunks = Vec::new();
    for (position, chunk) in (0i64..).zip(bytes.chunks(CHUNK)) {
        let sealed = app.vault.seal_bytes(chunk, &place(&file.id, position));
        chunks.push(Bytes(sealed.map_err(AppError::from)?));
    }
    let input = (owner.clone(), file.clone(), sha256, chunks);
    db::transaction(&app.db, input, move |tx, (owner, file, sha256, chunks)| {
        Box::pin(store::insert(tx, owner, file, (sha256, now + KEPT), chunks))
    })
    .await?;
    Ok(file)
}

/// Where a chunk belongs: it opens nowhere else.
pub(super) fn place(id: &FileId, position: i64) -> String {
    format!("file {id} {position}")
}

/// In lower-case hex.
pub(super) fn sha256(bytes: &[u8]) -> String {
    hex(aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, bytes).as_ref())
}

async fn checked(bytes: Vec<u8>) -> Result<(super::MediaType, Vec<u8>), FileError> {
    let fault = |cause: String| FileError::Fault(AppError::Fault(cause));
    let _turn = DECODERS.acquire().await.map_err(|error| fault(error.to_string()))?;
    let work = tokio::task::spawn_blocking(move || check::check(bytes));
    work.await.map_err(|error| fault(format!("a file check: {error}")))?
}
