//! 线下缴费 as a page: for a new report and for one that is amended.

use serde::Serialize;

use crate::{
    dues::{Bill, pc::sample_bills},
    file::StoredFile,
    kernel::{
        Fen,
        dictionary::{self, Entry},
    },
    offline::{
        form,
        model::{self, OfflinePayment, OfflineStatus},
    },
    web::{FormState, Page, form::Mistake, settings::Bank},
};

use super::history::{Line, sample_lines};

/// `/dues/offline` and `/dues/offline/{offline}`
#[derive(Debug, Serialize)]
pub struct SubmitPage {
    action: String,
    amends: Option<Amended>,
    bank: Bank,
    memo: String,
    bills: Vec<Choice>,
    waiting: Vec<Waiting>,
    methods: &'static [Entry],
    kept: Vec<Kept>,
    /// 应缴金额 of the chosen bill in words.
    due: String,
    due_note: String,
    /// More than the chosen bill owes was typed: the form asks whether that is meant.
    asks_surplus: bool,
    history: Vec<Line>,
    today: String,
    key: String,
    form: FormState,
}

/// The report that is amended.
#[derive(Debug, Serialize)]
struct Amended {
    no: String,
    version: i64,
    state: &'static str,
    chip: &'static str,
    reason: String,
    delete: String,
}

#[derive(Debug, Serialize)]
struct Choice {
    value: String,
    text: String,
    title: String,
    memo: String,
    remaining: Fen,
    href: String,
    is_chosen: bool,
}

/// A report on the chosen bill that waits already.
#[derive(Debug, Serialize)]
struct Waiting {
    text: String,
    href: String,
}

/// A voucher that is stored already.
#[derive(Debug, Serialize)]
struct Kept {
    id: String,
    name: String,
    note: String,
    href: String,
}

/// What the page is made of.
#[derive(Debug)]
pub(super) struct Parts<'a> {
    pub bank: &'a Bank,
    pub open: &'a [Bill],
    pub amends: Option<&'a OfflinePayment>,
    pub waiting: &'a [OfflinePayment],
    pub files: &'a [StoredFile],
    pub history: Vec<Line>,
    pub today: String,
    pub key: String,
}

impl SubmitPage {
    /// The page around a form; the bill that the form names is the chosen one.
    pub(super) fn new(parts: Parts<'_>, form: FormState) -> Self {
        let chosen = form.values.get("bill").cloned().unwrap_or_default();
        let bills: Vec<Choice> = parts.open.iter().map(|bill| choice(bill, &chosen)).collect();
        let action = parts.amends.map_or_else(|| "/dues/offline".into(), path);
        let bill = parts.open.iter().find(|bill| bill.id.as_str() == chosen);
        Self {
            due: bill.map(|bill| bill.due.grouped()).unwrap_or_default(),
            due_note: bill.map(due_note).unwrap_or_default(),
            asks_surplus: bill.is_some_and(|bill| exceeds(&form, bill)),
            history: parts.history,
            memo: bills.iter().find(|c| c.is_chosen).map(|c| c.memo.clone()).unwrap_or_default(),
            waiting: parts.waiting.iter().map(waiting).collect(),
            kept: parts.files.iter().map(kept).collect(),
            amends: parts.amends.map(amended),
            action,
            bank: parts.bank.clone(),
            bills,
            methods: dictionary::OFFLINE_METHODS,
            today: parts.today,
            key: parts.key,
            form,
        }
    }
}

fn due_note(bill: &Bill) -> String {
    let (paid, left) = (bill.paid.grouped(), bill.remaining().grouped());
    format!("{}；已缴 {paid} 元，未缴 {left} 元", bill.title())
}

fn exceeds(form: &FormState, bill: &Bill) -> bool {
    let typed = form.values.get("amount").map(String::as_str).unwrap_or_default();
    model::amount(typed, None, true).is_ok_and(|amount| amount > bill.remaining())
}

fn path(payment: &OfflinePayment) -> String {
    format!("/dues/offline/{}", payment.id)
}

fn choice(bill: &Bill, chosen: &str) -> Choice {
    let remaining = bill.remaining();
    Choice {
        value: bill.id.to_string(),
        text: format!("{}，未缴 {} 元", bill.title(), remaining.grouped()),
        title: bill.title(),
        memo: bill.memo_code.clone(),
        remaining,
        href: format!("/dues/offline?bill={}", bill.id),
        is_chosen: bill.id.as_str() == chosen,
    }
}

fn amended(payment: &OfflinePayment) -> Amended {
    let is_rejected = payment.status == OfflineStatus::Rejected;
    Amended {
        no: payment.no.clone(),
        version: payment.version,
        state: payment.status.label(),
        chip: payment.status.chip(),
        reason: if is_rejected { payment.reason.clone() } else { String::new() },
        delete: format!("{}/delete", path(payment)),
    }
}

fn waiting(payment: &OfflinePayment) -> Waiting {
    let text = format!("{}，{} 元", payment.no, payment.amount.grouped());
    Waiting { text, href: path(payment) }
}

/// What was uploaded with this form can be looked at before it belongs to a report.
fn kept(file: &StoredFile) -> Kept {
    Kept {
        id: file.id.to_string(),
        name: file.name.clone(),
        note: file.size_text(),
        href: format!("/dues/offline/uploads/{}", file.id),
    }
}

impl Page for SubmitPage {
    const TEMPLATE: &'static str = "pages/offline/submit.html";
    const MENU: &'static str = "offline";

    fn title(&self) -> String {
        if self.amends.is_some() { "修改线下缴费".into() } else { "线下缴费".into() }
    }

    fn samples() -> Vec<Self> {
        let bank = Bank { holder: "协会".into(), bank: "银行".into(), account: "0000".into() };
        let bills: Vec<Bill> =
            sample_bills().into_iter().filter(|bill| bill.status.is_owed()).collect();
        let payments = super::sample_payments();
        let files: Vec<StoredFile> = sample_file().into_iter().collect();
        let page = |open, amends: Option<&OfflinePayment>, files, form| {
            let (today, key) = ("2026-11-24".into(), "key".into());
            let waiting = if amends.is_some() { &[] } else { &payments[..1] };
            let history = if amends.is_some() { sample_lines() } else { Vec::new() };
            let parts = Parts { bank: &bank, open, amends, waiting, files, history, today, key };
            Self::new(parts, form)
        };
        let fresh = || form::fresh(bills.first(), "示例公司", "dues@example.org");
        let mut wrong = fresh();
        wrong.values.insert("amount", "99999".into());
        for (name, text) in [("amount", "实缴金额要大于 0"), ("voucher", "请上传缴费凭证")]
        {
            wrong.errors.insert(name, text.into());
            wrong.summary.push(Mistake { name, text: text.into() });
        }
        let mut all = vec![
            page(&bills[..], None, &[][..], fresh()),
            page(&bills[..1], None, &files[..], wrong),
            page(&[], None, &[], FormState::blank(form::FIELDS)),
        ];
        let open = payments.iter().filter(|payment| payment.status.is_open());
        all.extend(open.map(|p| page(&bills, Some(p), &files, form::stored(p))));
        all
    }
}

/// A voucher.
pub(in crate::offline) fn sample_file() -> Option<StoredFile> {
    Some(StoredFile {
        id: "sample-file".parse().ok()?,
        name: "银行回单.jpg".into(),
        media_type: crate::file::MediaType::Jpeg,
        size: 123_456,
        created_ms: crate::kernel::Timestamp::default(),
    })
}
