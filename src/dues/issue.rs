//! Issuing a bill: level, tier and standard are frozen on it.

use super::{
    Bill, BillStatus,
    model::{ITEM_DUES, Standard},
    store,
};
use crate::{
    db::{self, Run},
    kernel::{
        Fen, Timestamp,
        ids::{BillId, MemberId},
    },
    member::Level,
    web::App,
};

/// Issues a member's bill for a year, in full (the default join rule: newcomers pay the current
/// year). An existing live bill is returned as it is; no bill is made for a level without a tier
/// or a tier without a standard.
pub async fn issue(
    tx: &impl Run,
    app: &App,
    now: Timestamp,
    member: &MemberId,
    level: &Level,
    year: i64,
) -> Result<Option<Bill>, db::Error> {
    if let Some(bill) = store::live(tx, member, year).await? {
        return Ok(Some(bill));
    }
    let Some(tier) = &level.tier_id else { return Ok(None) };
    let Some(standard) = store::standard_for(tx, tier, year).await? else { return Ok(None) };
    let bill = new_bill(app, now, member, level, year, &standard);
    store::insert(tx, &bill, tier, now).await?;
    Ok(Some(bill))
}

fn new_bill(
    app: &App,
    now: Timestamp,
    member: &MemberId,
    level: &Level,
    year: i64,
    standard: &Standard,
) -> Bill {
    Bill {
        id: BillId::new(&app.ids, now),
        no: format!("B{year}{}", app.ids.digits(8)),
        member_id: member.clone(),
        year,
        item: ITEM_DUES.to_owned(),
        also_covers: None,
        standard_id: standard.id.clone(),
        level_id: level.id.clone(),
        gross: standard.amount,
        reduction: Fen::ZERO,
        due: standard.amount,
        paid: Fen::ZERO,
        refunded: Fen::ZERO,
        status: BillStatus::Open,
        due_on: format!("{year}-12-31"),
        memo_code: format!("HF{}", app.ids.readable(6)),
    }
}
