//! One request: what is asked for, on what grounds, and the decision of a second person.

use salvo::{Request, Writer as _, handler, http::StatusCode};
use serde::Serialize;

use super::{Row, samples};
use crate::{
    dues::{
        Bill,
        admin::{reason, staff_name},
        pc::{BillRow, sample_bills},
        store,
        waiver::{DecideError, Waiver, WaiverKind, WaiverStatus, decide},
    },
    kernel::Timestamp,
    member::{self, level},
    staff::{Permission, SignedInStaff},
    web::{App, AppError, Client, Form, FormState, Html, Page, SeeOther},
};

const FIELDS: &[&str] = &["approve_reason", "refuse_reason"];

/// `/admin/dues/waivers/{waiver}`
#[derive(Debug, Serialize)]
pub struct WaiverPage {
    path: String,
    waiver: Row,
    is_deferral: bool,
    bill: BillRow,
    bill_href: String,
    member: String,
    member_href: String,
    requested_by: String,
    decided: Option<Decided>,
    may_decide: bool,
    /// Why the viewer may not decide; empty when that is clear.
    hint: &'static str,
    problem: String,
    form: FormState,
}

#[derive(Debug, Serialize)]
struct Decided {
    by: String,
    at: Timestamp,
    why: String,
}

impl WaiverPage {
    fn new(waiver: &Waiver, bill: Bill, today: &str) -> Self {
        Self {
            path: format!("/admin/dues/waivers/{}", waiver.id),
            waiver: Row::new(waiver, "", ""),
            is_deferral: waiver.kind == WaiverKind::Deferral,
            bill_href: format!("/admin/dues/bills/{}", bill.id),
            member: String::new(),
            member_href: format!("/admin/dues/members/{}", bill.member_id),
            bill: BillRow::new(bill, &[], today),
            requested_by: String::new(),
            decided: waiver.decided_ms.map(|at| Decided {
                by: String::new(),
                at,
                why: waiver.decision.clone(),
            }),
            may_decide: false,
            hint: "",
            problem: String::new(),
            form: FormState::blank(FIELDS),
        }
    }
}

impl Page for WaiverPage {
    const TEMPLATE: &'static str = "admin/dues/waiver.html";
    const MENU: &'static str = "dues";

    fn title(&self) -> String {
        format!("{}申请", self.waiver.kind)
    }

    fn samples() -> Vec<Self> {
        let page = |waiver: &Waiver| {
            let bill = sample_bills().into_iter().nth(1)?;
            Some(Self::new(waiver, bill, "2026-06-01"))
        };
        let mut all: Vec<Self> = samples().iter().filter_map(page).collect();
        all.extend(samples().iter().filter_map(page).map(|mut page| {
            page.may_decide = page.decided.is_none();
            page.form.errors.insert("refuse_reason", "原因不能为空".into());
            page
        }));
        all.extend(samples().iter().filter_map(page).map(|page| Self {
            problem: "账单已发生变化".into(),
            hint: "本人提出的申请须由另一人审批",
            ..page
        }));
        all
    }
}

async fn find(app: &App, req: &Request) -> Result<Waiver, AppError> {
    let id = req.param::<String>("waiver").and_then(|id| id.parse().ok());
    store::waiver::find(&app.db, &id.ok_or(AppError::NotFound)?).await?.ok_or(AppError::NotFound)
}

async fn page(app: &App, staff: &SignedInStaff, waiver: &Waiver) -> Result<WaiverPage, AppError> {
    let gone = || AppError::Fault(format!("waiver {} has no bill", waiver.id));
    let bill = store::bill(&app.db, &waiver.bill_id).await?.ok_or_else(gone)?;
    let levels = level::all(&app.db).await?;
    let names = member::names(&app.db, std::slice::from_ref(&waiver.member_id)).await?;
    let today = app.clock.now().date().to_string();
    let row = BillRow::new(bill.clone(), &levels, &today);
    let mut page = WaiverPage::new(waiver, bill, &today);
    page.bill = row;
    page.member = names.get(&waiver.member_id).cloned().unwrap_or_default();
    page.requested_by = staff_name(app, &waiver.requested_by).await?;
    if let Some(decided) = &mut page.decided {
        decided.by = staff_name(app, waiver.decided_by.as_deref().unwrap_or_default()).await?;
    }
    if waiver.status == WaiverStatus::Waiting && staff.0.role.may(Permission::ApproveMoney) {
        let alone = app.settings.dues.waiver_alone();
        page.may_decide = waiver.may_be_decided_by(staff.0.id.as_str(), alone);
        page.hint = if page.may_decide { "" } else { "本人提出的申请须由另一人审批" };
    }
    Ok(page)
}

/// `GET /admin/dues/waivers/{waiver}`
#[handler]
pub async fn one(
    app: App,
    staff: SignedInStaff,
    req: &mut Request,
) -> Result<Html<WaiverPage>, AppError> {
    staff.require(Permission::ReadMoney)?;
    let waiver = find(&app, req).await?;
    Ok(Html::new(page(&app, &staff, &waiver).await?))
}

type Answer = Result<Result<SeeOther, Html<WaiverPage>>, AppError>;

/// `POST /admin/dues/waivers/{waiver}/approve`
#[handler]
pub async fn approve(
    app: App,
    client: Client,
    staff: SignedInStaff,
    form: Form,
    req: &mut Request,
) -> Answer {
    let waiver = find(&app, req).await?;
    answer(&app, client, &staff, &form, (waiver, WaiverStatus::Approved)).await
}

/// `POST /admin/dues/waivers/{waiver}/refuse`
#[handler]
pub async fn refuse(
    app: App,
    client: Client,
    staff: SignedInStaff,
    form: Form,
    req: &mut Request,
) -> Answer {
    let waiver = find(&app, req).await?;
    answer(&app, client, &staff, &form, (waiver, WaiverStatus::Refused)).await
}

async fn answer(
    app: &App,
    client: Client,
    staff: &SignedInStaff,
    form: &Form,
    (waiver, to): (Waiver, WaiverStatus),
) -> Answer {
    staff.require(Permission::ApproveMoney)?;
    let approves = to == WaiverStatus::Approved;
    let why = match reason(form, if approves { "approve_reason" } else { "refuse_reason" }) {
        Ok(why) => why,
        Err(errors) => {
            let form = FormState::refused(FIELDS, form, errors);
            let page = page(app, staff, &waiver).await?;
            return Ok(Err(Html::refused(WaiverPage { form, ..page })));
        }
    };
    let back = format!("/admin/dues/waivers/{}", waiver.id);
    match decide(app, staff, client.ip, (waiver.clone(), to), why).await {
        Ok(()) => Ok(Ok(SeeOther::to(back).saying(if approves {
            "已批准，账单已更新"
        } else {
            "已不予批准，账单不变"
        }))),
        Err(DecideError::Fault(fault)) => Err(fault),
        Err(refusal) => {
            let now = store::waiver::find(&app.db, &waiver.id).await?.unwrap_or(waiver);
            let page = page(app, staff, &now).await?;
            let page = WaiverPage { problem: refusal.to_string(), ..page };
            Ok(Err(Html::with_status(page, StatusCode::CONFLICT)))
        }
    }
}
