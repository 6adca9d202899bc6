//! The dues of one member: years, bills, and the level with its history.

use salvo::{Request, Writer as _, handler};
use serde::Serialize;

use super::staff_name;
use crate::{
    dues::{
        bills_of,
        level_change::change_level,
        pc::{BillRow, YearRow, sample_bills, years},
        validity::Validity,
    },
    kernel::{Date, Timestamp, text},
    member::{self, Level, Member, level},
    staff::{Permission, SignedInStaff},
    web::{
        App, AppError, Client, Fields, Form, FormState, Html, Page, SeeOther, form::FieldErrors,
    },
};

const FIELDS: &[&str] = &["level", "from_on", "reason"];

/// `/admin/dues/members/{member}`
#[derive(Debug, Serialize)]
pub struct MemberPage {
    path: String,
    name: String,
    no: String,
    level: String,
    joined_on: String,
    years: Vec<YearRow>,
    bills: Vec<Row>,
    changes: Vec<ChangeRow>,
    levels: Vec<Choice>,
    rule: &'static str,
    may_change: bool,
    form: FormState,
}

#[derive(Debug, Serialize)]
struct Row {
    href: String,
    bill: BillRow,
}

#[derive(Debug, Serialize)]
struct Choice {
    value: String,
    text: String,
}

#[derive(Debug, Serialize)]
struct ChangeRow {
    from_on: String,
    before: String,
    after: String,
    reason: String,
    by: String,
    at: Timestamp,
    state: &'static str,
    chip: &'static str,
}

impl Page for MemberPage {
    const TEMPLATE: &'static str = "admin/dues/member.html";
    const MENU: &'static str = "dues";

    fn title(&self) -> String {
        "会员会费".into()
    }

    fn samples() -> Vec<Self> {
        let row = |bill| Row {
            href: "/admin/dues/bills/sample".into(),
            bill: BillRow::new(bill, &[], "2026-06-01"),
        };
        let change = |state, chip| ChangeRow {
            from_on: "2026-07-01".into(),
            before: "会员单位".into(),
            after: "理事单位".into(),
            reason: "第二届会员代表大会选举".into(),
            by: "staff".into(),
            at: Timestamp::from_millis(1_764_100_000_000),
            state,
            chip,
        };
        let sample = || Self {
            path: "/admin/dues/members/sample".into(),
            name: "示例单位".into(),
            no: "M2026000001".into(),
            level: "会员单位".into(),
            joined_on: "2026-03-01".into(),
            years: Vec::new(),
            bills: Vec::new(),
            changes: Vec::new(),
            levels: vec![Choice { value: "member".into(), text: "会员单位".into() }],
            rule: rule_words(crate::web::rules::LevelChangeRule::Difference),
            may_change: true,
            form: FormState::blank(FIELDS),
        };
        let mut full = sample();
        full.years = vec![YearRow::new(2026, Validity::Owing)];
        full.bills = sample_bills().into_iter().map(row).collect();
        full.changes = vec![change("未生效", "wait"), change("已生效", "ok")];
        full.form.errors.insert("from_on", "请输入正确的日期".into());
        vec![full, sample(), Self { may_change: false, ..sample() }]
    }
}

const fn rule_words(rule: crate::web::rules::LevelChangeRule) -> &'static str {
    use crate::web::rules::LevelChangeRule;
    match rule {
        LevelChangeRule::NextYear => "变更当年不补缴差额，从下一年度的账单起执行新等级的标准。",
        LevelChangeRule::Difference => {
            "新等级的标准更高时，生效当日按差额生成补缴账单；更低时当年不退还差额。"
        }
    }
}

async fn find(app: &App, req: &Request) -> Result<Member, AppError> {
    let id = req.param::<String>("member").and_then(|id| id.parse().ok());
    let member = member::store::find(&app.db, &app.vault, &id.ok_or(AppError::NotFound)?).await?;
    member.ok_or(AppError::NotFound)
}

fn name_of(levels: &[Level], id: &crate::kernel::ids::LevelId) -> String {
    let level = levels.iter().find(|level| level.id == *id);
    level.map_or_else(|| id.to_string(), |level| level.name.clone())
}

