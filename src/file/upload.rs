//! Taking a file in: checked, encoded anew, stored.

use std::path::Path;

use tokio::sync::Semaphore;

use super::{
    check,
    model::{FileError, MAX_BYTES, Owner, StoredFile, display_name},
    store,
};
use crate::{
    db,
    kernel::{ids::FileId, vault::hex},
    web::{App, AppError},
};

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
    let digest = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, &bytes);
    let input = (owner.clone(), file.clone(), hex(digest.as_ref()), bytes);
    db::transaction(&app.db, input, |tx, (owner, file, sha256, bytes)| {
        Box::pin(store::insert(tx, owner, file, sha256, bytes))
    })
    .await?;
    Ok(file)
}

async fn checked(bytes: Vec<u8>) -> Result<(super::MediaType, Vec<u8>), FileError> {
    let fault = |cause: String| FileError::Fault(AppError::Fault(cause));
    let _turn = DECODERS.acquire().await.map_err(|error| fault(error.to_string()))?;
    let work = tokio::task::spawn_blocking(move || check::check(bytes));
    work.await.map_err(|error| fault(format!("a file check: {error}")))?
}
