//! SQL of files.
//!
//! A file is *claimed* by the form that was accepted with it, and stays for good then. What nobody
//! claims within a day was left behind by a form that never was, and is deleted.

use serde::Deserialize;

use super::model::{Owner, StoredFile};
use crate::{
    db::{self, Bytes, Run, args, marks},
    kernel::{Timestamp, ids::FileId},
};

/// A chunk fits every packet limit (MySQL 4 MB and more) and the statement time limit.
const CHUNK: usize = 512 * 1024;

const COLUMNS: &str = "id, name, media_type, size, created_ms";

/// One file of an owner; somebody else's is not found.
pub async fn find(
    db: &impl Run,
    owner: &Owner,
    id: &FileId,
) -> Result<Option<StoredFile>, db::Error> {
    Ok(owned(db, owner, std::slice::from_ref(id)).await?.into_iter().next())
}

/// Those of the files that belong to the owner, in the order asked for.
pub async fn owned(
    db: &impl Run,
    owner: &Owner,
    ids: &[FileId],
) -> Result<Vec<StoredFile>, db::Error> {
    let sql = format!(
        "select {COLUMNS} from file_object where owner_kind = ? and owner_id = ? and id in ({})",
        marks(ids.len())
    );
    let mut values = args![owner.kind(), owner.id()];
    values.extend(ids.iter().map(db::bind));
    let mut files: Vec<StoredFile> = db.fetch(&sql, values).await?;
    files.sort_by_key(|file| ids.iter().position(|id| *id == file.id));
    Ok(files)
}

pub(super) async fn insert(
    tx: &impl Run,
    owner: &Owner,
    file: &StoredFile,
    sha256: &str,
    bytes: &[u8],
) -> Result<(), db::Error> {
    let sql = "insert into file_object (id, owner_kind, owner_id, name, media_type, size, sha256, \
               created_ms, claimed_ms) values (?, ?, ?, ?, ?, ?, ?, ?, null)";
    let values = args![
        file.id,
        owner.kind(),
        owner.id(),
        file.name,
        file.media_type.mime(),
        file.size,
        sha256,
        file.created_ms
    ];
    tx.exec(sql, values).await?;
    for (position, chunk) in (0i64..).zip(bytes.chunks(CHUNK)) {
        let sql = "insert into file_chunk (file_id, position, bytes) values (?, ?, ?)";
        tx.exec(sql, args![file.id, position, Bytes(chunk.to_vec())]).await?;
    }
    Ok(())
}

#[derive(Deserialize)]
struct Chunk {
    bytes: Bytes,
}

/// The whole content; chunk by chunk, so that no single answer is large.
pub(super) async fn content(db: &impl Run, file: &StoredFile) -> Result<Vec<u8>, db::Error> {
    let mut whole = Vec::new();
    for position in 0i64.. {
        let sql = "select bytes from file_chunk where file_id = ? and position = ?";
        let Some(chunk) = db.fetch_one::<Chunk>(sql, args![file.id, position]).await? else {
            break;
        };
        whole.extend_from_slice(&chunk.bytes.0);
    }
    Ok(whole)
}

/// Keeps files for good, inside the transaction that stores what they belong to. `false` when one
/// of them is gone; the caller rolls back then.
pub async fn claim(tx: &impl Run, ids: &[FileId], now: Timestamp) -> Result<bool, db::Error> {
    let sql = format!(
        "update file_object set claimed_ms = ? where claimed_ms is null and id in ({})",
        marks(ids.len())
    );
    let mut values = args![now];
    values.extend(ids.iter().map(db::bind));
    tx.exec(&sql, values).await?;
    let sql = format!(
        "select id from file_object where claimed_ms is not null and id in ({})",
        marks(ids.len())
    );
    let there: Vec<FileId> = tx.fetch(&sql, ids.iter().map(db::bind).collect()).await?;
    Ok(ids.iter().all(|id| there.contains(id)))
}

/// Members' files that nobody has claimed since `before`, oldest first.
pub(super) async fn abandoned(
    db: &impl Run,
    before: Timestamp,
    most: i64,
) -> Result<Vec<FileId>, db::Error> {
    let sql = "select id from file_object where claimed_ms is null and created_ms < ? \
               and owner_kind = 'member' order by created_ms limit ?";
    db.fetch(sql, args![before, most]).await
}

/// Deletes a file unless somebody has claimed it meanwhile.
pub(super) async fn delete_unclaimed(tx: &impl Run, id: &FileId) -> Result<bool, db::Error> {
    let sql = "delete from file_object where id = ? and claimed_ms is null";
    if !tx.changed(sql, args![id]).await? {
        return Ok(false);
    }
    tx.exec("delete from file_chunk where file_id = ?", args![id]).await?;
    Ok(true)
}
