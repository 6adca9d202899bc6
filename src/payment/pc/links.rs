//! `/dues/links`: a member's payment links: make, show, revoke.

use salvo::{Request, Writer as _, handler};
use serde::Serialize;

use super::records::{PAGE_PLUS_ONE, older};
use crate::{
    account::SignedIn,
    dues::{self, Bill},
    kernel::{
        Fen, Timestamp,
        ids::{BillId, LinkId},
    },
    payment::{
        link::{self as verb, DAYS, Link, LinkError},
        store::link as rows,
    },
    web::{App, AppError, Client, Fields, Form, FormState, Html, Page, SeeOther, qr},
};

const FIELDS: [&str; 2] = ["bill", "days"];

/// One choice of the form.
#[derive(Clone, Debug, Serialize)]
pub struct Choice {
    value: String,
    text: String,
}

/// A line of the list, and the head of a link's own page.
#[derive(Clone, Debug, Serialize)]
pub struct Line {
    id: String,
    what: String,
    /// Still owed on its bill, fen.
    remaining: Fen,
    created: Timestamp,
    until: Timestamp,
    state: &'static str,
    chip: &'static str,
    is_live: bool,
}

/// `/dues/links`
#[derive(Clone, Debug, Serialize)]
pub struct LinksPage {
    form: FormState,
    bills: Vec<Choice>,
    days: Vec<Choice>,
    lines: Vec<Line>,
    older: Option<String>,
    newer: Option<String>,
}

/// `/dues/links/{link}`
#[derive(Clone, Debug, Serialize)]
pub struct LinkPage {
    line: Line,
    /// The address to hand on; nothing when it does not open any more.
    url: Option<String>,
    /// The same as a code, as SVG.
    code: Option<String>,
}

impl Page for LinksPage {
    const TEMPLATE: &'static str = "pages/payment/links.html";
    const MENU: &'static str = "dues";

    fn title(&self) -> String {
        "付款链接".into()
    }

    fn samples() -> Vec<Self> {
        let bills =
            vec![Choice { value: "b1".into(), text: "2026 年度会费，2,000.00 元".into() }];
        let page = |bills, lines| Self {
            form: FormState::blank(&FIELDS),
            bills,
            days: days(),
            lines,
            older: Some("/dues/links?before=1".into()),
            newer: None,
        };
        let lines = vec![Line::sample("有效", "ok", true), Line::sample("已作废", "off", false)];
        vec![page(bills, lines), page(Vec::new(), Vec::new())]
    }
}

impl Page for LinkPage {
    const TEMPLATE: &'static str = "pages/payment/one_link.html";
    const MENU: &'static str = "dues";

    fn title(&self) -> String {
        "付款链接".into()
    }

    fn samples() -> Vec<Self> {
        let url = "https://example.org/pay/link/0193".to_owned();
        let code = qr::svg(&url).ok();
        let live = Self { line: Line::sample("有效", "ok", true), url: Some(url), code };
        let dead = Self { line: Line::sample("已过期", "off", false), url: None, code: None };
        vec![live, dead]
    }
}

fn days() -> Vec<Choice> {
    DAYS.map(|days| Choice { value: days.to_string(), text: format!("{days} 天") }).into()
}

impl Line {
    fn of(link: &Link, bill: Option<&Bill>, now: Timestamp) -> Self {
        let is_owed = bill.is_some_and(|bill| bill.status.is_owed());
        let (state, chip) = match (link.revoked_ms, link.expires_ms > now) {
            (Some(_), _) => ("已作废", "off"),
            (None, false) => ("已过期", "off"),
            (None, true) if is_owed => ("有效", "ok"),
            (None, true) => ("会费已结清", "off"),
        };
        Self {
            id: link.id.to_string(),
            what: bill.map(Bill::title).unwrap_or_default(),
            remaining: bill.map_or(Fen::ZERO, Bill::remaining),
            created: link.created_ms,
            until: link.expires_ms,
            state,
            chip,
            is_live: link.is_live(now) && is_owed,
        }
    }

    fn sample(state: &'static str, chip: &'static str, is_live: bool) -> Self {
        Self {
            id: "0193".into(),
            what: "2026 年度会费".into(),
            remaining: Fen::yuan(2000),
            created: Timestamp::from_millis(1_772_326_800_000),
            until: Timestamp::from_millis(1_772_926_800_000),
            state,
            chip,
            is_live,
        }
    }
}

