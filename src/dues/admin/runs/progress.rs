//! How far a run is: a part of its page that renews itself while the job works.

use salvo::{Request, Response, Writer as _, handler, http::StatusCode, writing::Text};
use serde::Serialize;

use crate::{
    dues::run::{Kind, Run, RunStatus},
    kernel::Fen,
    staff::{Permission, SignedInStaff},
    web::{App, AppError, Surface, page::Chrome},
};

const TEMPLATE: &str = "fragments/dues/progress.html";

/// What the part shows.
#[derive(Debug, Serialize)]
pub struct Progress {
    path: String,
    /// Changes whenever the part would.
    seen: String,
    has_work: bool,
    steps: Vec<Step>,
    planned: i64,
    done: i64,
    passed: i64,
    excluded: i64,
    percent: i64,
    total: Fen,
    before: Fen,
    difference: Fen,
    words: Words,
}

/// What the sums of a run are called.
#[derive(Debug, Serialize)]
struct Words {
    planned: &'static str,
    total: &'static str,
    before: &'static str,
    difference: &'static str,
    excluded: &'static str,
}

const fn words(kind: Kind) -> Words {
    let [planned, total, before, difference, excluded] = match kind {
        Kind::Issue => ["计划生成", "应缴合计", "这些会员上年应缴", "比上年", "不生成"],
        Kind::Recalculate => ["计划调整", "应缴合计", "调整前应缴", "比调整前", "不能调整"],
        Kind::Void => ["计划作废", "作废后应缴", "作废前应缴", "比作废前", "不能作废"],
    };
    Words { planned, total, before, difference, excluded }
}

#[derive(Debug, Serialize)]
struct Step {
    text: &'static str,
    state: &'static str,
    note: String,
}

impl Progress {
    /// Of a run.
    pub fn new(run: &Run) -> Self {
        let finished = run.done + run.passed;
        Self {
            path: format!("/admin/dues/runs/{}", run.id),
            seen: seen(run),
            has_work: run.status.has_work(),
            steps: steps(run),
            planned: run.planned,
            done: run.done,
            passed: run.passed,
            excluded: run.excluded,
            percent: if run.planned == 0 { 0 } else { finished * 100 / run.planned },
            total: run.total,
            before: run.before_total,
            difference: run.total.checked_sub(run.before_total).unwrap_or(Fen::ZERO),
            words: words(run.kind),
        }
    }
}

fn seen(run: &Run) -> String {
    format!("{}-{}-{}", run.planned + run.excluded, run.done, run.passed)
}

fn steps(run: &Run) -> Vec<Step> {
    let at = match run.status {
        RunStatus::Preparing => 0,
        RunStatus::Prepared | RunStatus::Cancelled => 1,
        RunStatus::Running => 2,
        RunStatus::Done => 4,
    };
    let note = |index: usize| match index {
        0 => format!("已试算 {} 户", run.planned + run.excluded),
        2 if run.decided_ms.is_some() && run.status != RunStatus::Cancelled => {
            format!("{} / {}", run.done + run.passed, run.planned)
        }
        _ => String::new(),
    };
    let step = |(index, text): (usize, &'static str)| Step {
        text,
        state: match index {
            _ if index < at => "done",
            1 if run.status == RunStatus::Cancelled => "failed",
            _ if index == at => "now",
            _ => "ahead",
        },
        note: note(index),
    };
    ["试算", "批准", "执行", "完成"].into_iter().enumerate().map(step).collect()
}

/// `GET /admin/dues/runs/{run}/progress?seen=`: 204 while nothing changed; the whole page again
/// once the job is through.
#[handler]
pub async fn watch(
    app: App,
    staff: SignedInStaff,
    req: &mut Request,
    res: &mut Response,
) -> Result<(), AppError> {
    staff.require(Permission::ReadMoney)?;
    let run = super::find(&app, req).await?;
    if !run.status.has_work() {
        let page = format!("/admin/dues/runs/{}", run.id);
        if let Ok(page) = page.parse() {
            res.headers_mut().insert("hx-redirect", page);
        }
        return Ok(());
    }
    if req.query::<String>("seen").is_some_and(|before| before == seen(&run)) {
        res.status_code(StatusCode::NO_CONTENT);
        return Ok(());
    }
    let chrome = Chrome::new("", &app.settings.site, "", req.uri().path());
    let fragment = Fragment { progress: Progress::new(&run) };
    let html = app
        .templates
        .render(Surface::Pc, TEMPLATE, &fragment, &chrome)
        .map_err(|error| AppError::Fault(format!("{TEMPLATE}: {error:?}")))?;
    res.render(Text::Html(html));
    Ok(())
}

#[derive(Serialize)]
struct Fragment {
    progress: Progress,
}
