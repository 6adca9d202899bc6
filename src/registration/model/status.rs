//! The states of an application, and which act leads from which to which.

use serde::{Deserialize, Serialize};

/// How far an application is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// 待审核.
    Pending,
    /// 待复审: the first of two reviewers approved it.
    Endorsed,
    /// 需补正.
    Returned,
    /// 通过.
    Approved,
    /// 不通过.
    Rejected,
    /// 已撤回.
    Withdrawn,
}

/// What somebody does with an application.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    /// 初审通过, by the first of two reviewers.
    Endorse,
    /// 通过.
    Approve,
    /// 退回补正.
    Return,
    /// 不通过.
    Reject,
    /// The applicant amends and submits again.
    Amend,
    /// The applicant takes it back.
    Withdraw,
}

impl Act {
    /// Every act.
    pub const ALL: [Self; 6] =
        [Self::Endorse, Self::Approve, Self::Return, Self::Reject, Self::Amend, Self::Withdraw];

    /// The states that it may begin in.
    pub const fn from(self) -> &'static [Status] {
        match self {
            Self::Endorse => &[Status::Pending],
            Self::Approve | Self::Return => &[Status::Pending, Status::Endorsed],
            // What is never amended must not keep the unit's name and code for ever.
            Self::Reject | Self::Withdraw => &[Status::Pending, Status::Endorsed, Status::Returned],
            Self::Amend => &[Status::Returned],
        }
    }

    /// The state that it leads to.
    pub const fn to(self) -> Status {
        match self {
            Self::Endorse => Status::Endorsed,
            Self::Approve => Status::Approved,
            Self::Return => Status::Returned,
            Self::Reject => Status::Rejected,
            Self::Amend => Status::Pending,
            Self::Withdraw => Status::Withdrawn,
        }
    }
}

impl Status {
    /// Every state in the order of the filter.
    pub const ALL: [Self; 6] = [
        Self::Pending,
        Self::Endorsed,
        Self::Returned,
        Self::Approved,
        Self::Rejected,
        Self::Withdrawn,
    ];

    /// The code in the database and in URLs.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Endorsed => "endorsed",
            Self::Returned => "returned",
            Self::Approved => "approved",
            Self::Rejected => "rejected",
            Self::Withdrawn => "withdrawn",
        }
    }

    /// The word for the secretariat.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Pending => "待审核",
            Self::Endorsed => "待复审",
            Self::Returned => "需补正",
            Self::Approved => "通过",
            Self::Rejected => "不通过",
            Self::Withdrawn => "已撤回",
        }
    }

    /// The word for the applicant, who need not know how many people look at it.
    pub const fn public_label(self) -> &'static str {
        match self {
            Self::Endorsed => Self::Pending.label(),
            other => other.label(),
        }
    }

    /// The kind of its chip.
    pub const fn chip(self) -> &'static str {
        match self {
            Self::Pending | Self::Endorsed | Self::Returned => "wait",
            Self::Approved => "ok",
            Self::Rejected => "no",
            Self::Withdrawn => "off",
        }
    }

    /// True while the secretariat has to act.
    pub const fn waits(self) -> bool {
        matches!(self, Self::Pending | Self::Endorsed)
    }

    /// True when the act may begin here.
    pub fn allows(self, act: Act) -> bool {
        act.from().contains(&self)
    }

    /// The state of a code.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.code() == code)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn states_are_known_by_their_codes() {
        for status in Status::ALL {
            assert_eq!(Status::from_code(status.code()), Some(status));
        }
        assert_eq!(Status::from_code("all"), None);
    }

    #[test]
    fn what_is_over_is_over() {
        for over in [Status::Approved, Status::Rejected, Status::Withdrawn] {
            assert!(Act::ALL.into_iter().all(|act| !over.allows(act)), "{over:?}");
        }
    }

    proptest! {
        #[test]
        fn no_path_leads_from_an_end_or_from_a_returned_one_straight_to_a_member(
            picks in proptest::collection::vec(0usize..Act::ALL.len(), 0..30)
        ) {
            let mut path = vec![Status::Pending];
            for pick in picks {
                let (here, act) = (path[path.len() - 1], Act::ALL[pick]);
                if here.allows(act) {
                    path.push(act.to());
                }
            }
            for step in path.windows(2) {
                let is_end = matches!(step[0], Status::Approved | Status::Rejected | Status::Withdrawn);
                prop_assert!(!is_end, "{step:?}");
                if step[1] == Status::Approved {
                    prop_assert!(step[0].waits(), "{step:?}");
                }
            }
        }
    }
}
