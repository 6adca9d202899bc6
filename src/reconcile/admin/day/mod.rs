//! `/admin/reconciliation/{day}`: one day of WeChat's bill beside the books, what does not agree and
//! where that is dealt with; and comparing it again.

mod page;

use salvo::{Request, Writer as _, handler};

pub use page::DayPage;
pub(super) use page::samples;

use crate::{
    kernel::{Date, Timestamp},
    payment,
    reconcile::bill::{self, KeptDifference},
    refund,
    staff::{
        self, Permission, SignedInStaff,
        audit::{self, Entry},
    },
    web::{App, AppError, Client, Form, Html, SeeOther},
};
use page::{Line, line};

const HERE: &str = "/admin/reconciliation";
/// Differences of one page.
const PAGE: usize = 20;
const PAGE_PLUS_ONE: i64 = 21;

/// The differences with the present state of what they are about.
async fn lines(app: &App, found: Vec<KeptDifference>) -> Result<Vec<Line>, AppError> {
    let ids = |kind: &str| -> Vec<String> {
        let of = found.iter().filter(|it| it.object_kind == kind);
        of.map(|it| it.object_id.clone()).collect()
    };
    let items = payment::parked_with_ids(&app.db, &ids("parked")).await?;
    let refunds = refund::with_ids(&app.db, &ids("refund")).await?;
    let to = |it: &KeptDifference| {
        let id = it.object_id.as_str();
        if let Some(item) = items.iter().find(|item| item.id.as_str() == id) {
            let href = format!("/admin/payments/unexplained/{id}");
            return (href, item.status.label(), item.status.chip());
        }
        if let Some(refund) = refunds.iter().find(|refund| refund.id.as_str() == id) {
            return (format!("/admin/refunds/{id}"), refund.status.label(), refund.status.chip());
        }
        (String::new(), "请在商户平台核对", "wait")
    };
    let lined = |it: KeptDifference| {
        let to = to(&it);
        line(it, to)
    };
    Ok(found.into_iter().map(lined).collect())
}

fn date(req: &Request, now: Timestamp) -> Result<Date, AppError> {
    let date = req.param::<String>("day").and_then(|day| day.parse().ok());
    date.filter(|date: &Date| *date < now.date()).ok_or(AppError::NotFound)
}

/// `GET /admin/reconciliation/{day}?after=`
#[handler]
pub async fn one(
    app: App,
    staff: SignedInStaff,
    req: &mut Request,
) -> Result<Html<DayPage>, AppError> {
    staff.require(Permission::ReadMoney)?;
    let now = app.clock.now();
    let date = date(req, now)?;
    let after = req.query::<String>("after").unwrap_or_default();
    let day = bill::day(&app.db, date).await?;
    let by = match day.as_ref().map(|day| day.compared_by.as_str()) {
        None | Some("") => "系统定时".into(),
        Some(id) => staff::store::by_id(&app.db, id).await?.map_or_else(String::new, |s| s.name),
    };
    let mut kept = bill::differences(&app.db, date, &after, PAGE_PLUS_ONE).await?;
    let has_more = kept.len() > PAGE;
    kept.truncate(PAGE);
    let ready = bill::is_ready(date, now)?;
    let mut page = DayPage::new(&date.to_string(), day.as_ref(), by, ready);
    let last = kept.last().filter(|_| has_more);
    page.older = last.map(|last| format!("{}?after={}", page.path, last.id));
    page.newer = (!after.is_empty()).then(|| page.path.clone());
    page.differences = lines(&app, kept).await?;
    Ok(Html::new(page))
}

/// `POST /admin/reconciliation/{day}`: compares it once more, beside the request, so that a browser
/// that goes away stops nothing half-way.
#[handler]
pub async fn again(
    app: App,
    client: Client,
    staff: SignedInStaff,
    _form: Form,
    req: &mut Request,
) -> Result<SeeOther, AppError> {
    staff.require(Permission::ReadMoney)?;
    let date = date(req, app.clock.now())?;
    let back = SeeOther::to(format!("{HERE}/{date}"));
    if bill::is_ready(date, app.clock.now())? != Some(true) {
        return Ok(back.saying("这一天的账单现在不能下载"));
    }
    let entry = Entry {
        actor: staff.actor(),
        action: "reconcile.compare",
        object_kind: "wechat-bill",
        object_id: date.to_string(),
        reason: String::new(),
        detail: (),
        ip: client.ip,
    };
    audit::record(&app.db, &app.ids, app.clock.now(), &entry).await?;
    let by = staff.0.id.to_string();
    let work = tokio::spawn(async move { bill::compare(&app, date, &by).await });
    let done = work.await.map_err(|error| AppError::Fault(error.to_string()))?;
    Ok(back.saying(match done {
        Ok(Some(result)) if result.differing > 0 => "对账完成，有差异需要处理",
        Ok(Some(_)) => "对账完成",
        Ok(None) => "微信还没有出账单，或者另一台服务器正在对账，请稍后再试",
        Err(error) => {
            tracing::warn!(day = %date, %error, "a bill was not compared");
            "对账没有完成，系统稍后会自动重试"
        }
    }))
}
