//! 欠费名单 as a table for spreadsheets: every unpaid bill of a year, written page by page while it is
//! read, so that memory does not grow with the list.

use salvo::{
    Request, Response, Writer as _, handler,
    http::{HeaderValue, body::BodySender, header},
};

use crate::{
    dues::{Bill, store::arrears},
    kernel::ids::{LevelId, MemberId},
    member::{self, Level, level},
    staff::{
        Permission, SignedInStaff,
        audit::{self, Entry},
    },
    web::{App, AppError, Client, csv},
};

/// Bills at a time.
const BATCH: usize = 500;

const HEADER: [&str; 11] = [
    "会员单位",
    "账单号",
    "缴费年度",
    "会员等级",
    "项目",
    "应缴（元）",
    "已缴（元）",
    "已退（元）",
    "未缴（元）",
    "截止日期",
    "状态",
];

/// `GET /admin/dues/arrears.csv?year=&level=`
#[handler]
pub async fn download(
    app: App,
    client: Client,
    staff: SignedInStaff,
    req: &mut Request,
    res: &mut Response,
) -> Result<(), AppError> {
    staff.require(Permission::ReadMoney)?;
    let now = app.clock.now();
    let year = req.query::<i64>("year").unwrap_or_else(|| i64::from(now.year()));
    let levels = level::all(&app.db).await?;
    let wanted = req.query::<String>("level").unwrap_or_default();
    let level = levels.iter().find(|level| level.id.as_str() == wanted);
    let level = level.map(|level| level.id.clone());
    let entry = Entry {
        actor: staff.actor(),
        action: "dues.arrears-export",
        object_kind: "dues-year",
        object_id: year.to_string(),
        reason: String::new(),
        detail: serde_json::json!({ "year": year, "level": level }),
        ip: client.ip,
    };
    audit::record(&app.db, &app.ids, now, &entry).await?;
    let headers = res.headers_mut();
    let kind = HeaderValue::from_static("text/csv; charset=utf-8");
    headers.insert(header::CONTENT_TYPE, kind);
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    let name = format!("attachment; filename=\"arrears-{year}.csv\"");
    if let Ok(name) = HeaderValue::from_str(&name) {
        headers.insert(header::CONTENT_DISPOSITION, name);
    }
    let mut sender = res.channel();
    tokio::spawn(async move {
        if let Err(error) = write(&app, (year, level), &levels, &mut sender).await {
            tracing::warn!(%error, "a list of arrears broke off");
            // The browser must not take a part for the whole.
            sender.send_error(std::io::Error::other("broken off"));
        }
    });
    Ok(())
}

async fn write(
    app: &App,
    (year, level): (i64, Option<LevelId>),
    levels: &[Level],
    sender: &mut BodySender,
) -> Result<(), AppError> {
    let gone = |error: std::io::Error| AppError::Unavailable(error.to_string());
    let header = csv::line(&HEADER.map(csv::cell));
    sender.send_data(format!("{}{header}", csv::MARK)).await.map_err(gone)?;
    let mut before = String::new();
    loop {
        let bills = arrears(&app.db, (year, level.as_ref()), &before, BATCH).await?;
        let Some(last) = bills.last() else { return Ok(()) };
        before = last.id.to_string();
        let ids: Vec<MemberId> = bills.iter().map(|bill| bill.member_id.clone()).collect();
        let names = member::names(&app.db, &ids).await?;
        let mut text = String::new();
        for bill in &bills {
            let name = names.get(&bill.member_id).map_or("", String::as_str);
            text.push_str(&line(bill, name, levels));
        }
        sender.send_data(text).await.map_err(gone)?;
    }
}

fn line(bill: &Bill, name: &str, levels: &[Level]) -> String {
    let level = levels.iter().find(|level| level.id == bill.level_id);
    csv::line(&[
        csv::cell(name),
        csv::cell(&bill.no),
        bill.year.to_string(),
        csv::cell(level.map_or("", |level| level.name.as_str())),
        csv::cell(bill.item_label()),
        bill.due.plain(),
        bill.paid.plain(),
        bill.refunded.plain(),
        bill.remaining().plain(),
        bill.due_on.clone(),
        csv::cell(bill.status.label()),
    ])
}
