//! `/admin/refunds/new`: asking for a refund of money that lies on bills, and of a parked item.

use salvo::{Request, Writer as _, handler, http::StatusCode};
use serde::Serialize;

use super::form::{PARTS, ShareField, proposed, read_parts, share_fields};
use crate::{
    kernel::{Fen, text},
    refund::{
        model::Means,
        money::{Money, money},
        push::push_now,
        request::{RequestError, Wanted, request},
    },
    staff::{Permission, SignedInStaff},
    web::{App, AppError, Client, Fields, Form, FormState, Html, Page, SeeOther},
};

const FIELDS: [&str; 4] = ["means", "reason", "evidence", "reopens"];

/// `/admin/refunds/new`
#[derive(Clone, Debug, Serialize)]
pub struct NewPage {
    number: String,
    /// A number was asked for that we do not know.
    is_unknown: bool,
    money: Option<Facts>,
    shares: Vec<ShareField>,
    means: Vec<Choice>,
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

fn names() -> Vec<&'static str> {
    PARTS.into_iter().chain(FIELDS).collect()
}

fn choices(money: &Money) -> Vec<Choice> {
    let choice = |value, means: Means| Choice { value, text: means.label() };
    let bank = choice("bank", Means::Bank);
    if money.is_wechat { vec![choice("wechat", Means::Wechat), bank] } else { vec![bank] }
}

impl NewPage {
    fn empty(number: String) -> Self {
        Self {
            is_unknown: !number.is_empty(),
            number,
            money: None,
            shares: Vec::new(),
            means: Vec::new(),
            form: FormState::blank(&names()),
            problem: String::new(),
            alone: String::new(),
        }
    }

    fn of(app: &App, money: &Money) -> Self {
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
            form,
            problem: String::new(),
            alone: if alone.is_positive() { alone.plain() } else { String::new() },
        }
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
            shares: super::sample::sample_fields(),
            means: vec![
                Choice { value: "wechat", text: Means::Wechat.label() },
                Choice { value: "bank", text: Means::Bank.label() },
            ],
            alone: "500.00".into(),
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

/// `GET /admin/refunds/new?number=`
#[handler]
pub async fn blank(
    app: App,
    staff: SignedInStaff,
    req: &mut Request,
) -> Result<Html<NewPage>, AppError> {
    staff.require(Permission::DecideMoney)?;
    let number = req.query::<String>("number").unwrap_or_default().trim().to_owned();
    if number.is_empty() {
        return Ok(Html::new(NewPage::empty(number)));
    }
    Ok(Html::new(match money(&app, &number).await? {
        Some(money) => NewPage::of(&app, &money),
        None => NewPage::empty(number),
    }))
}

/// `POST /admin/refunds`
#[handler]
pub async fn ask(
    app: App,
    client: Client,
    staff: SignedInStaff,
    form: Form,
) -> Result<Result<SeeOther, Html<NewPage>>, AppError> {
    staff.require(Permission::DecideMoney)?;
    let number = form.value("number").trim();
    let Some(found) = money(&app, number).await? else {
        return Ok(Err(Html::refused(NewPage::empty(number.to_owned()))));
    };
    let page = NewPage::of(&app, &found);
    let wanted = match read(&form, &found, client.ip) {
        Ok(wanted) => wanted,
        Err(form) => return Ok(Err(Html::refused(NewPage { form, ..page }))),
    };
    let typed = FormState::filled(&names(), |name| form.value(name).to_owned());
    match request(&app, &staff, found, wanted).await {
        Ok(id) => {
            push_now(&app, &id).await?;
            Ok(Ok(SeeOther::to(format!("/admin/refunds/{id}")).saying("退款申请已登记")))
        }
        Err(RequestError::Fault(fault)) => Err(fault),
        Err(refusal) => {
            let page = NewPage { form: typed, problem: refusal.to_string(), ..page };
            Ok(Err(Html::with_status(page, StatusCode::CONFLICT)))
        }
    }
}

fn read(form: &Form, money: &Money, ip: String) -> Result<Wanted, FormState> {
    let mut fields = Fields::of(form);
    let parts = read_parts(&mut fields, money);
    let means = fields.read("means", |typed| match typed {
        "wechat" if money.is_wechat => Ok(Means::Wechat),
        "bank" => Ok(Means::Bank),
        _ => Err("请选择退款方式"),
    });
    let reason = fields.read("reason", |typed| {
        text::required(typed, 80).map_err(|error| format!("退款原因{error}"))
    });
    let evidence = fields.read("evidence", |typed| match means {
        Some(Means::Bank) => text::required(typed, 200).map_err(|error| format!("转账凭证{error}")),
        _ => text::optional(typed, 200).map_err(|error| format!("转账凭证{error}")),
    });
    let reopens = form.is_ticked("reopens");
    let read = parts.zip(means).zip(reason).zip(evidence);
    let read = read.map(|(((parts, means), reason), evidence)| Wanted {
        parts,
        means,
        reason,
        reopens,
        evidence,
        ip,
    });
    fields.finish(read).map_err(|errors| FormState::refused(&names(), form, errors))
}
