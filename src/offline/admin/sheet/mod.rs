//! One report: what was reported, its vouchers, the bill, what finance should know, and what they
//! may do.

mod correction;
mod warning;

use serde::Serialize;

use correction::CorrectionView;

use crate::{
    dues::{self, Bill, pc::BillRow},
    file::StoredFile,
    kernel::{Fen, Timestamp},
    member::Level,
    offline::{
        model::{
            Confirmation, Correction, CorrectionKind, OfflinePayment, OfflineStatus, SurplusState,
        },
        pc::{Line, sample_lines},
    },
    web::{FormState, Page},
};

/// `/admin/offline/{offline}`
#[derive(Debug, Serialize)]
pub struct DetailPage {
    no: String,
    path: String,
    version: i64,
    state: &'static str,
    chip: &'static str,
    amount: Fen,
    /// Its entries in the books; empty before it was confirmed.
    entries: String,
    facts: Vec<Fact>,
    unit: Unit,
    bill: BillRow,
    memo: String,
    vouchers: Vec<Voucher>,
    /// Those of versions that the member has changed since.
    earlier: Vec<Voucher>,
    warnings: Vec<String>,
    problem: String,
    decided: Option<Decided>,
    may_decide: bool,
    /// More than the bill owes: what a confirmation would keep in suspense.
    surplus: Fen,
    correction: CorrectionView,
    history: Vec<Line>,
    confirm_form: FormState,
    reject_form: FormState,
}

#[derive(Debug, Serialize)]
struct Fact {
    label: &'static str,
    value: String,
}

/// The unit.
#[derive(Debug, Serialize)]
pub(super) struct Unit {
    pub name: String,
    pub no: String,
    pub uscc: String,
    pub level: String,
}

#[derive(Debug, Serialize)]
struct Voucher {
    href: String,
    name: String,
    note: String,
    is_picture: bool,
}

#[derive(Debug, Serialize)]
struct Decided {
    by: String,
    at: String,
    reason: String,
    surplus: String,
}

/// What a page is made of.
pub(super) struct Parts {
    pub payment: OfflinePayment,
    pub unit: Unit,
    pub bill: Bill,
    pub levels: Vec<Level>,
    pub files: Vec<StoredFile>,
    /// Vouchers that were replaced, and when.
    pub earlier: Vec<(StoredFile, Timestamp)>,
    /// Reports on the bill that wait, this one among them.
    pub waiting: usize,
    /// Numbers of other reports with the same 流水号.
    pub same_reference: Vec<String>,
    /// Open online orders of the bill, in words.
    pub online: String,
    pub confirmation: Option<Confirmation>,
    /// The correction that waits, and who asked for it.
    pub correction: Option<(String, Correction)>,
    /// Corrections that were answered: who asked, who answered.
    pub past: Vec<(String, String, Correction)>,
    /// Other bills of the member that owe something.
    pub others: Vec<Bill>,
    pub history: Vec<Line>,
    pub decider: String,
    pub today: String,
    pub staff_id: String,
    pub may_decide: bool,
    pub may_approve: bool,
}

impl DetailPage {
    pub(super) fn new(parts: Parts) -> Self {
        let Parts { payment, .. } = &parts;
        let waits = payment.status == OfflineStatus::Submitted;
        let path = format!("/admin/offline/{}", payment.id);
        let blank = || FormState::blank(&["reason"]);
        let surplus = payment.amount.checked_sub(parts.bill.remaining()).unwrap_or_default();
        Self {
            warnings: if waits { warning::of(&parts) } else { Vec::new() },
            decided: (!waits).then(|| decided(&parts)),
            correction: CorrectionView::new(&parts, &path),
            no: payment.no.clone(),
            version: payment.version,
            state: payment.status.label(),
            chip: payment.status.chip(),
            amount: payment.amount,
            entries: match payment.status {
                OfflineStatus::Confirmed | OfflineStatus::Reversed => {
                    format!("/admin/ledger?source={}", payment.id)
                }
                _ => String::new(),
            },
            facts: facts(payment),
            vouchers: parts.files.iter().map(|file| voucher_view(file, &path)).collect(),
            earlier: parts.earlier.iter().map(|it| earlier_view(it, &path)).collect(),
            path,
            memo: parts.bill.memo_code.clone(),
            may_decide: parts.may_decide && waits,
            surplus: if surplus.is_positive() { surplus } else { Fen::ZERO },
            unit: parts.unit,
            bill: BillRow::new(parts.bill, &parts.levels, &parts.today),
            history: parts.history,
            problem: String::new(),
            confirm_form: blank(),
            reject_form: blank(),
        }
    }

