//! SQL of files. `free_ms` is the moment from which a file may be deleted; none while it is claimed.

use serde::Deserialize;

use super::model::{Owner, StoredFile};
use crate::{
    db::{self, Bytes, Run, args, marks},
    kernel::{Timestamp, ids::FileId},
};

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
    (sha256, free): (&str, Timestamp),
    chunks: &[Bytes],
) -> Result<(), db::Error> {
    let sql = "insert into file_object (id, owner_kind, owner_id, name, media_type, size, sha256, \
               created_ms, free_ms, holders) values (?, ?, ?, ?, ?, ?, ?, ?, ?, 0)";
    let mut values = args![file.id, owner.kind(), owner.id(), file.name, file.media_type.mime()];
    values.extend(args![file.size, sha256, file.created_ms, free]);
    tx.exec(sql, values).await?;
    for (position, chunk) in (0i64..).zip(chunks) {
        let sql = "insert into file_chunk (file_id, position, bytes) values (?, ?, ?)";
        tx.exec(sql, args![file.id, position, chunk]).await?;
    }
    Ok(())
}

/// The size and the SHA-256 of a file.
pub(super) async fn facts(db: &impl Run, id: &FileId) -> Result<Option<(i64, String)>, db::Error> {
    #[derive(Deserialize)]
    struct Row {
        size: i64,
        sha256: String,
    }
    let sql = "select size, sha256 from file_object where id = ?";
    let row: Option<Row> = db.fetch_one(sql, args![id]).await?;
    Ok(row.map(|row| (row.size, row.sha256)))
}

/// One chunk, sealed: chunk by chunk, so that no single answer is large.
pub(super) async fn chunk(
    db: &impl Run,
    id: &FileId,
    position: i64,
) -> Result<Option<Vec<u8>>, db::Error> {
    #[derive(Deserialize)]
    struct Chunk {
        bytes: Bytes,
    }
    let sql = "select bytes from file_chunk where file_id = ? and position = ?";
    Ok(db.fetch_one::<Chunk>(sql, args![id, position]).await?.map(|chunk| chunk.bytes.0))
}

/// Keeps files for one more holder, inside the transaction that stores what they belong to. `false`
/// when one of them is gone; the caller rolls back then.
pub async fn claim(tx: &impl Run, ids: &[FileId]) -> Result<bool, db::Error> {
    let (marks, bound) = (marks(ids.len()), || ids.iter().map(db::bind).collect());
    let sql = format!(
        "update file_object set free_ms = null, holders = holders + 1 where id in ({marks})"
    );
    tx.exec(&sql, bound()).await?;
    let sql = format!("select id from file_object where free_ms is null and id in ({marks})");
    let there: Vec<FileId> = tx.fetch(&sql, bound()).await?;
    Ok(ids.iter().all(|id| there.contains(id)))
}

pub(super) async fn release(
    tx: &impl Run,
    ids: &[FileId],
    free: Timestamp,
) -> Result<(), db::Error> {
    // In this order, because MySQL assigns from left to right.
    let sql = format!(
        "update file_object set free_ms = case when holders <= 1 then ? else free_ms end, \
         holders = case when holders <= 1 then 0 else holders - 1 end where id in ({})",
        marks(ids.len())
    );
    let mut values = args![free];
    values.extend(ids.iter().map(db::bind));
    tx.exec(&sql, values).await?;
    Ok(())
}

/// Files that may be deleted, those first that may be so longest.
pub(super) async fn free(
    db: &impl Run,
    now: Timestamp,
    most: i64,
) -> Result<Vec<FileId>, db::Error> {
    let sql = "select id from file_object where free_ms < ? order by free_ms limit ?";
    db.fetch(sql, args![now, most]).await
}

/// Deletes a file unless somebody has claimed it meanwhile.
pub(super) async fn delete_free(
    tx: &impl Run,
    id: &FileId,
    now: Timestamp,
) -> Result<bool, db::Error> {
    let sql = "delete from file_object where id = ? and free_ms < ?";
    if !tx.changed(sql, args![id, now]).await? {
        return Ok(false);
    }
    tx.exec("delete from file_chunk where file_id = ?", args![id]).await?;
    Ok(true)
}
