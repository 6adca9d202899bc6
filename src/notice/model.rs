//! What notices are about, and how far one is.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::kernel::OpenId;

/// What a notice is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Topic {
    /// A registration was approved.
    RegistrationApproved,
    /// A registration was returned to be amended.
    RegistrationReturned,
    /// A registration was rejected.
    RegistrationRejected,
    /// An online payment was booked.
    PaymentReceived,
    /// An offline payment was confirmed.
    OfflineConfirmed,
    /// An offline payment was rejected.
    OfflineRejected,
    /// A 变更申请 was approved.
    ChangeApproved,
    /// A 变更申请 was rejected.
    ChangeRejected,
    /// Proposed council candidates were approved.
    CandidatesApproved,
    /// Proposed council candidates were rejected.
    CandidatesRejected,
    /// The member was frozen, left, was expelled, or came back.
    StandingChanged,
    /// A confirmed offline payment was taken back (冲正).
    OfflineReversed,
    /// The surplus of an offline payment was paid back, or put on another bill.
    OfflineSurplus,
    /// Money was given back.
    RefundPaid,
    /// A bill was issued.
    DuesIssued,
    /// A bill was waived, put off, recalculated or voided.
    DuesChanged,
    /// Somebody signed in from a device that was not seen before.
    SignedInElsewhere,
    /// The password was set anew, or taken away by the secretariat.
    PasswordReset,
    /// Somebody asks to replace the bound WeChat, or it was replaced.
    WechatChange,
}

impl Topic {
    /// Every topic.
    pub const ALL: [Self; 19] = [
        Self::RegistrationApproved,
        Self::RegistrationReturned,
        Self::RegistrationRejected,
        Self::PaymentReceived,
        Self::OfflineConfirmed,
        Self::OfflineRejected,
        Self::ChangeApproved,
        Self::ChangeRejected,
        Self::CandidatesApproved,
        Self::CandidatesRejected,
        Self::StandingChanged,
        Self::OfflineReversed,
        Self::OfflineSurplus,
        Self::RefundPaid,
        Self::DuesIssued,
        Self::DuesChanged,
        Self::SignedInElsewhere,
        Self::PasswordReset,
        Self::WechatChange,
    ];

    /// The code in the outbox and in the settings.
    pub const fn code(self) -> &'static str {
        match self {
            Self::RegistrationApproved => "registration.approved",
            Self::RegistrationReturned => "registration.returned",
            Self::RegistrationRejected => "registration.rejected",
            Self::PaymentReceived => "payment.received",
            Self::OfflineConfirmed => "offline.confirmed",
            Self::OfflineRejected => "offline.rejected",
            Self::ChangeApproved => "change.approved",
            Self::ChangeRejected => "change.rejected",
            Self::CandidatesApproved => "candidates.approved",
            Self::CandidatesRejected => "candidates.rejected",
            Self::StandingChanged => "member.standing",
            Self::OfflineReversed => "offline.reversed",
            Self::OfflineSurplus => "offline.surplus",
            Self::RefundPaid => "refund.paid",
            Self::DuesIssued => "dues.issued",
            Self::DuesChanged => "dues.changed",
            Self::SignedInElsewhere => "account.signed-in-elsewhere",
            Self::PasswordReset => "account.password-reset",
            Self::WechatChange => "account.wechat-change",
        }
    }

    /// The topic of a code.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|topic| topic.code() == code)
    }
}

/// How far a notice is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// Waits for its turn, or for its next try.
    Queued,
    /// WeChat took it.
    Sent,
    /// There is no WeChat to write to, or no template for it: it stands in the log.
    Logged,
    /// Given up; staff may send it again.
    Dead,
}

impl State {
    /// Every state in the order of the tabs: what needs somebody comes first.
    pub const ALL: [Self; 4] = [Self::Dead, Self::Queued, Self::Sent, Self::Logged];

    /// The code in the database and in URLs.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Sent => "sent",
            Self::Logged => "logged",
            Self::Dead => "dead",
        }
    }

    /// The word on the screen.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Queued => "待发送",
            Self::Sent => "已发送",
            Self::Logged => "未推送",
            Self::Dead => "发送失败",
        }
    }

    /// The kind of its chip.
    pub const fn chip(self) -> &'static str {
        match self {
            Self::Queued => "wait",
            Self::Sent => "ok",
            Self::Logged => "off",
            Self::Dead => "no",
        }
    }

    /// The state of a code.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.code() == code)
    }
}

/// Whom a notice is for, as far as the outbox knows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Addressee {
    /// The member's id; empty for an applicant.
    pub member_id: String,
    /// The id of what the notice is about.
    pub object: String,
}

/// Who that is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Recipient {
    /// The unit's name, for the list of notices.
    pub unit: String,
    /// The WeChat that is bound now, if any.
    pub open_id: Option<OpenId>,
}

/// After this many tries a notice is given up: in a little over two days.
pub const MOST_TRIES: i64 = 9;

/// The pause after the try with this number (the first is 1).
pub fn pause(attempt: i64) -> Duration {
    const MINUTES: [u64; 8] = [1, 5, 15, 60, 180, 360, 720, 1440];
    let step = usize::try_from(attempt.max(1) - 1).unwrap_or(usize::MAX).min(MINUTES.len() - 1);
    Duration::from_mins(MINUTES[step])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_and_end() {
        let pauses: Vec<_> = (1..=MOST_TRIES).map(pause).collect();
        assert!(pauses.is_sorted());
        assert_eq!((pauses[0], pauses[8]), (Duration::from_mins(1), Duration::from_hours(24)));
        assert_eq!((pause(0), pause(i64::MAX)), (pauses[0], pauses[8]));
    }

    #[test]
    fn codes_are_known() {
        for topic in Topic::ALL {
            assert_eq!(Topic::from_code(topic.code()), Some(topic));
        }
        for state in State::ALL {
            assert_eq!(State::from_code(state.code()), Some(state));
        }
        assert_eq!(State::from_code(""), None);
    }
}
