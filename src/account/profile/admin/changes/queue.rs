//! `/admin/changes`: what waits for a decision, and what was decided.

use salvo::{Request, Writer as _, handler};
use serde::Serialize;

use crate::{
    member::{self, change, field::label},
    staff::{Permission, SignedInStaff},
    web::{App, AppError, Html, Page},
};

const PAGE: usize = 20;

/// `/admin/changes`
#[derive(Debug, Serialize)]
pub struct QueuePage {
    rows: Vec<QueueRow>,
    is_open: bool,
    older: Option<String>,
    newer: Option<String>,
}

#[derive(Debug, Serialize)]
struct QueueRow {
    href: String,
    no: String,
    name: String,
    fields: String,
    at: String,
    state: &'static str,
    chip: &'static str,
}

impl Page for QueuePage {
    const TEMPLATE: &'static str = "admin/change/queue.html";
    const MENU: &'static str = "changes";

    fn title(&self) -> String {
        "变更申请".into()
    }

    fn samples() -> Vec<Self> {
        let row = QueueRow {
            href: "/admin/changes/x".into(),
            no: "G20261124000001".into(),
            name: "示例网络科技有限公司".into(),
            fields: "单位名称".into(),
            at: "2026-11-24 12:00".into(),
            state: "待审核",
            chip: "wait",
        };
        let older = Some("/admin/changes?before=x".into());
        vec![
            Self { rows: Vec::new(), is_open: true, older: None, newer: None },
            Self { rows: vec![row], is_open: false, older: older.clone(), newer: older },
        ]
    }
}

/// `GET /admin/changes`; with `?state=decided` those that were decided.
#[handler]
pub async fn list(
    app: App,
    who: SignedInStaff,
    req: &mut Request,
) -> Result<Html<QueuePage>, AppError> {
    who.require(Permission::ReadMembers)?;
    let before = req.query::<String>("before").unwrap_or_default();
    let is_open = req.query::<String>("state").as_deref() != Some("decided");
    let most = i64::try_from(PAGE + 1).unwrap_or(i64::MAX);
    let mut found = change::queue(&app.db, &app.vault, (is_open, &before), most).await?;
    let path = if is_open { "/admin/changes?state=open" } else { "/admin/changes?state=decided" };
    let has_more = found.len() > PAGE;
    found.truncate(PAGE);
    let last = found.last().filter(|_| has_more);
    let older = last.map(|last| format!("{path}&before={}", last.id));
    let ids: Vec<_> = found.iter().map(|request| request.member.clone()).collect();
    let names = member::names(&app.db, &ids).await?;
    let row = |request: change::Request| QueueRow {
        href: format!("/admin/changes/{}", request.id),
        name: names.get(&request.member).cloned().unwrap_or_default(),
        fields: request.after.keys().map(|name| label(name)).collect::<Vec<_>>().join("、"),
        no: request.no,
        at: request.submitted_at.to_minute(),
        state: request.status.label(),
        chip: request.status.chip(),
    };
    Ok(Html::new(QueuePage {
        rows: found.into_iter().map(row).collect(),
        is_open,
        older,
        newer: (!before.is_empty()).then(|| path.into()),
    }))
}
