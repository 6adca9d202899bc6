//! A member reports an offline payment.

use super::{
    model::{Draft, OfflinePayment},
    store::{self, Happened, Sealed},
};
use crate::{
    account::SignedIn,
    db,
    kernel::{
        Timestamp,
        ids::{FileId, MemberId, OfflineId},
    },
    staff::audit::{self, Actor, Entry},
    web::{App, AppError},
};

/// A checked form.
#[derive(Clone, Debug)]
pub struct Submission {
    /// What was typed.
    pub draft: Draft,
    /// The vouchers, stored before.
    pub files: Vec<FileId>,
    /// Made with the form: the same form sent twice is one report.
    pub key: String,
    /// Where it came from.
    pub ip: String,
}

/// Why nothing was stored: a voucher was deleted, because the form lay open for more than a day.
pub(super) const VOUCHER_GONE: &str =
    "页面停留超过一天，先前上传的凭证已被清理，请返回上一页重新上传凭证后提交";

struct Input {
    app: App,
    actor: Actor,
    member: MemberId,
    id: OfflineId,
    no: String,
    sealed: Sealed,
    now: Timestamp,
    submission: Submission,
}

/// Stores a report with its vouchers; it waits for finance then. A form that was sent before
/// changes nothing.
pub async fn submit(app: &App, who: &SignedIn, submission: Submission) -> Result<(), AppError> {
    let now = app.clock.now();
    let day: String = now.compact().chars().take(8).collect();
    let input = Input {
        app: app.clone(),
        actor: who.actor(),
        member: who.member.id.clone(),
        id: OfflineId::new(&app.ids, now),
        no: format!("L{day}{}", app.ids.digits(8)),
        sealed: Sealed::of(&app.vault, &submission.draft)?,
        now,
        submission,
    };
    let stored: Result<(), Stop> =
        db::transaction(&app.db, input, |tx, input| Box::pin(work(tx, input))).await;
    match stored {
        Err(Stop::Db(error))
            if error.is_duplicate_of("uk_offline_payment_member_id_submit_key") =>
        {
            Ok(())
        }
        Err(Stop::Db(error)) => Err(error.into()),
        Err(Stop::VoucherGone) => Err(AppError::Refused(VOUCHER_GONE.into())),
        Ok(()) => Ok(()),
    }
}

/// Why the transaction was undone.
enum Stop {
    Db(db::Error),
    VoucherGone,
}

impl From<db::Error> for Stop {
    fn from(error: db::Error) -> Self {
        Self::Db(error)
    }
}

async fn work(tx: &db::Tx, input: &Input) -> Result<(), Stop> {
    let Input { app, id, sealed, now, .. } = input;
    let Submission { draft, files, key, ip } = &input.submission;
    let new = store::New { id, no: &input.no, member: &input.member, submit_key: key };
    store::insert(tx, new, (draft, sealed), *now).await?;
    if !store::set_vouchers(tx, id, files, *now).await? {
        return Err(Stop::VoucherGone);
    }
    let what = Happened { kind: "submitted", by: "", amount: draft.amount, reason: "" };
    store::insert_event(tx, (&app.ids.next(*now), *now), id, what).await?;
    let entry = Entry {
        actor: input.actor.clone(),
        action: "offline.submit",
        object_kind: "offline-payment",
        object_id: id.to_string(),
        reason: String::new(),
        detail: serde_json::json!({ "after": facts(draft, files.len()) }),
        ip: ip.clone(),
    };
    Ok(audit::record(tx, &app.ids, *now, &entry).await?)
}

/// What the audit log keeps of a report: nothing about persons or accounts.
pub(super) fn facts(draft: &Draft, files: usize) -> serde_json::Value {
    serde_json::json!({
        "bill": draft.bill.no, "fen": draft.amount.get(), "paid_on": draft.paid_on,
        "method": draft.method, "vouchers": files,
    })
}

/// The same of a stored report.
pub(super) fn stored_facts(payment: &OfflinePayment) -> serde_json::Value {
    serde_json::json!({
        "bill": payment.bill_id, "fen": payment.amount.get(), "paid_on": payment.paid_on,
        "method": payment.method, "status": payment.status,
    })
}
