//! `/admin/refunds/new`: the page of the form, in every shape.

use serde::Serialize;

use crate::{
    file::StoredFile,
    kernel::Fen,
    refund::{
        admin::{
            form::{PARTS, ShareField, proposed, share_fields},
            receipt::{Receipt, UPLOADS},
            sample::sample_fields,
        },
        model::Means,
        money::Money,
    },
    web::{App, FormState, Page},
};

const FIELDS: [&str; 7] =
    ["means", "reason", "evidence", "paid_by", "paid_on", "receipt", "reopens"];

/// `/admin/refunds/new`
#[derive(Clone, Debug, Serialize)]
pub struct NewPage {
    number: String,
    /// A number was asked for that we do not know.
    is_unknown: bool,
    money: Option<Facts>,
    shares: Vec<ShareField>,
    means: Vec<Choice>,
    /// Receipts that came with a refused form.
    kept: Vec<Receipt>,
    today: String,
    form: FormState,
    problem: String,
    /// Up to this sum nobody else needs to agree; empty when always somebody must.
    alone: String,
}

#[derive(Clone, Debug, Serialize)]
struct Facts {
    member: String,
    total: Fen,
    paid_at: String,
    kind: &'static str,
    is_late: bool,
    /// All of it was given back, or is about to be.
    is_spent: bool,
}

#[derive(Clone, Debug, Serialize)]
struct Choice {
    value: &'static str,
    text: &'static str,
}

pub(super) fn names() -> Vec<&'static str> {
    PARTS.into_iter().chain(FIELDS).collect()
}

fn choices(money: &Money) -> Vec<Choice> {
    let choice = |value, means: Means| Choice { value, text: means.label() };
    let bank = choice("bank", Means::Bank);
    if money.is_wechat { vec![choice("wechat", Means::Wechat), bank] } else { vec![bank] }
}

impl NewPage {
    pub(super) fn empty(number: String) -> Self {
        Self {
            is_unknown: !number.is_empty(),
            number,
            money: None,
            shares: Vec::new(),
            means: Vec::new(),
            kept: Vec::new(),
            today: String::new(),
            form: FormState::blank(&names()),
            problem: String::new(),
            alone: String::new(),
        }
    }

    pub(super) fn of(app: &App, money: &Money) -> Self {
        let mut form = proposed(&names(), &money.shares);
        let means = choices(money);
        let first = means.first().map_or("", |choice| choice.value);
        form.values.insert("means", first.to_owned());
        let alone = Fen::yuan(app.settings.staff.refund_alone_yuan);
        Self {
            number: money.number.clone(),
            is_unknown: false,
            shares: share_fields(&money.shares),
            money: Some(Facts {
                member: money.member.clone(),
                total: money.total,
                paid_at: money.paid_at.clone(),
                kind: if money.of.0 == "payment" { "线上支付" } else { "线下缴费" },
                is_late: money.is_late,
                is_spent: money.shares.iter().all(|share| !share.left.is_positive()),
            }),
            means,
            kept: Vec::new(),
            today: app.clock.now().date().to_string(),
            form,
            problem: String::new(),
            alone: if alone.is_positive() { alone.plain() } else { String::new() },
        }
    }

    /// With what was typed, and why it was not taken.
    pub(super) fn with_form(self, form: FormState, problem: String) -> Self {
        Self { form, problem, ..self }
    }

    /// With the receipts that need not be uploaded again.
    pub(super) fn with_kept(self, files: &[StoredFile]) -> Self {
        Self { kept: files.iter().map(|file| Receipt::new(file, UPLOADS)).collect(), ..self }
    }
}

impl Page for NewPage {
    const TEMPLATE: &'static str = "admin/refund/new.html";
    const MENU: &'static str = "refunds";

    fn title(&self) -> String {
        "发起退款".into()
    }

    fn samples() -> Vec<Self> {
        let full = Self {
            money: Some(Facts {
                member: "江苏示例网络科技有限公司".into(),
                total: Fen::yuan(4000),
                paid_at: "2026-03-01 09:00".into(),
                kind: "线上支付",
                is_late: false,
                is_spent: false,
            }),
            is_unknown: false,
            shares: sample_fields(),
            means: vec![
                Choice { value: "wechat", text: Means::Wechat.label() },
                Choice { value: "bank", text: Means::Bank.label() },
            ],
            alone: "500.00".into(),
            today: "2026-11-24".into(),
            kept: vec![Receipt::sample()],
            ..Self::empty("P20260301090001123456789".into())
        };
        let late = |page: &Self| {
            let facts = page.money.clone().map(|money| Facts { is_late: true, ..money });
            Self {
                money: facts,
                alone: String::new(),
                problem: "可退金额不足".into(),
                ..page.clone()
            }
        };
        let spent = |page: &Self| {
            let facts = page.money.clone().map(|money| Facts { is_spent: true, ..money });
            Self { money: facts, ..page.clone() }
        };
        vec![Self::empty(String::new()), Self::empty("P1".into()), late(&full), spent(&full), full]
    }
}
