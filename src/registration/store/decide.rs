//! SQL of decisions. Each is a compare-and-set on state and version: of two reviewers the first one
//! decides, and nobody decides about something other than what they saw.

use super::Registration;
use crate::{
    db::{self, Json, Run, args, marks},
    kernel::{
        Timestamp,
        ids::{LevelId, MemberId, RegistrationId},
    },
    registration::model::{Act, Defect, Status},
};

/// Who decides, and when.
#[derive(Clone, Copy, Debug)]
pub(in crate::registration) struct By<'a> {
    pub staff: &'a str,
    pub now: Timestamp,
}

/// 初审: the level is a proposal until the second reviewer agrees.
pub(in crate::registration) async fn endorse(
    tx: &impl Run,
    seen: &Registration,
    level: &LevelId,
    by: By<'_>,
) -> Result<bool, db::Error> {
    let sql = "update registration set status = ?, version = version + 1, level_id = ?, \
               endorsed_by = ?, endorsed_ms = ? where id = ? and version = ? and status = ?";
    let values =
        args![Act::Endorse.to(), level, by.staff, by.now, seen.id, seen.version, Status::Pending];
    tx.changed(sql, values).await
}

/// 通过, from one of the states `from`, never by the one who endorsed it.
pub(in crate::registration) async fn approve(
    tx: &impl Run,
    seen: &Registration,
    level: &LevelId,
    by: By<'_>,
    from: &[Status],
) -> Result<bool, db::Error> {
    let sql = format!(
        "update registration set status = ?, version = version + 1, level_id = ?, decided_by = ?, \
         decided_ms = ? where id = ? and version = ? and endorsed_by <> ? and status in ({})",
        marks(from.len())
    );
    let mut values =
        args![Act::Approve.to(), level, by.staff, by.now, seen.id, seen.version, by.staff];
    values.extend(from.iter().map(db::bind));
    tx.changed(&sql, values).await
}

/// Names the member that it became; the password lives with the account from now on.
pub(in crate::registration) async fn hand_over(
    tx: &impl Run,
    id: &RegistrationId,
    member: &MemberId,
) -> Result<(), db::Error> {
    let sql = "update registration set member_id = ?, password_hash = '' where id = ?";
    tx.exec(sql, args![member, id]).await?;
    Ok(())
}

/// 退回补正; both steps of a review begin anew afterwards.
pub(in crate::registration) async fn give_back(
    tx: &impl Run,
    seen: &Registration,
    defects: &[Defect],
    by: By<'_>,
) -> Result<bool, db::Error> {
    let from = Act::Return.from();
    let sql = format!(
        "update registration set status = ?, version = version + 1, defects = ?, level_id = null, \
         endorsed_by = '', endorsed_ms = null, decided_by = ?, decided_ms = ? \
         where id = ? and version = ? and status in ({})",
        marks(from.len())
    );
    let mut values =
        args![Act::Return.to(), Json(defects), by.staff, by.now, seen.id, seen.version];
    values.extend(from.iter().map(db::bind));
    tx.changed(&sql, values).await
}

/// 不通过; the unit may apply anew.
pub(in crate::registration) async fn reject(
    tx: &impl Run,
    seen: &Registration,
    reason: &str,
    by: By<'_>,
) -> Result<bool, db::Error> {
    let from = Act::Reject.from();
    let sql = format!(
        "update registration set status = ?, version = version + 1, reason = ?, decided_by = ?, \
         decided_ms = ?, uscc_live = null, name_live = null \
         where id = ? and version = ? and status in ({})",
        marks(from.len())
    );
    let mut values = args![Act::Reject.to(), reason, by.staff, by.now, seen.id, seen.version];
    values.extend(from.iter().map(db::bind));
    tx.changed(&sql, values).await
}
