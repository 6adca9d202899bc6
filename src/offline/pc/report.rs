//! A report that was decided, as its member reads it.

use serde::Serialize;

use super::history::{self, Line, sample_lines};
use crate::{
    file::StoredFile,
    kernel::{Fen, Timestamp},
    offline::{
        model::{Confirmation, OfflinePayment, OfflineStatus, SurplusState},
        store,
    },
    web::{App, AppError, Page},
};

/// `/dues/offline/{offline}` when nothing can be changed any more.
#[derive(Debug, Serialize)]
pub struct ReportPage {
    no: String,
    state: &'static str,
    chip: &'static str,
    amount: Fen,
    explains: String,
    surplus: String,
    facts: Vec<Fact>,
    vouchers: Vec<Voucher>,
    history: Vec<Line>,
}

#[derive(Debug, Serialize)]
struct Fact {
    label: &'static str,
    value: String,
}

#[derive(Debug, Serialize)]
struct Voucher {
    href: String,
    name: String,
    note: String,
}

/// Gathers everything about a report of the member.
pub(super) async fn page(
    app: &App,
    payment: OfflinePayment,
    files: &[StoredFile],
) -> Result<ReportPage, AppError> {
    let confirmation = store::confirmation(&app.db, &payment.id).await?;
    let history = history::of(app, &payment.id).await?;
    Ok(ReportPage::new(&payment, confirmation.as_ref(), files, history))
}

impl ReportPage {
    fn new(
        payment: &OfflinePayment,
        confirmation: Option<&Confirmation>,
        files: &[StoredFile],
        history: Vec<Line>,
    ) -> Self {
        let voucher = |file: &StoredFile| Voucher {
            href: format!("/dues/offline/{}/vouchers/{}", payment.id, file.id),
            name: file.name.clone(),
            note: file.size_text(),
        };
        let surplus = confirmation.filter(|it| it.surplus_state != SurplusState::None);
        Self {
            no: payment.no.clone(),
            state: payment.status.label(),
            chip: payment.status.chip(),
            amount: payment.amount,
            explains: explanation(payment).into(),
            surplus: surplus.map(surplus_text).unwrap_or_default(),
            facts: facts(payment),
            vouchers: files.iter().map(voucher).collect(),
            history,
        }
    }
}

const fn explanation(payment: &OfflinePayment) -> &'static str {
    match payment.status {
        OfflineStatus::Confirmed => "秘书处已确认到账，款项已计入该年度会费，内容不能再修改。",
        OfflineStatus::Reversed => {
            "秘书处核对后撤销了这笔确认（冲正），款项不再计入会费；如有疑问请联系秘书处，确已汇款的请重新提交。"
        }
        _ => "",
    }
}

fn surplus_text(confirmation: &Confirmation) -> String {
    let (sum, state) = (confirmation.surplus.grouped(), confirmation.surplus_state.label());
    format!("其中多缴 {sum} 元：{state}")
}

fn facts(payment: &OfflinePayment) -> Vec<Fact> {
    let fact = |label, value: String| Fact { label, value };
    let tail = &payment.payer_tail;
    let tail = if tail.is_empty() { String::new() } else { format!("**** {tail}") };
    vec![
        fact("缴费年度", payment.year.to_string()),
        fact("汇款日期", payment.paid_on.to_string()),
        fact("缴费方式", payment.method_label().to_owned()),
        fact("付款户名", payment.payer_name.clone()),
        fact("付款账号", tail),
        fact("银行流水号", payment.bank_ref.clone()),
        fact("票据抬头", payment.title.clone()),
        fact("接收邮箱", payment.email.clone()),
        fact("提交时间", payment.submitted_at.to_minute()),
        fact("备注", payment.remark.clone()),
    ]
}

impl Page for ReportPage {
    const TEMPLATE: &'static str = "pages/offline/report.html";
    const MENU: &'static str = "records";

    fn title(&self) -> String {
        format!("线下缴费 {}", self.no)
    }

    fn samples() -> Vec<Self> {
        let files: Vec<StoredFile> = super::sample_file().into_iter().collect();
        let surplus = Confirmation {
            applied: Fen::yuan(1000),
            surplus: Fen::yuan(500),
            surplus_state: SurplusState::Open,
        };
        let closed = sample_payments().into_iter().filter(|payment| !payment.status.is_open());
        let page = |payment| Self::new(&payment, Some(&surplus), &files, sample_lines());
        let mut all: Vec<Self> = closed.map(page).collect();
        let plain = sample_payments().into_iter().skip(2).take(1);
        all.extend(plain.map(|payment| Self::new(&payment, None, &[], Vec::new())));
        all
    }
}

/// A report in every state that is listed; the first one waits.
pub fn sample_payments() -> Vec<OfflinePayment> {
    let states = [
        OfflineStatus::Submitted,
        OfflineStatus::Rejected,
        OfflineStatus::Confirmed,
        OfflineStatus::Reversed,
    ];
    let payment = |status: OfflineStatus| {
        let is_decided = status != OfflineStatus::Submitted;
        Some(OfflinePayment {
            id: format!("sample-{}", status.code()).parse().ok()?,
            no: "L2026112400000001".into(),
            member_id: "sample".parse().ok()?,
            bill_id: "bill-2026".parse().ok()?,
            year: 2026,
            amount: Fen::yuan(1500),
            paid_on: "2026-11-24".parse().ok()?,
            method: "transfer".into(),
            payer_name: "示例公司".into(),
            payer_tail: "1234".into(),
            bank_ref: "A0001".into(),
            remark: String::new(),
            title: "示例公司".into(),
            email: "dues@example.org".into(),
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
