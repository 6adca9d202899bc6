//! Notices to members: queued in the transaction that causes them, sent by a job.
//!
//! The outbox remembers every notice. Sending is tried with growing pauses; what cannot be sent ends
//! as a dead letter that staff see at `/admin/notices` and may send again. The channels are WeChat
//! template messages and, where there is no WeChat to write to, the log (without personal data).
//! Whose WeChat a member's notice goes to is not known here: the job is given a function that tells.

pub mod admin;
mod deliver;
mod model;
pub mod send;
mod store;
mod token;
mod words;

use serde::Serialize;

use crate::{
    db::{self, Run},
    kernel::{Ids, OpenId, Timestamp, Vault, ids::MemberId},
    web::{AppError, Sample, page},
};

pub use model::{Addressee, Recipient, State, Topic};
pub use words::problems;

/// Queues a notice inside the caller's transaction. `object` is the id of what it is about: the
/// same topic and object are queued once only. `facts` hold no personal data.
pub async fn queue<F: Serialize + Sync>(
    tx: &impl Run,
    ids: &Ids,
    now: Timestamp,
    notice: Notice<'_, F>,
) -> Result<(), db::Error> {
    store::insert(tx, &ids.next(now), now, &notice, "").await
}

/// As [`queue`], to one certain WeChat, whatever is bound when it is sent: the old one of a member
/// who changes it, or an applicant's.
pub async fn queue_to<F: Serialize + Sync>(
    tx: &impl Run,
    (vault, ids): (&Vault, &Ids),
    now: Timestamp,
    notice: Notice<'_, F>,
    receiver: &OpenId,
) -> Result<(), AppError> {
    let sealed = vault.seal(receiver.as_str())?;
    Ok(store::insert(tx, &ids.next(now), now, &notice, &sealed).await?)
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
    /// What the text needs: see `words`. Nothing personal.
    pub facts: F,
}

/// Every shape of this slice's pages.
pub fn samples() -> Vec<Sample> {
    page::samples::<admin::ListPage>()
}