async fn list(
    app: &App,
    who: &SignedIn,
    before: &str,
    form: FormState,
) -> Result<LinksPage, AppError> {
    let now = app.clock.now();
    let mut rows = rows::page(&app.db, &who.member.id, before, PAGE_PLUS_ONE).await?;
    let older = older(&mut rows, |last| format!("/dues/links?before={}", last.id));
    let bills = dues::bills_of(&app.db, &who.member.id).await?;
    let bill_of = |link: &Link| bills.iter().find(|bill| bill.id == link.bill_id);
    let choice = |bill: &Bill| Choice {
        value: bill.id.to_string(),
        text: format!("{}，{} 元", bill.title(), bill.remaining().grouped()),
    };
    Ok(LinksPage {
        form,
        bills: bills.iter().rev().filter(|bill| bill.status.is_owed()).map(choice).collect(),
        days: days(),
        lines: rows.iter().map(|link| Line::of(link, bill_of(link), now)).collect(),
        older,
        newer: (!before.is_empty()).then(|| "/dues/links".to_owned()),
    })
}

/// `GET /dues/links?before=`
#[handler]
pub async fn all(app: App, who: SignedIn, req: &mut Request) -> Result<Html<LinksPage>, AppError> {
    let before = req.query::<String>("before").unwrap_or_default();
    let form = FormState::filled(&FIELDS, |name| match name {
        "days" => "7".into(),
        _ => String::new(),
    });
    Ok(Html::new(list(&app, &who, &before, form).await?))
}

/// `POST /dues/links`
#[handler]
pub async fn create(
    app: App,
    client: Client,
    who: SignedIn,
    form: Form,
) -> Result<Result<SeeOther, Html<LinksPage>>, AppError> {
    let mut fields = Fields::of(&form);
    let bill = fields.read("bill", |text| text.parse::<BillId>().map_err(|_| LinkError::NotOwed));
    let days = fields.read("days", |text| {
        let days = text.parse().ok().filter(|days| DAYS.contains(days));
        days.ok_or("请选择有效期")
    });
    let mut errors = match fields.finish(bill.zip(days)) {
        Ok(wanted) => match verb::create(&app, &who, wanted, &client.ip).await {
            Ok(id) => return Ok(Ok(SeeOther::to(format!("/dues/links/{id}")))),
            Err(LinkError::Fault(fault)) => return Err(fault),
            Err(refusal) => crate::web::form::FieldErrors::one("bill", refusal),
        },
        Err(errors) => errors,
    };
    let form = FormState::refused(&FIELDS, &form, std::mem::take(&mut errors));
    Ok(Err(Html::refused(list(&app, &who, "", form).await?)))
}

async fn own_link(app: &App, who: &SignedIn, req: &Request) -> Result<Link, AppError> {
    let id: LinkId =
        req.param::<String>("link").and_then(|id| id.parse().ok()).ok_or(AppError::NotFound)?;
    rows::of_member(&app.db, &id, &who.member.id).await?.ok_or(AppError::NotFound)
}

/// `GET /dues/links/{link}`
#[handler]
pub async fn one(app: App, who: SignedIn, req: &mut Request) -> Result<Html<LinkPage>, AppError> {
    let link = own_link(&app, &who, req).await?;
    let bill = dues::bill(&app.db, &link.bill_id).await?;
    let line = Line::of(&link, bill.as_ref(), app.clock.now());
    let url = line.is_live.then(|| app.url(&link.path(&app)));
    let code = url.as_deref().map(qr::svg).transpose()?;
    Ok(Html::new(LinkPage { line, url, code }))
}

/// `POST /dues/links/{link}/revoke`
#[handler]
pub async fn revoke(
    app: App,
    client: Client,
    who: SignedIn,
    _form: Form,
    req: &mut Request,
) -> Result<SeeOther, AppError> {
    let link = own_link(&app, &who, req).await?;
    let list = SeeOther::to("/dues/links");
    Ok(if verb::revoke(&app, &who, link, &client.ip).await? {
        list.saying("付款链接已作废，不能再用于付款")
    } else {
        list.refusing(
            "付款链接已作废；但通过它开始的一笔支付暂时无法确认是否已结束，请稍后查看支付记录",
        )
    })
}
