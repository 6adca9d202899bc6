//! `/admin/ledger/check`: 账簿核对, on demand, with progress, and the results so far.

use salvo::{Request, Response, Writer as _, handler, http::StatusCode, writing::Text};
use serde::Serialize;

use crate::{
    db::Json,
    kernel::Timestamp,
    reconcile::{
        check::{self, Cause, Check, CheckStatus, begin as begin_check, latest, run},
        store,
        verify::{Finding, MOST_FINDINGS, STEPS},
    },
    staff::{
        self, Permission, SignedInStaff,
        audit::{self, Entry},
    },
    web::{App, AppError, Client, Form, Html, Page, SeeOther, Surface, page::Chrome},
};

const PAGE: usize = 10;
const PAGE_PLUS_ONE: i64 = 11;
const HERE: &str = "/admin/ledger/check";
const FRAGMENT: &str = "fragments/reconcile/state.html";

/// `/admin/ledger/check`
#[derive(Clone, Debug, Serialize)]
pub struct CheckPage {
    running: Option<StateFragment>,
    /// The last result.
    result: Option<Line>,
    findings: Vec<Finding>,
    is_cut: bool,
    lines: Vec<Line>,
    older: Option<String>,
    newer: Option<String>,
}

#[derive(Clone, Debug, Serialize)]
struct Line {
    at: Timestamp,
    ended: Option<Timestamp>,
    by: String,
    state: &'static str,
    chip: &'static str,
    done: i64,
    found: i64,
    is_failed: bool,
}

/// How far a check is; polled by the page.
#[derive(Clone, Debug, Serialize)]
pub struct StateFragment {
    step: &'static str,
    done: i64,
    total: i64,
    percent: i64,
}

impl StateFragment {
    fn of(check: &Check) -> Option<Self> {
        if check.status != CheckStatus::Running {
            return None;
        }
        let step = STEPS.iter().find(|(name, _)| *name == check.step);
        let percent = if check.total > 0 { (check.done * 100 / check.total).min(99) } else { 0 };
        Some(Self {
            step: step.map_or("准备", |(_, text)| *text),
            done: check.done,
            total: check.total.max(check.done),
            percent,
        })
    }
}

impl Line {
    fn of(check: &Check, by: String) -> Self {
        Self {
            at: check.started_ms,
            ended: check.ended_ms,
            by,
            state: check.status.label(),
            chip: check.status.chip(),
            done: check.done,
            found: check.found,
            is_failed: check.status == CheckStatus::Failed,
        }
    }
}

fn sample(status: CheckStatus) -> Check {
    let at = Timestamp::from_millis(1_772_326_800_000);
    let failed = status == CheckStatus::Failed;
    let finding = Finding {
        check: "entries".into(),
        object: "payment 4200001234".into(),
        problem: "借贷不平，差额 0.01 元".into(),
    };
    Check {
        id: "0193".into(),
        cause: "clock".into(),
        started_by: String::new(),
        status,
        step: "bills".into(),
        done: 5_000,
        total: 10_000,
        found: i64::from(failed),
        findings: Json(if failed { vec![finding] } else { Vec::new() }),
        started_ms: at,
        ended_ms: (status != CheckStatus::Running).then_some(at),
    }
}

impl Page for CheckPage {
    const TEMPLATE: &'static str = "admin/reconcile/check.html";
    const MENU: &'static str = "ledger";

    fn title(&self) -> String {
        "账簿核对".into()
    }

    fn samples() -> Vec<Self> {
        let page = |status| {
            let check = sample(status);
            let line = Line::of(&check, "定时".into());
            Self {
                running: StateFragment::of(&check),
                result: check.ended_ms.map(|_| line.clone()),
                findings: check.findings.0,
                is_cut: status == CheckStatus::Failed,
                lines: vec![line],
                older: (status == CheckStatus::Passed).then(|| HERE.to_owned()),
                newer: None,
            }
        };
        let states =
            [CheckStatus::Running, CheckStatus::Passed, CheckStatus::Failed, CheckStatus::Stopped];
        let mut all: Vec<Self> = states.map(page).into();
        all.push(Self { lines: Vec::new(), result: None, ..page(CheckStatus::Passed) });
        all
    }
}