    /// The page with what went wrong on top.
    pub(super) fn with_problem(mut self, text: String) -> Self {
        self.problem = text;
        self
    }

    /// The page with a refused confirmation.
    pub(super) fn with_confirm_form(mut self, form: FormState) -> Self {
        self.problem = form.summary.iter().map(|mistake| mistake.text.clone()).collect();
        self.confirm_form = form;
        self
    }

    /// The page with a refused rejection.
    pub(super) fn with_reject_form(mut self, form: FormState) -> Self {
        self.reject_form = form;
        self
    }

    /// The page with a refused request for a correction.
    pub(super) fn with_correction_form(mut self, kind: CorrectionKind, form: FormState) -> Self {
        self.problem = format!("申请{}没有提交：请填写原因（最多 200 字）", kind.label());
        self.correction.form = form;
        self
    }

    /// The page with a refused answer.
    pub(super) fn with_answer_form(mut self, form: FormState) -> Self {
        self.problem = "复核没有完成：请填写说明（最多 200 字）".into();
        self.correction.form = form;
        self
    }
}

fn decided(parts: &Parts) -> Decided {
    let payment = &parts.payment;
    let surplus = parts.confirmation.as_ref().filter(|it| it.surplus_state != SurplusState::None);
    Decided {
        by: parts.decider.clone(),
        at: payment.decided_at.map(Timestamp::to_minute).unwrap_or_default(),
        reason: payment.reason.clone(),
        surplus: surplus
            .map(|it| format!("{} 元，{}", it.surplus.grouped(), it.surplus_state.label()))
            .unwrap_or_default(),
    }
}

fn facts(payment: &OfflinePayment) -> Vec<Fact> {
    let fact = |label, value: &str| Fact { label, value: value.to_owned() };
    let tail = &payment.payer_tail;
    let tail = if tail.is_empty() { String::new() } else { format!("**** {tail}") };
    vec![
        fact("汇款日期", &payment.paid_on.to_string()),
        fact("缴费方式", payment.method_label()),
        fact("付款户名", &payment.payer_name),
        fact("付款账号", &tail),
        fact("流水号", &payment.bank_ref),
        fact("票据抬头", &payment.title),
        fact("接收邮箱", &payment.email),
        fact("提交时间", &payment.submitted_at.to_minute()),
        fact("备注", &payment.remark),
    ]
}

fn voucher_view(file: &StoredFile, path: &str) -> Voucher {
    Voucher {
        href: format!("{path}/vouchers/{}", file.id),
        name: file.name.clone(),
        note: file.size_text(),
        is_picture: file.media_type.is_picture(),
    }
}

fn earlier_view((file, at): &(StoredFile, Timestamp), path: &str) -> Voucher {
    let note = format!("{}，{} 被替换", file.size_text(), at.to_minute());
    Voucher { note, ..voucher_view(file, path) }
}

impl Page for DetailPage {
    const TEMPLATE: &'static str = "admin/offline/detail.html";
    const MENU: &'static str = "offline";

    fn title(&self) -> String {
        format!("线下缴费 {}", self.no)
    }

    fn samples() -> Vec<Self> {
        sample::pages()
    }
}

mod sample;
