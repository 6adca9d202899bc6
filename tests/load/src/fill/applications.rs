//! Applications: most are decided, the last ones wait.

use huiyuan::kernel::{
    Timestamp,
    text::{name_core, name_key},
};

use super::{
    batch::{Rows, Writer, cells},
    facts::{Kind, Unit, id, moment},
    members::Shared,
};
use crate::Result;

const CHUNK: i64 = 500;

const INTO: &str = "registration (id, no, channel, name, name_key, name_core, uscc, uscc_doubtful, \
    legal_person, legal_mobile, legal_mobile_index, contact, contact_mobile, contact_mobile_index, \
    user_type, password_hash, charter_version, privacy_version, consent_ms, consent_ip, status, \
    reason, level_id, member_id, decided_by, decided_ms, submitted_ms, version, queued_ms, \
    urged_ms, endorsed_by, endorsed_ms, defects, scans, open_id, uscc_live, name_live)";

/// Application `n` of `of`: the last seventh is open, of the others two thirds became members.
fn status(n: i64, of: i64) -> &'static str {
    match (n * 7 / of, n % 9) {
        (6, 0) => "endorsed",
        (6, 1 | 2) => "returned",
        (6, _) => "pending",
        (_, 0 | 1) => "rejected",
        (_, 2) => "withdrawn",
        _ => "approved",
    }
}

fn add(rows: &mut Rows, with: Shared, n: i64) -> Result<()> {
    let Shared { vault, hash, size } = with;
    let at = moment(n, size.applications());
    let status = status(n, size.applications());
    let is_member = status == "approved";
    // The unit that became member `n` is the one that applied.
    let unit = if is_member { Unit::member(n)? } else { Unit::applicant(n)? };
    let member = is_member.then(|| id(Kind::Member, n, moment(n, size.members())));
    let (key, core) = (name_key(&unit.name), name_core(&unit.name));
    let (mobile, index) = (vault.seal(&unit.mobile)?, vault.index(&unit.mobile));
    let is_live = !matches!(status, "rejected" | "withdrawn");
    let is_decided = !matches!(status, "pending" | "endorsed");
    let (no, channel) = (
        format!("R{}{:06}", &at.compact()[..8], n % 1_000_000),
        if n % 3 == 0 { "h5" } else { "pc" },
    );
    let waiting = if is_member { "" } else { hash };
    let reason = if status == "rejected" { "材料不符" } else { "" };
    let decided: Option<Timestamp> = is_decided.then_some(at);
    rows.add(cells![
        &id(Kind::Registration, n, at); &no; channel; &unit.name; &key; &core; &unit.uscc; 0;
        "测试法人"; &mobile; &index; "测试联系人"; &mobile; &index; "enterprise"; waiting; "1";
        "1"; at; "192.0.2.1"; status; reason; is_member.then_some("member"); member.as_ref(); "";
        decided; at; 1; at; None::<i64>; ""; None::<i64>; "v1 []"; "v1 []"; "";
        is_live.then_some(&unit.uscc); is_live.then_some(&key)
    ])
}

/// Writes all of them.
pub async fn write(writer: &mut Writer, with: Shared<'_>) -> Result<()> {
    let mut rows = Rows::new(INTO);
    for n in 0..with.size.applications() {
        add(&mut rows, with, n)?;
        if n % CHUNK == CHUNK - 1 {
            writer.write([&mut rows]).await?;
        }
    }
    writer.write([&mut rows]).await?;
    writer.finish().await
}
