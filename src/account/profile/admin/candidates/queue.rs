//! `/admin/candidates`: what waits for a decision, and what was decided.

use salvo::{Request, Writer as _, handler};
use serde::Serialize;

use crate::{
    member::{
        self,
        candidate::{self, Proposal},
    },
    staff::{Permission, SignedInStaff},
    web::{App, AppError, Html, Page},
};

const PAGE: usize = 20;

/// `/admin/candidates`
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
    name: String,
    people: usize,
    at: String,
    state: &'static str,
    chip: &'static str,
}

impl Page for QueuePage {
    const TEMPLATE: &'static str = "admin/candidate/queue.html";
    const MENU: &'static str = "candidates";

    fn title(&self) -> String {
        "人选审批".into()
    }

    fn samples() -> Vec<Self> {
        let row = QueueRow {
            href: "/admin/candidates/x".into(),
            name: "示例网络科技有限公司".into(),
            people: 2,
            at: "2026-11-24 12:00".into(),
            state: "待审核",
            chip: "wait",
        };
        let older = Some("/admin/candidates?before=x".into());
        vec![
            Self { rows: Vec::new(), is_open: true, older: None, newer: None },
            Self { rows: vec![row], is_open: false, older: older.clone(), newer: older },
        ]
    }
}

/// `GET /admin/candidates`; with `?state=decided` those that were decided.
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
    let mut found = candidate::queue(&app.db, &app.vault, (is_open, &before), most).await?;
    let state = if is_open { "open" } else { "decided" };
    let path = format!("/admin/candidates?state={state}");
    let has_more = found.len() > PAGE;
    found.truncate(PAGE);
    let last = found.last().filter(|_| has_more);
    let older = last.map(|last| format!("{path}&before={}", last.id));
    let ids: Vec<_> = found.iter().map(|proposal| proposal.member.clone()).collect();
    let names = member::names(&app.db, &ids).await?;
    let row = |proposal: Proposal| QueueRow {
        href: format!("/admin/candidates/{}", proposal.id),
        name: names.get(&proposal.member).cloned().unwrap_or_default(),
        people: proposal.people.len(),
        at: proposal.submitted_at.to_minute(),
        state: proposal.status.label(),
        chip: proposal.status.chip(),
    };
    Ok(Html::new(QueuePage {
        rows: found.into_iter().map(row).collect(),
        is_open,
        older,
        newer: (!before.is_empty()).then_some(path),
    }))
}
