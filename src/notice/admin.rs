//! `/admin/notices`: what was told to whom, and what could not be.

use salvo::{Request, Writer, handler};
use serde::Serialize;

use super::{State, Topic, store, store::Row, words};
use crate::{
    db,
    kernel::{Timestamp, text},
    staff::{
        Permission, SignedInStaff,
        audit::{self, Entry},
    },
    web::{App, AppError, Client, Form, Html, Page, SeeOther},
};

const PAGE: usize = 20;
const HERE: &str = "/admin/notices";
const LONGEST_REASON: usize = 200;

/// `/admin/notices`
#[derive(Debug, Serialize)]
pub struct ListPage {
    tabs: Vec<Tab>,
    rows: Vec<Line>,
    older: Option<String>,
    newer: Option<String>,
    may_resend: bool,
    is_dead: bool,
}

#[derive(Debug, Serialize)]
struct Tab {
    text: String,
    url: String,
    is_here: bool,
}

#[derive(Debug, Serialize)]
struct Line {
    id: String,
    subject: String,
    text: String,
    unit: String,
    created: String,
    attempts: i64,
    state: &'static str,
    chip: &'static str,
    note: String,
    when: String,
    is_stuck: bool,
}

impl Page for ListPage {
    const TEMPLATE: &'static str = "admin/notice/list.html";
    const MENU: &'static str = "notices";

    fn title(&self) -> String {
        "通知记录".into()
    }

    fn samples() -> Vec<Self> {
        let line = |state: State| Line {
            id: format!("sample-{}", state.code()),
            subject: words::subject(Topic::PaymentReceived),
            text: words::text(Topic::PaymentReceived, &serde_json::json!({ "order_no": "P1" })),
            unit: "江苏示例网络科技有限公司".into(),
            created: "2026-11-24 12:00".into(),
            attempts: 2,
            state: state.label(),
            chip: state.chip(),
            note: "微信没有应答".into(),
            when: "2026-11-24 12:05 再次发送".into(),
            is_stuck: state == State::Dead,
        };
        let page = |rows: Vec<Line>, older: Option<&str>, may_resend| Self {
            tabs: tabs(State::Dead, 3),
            rows,
            older: older.map(Into::into),
            newer: older.map(Into::into),
            may_resend,
            is_dead: true,
        };
        vec![
            page(State::ALL.map(line).into(), Some("/admin/notices?before=x"), true),
            page(State::ALL.map(line).into(), None, false),
            page(Vec::new(), None, true),
        ]
    }
}

fn tabs(here: State, dead: i64) -> Vec<Tab> {
    let tab = |state: State| Tab {
        text: match state {
            State::Dead if dead > 0 => format!("{}（{dead}）", state.label()),
            _ => state.label().to_owned(),
        },
        url: format!("{HERE}?status={}", state.code()),
        is_here: state == here,
    };
    State::ALL.map(tab).into()
}

fn line(row: &Row) -> Line {
    let topic = Topic::from_code(&row.topic);
    let when = match (row.status, row.sent_ms) {
        (_, Some(sent)) => format!("{} 发送", sent.to_minute()),
        (State::Queued, None) if row.attempts > 0 => {
            format!("{} 再次发送", row.next_ms.to_minute())
        }
        _ => String::new(),
    };
    Line {
        id: row.id.clone(),
        subject: topic.map_or_else(|| row.topic.clone(), words::subject),
        text: topic.map(|topic| words::text(topic, &row.payload.0)).unwrap_or_default(),
        unit: row.unit.clone(),
        created: row.created_ms.to_minute(),
        attempts: row.attempts,
        state: row.status.label(),
        chip: row.status.chip(),
        note: row.note.clone(),
        when,
        is_stuck: matches!(row.status, State::Dead | State::Logged),
    }
}

/// `GET /admin/notices`
#[handler]
pub async fn list(
    app: App,
    who: SignedInStaff,
    req: &mut Request,
) -> Result<Html<ListPage>, AppError> {
    who.require(Permission::ReadMembers)?;
    let query = |name: &str| req.query::<String>(name).unwrap_or_default();
    let dead = store::dead(&app.db).await?;
    let first = if dead > 0 { State::Dead } else { State::Sent };
    let state = State::from_code(&query("status")).unwrap_or(first);
    let before = query("before");
    let most = i64::try_from(PAGE + 1).unwrap_or(i64::MAX);
    let mut rows = store::page(&app.db, state, &before, most).await?;
    let has_more = rows.len() > PAGE;
    rows.truncate(PAGE);
    let here = format!("{HERE}?status={}", state.code());
    let last = rows.last().filter(|_| has_more);
    Ok(Html::new(ListPage {
        tabs: tabs(state, dead),
        older: last.map(|last| format!("{here}&before={}", last.id)),
        newer: (!before.is_empty()).then_some(here),
        rows: rows.iter().map(line).collect(),
        may_resend: who.0.role.may(Permission::DecideMembers),
        is_dead: state == State::Dead,
    }))
}

/// `POST /admin/notices/{notice}/resend`
#[handler]
pub async fn resend(
    app: App,
    who: SignedInStaff,
    client: Client,
    form: Form,
    req: &mut Request,
) -> Result<SeeOther, AppError> {
    who.require(Permission::DecideMembers)?;
    let id = req.param::<String>("notice").unwrap_or_default();
    let Ok(reason) = text::required(form.value("reason"), LONGEST_REASON) else {
        return Ok(SeeOther::to(HERE).refusing("请填写重新发送的原因（200 字以内）"));
    };
    let entry = Entry {
        actor: who.actor(),
        action: "notice.resend",
        object_kind: "notice",
        object_id: id.clone(),
        reason,
        detail: (),
        ip: client.ip,
    };
    let input = (app.clone(), id, app.clock.now(), entry);
    let done = db::transaction(&app.db, input, |tx, input| Box::pin(again(tx, input))).await?;
    Ok(if done {
        SeeOther::to(format!("{HERE}?status=queued")).saying("已重新排队，稍后自动发送")
    } else {
        SeeOther::to(HERE).refusing("该通知已经发送或正在排队，没有重新发送")
    })
}

async fn again(
    tx: &db::Tx,
    (app, id, now, entry): &(App, String, Timestamp, Entry<()>),
) -> Result<bool, db::Error> {
    if !store::requeue(tx, id, *now).await? {
        return Ok(false);
    }
    audit::record(tx, &app.ids, *now, entry).await?;
    Ok(true)
}
