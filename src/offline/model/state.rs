//! Where a report stands, and what may happen to it. Pure; the store asks here which states a
//! deed may start from, so that the rule stands in one place.

use serde::{Deserialize, Serialize};

/// Where an offline payment stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum OfflineStatus {
    /// 待确认.
    Submitted,
    /// 已确认: the money is in the books.
    Confirmed,
    /// 已驳回; the member may amend it.
    Rejected,
    /// 已冲正: confirmed by mistake and taken back by two people; final.
    Reversed,
    /// 已删除 by the member; final.
    Deleted,
}

/// What somebody does with a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deed {
    /// The member writes it anew.
    Amend,
    /// The member deletes it.
    Delete,
    /// Finance has seen the money.
    Confirm,
    /// Finance has not.
    Reject,
    /// Two people of finance take a wrong confirmation back.
    Reverse,
}

impl Deed {
    /// The state afterwards.
    pub const fn leads_to(self) -> OfflineStatus {
        match self {
            Self::Amend => OfflineStatus::Submitted,
            Self::Delete => OfflineStatus::Deleted,
            Self::Confirm => OfflineStatus::Confirmed,
            Self::Reject => OfflineStatus::Rejected,
            Self::Reverse => OfflineStatus::Reversed,
        }
    }

    /// The states in which it is allowed.
    pub const fn starts_from(self) -> &'static [OfflineStatus] {
        match self {
            Self::Amend | Self::Delete => &[OfflineStatus::Submitted, OfflineStatus::Rejected],
            Self::Confirm | Self::Reject => &[OfflineStatus::Submitted],
            Self::Reverse => &[OfflineStatus::Confirmed],
        }
    }
}

impl OfflineStatus {
    /// Every state.
    pub const ALL: [Self; 5] =
        [Self::Submitted, Self::Confirmed, Self::Rejected, Self::Reversed, Self::Deleted];

    /// Those that staff filter by.
    pub const LISTED: [Self; 4] =
        [Self::Submitted, Self::Confirmed, Self::Rejected, Self::Reversed];

    /// The code in the database and in URLs.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Submitted => "submitted",
            Self::Confirmed => "confirmed",
            Self::Rejected => "rejected",
            Self::Reversed => "reversed",
            Self::Deleted => "deleted",
        }
    }

    /// The word on the screen.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Submitted => "待确认",
            Self::Confirmed => "已确认",
            Self::Rejected => "已驳回",
            Self::Reversed => "已冲正",
            Self::Deleted => "已删除",
        }
    }

    /// The kind of the state chip.
    pub const fn chip(self) -> &'static str {
        match self {
            Self::Submitted => "wait",
            Self::Confirmed => "ok",
            Self::Rejected => "no",
            Self::Reversed | Self::Deleted => "off",
        }
    }

    /// True while the member may still change or delete it.
    pub fn is_open(self) -> bool {
        self.after(Deed::Amend).is_some()
    }

    /// The state after a deed; `None` when the deed is not allowed.
    pub fn after(self, deed: Deed) -> Option<Self> {
        deed.starts_from().contains(&self).then_some(deed.leads_to())
    }
}
