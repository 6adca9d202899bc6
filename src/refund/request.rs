//! Asking for a refund: its number is fixed here and its sum is set aside; WeChat is not asked yet.

use super::{
    book::{Doer, record},
    hold::{Held, hold},
    model::{Means, Origin, Refund, RefundStatus},
    money::{Money, is_within_a_year},
    store::{self, NewRefundRow, Transfer},
};
use crate::{
    db::{self, Tx},
    file,
    kernel::{
        Fen, Timestamp,
        ids::{RefundId, StaffId},
    },
    payment::{self, Parked},
    staff::SignedInStaff,
    web::{App, AppError},
};

/// Why nothing was asked for. The texts are for staff.
#[derive(Debug, thiserror::Error)]
pub enum RequestError {
    /// Less than that is left, or fifty refunds were made.
    #[error("可退金额不足：可能有其他退款正在处理，或者退款次数已达 50 次；请刷新后核对")]
    TooMuch,
    /// Somebody decided about the item before.
    #[error("这笔款项刚刚已由其他人处理，本次操作没有生效")]
    Resolved,
    /// WeChat would not take it.
    #[error("付款已超过一年，微信不再受理退款；请改用银行转账退回")]
    TooLate,
    /// The money cannot go back on that way.
    #[error("这笔款项不能通过微信退回")]
    NoWay,
    /// A receipt was deleted, because the form lay open for more than a day.
    #[error("页面停留超过一天，先前上传的回单已被清理，请重新上传后提交")]
    FilesGone,
    /// The system failed.
    #[error(transparent)]
    Fault(#[from] AppError),
}

impl From<db::Error> for RequestError {
    fn from(error: db::Error) -> Self {
        Self::Fault(error.into())
    }
}

/// What staff ask for.
#[derive(Clone, Debug)]
pub(super) struct Wanted {
    pub parts: Vec<Held>,
    pub means: Means,
    pub reason: String,
    pub reopens: bool,
    pub transfer: Transfer,
    pub ip: String,
}

struct Input {
    app: App,
    by: StaffId,
    doer: Doer,
    row: NewRefundRow,
    parts: Vec<Held>,
    now: Timestamp,
}

/// Asks for a refund of money that lies on bills.
pub(super) async fn request(
    app: &App,
    staff: &SignedInStaff,
    money: Money,
    wanted: Wanted,
) -> Result<RefundId, RequestError> {
    let amount = Fen::checked_sum(wanted.parts.iter().map(|held| held.part.amount));
    let amount = amount.filter(|sum| sum.is_positive()).ok_or(RequestError::TooMuch)?;
    if wanted.means == Means::Wechat && !money.is_wechat {
        return Err(if money.is_late { RequestError::TooLate } else { RequestError::NoWay });
    }
    let now = app.clock.now();
    let row = NewRefundRow {
        of: (money.of.0.to_owned(), money.of.1),
        out_trade_no: money.out_trade_no,
        member_id: money.member_id.to_string(),
        amount,
        total: money.total,
        reopens: wanted.reopens,
        transfer: wanted.transfer,
        ..blank(app, staff, (wanted.means, amount), wanted.reason, now)
    };
    ask(app, staff, (row, wanted.parts), wanted.ip, now).await
}

/// Asks for a refund of a parked item, the whole of it.
pub(super) async fn request_parked(
    app: &App,
    staff: &SignedInStaff,
    item: &Parked,
    (reason, ip): (String, String),
) -> Result<RefundId, RequestError> {
    if !item.booked.0 {
        return Err(RequestError::NoWay);
    }
    let now = app.clock.now();
    let of = payment::received(&app.db, &item.transaction_id).await?;
    let of = of.filter(|of| of.transaction_id == item.transaction_id);
    let paid = of.as_ref().map_or(item.created_ms, |of| of.success_ms);
    if !is_within_a_year(paid, now) {
        return Err(RequestError::TooLate);
    }
    let row = NewRefundRow {
        origin: Origin::Parked,
        of: ("payment".into(), item.transaction_id.clone()),
        out_trade_no: item.out_trade_no.clone(),
        parked_id: Some(item.id.clone()),
        member_id: of.as_ref().map(|of| of.member_id.to_string()).unwrap_or_default(),
        amount: item.amount,
        // A part of the payment may lie on bills: WeChat wants the whole price.
        total: of.as_ref().map_or(item.amount, |of| of.amount),
        ..blank(app, staff, (Means::Wechat, item.amount), reason, now)
    };
    ask(app, staff, (row, Vec::new()), ip, now).await
}

/// A request of `staff`; a small one needs no second person, money from the bank always does.
fn blank(
    app: &App,
    staff: &SignedInStaff,
    (means, amount): (Means, Fen),
    reason: String,
    now: Timestamp,
) -> NewRefundRow {
    let alone = Fen::yuan(app.settings.staff.refund_alone_yuan);
    let is_small = means == Means::Wechat && amount <= alone;
    NewRefundRow {
        id: RefundId::new(&app.ids, now),
        no: format!("R{}{}", now.compact(), app.ids.digits(9)),
        means,
        origin: Origin::Bills,
        of: (String::new(), String::new()),
        out_trade_no: String::new(),
        parked_id: None,
        member_id: String::new(),
        amount,
        total: amount,
        reason,
        reopens: false,
        transfer: Transfer::default(),
        status: if is_small { RefundStatus::Submitting } else { RefundStatus::Requested },
        by: staff.0.id.to_string(),
    }
}

async fn ask(
    app: &App,
    staff: &SignedInStaff,
    (row, parts): (NewRefundRow, Vec<Held>),
    ip: String,
    now: Timestamp,
) -> Result<RefundId, RequestError> {
    let id = row.id.clone();
    let doer = Doer { actor: staff.actor(), ip };
    let by = staff.0.id.clone();
    let input = Input { app: app.clone(), by, doer, row, parts, now };
    db::transaction(&app.db, input, |tx, input| Box::pin(work(tx, input))).await?;
    Ok(id)
}

async fn work(tx: &Tx, input: &Input) -> Result<(), RequestError> {
    let Input { app, by, doer, row, parts, now } = input;
    store::insert(tx, row, *now).await?;
    if !file::claim(tx, &row.transfer.files).await? {
        return Err(RequestError::FilesGone);
    }
    store::insert_files(tx, &row.id, &row.transfer.files).await?;
    let fine: Vec<_> = parts.iter().map(|held| held.part.clone()).collect();
    store::insert_parts(tx, &row.id, &fine).await?;
    let refund: Option<Refund> = store::refund(tx, &row.id).await?;
    let refund = refund.ok_or_else(|| AppError::Fault("a refund is gone".into()))?;
    if !hold(tx, &refund, parts, (by, *now)).await? {
        let parked = refund.origin == Origin::Parked;
        return Err(if parked { RequestError::Resolved } else { RequestError::TooMuch });
    }
    let what = ("refund.request", &refund, row.status.code());
    record(tx, app, what, (doer, &row.reason), *now).await?;
    Ok(())
}
