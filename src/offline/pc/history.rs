//! 缴费管理: everything that was paid or reported, by year; online payments are confirmed by
//! themselves.

use salvo::{Writer as _, handler};
use serde::Serialize;

use crate::{
    account::SignedIn,
    dues::{self, Bill, Contribution},
    kernel::{Fen, Timestamp},
    offline::{
        model::{OfflinePayment, OfflineStatus},
        store,
    },
    web::{App, AppError, Html, Page},
};

/// `/dues/records`
#[derive(Debug, Serialize)]
pub struct RecordsPage {
    rows: Vec<Row>,
}

#[derive(Debug, Serialize)]
struct Row {
    year: i64,
    no: String,
    bill_no: String,
    way: &'static str,
    amount: Fen,
    at: Timestamp,
    state: &'static str,
    chip: &'static str,
    note: String,
    edit: Option<Edit>,
}

/// What the member may still do.
#[derive(Debug, Serialize)]
struct Edit {
    id: String,
    href: String,
    version: i64,
    title: String,
}

impl RecordsPage {
    /// Newest year first, newest record first within it.
    fn new(bills: &[Bill], offline: &[OfflinePayment], paid: &[Contribution]) -> Self {
        let online = paid.iter().filter(|paid| paid.source_kind == "payment").map(online_row);
        let offline = offline.iter().map(|payment| offline_row(payment, bills));
        let mut rows: Vec<Row> = online.chain(offline).collect();
        rows.sort_by_key(|row| std::cmp::Reverse((row.year, row.at)));
        Self { rows }
    }
}

fn online_row(paid: &Contribution) -> Row {
    Row {
        year: paid.year,
        no: paid.source_id.clone(),
        bill_no: paid.bill_no.clone(),
        way: "线上（微信支付）",
        amount: paid.amount,
        at: paid.created_ms,
        state: if paid.reversed_ms.is_none() { "自动确认" } else { "已退回" },
        chip: if paid.reversed_ms.is_none() { "ok" } else { "off" },
        note: String::new(),
        edit: None,
    }
}

fn offline_row(payment: &OfflinePayment, bills: &[Bill]) -> Row {
    let bill = bills.iter().find(|bill| bill.id == payment.bill_id);
    let year = bill.map_or_else(|| i64::from(payment.paid_on.year()), |bill| bill.year);
    let way = match payment.method.as_str() {
        "transfer" => "线下（银行转账）",
        "cash" => "线下（现金）",
        _ => "线下（其他）",
    };
    let note = match payment.status {
        OfflineStatus::Rejected => format!("驳回原因：{}", payment.reason),
        OfflineStatus::Submitted => "需要秘书处确认到账".into(),
        _ => String::new(),
    };
    let edit = payment.status.is_open().then(|| Edit {
        id: format!("delete-{}", payment.id),
        href: format!("/dues/offline/{}", payment.id),
        version: payment.version,
        title: format!("删除 {year} 年度的这笔线下缴费（{} 元）？", payment.amount.grouped()),
    });
    Row {
        year,
        no: payment.no.clone(),
        bill_no: bill.map(|bill| bill.no.clone()).unwrap_or_default(),
        way,
        amount: payment.amount,
        at: payment.submitted_at,
        state: payment.status.label(),
        chip: payment.status.chip(),
        note,
        edit,
    }
}

impl Page for RecordsPage {
    const TEMPLATE: &'static str = "pages/offline/records.html";
    const MENU: &'static str = "records";

    fn title(&self) -> String {
        "缴费管理".into()
    }

    fn samples() -> Vec<Self> {
        let bills = dues::pc::sample_bills();
        let online = bills.iter().take(1).map(|bill| Contribution {
            source_kind: "payment".into(),
            source_id: "4200000000202611240000000001".into(),
            bill_id: bill.id.clone(),
            bill_no: bill.no.clone(),
            year: bill.year,
            amount: bill.due,
            created_ms: Timestamp::from_millis(1_760_000_000_000),
            taken_back: Fen::ZERO,
            reversed_ms: None,
        });
        let online: Vec<Contribution> = online.collect();
        vec![Self::new(&bills, &sample_payments(), &online), Self { rows: Vec::new() }]
    }
}

/// A report in every state; the first one waits.
pub(in crate::offline) fn sample_payments() -> Vec<OfflinePayment> {
    let states = [OfflineStatus::Submitted, OfflineStatus::Rejected, OfflineStatus::Confirmed];
    let payment = |status: OfflineStatus| {
        let is_decided = status != OfflineStatus::Submitted;
        Some(OfflinePayment {
            id: format!("sample-{}", status.code()).parse().ok()?,
            no: "L2026112400000001".into(),
            member_id: "sample".parse().ok()?,
            bill_id: "bill-2026".parse().ok()?,
            amount: Fen::yuan(1500),
            paid_on: "2026-11-24".parse().ok()?,
            method: "transfer".into(),
            payer_name: "示例公司".into(),
            payer_tail: "1234".into(),
            bank_ref: "A0001".into(),
            remark: String::new(),
            status,
            reason: if is_decided { "回单不清晰".into() } else { String::new() },
            decided_by: if is_decided { "staff".into() } else { String::new() },
            decided_at: is_decided.then_some(Timestamp::from_millis(1_764_000_000_000)),
            submitted_at: Timestamp::from_millis(1_763_900_000_000),
            version: 1,
        })
    };
    states.into_iter().filter_map(payment).collect()
}

/// `GET /dues/records`
#[handler]
pub async fn records(app: App, who: SignedIn) -> Result<Html<RecordsPage>, AppError> {
    let member = &who.member.id;
    let bills = dues::bills_of(&app.db, member).await?;
    let offline = store::of_member(&app.db, &app.vault, member).await?;
    let paid = dues::contributions_of(&app.db, member).await?;
    Ok(Html::new(RecordsPage::new(&bills, &offline, &paid)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_undecided_reports_can_be_edited() {
        let page = &RecordsPage::samples()[0];
        let editable = |state| {
            let rows = page.rows.iter().filter(|row| row.state == state);
            rows.map(|row| row.edit.is_some()).collect::<Vec<_>>()
        };
        assert_eq!(editable("待确认"), [true]);
        assert_eq!(editable("已驳回"), [true]);
        assert_eq!(editable("已确认"), [false]);
        assert_eq!(editable("自动确认"), [false]);
        assert_eq!(page.rows[0].year, 2027, "newest year first");
    }
}
