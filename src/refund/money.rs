//! What can be refunded: money that came, the bills it lies on, and how much of it is left there.

use super::{
    hold::{Held, held},
    model::{Part, WECHAT_LIFE},
};
use crate::{
    dues,
    kernel::{
        Fen, Timestamp,
        ids::{BillId, MemberId},
    },
    ledger::Source,
    member,
    offline::{self, OfflineStatus},
    payment::{self, ParkedStatus},
    web::{App, AppError},
};

/// Money that came and is booked.
#[derive(Clone, Debug)]
pub struct Money {
    /// `payment` or `offline`, and the id within that kind.
    pub of: (&'static str, String),
    /// The number that people know: 商户单号 or 缴费编号.
    pub number: String,
    /// The order's number at WeChat; empty for a transfer.
    pub out_trade_no: String,
    /// Who had paid.
    pub member_id: MemberId,
    /// The unit's name.
    pub member: String,
    /// The whole payment, fen.
    pub total: Fen,
    /// When it came; the day, for a transfer.
    pub paid_at: String,
    /// WeChat would still take a refund of it.
    pub is_wechat: bool,
    /// It is online money, but older than WeChat takes.
    pub is_late: bool,
    /// Where it lies.
    pub shares: Vec<Lying>,
}

/// Money on one bill.
#[derive(Clone, Debug)]
pub struct Lying {
    /// The source that put it there.
    pub of: Source,
    /// The bill.
    pub bill_id: BillId,
    /// 账单号.
    pub bill_no: String,
    /// 缴费年度.
    pub year: i64,
    /// All that the source had put there, fen.
    pub total: Fen,
    /// What may still go back, fen.
    pub left: Fen,
}

impl Lying {
    /// A part of a refund.
    pub(super) fn part(&self, amount: Fen) -> Held {
        let part = Part {
            of_kind: self.of.kind.to_owned(),
            of_id: self.of.id.clone(),
            bill_id: self.bill_id.clone(),
            amount,
        };
        Held { part, total: self.total }
    }
}

/// The money with this number: 商户单号, 微信支付订单号 or 缴费编号.
pub async fn money(app: &App, number: &str) -> Result<Option<Money>, AppError> {
    if let Some(found) = payment::received(&app.db, number).await? {
        let age = app.clock.now().since(found.success_ms);
        let mut sources = vec![Source { kind: "payment", id: found.transaction_id.clone() }];
        // A part of it may have been parked first, and assigned by a person.
        let parked = payment::parked_of(&app.db, &found.transaction_id).await?;
        if let Some(item) = parked.filter(|item| item.status == ParkedStatus::Assigned) {
            sources.push(Source { kind: "parked", id: item.id.to_string() });
        }
        let of = ("payment", found.transaction_id);
        return Ok(Some(Money {
            shares: shares(app, (of.0, &of.1), &sources).await?,
            of,
            number: found.out_trade_no.clone(),
            out_trade_no: found.out_trade_no,
            member: name(app, &found.member_id).await?,
            member_id: found.member_id,
            total: found.amount,
            paid_at: found.success_ms.to_minute(),
            is_wechat: age < WECHAT_LIFE,
            is_late: age >= WECHAT_LIFE,
        }));
    }
    let found = offline::transfer_by_no(&app.db, number).await?;
    let Some(found) = found.filter(|it| it.status == OfflineStatus::Confirmed) else {
        return Ok(None);
    };
    let of = ("offline", found.id.to_string());
    let source = Source { kind: of.0, id: of.1.clone() };
    Ok(Some(Money {
        shares: shares(app, (of.0, &of.1), &[source]).await?,
        of,
        number: found.no,
        out_trade_no: String::new(),
        member: name(app, &found.member_id).await?,
        member_id: found.member_id,
        total: found.amount,
        paid_at: found.paid_on,
        is_wechat: false,
        is_late: false,
    }))
}

async fn name(app: &App, member: &MemberId) -> Result<String, AppError> {
    let names = member::names(&app.db, std::slice::from_ref(member)).await?;
    Ok(names.get(member).cloned().unwrap_or_default())
}

async fn shares(app: &App, of: (&str, &str), sources: &[Source]) -> Result<Vec<Lying>, AppError> {
    let mut all = Vec::new();
    for source in sources {
        for found in dues::allocations_of(&app.db, source).await? {
            let Some(bill) = dues::bill(&app.db, &found.bill_id).await? else { continue };
            let mut lying = Lying {
                of: source.clone(),
                bill_id: bill.id,
                bill_no: bill.no,
                year: bill.year,
                total: found.amount,
                left: Fen::ZERO,
            };
            let held = held(&app.db, of, &lying.part(Fen::ZERO).part).await?;
            // What is gone is among both.
            let gone = found.taken_back.max(held);
            lying.left = found.amount.checked_sub(gone).unwrap_or_default();
            all.push(lying);
        }
    }
    Ok(all)
}

/// True when WeChat would still take a refund of a payment of that moment.
pub(super) fn is_within_a_year(paid: Timestamp, now: Timestamp) -> bool {
    now.since(paid) < WECHAT_LIFE
}
