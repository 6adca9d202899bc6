//! `/admin/contributions`: everything that was paid or reported, for the secretariat.

use std::collections::HashMap;

use salvo::{Request, Writer as _, handler};
use serde::Serialize;

use super::{Channel, Contribution, State, Wanted, page, samples};
use crate::{
    kernel::{Fen, Timestamp, ids::MemberId},
    member,
    offline::{Needle, search::search},
    staff::{Permission, SignedInStaff},
    web::{App, AppError, Html, Page, address},
};

/// `/admin/contributions`
#[derive(Debug, Serialize)]
pub struct ContributionsPage {
    rows: Vec<Row>,
    q: String,
    year: String,
    channel: &'static str,
    channels: Vec<Choice>,
    state: &'static str,
    states: Vec<Choice>,
    note: String,
    older: String,
    newer: String,
}

#[derive(Debug, Serialize)]
struct Choice {
    value: &'static str,
    text: &'static str,
}

#[derive(Debug, Serialize)]
struct Row {
    href: String,
    no: String,
    member: String,
    year: i64,
    way: &'static str,
    amount: Fen,
    at: Timestamp,
    state: &'static str,
    chip: &'static str,
    note: String,
}

const CHANNELS: [(Channel, &str, &str); 3] = [
    (Channel::All, "", "全部"),
    (Channel::Online, "online", "线上"),
    (Channel::Offline, "offline", "线下"),
];

const STATES: [(State, &str, &str); 5] = [
    (State::All, "", "全部"),
    (State::Waiting, "waiting", "待确认"),
    (State::Booked, "booked", "已入账"),
    (State::Rejected, "rejected", "已驳回"),
    (State::TakenBack, "taken-back", "已冲正或退回"),
];

fn choices<T: Copy>(all: &[(T, &'static str, &'static str)]) -> Vec<Choice> {
    all.iter().map(|(_, value, text)| Choice { value, text }).collect()
}

fn row(it: Contribution, names: &HashMap<MemberId, String>) -> Row {
    Row {
        href: match &it.offline {
            Some(id) => format!("/admin/offline/{id}"),
            None => address("/admin/payments", &[("number", &it.no)]),
        },
        member: names.get(&it.member_id).cloned().unwrap_or_default(),
        no: it.no,
        year: it.year,
        way: it.way,
        amount: it.amount,
        at: it.at,
        state: it.state,
        chip: it.chip,
        note: it.note,
    }
}

/// What the address asks for.
struct Asked {
    q: String,
    year: String,
    channel: (Channel, &'static str),
    state: (State, &'static str),
    before: String,
}

impl Asked {
    fn read(req: &mut Request) -> Self {
        let text = |name| req.query::<String>(name).unwrap_or_default().trim().to_owned();
        let (q, year, before) = (text("q"), text("year"), text("before"));
        let (channel, state) = (text("channel"), text("state"));
        let channel = CHANNELS.into_iter().find(|(_, code, _)| *code == channel);
        let state = STATES.into_iter().find(|(_, code, _)| *code == state);
        Self {
            q: q.chars().take(100).collect(),
            year,
            channel: channel.map_or((Channel::All, ""), |(it, code, _)| (it, code)),
            state: state.map_or((State::All, ""), |(it, code, _)| (it, code)),
            before,
        }
    }

    fn page(&self, before: &str) -> String {
        let pairs = [
            ("q", self.q.as_str()),
            ("year", &self.year),
            ("channel", self.channel.1),
            ("state", self.state.1),
            ("before", before),
        ];
        address("/admin/contributions", &pairs)
    }

    fn wanted(&self, needle: Needle) -> Wanted {
        Wanted {
            channel: self.channel.0,
            state: self.state.0,
            year: self.year.parse().ok(),
            needle,
            before: Some(self.before.clone()).filter(|before| !before.is_empty()),
        }
    }

    fn answer(self, rows: Vec<Row>, note: String, next: Option<String>) -> ContributionsPage {
        ContributionsPage {
            rows,
            older: next.map(|id| self.page(&id)).unwrap_or_default(),
            newer: if self.before.is_empty() { String::new() } else { self.page("") },
            q: self.q,
            year: self.year,
            channel: self.channel.1,
            channels: choices(&CHANNELS),
            state: self.state.1,
            states: choices(&STATES),
            note,
        }
    }
}

impl Page for ContributionsPage {
    const TEMPLATE: &'static str = "admin/report/contributions.html";
    const MENU: &'static str = "contributions";

    fn title(&self) -> String {
        "缴费管理".into()
    }

    fn samples() -> Vec<Self> {
        let asked = |before: &str| Asked {
            q: "示例".into(),
            year: "2026".into(),
            channel: (Channel::All, ""),
            state: (State::Booked, "booked"),
            before: before.into(),
        };
        let rows = samples().into_iter().map(|it| row(it, &HashMap::new())).collect();
        vec![
            asked("").answer(rows, String::new(), Some("sample".into())),
            asked("sample").answer(Vec::new(), "符合的单位较多".into(), None),
        ]
    }
}

/// `GET /admin/contributions?q=&year=&channel=&state=&before=`
#[handler]
pub async fn contributions(
    app: App,
    staff: SignedInStaff,
    req: &mut Request,
) -> Result<Html<ContributionsPage>, AppError> {
    staff.require(Permission::ReadMoney)?;
    let asked = Asked::read(req);
    let found = search(&app, &asked.q).await?;
    let mut note = found.note.to_owned();
    if matches!(found.needle, Needle::Amount(_)) {
        note = "按金额只查找线下缴费；线上缴费请按单位或单号查找".into();
    }
    let (all, next) = page(&app, &asked.wanted(found.needle)).await?;
    let ids: Vec<MemberId> = all.iter().map(|it| it.member_id.clone()).collect();
    let names = member::names(&app.db, &ids).await?;
    let rows = all.into_iter().map(|it| row(it, &names)).collect();
    Ok(Html::new(asked.answer(rows, note, next)))
}