async fn who(app: &App, check: &Check) -> Result<String, AppError> {
    Ok(match check.cause.as_str() {
        "clock" => "定时".into(),
        "command" => "命令行".into(),
        _ => {
            let row = staff::store::by_id(&app.db, &check.started_by).await?;
            row.map_or_else(String::new, |row| row.name)
        }
    })
}

/// A finding whose check has the name that people know.
fn in_words(finding: Finding) -> Finding {
    let known = STEPS.iter().find(|(name, _)| *name == finding.check);
    Finding { check: known.map_or(finding.check, |(_, text)| (*text).into()), ..finding }
}

/// `GET /admin/ledger/check?before=`
#[handler]
pub async fn history(
    app: App,
    staff: SignedInStaff,
    req: &mut Request,
) -> Result<Html<CheckPage>, AppError> {
    staff.require(Permission::ReadMoney)?;
    let before = req.query::<String>("before").unwrap_or_default();
    let mut checks = store::newest(&app.db, &before, PAGE_PLUS_ONE).await?;
    let has_more = checks.len() > PAGE;
    checks.truncate(PAGE);
    let older = checks.last().filter(|_| has_more);
    let older = older.map(|last| format!("{HERE}?before={}", last.id));
    let mut lines = Vec::with_capacity(checks.len());
    for check in &checks {
        lines.push(Line::of(check, who(&app, check).await?));
    }
    let verdict = check::verdict(&app.db).await?;
    let mut result = None;
    if let Some(check) = &verdict {
        result = Some(Line::of(check, who(&app, check).await?));
    }
    let findings = verdict.map(|check| check.findings.0).unwrap_or_default();
    let findings: Vec<Finding> = findings.into_iter().map(in_words).collect();
    Ok(Html::new(CheckPage {
        running: latest(&app.db).await?.as_ref().and_then(StateFragment::of),
        result,
        is_cut: findings.len() >= MOST_FINDINGS,
        findings,
        lines,
        older,
        newer: (!before.is_empty()).then(|| HERE.to_owned()),
    }))
}

/// `POST /admin/ledger/check`: begins one beside the request; a click more meets the one that runs.
#[handler]
pub async fn begin(
    app: App,
    client: Client,
    staff: SignedInStaff,
    _form: Form,
) -> Result<SeeOther, AppError> {
    staff.require(Permission::ReadMoney)?;
    let Some(id) = begin_check(&app, Cause::Staff(staff.0.id.as_str())).await? else {
        return Ok(SeeOther::to(HERE).saying("核对正在进行，请稍候"));
    };
    let entry = Entry {
        actor: staff.actor(),
        action: "ledger.check",
        object_kind: "ledger-check",
        object_id: id.clone(),
        reason: String::new(),
        detail: (),
        ip: client.ip,
    };
    audit::record(&app.db, &app.ids, app.clock.now(), &entry).await?;
    tokio::spawn(async move {
        if let Err(error) = run(&app, &id, |_| {}).await {
            tracing::error!(%error, "a check of the books did not end");
        }
    });
    Ok(SeeOther::to(HERE).saying("已开始核对"))
}

/// `GET /admin/ledger/check/state`: how far the check is; leads to the page when it has ended.
#[handler]
pub async fn state(
    app: App,
    staff: SignedInStaff,
    req: &mut Request,
    res: &mut Response,
) -> Result<(), AppError> {
    staff.require(Permission::ReadMoney)?;
    let Some(fragment) = latest(&app.db).await?.as_ref().and_then(StateFragment::of) else {
        res.status_code(StatusCode::NO_CONTENT);
        res.headers_mut()
            .insert("hx-redirect", salvo::http::HeaderValue::from_static("/admin/ledger/check"));
        return Ok(());
    };
    let chrome = Chrome::new("", &app.settings.site, "", req.uri().path());
    let html = app
        .templates
        .render(Surface::Pc, FRAGMENT, &fragment, &chrome)
        .map_err(|error| AppError::Fault(format!("{FRAGMENT}: {error:?}")))?;
    res.render(Text::Html(html));
    Ok(())
}
