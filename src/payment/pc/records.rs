//! `/payments`: 支付记录.

use salvo::{Request, Writer as _, handler};
use serde::Serialize;

use crate::{
    account::SignedIn,
    kernel::{Fen, Timestamp},
    payment::{
        model::{AttemptStatus, TradeType},
        paging::{PAGE, Pages, pages, place},
        store::{PaymentRow, Wanted, search},
    },
    web::{App, AppError, Html, Page},
};

/// One more row tells whether there is a next page.
pub(in crate::payment) const PAGE_PLUS_ONE: i64 = 21;

/// A line.
#[derive(Clone, Debug, Serialize)]
pub struct Line {
    order_url: String,
    order_no: String,
    out_trade_no: String,
    transaction: String,
    description: String,
    amount: Fen,
    channel: &'static str,
    state: &'static str,
    chip: &'static str,
    at: Timestamp,
    /// 已退款, fen.
    refunded: Fen,
    /// 退款处理中, fen.
    refunding: Fen,
    /// Money came, so some can go back.
    is_paid: bool,
    /// The payer, on the admin's list.
    pub member: String,
}

impl Line {
    /// One line of a list.
    pub(in crate::payment) fn of(row: PaymentRow, member: String) -> Self {
        Self {
            order_url: format!("/pay/{}", row.order_id),
            order_no: row.order_no,
            out_trade_no: row.out_trade_no,
            refunded: row.refunded,
            refunding: row.refunding,
            is_paid: row.transaction_id.is_some(),
            transaction: row.transaction_id.unwrap_or_default(),
            description: row.description,
            amount: row.amount,
            channel: row.trade_type.label(),
            state: row.status.label(),
            chip: row.status.chip(),
            at: row.success_ms.unwrap_or(row.created_ms),
            member,
        }
    }

    /// One for a page's samples.
    pub(in crate::payment) fn sample(status: AttemptStatus) -> Self {
        Self {
            order_url: "/pay/0193".into(),
            order_no: "D20260301090000123456".into(),
            out_trade_no: "P20260301090001123456789".into(),
            refunded: if status == AttemptStatus::Success { Fen::yuan(500) } else { Fen::ZERO },
            refunding: if status == AttemptStatus::Late { Fen::yuan(300) } else { Fen::ZERO },
            is_paid: !status.is_alive(),
            transaction: if status.is_alive() { "" } else { "4200001234202603010000000001" }.into(),
            description: "2026 年度会费".into(),
            amount: Fen::yuan(2000),
            channel: TradeType::Native.label(),
            state: status.label(),
            chip: status.chip(),
            at: Timestamp::from_millis(1_772_326_800_000),
            member: "江苏示例网络科技有限公司".into(),
        }
    }
}

/// `/payments`
#[derive(Clone, Debug, Serialize)]
pub struct ListPage {
    lines: Vec<Line>,
    pages: Pages,
}

impl Page for ListPage {
    const TEMPLATE: &'static str = "pages/payment/list.html";
    const MENU: &'static str = "payments";

    fn title(&self) -> String {
        "支付记录".into()
    }

    fn samples() -> Vec<Self> {
        let states = [AttemptStatus::Prepaid, AttemptStatus::Success, AttemptStatus::Duplicate];
        let lines = states.map(Line::sample).into();
        let older = Some("/payments?before=P1".to_owned());
        vec![
            Self { lines, pages: Pages { older, ..Pages::default() } },
            Self { lines: Vec::new(), pages: Pages::default() },
        ]
    }
}

/// `GET /payments?before=&after=&last=`
#[handler]
pub async fn list(app: App, who: SignedIn, req: &mut Request) -> Result<Html<ListPage>, AppError> {
    let wanted = Wanted { members: Some(vec![who.member.id]), ..Wanted::default() };
    let place = place(req);
    let mut rows = search(&app.db, &wanted, &place, PAGE_PLUS_ONE - 1).await?;
    let pages = pages(&mut rows, &place, "/payments?");
    let lines = rows.into_iter().map(|row| Line::of(row, String::new())).collect();
    Ok(Html::new(ListPage { lines, pages }))
}

/// Cuts a list that was read one row too long; the address of the next page, if there is one.
pub(in crate::payment) fn older<R>(
    rows: &mut Vec<R>,
    address: impl FnOnce(&R) -> String,
) -> Option<String> {
    if rows.len() <= PAGE {
        return None;
    }
    rows.truncate(PAGE);
    rows.last().map(address)
}
