//! Refunds that were begun outside this product, in WeChat's merchant console: booked as gone when
//! they are heard of, in whichever order with the payment, and charged to bills by a person.

use super::{
    book::{BookError, Doer, book, book_foreign, note, record},
    conclude::{Concluded, Input},
    hold::{Held, hold_foreign, hold_parts},
    model::{Means, Origin, Refund, RefundStatus},
    store::{self, NewRefundRow},
};
use crate::{
    db::{self, Tx},
    kernel::{Fen, Timestamp, ids::RefundId},
    ledger::Account,
    payment::{self, Parked},
    staff::SignedInStaff,
    web::{App, AppError},
};

/// WeChat reports a refund whose number is not ours.
pub(super) async fn arrive(tx: &Tx, input: &Input) -> Result<Concluded, BookError> {
    use crate::wechat::pay::RefundState;
    let (app, said, now) = (&input.app, &input.said, input.now);
    let is_ours = said.mch_id == app.pay.mch_id() && said.amount_refund <= said.amount_total;
    if !is_ours || said.state != RefundState::Success {
        return Ok(Concluded::Stranger);
    }
    let of = payment::received(tx, &said.transaction_id).await?;
    let row = NewRefundRow {
        id: RefundId::new(&app.ids, now),
        no: said.out_refund_no.clone(),
        means: Means::Wechat,
        origin: Origin::Console,
        of: ("payment".into(), said.transaction_id.clone()),
        out_trade_no: said.out_trade_no.clone(),
        parked_id: None,
        member_id: of.map(|of| of.member_id.to_string()).unwrap_or_default(),
        amount: said.amount_refund,
        total: said.amount_total,
        reason: "在微信支付商户平台发起的退款".into(),
        reopens: false,
        transfer: store::Transfer::default(),
        status: RefundStatus::Foreign,
        by: String::new(),
    };
    let at = said.success_time.unwrap_or(now);
    if !store::insert_foreign(tx, &row, (&said.refund_id, at), now).await? {
        return Ok(Concluded::Repeat);
    }
    let refund: Option<Refund> = store::refund(tx, &row.id).await?;
    let refund = refund.ok_or_else(|| AppError::Fault("a refund is gone".into()))?;
    hold_foreign(tx, &refund).await?;
    note(tx, &refund, (Fen::ZERO, refund.amount)).await?;
    book_foreign(tx, app, &refund, now).await?;
    let what = ("refund.foreign", &refund, RefundStatus::Foreign.code());
    record(tx, app, what, (&Doer::system(), &refund.reason), now).await?;
    Ok(Concluded::Moved(RefundStatus::Foreign))
}

/// What a refund from outside was for.
#[derive(Clone, Debug)]
pub(super) enum Charge {
    /// Money on these bills.
    Bills(Vec<Held>),
    /// A parked item, the whole of it.
    Parked(Box<Parked>),
}

struct Charging {
    app: App,
    staff: SignedInStaff,
    refund: Refund,
    to: Charge,
    words: String,
    doer: Doer,
    now: Timestamp,
}

/// Charges it. `false` when somebody has done so before.
pub(super) async fn charge(
    app: &App,
    staff: &SignedInStaff,
    (refund, to): (Refund, Charge),
    (words, ip): (String, String),
) -> Result<bool, BookError> {
    let doer = Doer { actor: staff.actor(), ip };
    let now = app.clock.now();
    let input = Charging { app: app.clone(), staff: staff.clone(), refund, to, words, doer, now };
    db::transaction(&app.db, input, |tx, input| Box::pin(work(tx, input))).await
}

async fn work(tx: &Tx, input: &Charging) -> Result<bool, BookError> {
    let Charging { app, staff, refund, to, words, doer, now } = input;
    let by = (&staff.0.id, words.as_str());
    let (origin, item) = match to {
        Charge::Bills(_) => (Origin::Bills, None),
        Charge::Parked(item) => (Origin::Parked, Some(&item.id)),
    };
    if !store::charge(tx, &refund.id, (origin, item), by, *now).await? {
        return Ok(false);
    }
    let refund = Refund { origin, parked_id: item.cloned(), ..refund.clone() };
    let mut parts = Vec::new();
    match to {
        Charge::Bills(held) => {
            parts.extend(held.iter().map(|held| held.part.clone()));
            store::clear_parts(tx, &refund.id).await?;
            store::insert_parts(tx, &refund.id, &parts).await?;
            let sum = Fen::checked_sum(parts.iter().map(|part| part.amount));
            if sum != Some(refund.amount) || !hold_parts(tx, &refund, held).await? {
                return Err(BookError::NotThere);
            }
        }
        Charge::Parked(item) => {
            let fits = item.amount == refund.amount && item.transaction_id == refund.of_id;
            if !fits || !payment::hold_parked(tx, &item.id, by.0, words, *now).await? {
                return Err(BookError::NotThere);
            }
        }
    }
    book(tx, app, (&refund, &parts), ("charged", Account::RefundsPayable), *now).await?;
    let gone = store::gone(tx, (&refund.of_kind, &refund.of_id)).await?;
    payment::set_refunded(tx, &refund.of_id, gone).await?;
    let what = ("refund.charge", &refund, RefundStatus::Success.code());
    record(tx, app, what, (doer, words), *now).await?;
    Ok(true)
}
