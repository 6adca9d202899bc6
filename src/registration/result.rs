//! 审核结果: how an application stands, and what its applicant may do about it.

use salvo::Request;
use serde::Serialize;

use super::{
    Registration, applicant,
    model::{Act, Status},
    retract, sample, scan, store,
    view::{Sight, View},
};
use crate::{
    file::StoredFile,
    kernel::ids::RegistrationId,
    web::{App, AppError, Surface},
};

/// What the result pages of both surfaces show.
#[derive(Debug, Serialize)]
pub struct Content {
    view: View,
    /// Below which the actions of this surface lie; empty for a stranger.
    actions: String,
    print: String,
    again: String,
    may: May,
    is_urged: bool,
    /// Whether WeChat tells of the outcome: `offered`, `on`, or empty.
    follow: &'static str,
    scans: Vec<Scan>,
    scan_problem: String,
    hotline: String,
    review_days: u32,
}

/// What this browser may do with it; uploading goes with taking it back.
#[derive(Clone, Copy, Debug, Default, Serialize)]
struct May {
    amend: bool,
    withdraw: bool,
    urge: bool,
}

/// A page of the stamped form.
#[derive(Debug, Serialize)]
pub struct Scan {
    id: String,
    name: String,
    note: String,
    href: String,
}

impl Scan {
    /// A made-up one.
    pub(super) fn sample(below: &str) -> Self {
        Self {
            id: "sample-file".into(),
            name: "申请表.jpg".into(),
            note: "120 KB".into(),
            href: format!("{below}/scans/sample-file"),
        }
    }

    /// The files of an application, looked at below an address.
    pub(super) fn list(files: &[StoredFile], below: &str) -> Vec<Self> {
        let scan = |file: &StoredFile| Self {
            id: file.id.to_string(),
            name: file.name.clone(),
            note: file.size_text(),
            href: format!("{below}/scans/{}", file.id),
        };
        files.iter().map(scan).collect()
    }
}

impl Content {
    /// The page of the application in the address.
    pub(super) async fn of(app: &App, req: &Request) -> Result<Self, AppError> {
        let found = addressed(app, req).await?;
        let is_own = applicant::is_here(app, req, &found.id);
        let files = if is_own { scan::files(app, &found).await? } else { Vec::new() };
        let agent = req.headers().get("user-agent").and_then(|agent| agent.to_str().ok());
        let is_wechat = agent.is_some_and(|agent| agent.contains("MicroMessenger"));
        let mut content = Self::new(&found, is_own, here(req), &files);
        content.may.urge = is_own && retract::may_urge(app, &found);
        if content.may.withdraw && is_wechat && found.open_id.is_none() {
            content.follow = "offered";
        }
        content.hotline.clone_from(&app.settings.site.hotline);
        content.review_days = app.settings.site.review_days;
        content.view = View::of(&found, sight(is_own), app.settings.site.review_days);
        Ok(content)
    }

    /// The same page with what was wrong with an upload.
    pub(super) fn with_problem(self, scan_problem: String) -> Self {
        Self { scan_problem, ..self }
    }

    fn new(of: &Registration, is_own: bool, below: &str, files: &[StoredFile]) -> Self {
        let actions = if is_own { format!("{below}/{}", of.id) } else { String::new() };
        let over = matches!(of.status, Status::Rejected | Status::Withdrawn);
        Self {
            view: View::of(of, sight(is_own), 3),
            print: if is_own { format!("/register/{}/print", of.id) } else { String::new() },
            again: if is_own && over { format!("{below}?again={}", of.id) } else { below.into() },
            may: May {
                amend: is_own && of.status.allows(Act::Amend),
                withdraw: is_own && of.status.allows(Act::Withdraw),
                urge: false,
            },
            is_urged: is_own && of.status.waits() && of.urged_at.is_some(),
            follow: if is_own && of.open_id.is_some() { "on" } else { "" },
            scans: Scan::list(files, &actions),
            actions,
            scan_problem: String::new(),
            hotline: String::new(),
            review_days: 3,
        }
    }

    /// Every shape of the page.
    pub(super) fn samples(below: &'static str) -> Vec<Self> {
        let all = Status::ALL.into_iter().filter_map(sample::registration);
        let mut shapes = Vec::new();
        for one in all {
            shapes.push(Self::new(&one, false, below, &[]));
            let mut own = Self::new(&one, true, below, &[]);
            own.may.urge = one.status == Status::Pending;
            own.follow = if own.may.urge { "offered" } else { "on" };
            own.scans = vec![Scan::sample(&own.actions)];
            own.hotline = "025-00000000".into();
            own.scan_problem = "文件是空的".into();
            shapes.push(own);
        }
        shapes
    }
}

const fn sight(is_own: bool) -> Sight {
    if is_own { Sight::Own } else { Sight::Masked }
}

/// Where this surface shows applications.
pub(super) fn here(req: &Request) -> &'static str {
    match Surface::of_path(req.uri().path()) {
        Surface::H5 => "/h5/register",
        Surface::Pc => "/register",
    }
}

/// The application of the address.
pub(super) async fn addressed(app: &App, req: &Request) -> Result<Registration, AppError> {
    let id = req.param::<String>("application").unwrap_or_default();
    let id: RegistrationId = id.parse().map_err(|_| AppError::NotFound)?;
    store::find(&app.db, &app.vault, &id).await?.ok_or(AppError::NotFound)
}

/// The application of the address, for the browser that submitted it alone. For anybody else there
/// is no such page.
pub(super) async fn own(app: &App, req: &Request) -> Result<Registration, AppError> {
    let found = addressed(app, req).await?;
    if applicant::is_here(app, req, &found.id) { Ok(found) } else { Err(AppError::NotFound) }
}
