//! Payments of a bill against the books, in both directions.

use std::collections::BTreeSet;

use super::{
    PAGE,
    model::{About, Difference, Tally, add},
};
use crate::{
    kernel::{Date, Timestamp, ids::OutTradeNo},
    payment::{
        self, Parked, ParkedStatus, Settled,
        settle::{Outcome, settle},
    },
    web::{App, AppError},
    wechat::pay::Transaction,
};

/// From the bill into the books.
pub(super) async fn bring_in(
    app: &App,
    page: Vec<Transaction>,
    tally: &mut Tally,
    on_bill: &mut BTreeSet<String>,
) -> Result<(), AppError> {
    let ids: Vec<String> = page.iter().filter_map(|said| said.transaction_id.clone()).collect();
    let known = payment::settled_of(&app.db, &ids).await?;
    on_bill.extend(ids);
    for said in page {
        tally.result.payments += 1;
        add(&mut tally.result.payments_fen, said.amount_total);
        if known.iter().any(|settled| is_same(settled, &said)) {
            continue;
        }
        let transaction = said.transaction_id.clone().unwrap_or_default();
        let ours = known.iter().find(|settled| settled.transaction_id == transaction);
        let words = match ours {
            Some(_) => "微信账单与本系统的入账记录不一致",
            None => "微信账单有这笔付款，本系统没有对应的订单",
        };
        let difference = Difference {
            kind: "payment",
            number: said.out_trade_no.clone(),
            theirs: Some(said.amount_total),
            ours: ours.map(|settled| settled.amount),
            about: About::Nothing,
            words,
        };
        match settle(app, said, None).await? {
            Outcome::Settled => tally.result.booked += 1,
            // Parked before, or booked by a notice at this very moment.
            Outcome::Parked(_) | Outcome::Repeat | Outcome::NotPaid => {
                if let Some(item) = item(app, &transaction).await?.filter(is_open) {
                    tally.differ(Difference { about: About::Parked(item.id), ..difference });
                }
            }
        }
    }
    Ok(())
}

fn is_same(settled: &Settled, said: &Transaction) -> bool {
    said.transaction_id.as_deref() == Some(settled.transaction_id.as_str())
        && said.out_trade_no == settled.out_trade_no.as_str()
        && said.amount_total == settled.amount
        && said.currency == "CNY"
}

/// The item that was made of this transaction: the money itself, another telling of it, or that the
/// bill lacks it.
async fn item(app: &App, transaction: &str) -> Result<Option<Parked>, AppError> {
    for key in [transaction.to_owned(), format!("c:{transaction}"), format!("b:{transaction}")] {
        let key: String = key.chars().take(64).collect();
        let item = payment::parked_of(&app.db, &key).await?;
        if item.is_some() {
            return Ok(item);
        }
    }
    Ok(None)
}

/// True while a person has to do with it.
const fn is_open(item: &Parked) -> bool {
    matches!(item.status, ParkedStatus::Open | ParkedStatus::Refunding)
}

/// From the books to the bill.
pub(super) async fn missing(
    app: &App,
    (day, span): (Date, (Timestamp, Timestamp)),
    on_bill: &BTreeSet<String>,
    tally: &mut Tally,
) -> Result<(), AppError> {
    let mut last = None;
    loop {
        let page = payment::settled_between(&app.db, span, last.as_ref(), PAGE).await?;
        let Some(end) = page.last().cloned() else { return Ok(()) };
        for settled in page {
            tally.result.our_payments += 1;
            add(&mut tally.result.our_payments_fen, settled.amount);
            if on_bill.contains(&settled.transaction_id)
                || is_confirmed(app, &settled.out_trade_no, &settled.transaction_id).await?
            {
                continue;
            }
            let (number, ours) = (settled.out_trade_no.to_string(), Some(settled.amount));
            let transaction = settled.transaction_id.clone();
            payment::report_absent(app, settled, day).await?;
            let item = item(app, &transaction).await?;
            let Some(item) = item.filter(is_open) else { continue };
            let about = About::Parked(item.id);
            let words = "本系统有这笔入账，微信账单没有，向微信查询也没有证实";
            let kind = "payment";
            tally.differ(Difference { kind, number, theirs: None, ours, about, words });
        }
        last = Some(end);
    }
}

/// WeChat's own word about one payment counts more than the day on which a bill puts it.
async fn is_confirmed(app: &App, no: &OutTradeNo, transaction: &str) -> Result<bool, AppError> {
    let said = app.pay.query(no).await?;
    Ok(said.is_some_and(|said| {
        said.trade_state.is_paid() && said.transaction_id.as_deref() == Some(transaction)
    }))
}
