//! One run: who owes how much, why, and how that differs from before.

use std::collections::HashMap;

use salvo::{Request, Writer as _, handler};
use serde::Serialize;

use super::{Progress, find, samples};
use crate::{
    dues::{
        admin::{PAGE_PLUS_ONE, cut, staff_name},
        run::{Kind, Line, Outcome, Run, RunStatus},
        store,
    },
    kernel::{Fen, Timestamp, ids::MemberId},
    member::{self, Level, level},
    staff::{Permission, SignedInStaff},
    web::{App, AppError, FormState, Html, Page},
};

pub(super) const FIELDS: &[&str] = &["approve_reason", "cancel_reason"];

/// `/admin/dues/runs/{run}`
#[derive(Debug, Serialize)]
pub struct RunPage {
    no: String,
    year: i64,
    state: &'static str,
    chip: &'static str,
    created_by: String,
    created_ms: Timestamp,
    decided_by: String,
    decided_ms: Option<Timestamp>,
    reason: String,
    ended_ms: Option<Timestamp>,
    kind: Kind,
    /// What the confirmation of the approval says.
    approves: &'static str,
    /// The run whose bills are taken back.
    of_run: String,
    pub(super) progress: Progress,
    tabs: Vec<Tab>,
    tab: &'static str,
    rows: Vec<Row>,
    older: Option<String>,
    newer: Option<String>,
    may_approve: bool,
    may_cancel: bool,
    may_void: bool,
    pub(super) problem: String,
    pub(super) form: FormState,
}

#[derive(Debug, Serialize)]
struct Tab {
    text: String,
    href: String,
    is_current: bool,
}

#[derive(Debug, Serialize)]
struct Row {
    member: String,
    member_href: String,
    bill_href: String,
    level: String,
    why: &'static str,
    amount: Fen,
    before: Option<Fen>,
    difference: Option<Fen>,
}

impl RunPage {
    fn new(run: &Run, tab: Outcome) -> Self {
        let path = format!("/admin/dues/runs/{}", run.id);
        let waits = matches!(run.status, RunStatus::Preparing | RunStatus::Prepared);
        Self {
            no: run.no.clone(),
            year: run.year,
            state: run.status.label(),
            chip: run.status.chip(),
            created_by: String::new(),
            created_ms: run.created_ms,
            decided_by: String::new(),
            decided_ms: run.decided_ms.filter(|_| !waits),
            reason: run.reason.clone(),
            ended_ms: run.ended_ms,
            kind: run.kind,
            approves: match run.kind {
                Kind::Issue => "将按试算结果生成账单并通知会员。请确认已核对名单、金额和差异。",
                Kind::Recalculate => {
                    "将按试算结果调整账单并通知会员。请确认已核对名单、金额和差异。"
                }
                Kind::Void => "将作废列出的账单并通知会员，作废后不能恢复，可以重新生成。",
            },
            of_run: run.of_run_id.as_ref().map(ToString::to_string).unwrap_or_default(),
            progress: Progress::new(run),
            tabs: tabs(run, tab, &path),
            tab: tab.code(),
            rows: Vec::new(),
            older: None,
            newer: None,
            may_approve: run.status == RunStatus::Prepared && run.planned > 0,
            may_cancel: waits,
            may_void: run.status == RunStatus::Done && run.kind == Kind::Issue && run.done > 0,
            problem: String::new(),
            form: FormState::blank(FIELDS),
        }
    }
}

fn tabs(run: &Run, current: Outcome, path: &str) -> Vec<Tab> {
    let left = run.planned - run.done - run.passed;
    let words = match run.kind {
        Kind::Issue => ["待生成", "已生成", "不生成", "批准后已有账单"],
        Kind::Recalculate => ["待调整", "已调整", "不调整", "批准后账单已变化"],
        Kind::Void => ["待作废", "已作废", "不能作废", "批准后账单已变化"],
    };
    let tab = |(outcome, text, count): (Outcome, &str, i64)| Tab {
        text: format!("{text}（{count}）"),
        href: format!("{path}?tab={}", outcome.code()),
        is_current: outcome == current,
    };
    [
        (Outcome::Planned, words[0], left),
        (Outcome::Done, words[1], run.done),
        (Outcome::Excluded, words[2], run.excluded),
        (Outcome::Passed, words[3], run.passed),
    ]
    .map(tab)
    .into()
}

