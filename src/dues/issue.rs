//! Issuing a bill: level, tier and standard are frozen on it.

use super::{
    Bill,
    join::{self, Share},
    memo::MemoCode,
    model::{Amounts, ITEM_DUES},
    plan::plan,
    store,
};
use crate::{
    db::{self, Run},
    kernel::{
        Date, Fen, Timestamp,
        ids::{BillId, LevelId, MemberId, StandardId, TierId},
    },
    member::Level,
    web::App,
};

/// Numbers are drawn by chance; so often another one is drawn.
const MOST_DRAWS: u32 = 5;

/// What a new bill is about.
#[derive(Clone, Debug)]
pub(super) struct NewBill {
    pub member: MemberId,
    pub year: i64,
    pub item: String,
    pub also_covers: Option<i64>,
    pub level: LevelId,
    pub tier: TierId,
    pub standard: StandardId,
    pub gross: Fen,
}

/// Issues the bill of a new member by the join rule and its day of joining: for the current year,
/// or for the next one if that covers the rest of this year. An existing live bill is returned
/// as it is; no bill is made for a level without a tier or a tier without a standard.
pub async fn issue(
    tx: &impl Run,
    app: &App,
    now: Timestamp,
    member: &MemberId,
    level: &Level,
    joined_on: Date,
) -> Result<Option<Bill>, db::Error> {
    let rules = &app.settings.dues;
    let year = i64::from(now.year());
    let by_next = join::share(rules, joined_on, year) == Share::ByNext;
    let bill_year = if by_next { year + 1 } else { year };
    if let Some(bill) = one_covering(tx, member, bill_year).await? {
        return Ok(Some(bill));
    }
    let Some(tier) = &level.tier_id else { return Ok(None) };
    let standard = store::standard::of_year(tx, tier, bill_year).await?;
    let (_, amount) = plan(rules, (bill_year, joined_on), level, standard.as_ref());
    let (Some(gross), Some(standard)) = (amount, standard) else { return Ok(None) };
    let new = NewBill {
        member: member.clone(),
        year: bill_year,
        item: ITEM_DUES.to_owned(),
        also_covers: by_next.then_some(year),
        level: level.id.clone(),
        tier: tier.clone(),
        standard: standard.id,
        gross,
    };
    match insert(tx, app, now, &new).await? {
        Some(bill) => Ok(Some(bill)),
        None => one_covering(tx, member, bill_year).await,
    }
}

async fn one_covering(
    tx: &impl Run,
    member: &MemberId,
    year: i64,
) -> Result<Option<Bill>, db::Error> {
    let bills = store::covering(tx, std::slice::from_ref(member), year).await?;
    Ok(bills.into_iter().next())
}

/// Stores a new bill under numbers of its own; nothing when the member has a live one for this
/// year and item already.
pub(super) async fn insert(
    tx: &impl Run,
    app: &App,
    now: Timestamp,
    new: &NewBill,
) -> Result<Option<Bill>, db::Error> {
    let mut draws = 1;
    loop {
        let bill = drawn(app, now, new);
        match store::insert(tx, &bill, &new.tier, now).await {
            Ok(()) => return Ok(Some(bill)),
            Err(error) if error.is_duplicate_of("uk_dues_bill_member_id_year_item_active_key") => {
                return Ok(None);
            }
            Err(error) if error.is_duplicate() && draws < MOST_DRAWS => draws += 1,
            Err(error) => return Err(error),
        }
    }
}

fn drawn(app: &App, now: Timestamp, new: &NewBill) -> Bill {
    let amounts = Amounts::new(new.gross);
    let year = new.year;
    Bill {
        id: BillId::new(&app.ids, now),
        no: format!("B{year}{}", app.ids.digits(8)),
        member_id: new.member.clone(),
        year,
        item: new.item.clone(),
        also_covers: new.also_covers,
        standard_id: new.standard.clone(),
        level_id: new.level.clone(),
        gross: amounts.gross,
        reduction: amounts.reduction,
        due: amounts.due,
        paid: amounts.paid,
        refunded: amounts.refunded,
        status: amounts.status(),
        due_on: join::due_on(&app.settings.dues, year, now),
        memo_code: MemoCode::new(&app.ids).into(),
    }
}
