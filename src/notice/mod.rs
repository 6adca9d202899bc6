//! Notices to members: queued in the transaction that causes them, sent by a job.

pub mod send;
mod store;

use serde::Serialize;

use crate::{
    db::{self, Run},
    kernel::{Ids, Timestamp, ids::MemberId},
};

/// What a notice is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Topic {
    /// A registration was approved.
    RegistrationApproved,
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
    /// A bill was issued.
    DuesIssued,
    /// A bill was waived, put off, recalculated or voided.
    DuesChanged,
}

impl Topic {
    /// The code in the outbox.
    pub const fn code(self) -> &'static str {
        match self {
            Self::RegistrationApproved => "registration.approved",
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
            Self::DuesIssued => "dues.issued",
            Self::DuesChanged => "dues.changed",
        }
    }
}

/// Queues a notice inside the caller's transaction. `object` is the id of what it is about: the
/// same topic and object are queued once only. `facts` hold no personal data.
pub async fn queue<F: Serialize + Sync>(
    tx: &impl Run,
    ids: &Ids,
    now: Timestamp,
    notice: Notice<'_, F>,
) -> Result<(), db::Error> {
    store::insert(tx, &ids.next(now), now, &notice).await
}

/// A notice to be queued.
#[derive(Clone, Copy, Debug)]
pub struct Notice<'a, F> {
    /// What it is about.
    pub topic: Topic,
    /// The member who is told; `None` for an applicant without a member yet.
    pub member: Option<&'a MemberId>,
    /// The id of the object.
    pub object: &'a str,
    /// What the text needs.
    pub facts: F,
}