fn row(line: &Line, names: &HashMap<MemberId, String>, levels: &[Level]) -> Row {
    let level = levels.iter().find(|level| level.id == line.level_id);
    Row {
        member: names.get(&line.member_id).cloned().unwrap_or_default(),
        member_href: format!("/admin/dues/members/{}", line.member_id),
        bill_href: line
            .bill_id
            .as_ref()
            .map(|bill| format!("/admin/dues/bills/{bill}"))
            .unwrap_or_default(),
        level: level.map(|level| level.name.clone()).unwrap_or_default(),
        why: line.why.label(),
        amount: line.amount,
        before: line.before_amount,
        difference: line.before_amount.and_then(|before| line.amount.checked_sub(before)),
    }
}

impl Page for RunPage {
    const TEMPLATE: &'static str = "admin/dues/run.html";
    const MENU: &'static str = "dues";

    fn title(&self) -> String {
        match self.kind {
            Kind::Issue => format!("生成 {} 年度账单", self.year),
            Kind::Recalculate => format!("重算 {} 年度未缴账单", self.year),
            Kind::Void => format!("作废 {} 年度批次账单", self.year),
        }
    }

    fn samples() -> Vec<Self> {
        let rows = |before: Option<Fen>| Row {
            member: "示例单位".into(),
            member_href: "/admin/dues/members/sample".into(),
            bill_href: "/admin/dues/bills/sample".into(),
            level: "会员单位".into(),
            why: "全年标准",
            amount: Fen::yuan(2000),
            before,
            difference: before.map(|_| Fen::yuan(-500)),
        };
        let mut all: Vec<Self> =
            samples().iter().map(|run| Self::new(run, Outcome::Planned)).collect();
        all.extend(samples().iter().map(|run| Self {
            rows: vec![rows(None), rows(Some(Fen::yuan(2500)))],
            older: Some("/admin/dues/runs/sample?tab=planned&beyond=l".into()),
            problem: "批次的状态已变化".into(),
            ..Self::new(run, Outcome::Done)
        }));
        for page in &mut all {
            page.form.errors.insert("approve_reason", "原因不能为空".into());
        }
        all
    }
}

/// Everything about a run, for its page.
pub(super) async fn page(
    app: &App,
    staff: &SignedInStaff,
    run: &Run,
    (tab, beyond): (Option<Outcome>, &str),
) -> Result<RunPage, AppError> {
    let natural = if run.status == RunStatus::Done { Outcome::Done } else { Outcome::Planned };
    let tab = tab.unwrap_or(natural);
    let mut lines = store::run::lines(&app.db, (&run.id, tab), beyond, PAGE_PLUS_ONE).await?;
    let here = format!("/admin/dues/runs/{}?tab={}", run.id, tab.code());
    let older = cut(&mut lines, |line| format!("{here}&beyond={}", line.id));
    let ids: Vec<MemberId> = lines.iter().map(|line| line.member_id.clone()).collect();
    let names = member::names(&app.db, &ids).await?;
    let levels = level::all(&app.db).await?;
    let page = RunPage::new(run, tab);
    let may = |permission| staff.0.role.may(permission);
    Ok(RunPage {
        created_by: staff_name(app, &run.created_by).await?,
        decided_by: staff_name(app, run.decided_by.as_deref().unwrap_or_default()).await?,
        rows: lines.iter().map(|line| row(line, &names, &levels)).collect(),
        older,
        newer: (!beyond.is_empty()).then_some(here),
        may_approve: page.may_approve && may(Permission::ApproveMoney),
        may_cancel: page.may_cancel && may(Permission::DecideMoney),
        may_void: page.may_void && may(Permission::DecideMoney),
        ..page
    })
}

/// `GET /admin/dues/runs/{run}?tab=&beyond=`
#[handler]
pub async fn one(
    app: App,
    staff: SignedInStaff,
    req: &mut Request,
) -> Result<Html<RunPage>, AppError> {
    staff.require(Permission::ReadMoney)?;
    let run = find(&app, req).await?;
    let wanted = req.query::<String>("tab").unwrap_or_default();
    let all = [Outcome::Planned, Outcome::Done, Outcome::Excluded, Outcome::Passed];
    let tab = all.into_iter().find(|outcome| outcome.code() == wanted);
    let beyond = req.query::<String>("beyond").unwrap_or_default();
    Ok(Html::new(page(&app, &staff, &run, (tab, &beyond)).await?))
}
