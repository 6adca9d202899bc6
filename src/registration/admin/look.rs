//! Opening an application: gathering what its page shows. Looking leaves a trace, because the page
//! shows mobiles in full.

use salvo::{Request, Writer, handler};

use super::sheet::{Choice, Decision, DetailPage, Event, Forms, Kindred, May, step};
use crate::{
    file::Served,
    kernel::{Timestamp, ids::RegistrationId},
    member,
    registration::{
        Registration, Status,
        model::{Act, working_days},
        related::{self, Related},
        result::Scan,
        review::admit,
        scan,
        sign_in::waited,
        store,
        view::{Sight, View},
    },
    staff::{self, Permission, SignedInStaff, audit},
    web::{App, AppError, Client, Html},
};

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
    let page = page(&app, &who, &registration, Forms::blank()).await?;
    if who.0.role.may(Permission::DecideMembers) {
        let kind = ("registration.view", "registration");
        who.has_seen(&app, &client, kind, registration.id.as_str()).await?;
    }
    Ok(Html::new(page))
}

/// `GET /admin/registrations/{registration}/scans/{file}`: names, numbers and a seal are on it.
#[handler]
pub async fn scanned(app: App, who: SignedInStaff, req: &mut Request) -> Result<Served, AppError> {
    who.require(Permission::DecideMembers)?;
    let of = addressed(&app, req).await?;
    let file = req.param::<String>("file").and_then(|id| id.parse().ok());
    scan::served(&app, &of, file).await
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
    forms: Forms,
) -> Result<DetailPage, AppError> {
    let may_read_all = who.0.role.may(Permission::DecideMembers);
    let sight = if may_read_all { Sight::Full } else { Sight::Mobiles };
    let levels = member::level::all(&app.db).await?;
    let level = levels.iter().find(|level| Some(&level.id) == of.level_id.as_ref());
    let level = level.map(|level| level.name.clone()).unwrap_or_default();
    let now = app.clock.now();
    let review_days = app.settings.site.review_days;
    let worked = working_days(of.queued_at, now);
    let action = format!("/admin/registrations/{}", of.id);
    let files = if may_read_all { scan::files(app, of).await? } else { Vec::new() };
    let endorsed_by = endorser(app, of).await?;
    Ok(DetailPage {
        view: View::of(of, sight, review_days),
        waited: of.status.waits().then(|| age(of.queued_at, now)),
        is_late: of.status.waits() && worked > usize::try_from(review_days).unwrap_or(usize::MAX),
        urged: of.urged_at.filter(|_| of.status.waits()).map(Timestamp::to_minute),
        consent_ip: of.consent.ip.clone(),
        decision: of
            .decided_at
            .filter(|_| of.status != Status::Withdrawn)
            .map(|_| Decision { by: String::new(), level: level.clone() }),
        endorsed: of
            .endorsed_at
            .map(|at| format!("{}，{endorsed_by}，拟定会员等级：{level}", at.to_minute())),
        kin: kindred(app, of).await?,
        levels: levels.into_iter().map(Choice::of).collect(),
        scans: Scan::list(&files, &action),
        scans_word: if of.scans.is_empty() { "未上传" } else { "已上传" },
        history: history(app, of).await?,
        step: step(admit::is_first_step(app, of), of.status),
        may: May {
            approve: may_read_all && of.endorsed_by != who.0.id.as_str() && of.status.waits(),
            give_back: may_read_all && of.status.allows(Act::Return),
            reject: may_read_all && of.status.allows(Act::Reject),
        },
        ..DetailPage::empty(action, of, forms, now.date())
    }
    .decided_by(decider(app, of).await?))
}

fn age(from: Timestamp, now: Timestamp) -> String {
    format!("{}（{} 个工作日）", waited(from, now), working_days(from, now))
}

async fn name_of(app: &App, staff: &str) -> Result<String, AppError> {
    if staff.is_empty() {
        return Ok(String::new());
    }
    let staff = staff::store::by_id(&app.db, staff).await?;
    Ok(staff.map(|staff| staff.name).unwrap_or_default())
}

/// The name of who decided; empty while nobody has.
pub(super) async fn decider(app: &App, of: &Registration) -> Result<String, AppError> {
    name_of(app, &of.decided_by).await
}

/// The name of who approved it as the first of two.
pub(super) async fn endorser(app: &App, of: &Registration) -> Result<String, AppError> {
    name_of(app, &of.endorsed_by).await
}

async fn kindred(app: &App, of: &Registration) -> Result<Vec<Kindred>, AppError> {
    let related = Related::find(app, std::slice::from_ref(of)).await?;
    let applications = related.applications(app, of).into_iter().map(|(kin, likeness)| Kindred {
        name: kin.name.clone(),
        url: Some(format!("/admin/registrations/{}", kin.id)),
        what: format!("申请，{}；{}", kin.status.label(), likeness.words()),
    });
    let members = related.members(app, of).into_iter().map(|member| Kindred {
        name: member.name.clone(),
        url: None,
        what: format!("会员 {}；手机号相同", member.no),
    });
    let alike = related::named_alike(app, of).await?.into_iter().map(|member| Kindred {
        name: member.name,
        url: None,
        what: format!("会员 {}；名称相近", member.no),
    });
    Ok(applications.chain(members).chain(alike).collect())
}

/// Who did what to it, from the audit log; that somebody merely looked is left out.
async fn history(app: &App, of: &Registration) -> Result<Vec<Event>, AppError> {
    let rows = audit::of_object(&app.db, "registration", of.id.as_str(), 50).await?;
    let mut events = Vec::new();
    for row in rows {
        let Some(what) = words(&row.action) else { continue };
        let by = if row.actor_kind == "staff" {
            name_of(app, &row.actor_id).await?
        } else {
            "申请单位".into()
        };
        events.push(Event { at: row.at_ms.to_minute(), what, by, reason: row.reason });
    }
    Ok(events)
}

fn words(action: &str) -> Option<&'static str> {
    Some(match action {
        "registration.submit" => "提交申请",
        "registration.endorse" => "初审通过",
        "registration.approve" => "审核通过",
        "registration.return" => "退回补正",
        "registration.amend" => "补正后重新提交",
        "registration.reject" => "审核不通过",
        "registration.withdraw" => "撤回申请",
        _ => return None,
    })
}
