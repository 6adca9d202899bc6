//! One report: what was reported, its vouchers, the bill, and what finance should know.

use serde::Serialize;

use crate::{
    dues::{self, Bill, pc::BillRow},
    file::StoredFile,
    kernel::{Fen, Timestamp},
    member::Level,
    offline::model::{OfflinePayment, OfflineStatus},
    web::{FormState, Page},
};

/// What finance usually writes; may be changed.
const USUAL_REMARK: &str = "已核对银行到账";

/// `/admin/offline/{offline}`
#[derive(Debug, Serialize)]
pub struct DetailPage {
    no: String,
    path: String,
    version: i64,
    state: &'static str,
    chip: &'static str,
    amount: Fen,
    facts: Vec<Fact>,
    unit: Unit,
    bill: BillRow,
    memo: String,
    vouchers: Vec<Voucher>,
    warnings: Vec<String>,
    problem: String,
    decided: Option<Decided>,
    may_decide: bool,
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
}

/// What a page is made of.
pub(super) struct Parts {
    pub payment: OfflinePayment,
    pub unit: Unit,
    pub bill: Bill,
    pub levels: Vec<Level>,
    pub files: Vec<StoredFile>,
    pub waiting: usize,
    pub decider: String,
    pub today: String,
    pub may_decide: bool,
}

impl DetailPage {
    pub(super) fn new(parts: Parts) -> Self {
        let Parts { payment, .. } = &parts;
        let waits = payment.status == OfflineStatus::Submitted;
        let path = format!("/admin/offline/{}", payment.id);
        let filled = |text: &str| FormState::filled(&["reason"], |_| text.to_owned());
        Self {
            warnings: if waits { warnings(&parts) } else { Vec::new() },
            decided: (!waits).then(|| Decided {
                by: parts.decider.clone(),
                at: payment.decided_at.map(Timestamp::to_minute).unwrap_or_default(),
                reason: payment.reason.clone(),
            }),
            no: payment.no.clone(),
            version: payment.version,
            state: payment.status.label(),
            chip: payment.status.chip(),
            amount: payment.amount,
            facts: facts(payment),
            vouchers: parts.files.iter().map(|file| voucher_view(file, &path)).collect(),
            path,
            memo: parts.bill.memo_code.clone(),
            may_decide: parts.may_decide && waits,
            unit: parts.unit,
            bill: BillRow::new(parts.bill, &parts.levels, &parts.today),
            problem: String::new(),
            confirm_form: filled(USUAL_REMARK),
            reject_form: filled(""),
        }
    }

    /// The page with what went wrong on top.
    pub(super) fn with_problem(mut self, text: String) -> Self {
        self.problem = text;
        self
    }

    /// The page with a refused confirmation.
    pub(super) fn with_confirm_form(mut self, form: FormState) -> Self {
        self.confirm_form = form;
        self
    }

    /// The page with a refused rejection.
    pub(super) fn with_reject_form(mut self, form: FormState) -> Self {
        self.reject_form = form;
        self
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

/// What finance should look at twice before confirming.
fn warnings(parts: &Parts) -> Vec<String> {
    let (payment, bill) = (&parts.payment, &parts.bill);
    let remaining = bill.remaining();
    let mut warnings = Vec::new();
    if !bill.status.is_owed() {
        let label = bill.status.label();
        warnings.push(format!("该账单现在是“{label}”，这笔缴费不能入账：请驳回，或联系会员退款"));
    } else if payment.amount > remaining {
        let remaining = remaining.grouped();
        warnings.push(format!("该账单未缴金额只剩 {remaining} 元，少于实缴金额，不能入账"));
    } else if payment.amount < remaining {
        warnings.push("实缴金额少于未缴金额，确认后账单为“部分缴纳”".into());
    }
    if parts.waiting > 1 {
        let others = parts.waiting - 1;
        warnings.push(format!("该账单还有 {others} 笔线下缴费待确认，请注意是否重复提交"));
    }
    if payment.payer_name != parts.unit.name {
        warnings.push("付款户名与会员单位名称不一致，请核对".into());
    }
    warnings
}

impl Page for DetailPage {
    const TEMPLATE: &'static str = "admin/offline/detail.html";
    const MENU: &'static str = "offline";

    fn title(&self) -> String {
        format!("线下缴费 {}", self.no)
    }

    fn samples() -> Vec<Self> {
        let bills = dues::pc::sample_bills();
        let unit = || Unit {
            name: "示例科技".into(),
            no: "M2026000001".into(),
            uscc: "91329999XY0000012R".into(),
            level: "会员单位".into(),
        };
        let page = |(payment, bill): (OfflinePayment, Bill)| {
            Self::new(Parts {
                payment,
                unit: unit(),
                bill,
                levels: Vec::new(),
                files: crate::offline::pc::sample_file().into_iter().collect(),
                waiting: 2,
                decider: "王会计".into(),
                today: "2026-11-24".into(),
                may_decide: true,
            })
        };
        let payments = crate::offline::pc::sample_payments();
        let pairs = payments.iter().cloned().zip(bills.iter().cloned());
        let mut all: Vec<Self> = pairs.map(page).collect();
        // The same report on every bill: part, paid, waived, void.
        all.extend(payments.iter().take(1).cloned().cycle().zip(bills).map(page));
        let problem = "该账单已缴清".to_owned();
        all.extend(payments.into_iter().take(1).zip(dues::pc::sample_bills()).map(page).map(
            |page| {
                let mut wrong = FormState::blank(&["reason"]);
                wrong.errors.insert("reason", "请填写原因".into());
                page.with_problem(problem.clone()).with_reject_form(wrong)
            },
        ));
        all
    }
}
