//! One bill: its numbers, the money on it, its waivers, and what staff may do to it.

use salvo::{Request, Writer as _, handler, http::StatusCode};
use serde::Serialize;

use super::{find_bill, reason, waivers::Row as WaiverRow};
use crate::{
    dues::{
        Bill, Contribution,
        correct::{CorrectError, Correction, correct},
        pc::{BillRow, sample_bills},
        store,
        waiver::{NewWaiver, RequestError, WaiverKind, request},
    },
    kernel::{Date, Fen, Timestamp, text},
    member::{self, level},
    staff::{Permission, SignedInStaff},
    web::{
        App, AppError, Client, Fields, Form, FormState, Html, Page, SeeOther, form::FieldErrors,
    },
};

const FIELDS: &[&str] = &["kind", "yuan", "until", "basis", "void_reason", "reopen_reason"];

/// `/admin/dues/bills/{bill}`
#[derive(Debug, Serialize)]
pub struct BillPage {
    bill: BillRow,
    path: String,
    member: String,
    member_href: String,
    resolution: String,
    reducible: Fen,
    money: Vec<Money>,
    waivers: Vec<WaiverRow>,
    may_decide: bool,
    may_void: bool,
    may_reopen: bool,
    may_waive: bool,
    problem: String,
    form: FormState,
}

#[derive(Debug, Serialize)]
struct Money {
    way: &'static str,
    source: String,
    amount: Fen,
    taken_back: Fen,
    at: Timestamp,
}

impl From<Contribution> for Money {
    fn from(from: Contribution) -> Self {
        Self {
            way: if from.source_kind == "offline" { "线下缴费" } else { "微信支付" },
            source: from.source_id,
            amount: from.amount,
            taken_back: from.taken_back,
            at: from.created_ms,
        }
    }
}

impl BillPage {
    fn new(bill: Bill, today: &str, may_decide: bool) -> Self {
        let untouched = bill.paid == Fen::ZERO && bill.refunded == Fen::ZERO;
        let reducible = bill.amounts().reducible();
        Self {
            path: format!("/admin/dues/bills/{}", bill.id),
            member: String::new(),
            member_href: format!("/admin/dues/members/{}", bill.member_id),
            resolution: String::new(),
            reducible,
            money: Vec::new(),
            waivers: Vec::new(),
            may_decide,
            may_void: may_decide && untouched && bill.status.is_owed(),
            may_reopen: may_decide && bill.status.is_live() && bill.refunded.is_positive(),
            may_waive: may_decide && bill.status.is_live() && reducible.is_positive(),
            problem: String::new(),
            form: FormState::filled(FIELDS, |name| {
                if name == "kind" { "reduction".into() } else { String::new() }
            }),
            bill: BillRow::new(bill, &[], today),
        }
    }
}

impl Page for BillPage {
    const TEMPLATE: &'static str = "admin/dues/bill.html";
    const MENU: &'static str = "dues";

    fn title(&self) -> String {
        format!("账单 {}", self.bill.no)
    }

    fn samples() -> Vec<Self> {
        let mut all: Vec<Self> =
            sample_bills().into_iter().map(|bill| Self::new(bill, "2026-06-01", true)).collect();
        all.extend(sample_bills().into_iter().map(|bill| Self {
            money: vec![Money {
                way: "微信支付",
                source: "4200000000202611240000000001".into(),
                amount: Fen::yuan(2000),
                taken_back: Fen::yuan(500),
                at: Timestamp::from_millis(1_764_100_000_000),
            }],
            waivers: WaiverRow::samples(),
            may_reopen: true,
            problem: "该账单上有款项".into(),
            ..Self::new(bill, "2026-06-01", true)
        }));
        for page in &mut all {
            page.form.errors.insert("void_reason", "原因不能为空".into());
        }
        all.extend(sample_bills().into_iter().map(|bill| Self::new(bill, "2026-06-01", false)));
        all
    }
}

async fn page(app: &App, staff: &SignedInStaff, bill: Bill) -> Result<BillPage, AppError> {
    let levels = level::all(&app.db).await?;
    let today = app.clock.now().date().to_string();
    let may_decide = staff.0.role.may(Permission::DecideMoney);
    let names = member::names(&app.db, std::slice::from_ref(&bill.member_id)).await?;
    let standard = store::standard::find(&app.db, &bill.standard_id).await?;
    let mut money = store::contributions_of(&app.db, &bill.member_id).await?;
    money.retain(|money| money.bill_id == bill.id);
    let waivers = store::waiver::of_bill(&app.db, &bill.id).await?;
    let row = BillRow::new(bill.clone(), &levels, &today);
    Ok(BillPage {
        member: names.get(&bill.member_id).cloned().unwrap_or_default(),
        resolution: standard.map(|standard| standard.resolution).unwrap_or_default(),
        money: money.into_iter().map(Money::from).collect(),
        waivers: waivers.iter().map(|waiver| WaiverRow::new(waiver, "", &row.no)).collect(),
        bill: row,
        ..BillPage::new(bill, &today, may_decide)
    })
}

