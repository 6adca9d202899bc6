//! The page of one day: the sums of both sides, what does not agree, and every shape of it.

use serde::Serialize;

use super::super::standing;
use crate::{
    kernel::{Fen, Timestamp},
    reconcile::bill::{Compared, Day, KeptDifference},
    web::Page,
};

const HERE: &str = "/admin/reconciliation";

/// `/admin/reconciliation/{day}`
#[derive(Clone, Debug, Serialize)]
pub struct DayPage {
    day: String,
    pub(super) path: String,
    state: &'static str,
    chip: &'static str,
    problem: String,
    /// Nothing before the first comparison that came to its end.
    sides: Vec<Side>,
    facts: Option<Facts>,
    pub(super) differences: Vec<Line>,
    /// WeChat has, or will have, the bill: it may be compared again.
    can_compare: bool,
    /// The bill is not made yet.
    is_early: bool,
    pub(super) older: Option<String>,
    pub(super) newer: Option<String>,
}

/// A row of sums: the bill, the books, and what lies between.
#[derive(Clone, Debug, Serialize)]
struct Side {
    label: &'static str,
    theirs: i64,
    theirs_fen: Fen,
    ours: i64,
    ours_fen: Fen,
    between: Fen,
}

#[derive(Clone, Debug, Serialize)]
struct Facts {
    at: Timestamp,
    by: String,
    booked: i64,
    waiting: i64,
    sha1: String,
}

#[derive(Clone, Debug, Serialize)]
pub(super) struct Line {
    kind: &'static str,
    number: String,
    theirs: Option<Fen>,
    ours: Option<Fen>,
    words: String,
    /// Where it is dealt with, and how that stands now.
    href: String,
    state: &'static str,
    chip: &'static str,
}

fn sides(result: &Compared) -> Vec<Side> {
    let side = |label, (theirs, theirs_fen): (i64, Fen), (ours, ours_fen): (i64, Fen)| Side {
        label,
        theirs,
        theirs_fen,
        ours,
        ours_fen,
        between: theirs_fen.checked_sub(ours_fen).unwrap_or_default(),
    };
    let r = result;
    let net = |paid: Fen, gone: Fen| paid.checked_sub(gone).unwrap_or_default();
    let (theirs, ours) =
        (net(r.payments_fen, r.refunds_fen), net(r.our_payments_fen, r.our_refunds_fen));
    vec![
        side("收款", (r.payments, r.payments_fen), (r.our_payments, r.our_payments_fen)),
        side("退款", (r.refunds, r.refunds_fen), (r.our_refunds, r.our_refunds_fen)),
        side("净额", (r.payments + r.refunds, theirs), (r.our_payments + r.our_refunds, ours)),
    ]
}

impl DayPage {
    pub(super) fn new(date: &str, day: Option<&Day>, by: String, ready: Option<bool>) -> Self {
        let (state, chip) = standing(day, ready.unwrap_or(true));
        let done = day.filter(|day| day.status == "done" || !day.result.sha1.is_empty());
        Self {
            day: date.to_owned(),
            path: format!("{HERE}/{date}"),
            state,
            chip,
            problem: day.map(|day| day.problem.clone()).unwrap_or_default(),
            sides: done.map(|day| sides(&day.result)).unwrap_or_default(),
            facts: day.map(|day| Facts {
                at: day.compared_ms,
                by,
                booked: day.result.booked,
                waiting: day.result.waiting,
                sha1: day.result.sha1.clone(),
            }),
            differences: Vec::new(),
            can_compare: ready == Some(true),
            is_early: ready == Some(false),
            older: None,
            newer: None,
        }
    }
}

pub(super) fn line(kept: KeptDifference, to: (String, &'static str, &'static str)) -> Line {
    Line {
        kind: if kept.kind == "payment" { "收款" } else { "退款" },
        number: kept.number,
        theirs: kept.theirs,
        ours: kept.ours,
        words: kept.words,
        href: to.0,
        state: to.1,
        chip: to.2,
    }
}

/// Days in every state.
pub(in crate::reconcile::admin) fn samples() -> Vec<Day> {
    let result = |differing, waiting| Compared {
        sha1: "a9993e364706816aba3e25717850c26c9cd0d89d".into(),
        payments: 3,
        payments_fen: Fen::yuan(6000),
        refunds: 1,
        refunds_fen: Fen::yuan(500),
        our_payments: 3,
        our_payments_fen: Fen::yuan(6000),
        our_refunds: 1,
        our_refunds_fen: Fen::yuan(500),
        booked: 0,
        waiting,
        differing,
    };
    let day = |status: &str, result| Day {
        day: "2026-11-22".into(),
        status: status.into(),
        problem: if status == "done" { String::new() } else { "WeChat: unreachable".into() },
        compared_by: String::new(),
        compared_ms: Timestamp::from_millis(1_772_326_800_000),
        result,
    };
    vec![
        day("done", result(0, 0)),
        day("done", result(2, 0)),
        day("done", result(0, 1)),
        day("failed", Compared::default()),
    ]
}

impl Page for DayPage {
    const TEMPLATE: &'static str = "admin/reconcile/day.html";
    const MENU: &'static str = "reconciliation";

    fn title(&self) -> String {
        format!("{} 微信对账", self.day)
    }

    fn samples() -> Vec<Self> {
        let kept = |theirs, ours, object_kind: &str| KeptDifference {
            id: "2026-11-22-000000".into(),
            day: "2026-11-22".into(),
            kind: if object_kind == "parked" { "payment" } else { "refund" }.into(),
            number: "P20261122100001".into(),
            theirs,
            ours,
            object_kind: object_kind.into(),
            object_id: "0193".into(),
            words: "微信账单与本系统的退款记录不一致".into(),
        };
        let (some, none) = (Some(Fen::yuan(2000)), None);
        let mut all: Vec<Self> = samples()
            .iter()
            .map(|day| {
                let mut page = Self::new(&day.day, Some(day), "系统定时".into(), Some(true));
                if day.result.differing > 0 {
                    let to = |href: &str| (href.to_owned(), "待处理", "wait");
                    page.differences = vec![
                        line(kept(some, none, "parked"), to("/admin/refunds/sample")),
                        line(kept(none, some, ""), to("")),
                    ];
                    page.older = Some(format!("{}?after=1", page.path));
                    page.newer = Some(page.path.clone());
                }
                page
            })
            .collect();
        all.push(Self::new("2026-11-23", None, String::new(), Some(true)));
        all.push(Self::new("2026-11-24", None, String::new(), Some(false)));
        all.push(Self::new("2026-01-01", None, String::new(), None));
        all
    }
}
