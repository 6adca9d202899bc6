//! The address of the queue: which view of it, and what it is narrowed to.

use salvo::Request;

use super::list::Tab;
use crate::{
    offline::{
        model::OfflineStatus,
        store::{Filter, Needle, WaitsFor},
    },
    web::address,
};

/// One tab of the queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum View {
    Submitted,
    Approval,
    Surplus,
    Confirmed,
    Rejected,
    Reversed,
    All,
}

impl View {
    pub(super) const ALL: [Self; 7] = [
        Self::Submitted,
        Self::Approval,
        Self::Surplus,
        Self::Confirmed,
        Self::Rejected,
        Self::Reversed,
        Self::All,
    ];

    pub(super) const fn code(self) -> &'static str {
        match self {
            Self::Submitted => "submitted",
            Self::Approval => "approval",
            Self::Surplus => "surplus",
            Self::Confirmed => "confirmed",
            Self::Rejected => "rejected",
            Self::Reversed => "reversed",
            Self::All => "all",
        }
    }

    pub(super) const fn label(self) -> &'static str {
        match self {
            Self::Submitted => "待确认",
            Self::Approval => "更正待复核",
            Self::Surplus => "多缴待处理",
            Self::Confirmed => "已确认",
            Self::Rejected => "已驳回",
            Self::Reversed => "已冲正",
            Self::All => "全部",
        }
    }

    const fn status(self) -> Option<OfflineStatus> {
        match self {
            Self::Submitted => Some(OfflineStatus::Submitted),
            Self::Confirmed => Some(OfflineStatus::Confirmed),
            Self::Rejected => Some(OfflineStatus::Rejected),
            Self::Reversed => Some(OfflineStatus::Reversed),
            Self::Approval | Self::Surplus | Self::All => None,
        }
    }

    const fn waits_for(self) -> Option<WaitsFor> {
        match self {
            Self::Approval => Some(WaitsFor::Approval),
            Self::Surplus => Some(WaitsFor::Surplus),
            _ => None,
        }
    }
}

/// What the address asks for.
#[derive(Clone, Debug)]
pub(super) struct Query {
    pub view: View,
    pub typed: String,
    pub year: Option<i64>,
    pub beyond: Option<String>,
}

impl Query {
    pub(super) const fn of(view: View) -> Self {
        Self { view, typed: String::new(), year: None, beyond: None }
    }

    pub(super) fn read(req: &mut Request) -> Self {
        let text = |name| req.query::<String>(name).unwrap_or_default().trim().to_owned();
        let (state, typed, year, beyond) = (text("state"), text("q"), text("year"), text("beyond"));
        // A search without a chosen state looks everywhere.
        let default = if typed.is_empty() { View::Submitted } else { View::All };
        Self {
            view: View::ALL.into_iter().find(|view| view.code() == state).unwrap_or(default),
            typed: typed.chars().take(100).collect(),
            year: year.parse().ok(),
            beyond: Some(beyond).filter(|beyond| !beyond.is_empty()),
        }
    }

    pub(super) fn filter(&self, needle: Needle) -> Filter {
        Filter {
            status: self.view.status(),
            waits_for: self.view.waits_for(),
            year: self.year,
            needle,
            oldest_first: matches!(self.view, View::Submitted | View::Approval | View::Surplus),
            beyond: self.beyond.clone(),
        }
    }

    pub(super) fn is_narrowed(&self) -> bool {
        !self.typed.is_empty() || self.year.is_some()
    }

    /// The first page of this view.
    pub(super) fn first(&self) -> String {
        self.page("")
    }

    /// The page after a row.
    pub(super) fn beyond(&self, id: &str) -> String {
        self.page(id)
    }

    fn page(&self, beyond: &str) -> String {
        let year = self.year.map(|year| year.to_string()).unwrap_or_default();
        let pairs =
            [("state", self.view.code()), ("q", &self.typed), ("year", &year), ("beyond", beyond)];
        address("/admin/offline", &pairs)
    }

    /// The tabs keep what was typed; three of them say how much waits.
    pub(super) fn tabs(&self, [waiting, approval, surplus]: [i64; 3]) -> Vec<Tab> {
        let tab = |view: View| Tab {
            text: match view {
                View::Submitted => format!("{}（{waiting}）", view.label()),
                View::Approval => format!("{}（{approval}）", view.label()),
                View::Surplus => format!("{}（{surplus}）", view.label()),
                _ => view.label().to_owned(),
            },
            href: Self { view, beyond: None, ..self.clone() }.first(),
            is_current: view == self.view,
        };
        View::ALL.into_iter().map(tab).collect()
    }
}
