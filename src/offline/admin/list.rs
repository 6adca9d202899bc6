//! The queue: what waits, oldest first; what was decided, newest first.

use std::collections::HashMap;

use salvo::{Request, Writer as _, handler};
use serde::Serialize;

use crate::{
    dues::{self, Bill},
    kernel::{
        Fen, Timestamp,
        ids::{MemberId, OfflineId},
    },
    member,
    offline::{
        model::{OfflinePayment, OfflineStatus},
        store,
    },
    staff::{Permission, SignedInStaff},
    web::{App, AppError, Html, Page},
};

const PAGE_SIZE: usize = 20;

/// `/admin/offline`
#[derive(Debug, Serialize)]
pub struct QueuePage {
    tabs: Vec<Tab>,
    rows: Vec<Row>,
    state: &'static str,
    older: String,
}

#[derive(Debug, Serialize)]
struct Tab {
    text: String,
    href: String,
    is_current: bool,
}

#[derive(Debug, Serialize)]
struct Row {
    href: String,
    no: String,
    member: String,
    year: String,
    amount: Fen,
    paid_on: String,
    method: String,
    submitted_ms: Timestamp,
    age: String,
    chip: &'static str,
}

impl QueuePage {
    fn new(
        status: OfflineStatus,
        waiting: i64,
        mut rows: Vec<Row>,
        last: Option<&OfflineId>,
    ) -> Self {
        let has_more = rows.len() > PAGE_SIZE;
        rows.truncate(PAGE_SIZE);
        let code = status.code();
        let older = last.filter(|_| has_more);
        Self {
            tabs: OfflineStatus::LISTED.into_iter().map(|of| tab(of, status, waiting)).collect(),
            rows,
            state: status.label(),
            older: older
                .map(|id| format!("/admin/offline?state={code}&beyond={id}"))
                .unwrap_or_default(),
        }
    }
}

fn tab(of: OfflineStatus, current: OfflineStatus, waiting: i64) -> Tab {
    let text = match of {
        OfflineStatus::Submitted => format!("{}（{waiting}）", of.label()),
        _ => of.label().to_owned(),
    };
    let href = format!("/admin/offline?state={}", of.code());
    Tab { text, href, is_current: of == current }
}

fn row(
    payment: &OfflinePayment,
    names: &HashMap<MemberId, String>,
    bills: &[Bill],
    now: Timestamp,
) -> Row {
    let bill = bills.iter().find(|bill| bill.id == payment.bill_id);
    let days = now.since(payment.submitted_at).as_secs() / 86_400;
    let waits = payment.status == OfflineStatus::Submitted;
    Row {
        href: format!("/admin/offline/{}", payment.id),
        no: payment.no.clone(),
        member: names.get(&payment.member_id).cloned().unwrap_or_default(),
        year: bill.map(|bill| bill.year.to_string()).unwrap_or_default(),
        amount: payment.amount,
        paid_on: payment.paid_on.to_string(),
        method: payment.method_label().to_owned(),
        submitted_ms: payment.submitted_at,
        age: match days {
            _ if !waits => String::new(),
            0 => "今天提交".into(),
            days => format!("已等待 {days} 天"),
        },
        chip: payment.status.chip(),
    }
}

impl Page for QueuePage {
    const TEMPLATE: &'static str = "admin/offline/queue.html";
    const MENU: &'static str = "offline";

    fn title(&self) -> String {
        "线下缴费确认".into()
    }

    fn samples() -> Vec<Self> {
        let now = Timestamp::from_millis(1_764_100_000_000);
        let payments = crate::offline::pc::sample_payments();
        let rows = |status| {
            let of = payments.iter().filter(|payment| payment.status == status);
            of.map(|p| row(p, &HashMap::new(), &[], now)).collect::<Vec<_>>()
        };
        let mut all: Vec<Self> = OfflineStatus::LISTED
            .into_iter()
            .map(|status| Self::new(status, 1, rows(status), None))
            .collect();
        all.push(Self::new(OfflineStatus::Submitted, 0, Vec::new(), None));
        let many = std::iter::repeat_with(|| rows(OfflineStatus::Submitted)).take(PAGE_SIZE + 1);
        let last = payments.first().map(|payment| &payment.id);
        all.push(Self::new(OfflineStatus::Submitted, 21, many.flatten().collect(), last));
        all
    }
}

/// `GET /admin/offline`; `?state=` filters, `?beyond=` continues.
#[handler]
pub async fn queue(
    app: App,
    staff: SignedInStaff,
    req: &mut Request,
) -> Result<Html<QueuePage>, AppError> {
    staff.require(Permission::ReadMoney)?;
    let wanted = req.query::<String>("state").unwrap_or_default();
    let status = OfflineStatus::LISTED.into_iter().find(|status| status.code() == wanted);
    let status = status.unwrap_or(OfflineStatus::Submitted);
    let beyond = req.query::<String>("beyond").and_then(|id| id.parse::<OfflineId>().ok());
    let most = i64::try_from(PAGE_SIZE + 1).unwrap_or(i64::MAX);
    let payments = store::page(&app.db, &app.vault, status, beyond.as_ref(), most).await?;
    let members: Vec<MemberId> = payments.iter().map(|it| it.member_id.clone()).collect();
    let names = member::names(&app.db, &members).await?;
    let ids: Vec<_> = payments.iter().map(|it| it.bill_id.clone()).collect();
    let bills = dues::bills(&app.db, &ids).await?;
    let now = app.clock.now();
    let rows = payments.iter().map(|it| row(it, &names, &bills, now)).collect();
    let last = payments.get(PAGE_SIZE - 1).map(|it| &it.id);
    let (waiting, _) = store::waiting(&app.db).await?;
    Ok(Html::new(QueuePage::new(status, waiting, rows, last)))
}
