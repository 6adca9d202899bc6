//! `/admin/registrations/{registration}`: everything about one application, and the two forms.

use salvo::{Request, Writer, handler};
use serde::Serialize;

use crate::{
    kernel::{Timestamp, ids::RegistrationId},
    member,
    registration::{
        Registration, Status,
        model::{REASONS, working_days},
        related::Related,
        sample,
        sign_in::waited,
        store,
        view::{Sight, View},
    },
    staff::{
        self, Permission, SignedInStaff,
        audit::{self, Entry},
    },
    web::{App, AppError, Client, FormState, Html, Page},
};

pub(super) const APPROVE: &[&str] = &["level"];
pub(super) const REJECT: &[&str] = &["phrase", "reason"];

/// `/admin/registrations/{registration}`
#[derive(Debug, Serialize)]
pub struct DetailPage {
    view: View,
    action: String,
    waited: Option<String>,
    is_late: bool,
    consent_ip: String,
    decision: Option<Decision>,
    kin: Vec<Kindred>,
    levels: Vec<Choice>,
    phrases: &'static [&'static str],
    may_decide: bool,
    approve_form: FormState,
    reject_form: FormState,
}

#[derive(Debug, Serialize)]
struct Decision {
    by: String,
    level: String,
}

#[derive(Debug, Serialize)]
struct Kindred {
    name: String,
    url: Option<String>,
    what: String,
}

#[derive(Debug, Serialize)]
struct Choice {
    value: String,
    text: String,
}

impl Page for DetailPage {
    const TEMPLATE: &'static str = "admin/registration/detail.html";
    const MENU: &'static str = "registrations";

    fn title(&self) -> String {
        "注册审核详情".into()
    }

    fn samples() -> Vec<Self> {
        let mut wrong = FormState::blank(REJECT);
        wrong.errors.insert("reason", "请填写原因".into());
        let page = |view: View, may_decide: bool, reject_form: &FormState| Self {
            view,
            action: "/admin/registrations/sample-registration".into(),
            waited: may_decide.then(|| "已等待 9 天（7 个工作日）".into()),
            is_late: may_decide,
            consent_ip: "192.0.2.1".into(),
            decision: (!may_decide)
                .then(|| Decision { by: "示例审核员".into(), level: "会员单位".into() }),
            kin: vec![Kindred {
                name: "示例甲公司".into(),
                url: may_decide.then(|| "/admin/registrations/other".into()),
                what: "申请，待审核".into(),
            }],
            levels: vec![Choice { value: "member".into(), text: "会员单位".into() }],
            phrases: REASONS,
            may_decide,
            approve_form: chosen_level(),
            reject_form: reject_form.clone(),
        };
        let blank = FormState::blank(REJECT);
        let full = sample::views(Sight::Full).into_iter().map(|view| page(view, true, &wrong));
        let masked = sample::views(Sight::Mobiles).into_iter();
        full.chain(masked.map(|view| page(view, false, &blank))).collect()
    }
}

/// The form with the level that reviewers start from.
fn chosen_level() -> FormState {
    FormState::filled(APPROVE, |_| member::level::DEFAULT.to_owned())
}

/// `GET /admin/registrations/{registration}`
#[handler]
pub async fn detail(
    app: App,
    who: SignedInStaff,
    client: Client,
    req: &mut Request,
) -> Result<Html<DetailPage>, AppError> {
    who.require(Permission::ReadMembers)?;
    let registration = addressed(&app, req).await?;
    let page = page(&app, &who, &registration, FormState::blank(REJECT)).await?;
    if page.may_decide {
        seen(&app, &who, &client, &registration).await?;
    }
    Ok(Html::new(page))
}

/// Looking at mobiles in full leaves a trace (the privacy policy says so).
async fn seen(
    app: &App,
    who: &SignedInStaff,
    client: &Client,
    registration: &Registration,
) -> Result<(), AppError> {
    let entry = Entry {
        actor: who.actor(),
        action: "registration.view",
        object_kind: "registration",
        object_id: registration.id.to_string(),
        reason: String::new(),
        detail: (),
        ip: client.ip.clone(),
    };
    Ok(audit::record(&app.db, &app.ids, app.clock.now(), &entry).await?)
}

/// The application of the path.
pub(super) async fn addressed(app: &App, req: &Request) -> Result<Registration, AppError> {
    let id = req.param::<String>("registration").unwrap_or_default();
    let id: RegistrationId = id.parse().map_err(|_| AppError::NotFound)?;
    store::find(&app.db, &app.vault, &id).await?.ok_or(AppError::NotFound)
}

/// The page of an application, for one administrator.
pub(super) async fn page(
    app: &App,
    who: &SignedInStaff,
    of: &Registration,
    reject_form: FormState,
) -> Result<DetailPage, AppError> {
    let may_decide = who.0.role.may(Permission::DecideMembers);
    let sight = if may_decide { Sight::Full } else { Sight::Mobiles };
    let levels = member::level::all(&app.db).await?;
    let level = levels.iter().find(|level| Some(&level.id) == of.level_id.as_ref());
    let level = level.map(|level| level.name.clone()).unwrap_or_default();
    let by = decider(app, of).await?;
    let now = app.clock.now();
    let review_days = app.settings.site.review_days;
    let is_pending = of.status == Status::Pending;
    let worked = working_days(of.submitted_at, now);
    Ok(DetailPage {
        view: View::of(of, sight, review_days),
        action: format!("/admin/registrations/{}", of.id),
        waited: is_pending.then(|| age(of.submitted_at, now)),
        is_late: is_pending && worked > usize::try_from(review_days).unwrap_or(usize::MAX),
        consent_ip: of.consent.ip.clone(),
        decision: of.decided_at.map(|_| Decision { by, level }),
        kin: kindred(app, of).await?,
        levels: levels
            .into_iter()
            .map(|level| Choice { value: level.id.into(), text: level.name })
            .collect(),
        phrases: REASONS,
        may_decide,
        approve_form: chosen_level(),
        reject_form,
    })
}

fn age(from: Timestamp, now: Timestamp) -> String {
    format!("{}（{} 个工作日）", waited(from, now), working_days(from, now))
}

/// The name of who decided; empty while nobody has.
pub(super) async fn decider(app: &App, of: &Registration) -> Result<String, AppError> {
    let staff = staff::store::by_id(&app.db, &of.decided_by).await?;
    Ok(staff.map(|staff| staff.name).unwrap_or_default())
}

async fn kindred(app: &App, of: &Registration) -> Result<Vec<Kindred>, AppError> {
    let related = Related::find(app, std::slice::from_ref(of)).await?;
    let applications = related.applications(app, of).into_iter().map(|kin| Kindred {
        name: kin.name.clone(),
        url: Some(format!("/admin/registrations/{}", kin.id)),
        what: format!("申请，{}", kin.status.label()),
    });
    let members = related.members(app, of).into_iter().map(|member| Kindred {
        name: member.name.clone(),
        url: None,
        what: format!("会员 {}", member.no),
    });
    Ok(applications.chain(members).collect())
}