type Answer = Result<Result<SeeOther, Html<BillPage>>, AppError>;

/// `GET /admin/dues/bills/{bill}`
#[handler]
pub async fn one(
    app: App,
    staff: SignedInStaff,
    req: &mut Request,
) -> Result<Html<BillPage>, AppError> {
    staff.require(Permission::ReadMoney)?;
    let bill = find_bill(&app, req).await?;
    Ok(Html::new(page(&app, &staff, bill).await?))
}

/// `POST /admin/dues/bills/{bill}/void`
#[handler]
pub async fn void(
    app: App,
    client: Client,
    staff: SignedInStaff,
    form: Form,
    req: &mut Request,
) -> Answer {
    let bill = find_bill(&app, req).await?;
    answer(&app, client, &staff, &form, (bill, Correction::Void, "void_reason")).await
}

/// `POST /admin/dues/bills/{bill}/reopen`
#[handler]
pub async fn reopen(
    app: App,
    client: Client,
    staff: SignedInStaff,
    form: Form,
    req: &mut Request,
) -> Answer {
    let bill = find_bill(&app, req).await?;
    answer(&app, client, &staff, &form, (bill, Correction::Reopen, "reopen_reason")).await
}

async fn answer(
    app: &App,
    client: Client,
    staff: &SignedInStaff,
    form: &Form,
    (bill, correction, field): (Bill, Correction, &'static str),
) -> Answer {
    staff.require(Permission::DecideMoney)?;
    let why = match reason(form, field) {
        Ok(why) => why,
        Err(errors) => return refused(app, staff, bill, form, errors).await,
    };
    let back = format!("/admin/dues/bills/{}", bill.id);
    match correct(app, staff, client.ip, (bill.clone(), correction), why).await {
        Ok(()) => Ok(Ok(SeeOther::to(back).saying(match correction {
            Correction::Void => "账单已作废",
            Correction::Reopen => "账单已重新开放，恢复为待缴",
        }))),
        Err(CorrectError::Fault(fault)) => Err(fault),
        Err(refusal) => {
            let now = store::bill(&app.db, &bill.id).await?.ok_or(AppError::NotFound)?;
            let page = page(app, staff, now).await?;
            let page = BillPage { problem: refusal.to_string(), ..page };
            Ok(Err(Html::with_status(page, StatusCode::CONFLICT)))
        }
    }
}

async fn refused(
    app: &App,
    staff: &SignedInStaff,
    bill: Bill,
    form: &Form,
    errors: FieldErrors,
) -> Answer {
    let form = FormState::refused(FIELDS, form, errors);
    Ok(Err(Html::refused(BillPage { form, ..page(app, staff, bill).await? })))
}

/// `POST /admin/dues/bills/{bill}/waive`
#[handler]
pub async fn waive(
    app: App,
    client: Client,
    staff: SignedInStaff,
    form: Form,
    req: &mut Request,
) -> Answer {
    staff.require(Permission::DecideMoney)?;
    let bill = find_bill(&app, req).await?;
    let errors = match read(&form) {
        Ok((new, basis)) => match request(&app, &staff, client.ip, (&bill, new), basis).await {
            Ok(id) => {
                let page = format!("/admin/dues/waivers/{id}");
                return Ok(Ok(SeeOther::to(page).saying("申请已提交，等待审批")));
            }
            Err(RequestError::Fault(fault)) => return Err(fault),
            Err(refusal @ RequestError::TooMuch(_)) => FieldErrors::one("yuan", refusal),
            Err(refusal @ RequestError::TooEarly(_)) => FieldErrors::one("until", refusal),
            Err(refusal) => FieldErrors::one("kind", refusal),
        },
        Err(errors) => errors,
    };
    refused(&app, &staff, bill, &form, errors).await
}

fn read(form: &Form) -> Result<(NewWaiver, String), FieldErrors> {
    let mut fields = Fields::of(form);
    let kind = fields.read("kind", |code| WaiverKind::of_code(code).ok_or("请选择减免或缓缴"));
    let new = match kind {
        Some(WaiverKind::Reduction) => {
            fields.read("yuan", super::form::amount).map(NewWaiver::Reduction)
        }
        Some(WaiverKind::Deferral) => {
            fields.read("until", str::parse::<Date>).map(NewWaiver::Deferral)
        }
        None => None,
    };
    let basis =
        fields.read("basis", |v| text::required(v, 400).map_err(|e| format!("申请依据{e}")));
    fields.finish(new.zip(basis))
}