async fn changes(app: &App, member: &Member, levels: &[Level]) -> Result<Vec<ChangeRow>, AppError> {
    let mut rows = Vec::new();
    for change in level::changes_of(&app.db, &member.id).await? {
        let (state, chip) =
            if change.applied_ms.is_some() { ("已生效", "ok") } else { ("未生效", "wait") };
        rows.push(ChangeRow {
            from_on: change.from_on.to_string(),
            before: name_of(levels, &change.before_level_id),
            after: name_of(levels, &change.level_id),
            by: staff_name(app, &change.changed_by).await?,
            reason: change.reason,
            at: change.created_ms,
            state,
            chip,
        });
    }
    Ok(rows)
}

async fn page(app: &App, staff: &SignedInStaff, member: &Member) -> Result<MemberPage, AppError> {
    let levels = level::all(&app.db).await?;
    let today = app.clock.now().date();
    let bills = bills_of(&app.db, &member.id).await?;
    let years = years(app, member, &bills, today).await?;
    let day = today.to_string();
    let row = |bill: crate::dues::Bill| Row {
        href: format!("/admin/dues/bills/{}", bill.id),
        bill: BillRow::new(bill, &levels, &day),
    };
    let choice = |level: &Level| Choice { value: level.id.to_string(), text: level.name.clone() };
    Ok(MemberPage {
        path: format!("/admin/dues/members/{}", member.id),
        name: member.name.clone(),
        no: member.no.clone(),
        level: name_of(&levels, &member.level_id),
        joined_on: member.joined_on.to_string(),
        years,
        bills: bills.into_iter().map(row).collect(),
        changes: changes(app, member, &levels).await?,
        levels: levels.iter().filter(|level| level.id != member.level_id).map(choice).collect(),
        rule: rule_words(app.settings.dues.level_change),
        may_change: staff.0.role.may(Permission::DecideMembers),
        form: FormState::filled(FIELDS, |name| {
            if name == "from_on" { day.clone() } else { String::new() }
        }),
    })
}

/// `GET /admin/dues/members/{member}`
#[handler]
pub async fn one(
    app: App,
    staff: SignedInStaff,
    req: &mut Request,
) -> Result<Html<MemberPage>, AppError> {
    if !staff.0.role.may(Permission::ReadMoney) {
        staff.require(Permission::DecideMembers)?;
    }
    let member = find(&app, req).await?;
    Ok(Html::new(page(&app, &staff, &member).await?))
}

/// `POST /admin/dues/members/{member}/level`
#[handler]
pub async fn save_level(
    app: App,
    client: Client,
    staff: SignedInStaff,
    form: Form,
    req: &mut Request,
) -> Result<Result<SeeOther, Html<MemberPage>>, AppError> {
    staff.require(Permission::DecideMembers)?;
    let member = find(&app, req).await?;
    let levels = level::all(&app.db).await?;
    let wanted = match read(&form, &member, &levels) {
        Ok(wanted) => wanted,
        Err(errors) => {
            let form = FormState::refused(FIELDS, &form, errors);
            return Ok(Err(Html::refused(MemberPage {
                form,
                ..page(&app, &staff, &member).await?
            })));
        }
    };
    let words = match change_level(&app, &staff, client.ip, &member, wanted).await? {
        Some(bill) => format!("等级变更已保存，已生成差额账单 {}", bill.no),
        None => "等级变更已保存".into(),
    };
    Ok(Ok(SeeOther::to(format!("/admin/dues/members/{}", member.id)).saying(words)))
}

fn read(
    form: &Form,
    member: &Member,
    levels: &[Level],
) -> Result<(Level, Date, String), FieldErrors> {
    let mut fields = Fields::of(form);
    let level = fields.read("level", |id| {
        let found = levels.iter().find(|level| level.id.as_str() == id);
        found.filter(|level| level.id != member.level_id).cloned().ok_or("请选择新的会员等级")
    });
    let from_on = fields.read("from_on", |day| match day.parse::<Date>() {
        Ok(day) if day < member.joined_on => Err(format!("不能早于入会日期 {}", member.joined_on)),
        Ok(day) => Ok(day),
        Err(error) => Err(error.to_string()),
    });
    let reason =
        fields.read("reason", |v| text::required(v, 200).map_err(|e| format!("变更原因{e}")));
    fields.finish(level.zip(from_on).zip(reason).map(|((level, day), why)| (level, day, why)))
}
