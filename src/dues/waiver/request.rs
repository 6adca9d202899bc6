//! Asking for a waiver. Nothing changes on the bill yet.

use super::model::{Waiver, WaiverKind, WaiverStatus};
use crate::{
    db::{self, Tx},
    dues::{Bill, store},
    kernel::{Date, Fen, ids::WaiverId},
    staff::{
        SignedInStaff,
        audit::{self, Actor, Entry},
    },
    web::{App, AppError},
};

/// What staff ask for.
#[derive(Clone, Debug)]
pub enum NewWaiver {
    /// So much less, fen.
    Reduction(Fen),
    /// Until that day.
    Deferral(Date),
}

/// Why a request was not taken.
#[derive(Debug, thiserror::Error)]
pub enum RequestError {
    /// The bill has nothing left that could be waived or put off.
    #[error("该账单没有可以减免或缓缴的金额")]
    NotOwed,
    /// More than there is.
    #[error("减免金额不能超过 {} 元", .0.grouped())]
    TooMuch(Fen),
    /// Not later than the present last day, or than today.
    #[error("缓缴日期要晚于今天和现在的截止日期（{0}）")]
    TooEarly(String),
    /// There is one that waits.
    #[error("该账单已有待审批的申请，请等它审批后再提出")]
    Waiting,
    /// The system failed.
    #[error(transparent)]
    Fault(#[from] AppError),
}

impl From<db::Error> for RequestError {
    fn from(error: db::Error) -> Self {
        Self::Fault(error.into())
    }
}

/// Stores the request.
pub async fn request(
    app: &App,
    staff: &SignedInStaff,
    ip: String,
    (bill, new): (&Bill, NewWaiver),
    basis: String,
) -> Result<WaiverId, RequestError> {
    let (kind, amount, due_on) = checked(bill, &new, app.clock.now().date())?;
    let now = app.clock.now();
    let waiver = Waiver {
        id: WaiverId::new(&app.ids, now),
        bill_id: bill.id.clone(),
        member_id: bill.member_id.clone(),
        kind,
        amount,
        due_on,
        basis,
        status: WaiverStatus::Waiting,
        requested_by: staff.0.id.to_string(),
        requested_ms: now,
        decided_by: None,
        decided_ms: None,
        decision: String::new(),
    };
    let id = waiver.id.clone();
    let input = (app.clone(), waiver, bill.no.clone(), staff.actor(), ip);
    let stored: Result<(), db::Error> =
        db::transaction(&app.db, input, |tx, input| Box::pin(write(tx, input))).await;
    match stored {
        Ok(()) => Ok(id),
        Err(error) if error.is_duplicate_of("uk_waiver_bill_id_open_key") => {
            Err(RequestError::Waiting)
        }
        Err(error) => Err(error.into()),
    }
}

/// What the request means for the bill as it stands.
pub fn checked(
    bill: &Bill,
    new: &NewWaiver,
    today: Date,
) -> Result<(WaiverKind, Fen, String), RequestError> {
    match new {
        NewWaiver::Reduction(amount) => {
            let most = bill.amounts().reducible();
            if !bill.status.is_live() || !most.is_positive() {
                return Err(RequestError::NotOwed);
            }
            if *amount > most {
                return Err(RequestError::TooMuch(most));
            }
            Ok((WaiverKind::Reduction, *amount, String::new()))
        }
        NewWaiver::Deferral(day) => {
            if !bill.status.is_owed() {
                return Err(RequestError::NotOwed);
            }
            if *day <= today || day.to_string() <= bill.due_on {
                return Err(RequestError::TooEarly(bill.due_on.clone()));
            }
            Ok((WaiverKind::Deferral, bill.remaining(), day.to_string()))
        }
    }
}

async fn write(
    tx: &Tx,
    (app, waiver, bill_no, actor, ip): &(App, Waiver, String, Actor, String),
) -> Result<(), db::Error> {
    store::waiver::insert(tx, waiver).await?;
    let entry = Entry {
        actor: actor.clone(),
        action: "dues.waiver-request",
        object_kind: "waiver",
        object_id: waiver.id.to_string(),
        reason: waiver.basis.clone(),
        detail: serde_json::json!({
            "bill": bill_no, "kind": waiver.kind, "fen": waiver.amount.get(), "day": waiver.due_on,
        }),
        ip: ip.clone(),
    };
    audit::record(tx, &app.ids, waiver.requested_ms, &entry).await
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dues::pc::sample_bills;

    #[test]
    fn only_what_is_not_paid_can_be_waived() {
        let today = Date::new(2026, 6, 1).unwrap();
        let part = sample_bills().remove(1);
        let ask = |fen| checked(&part, &NewWaiver::Reduction(fen), today);
        assert!(ask(Fen::yuan(1500)).is_ok());
        assert!(matches!(ask(Fen::yuan(1501)), Err(RequestError::TooMuch(_))));
        let paid = sample_bills().remove(2);
        let refused = checked(&paid, &NewWaiver::Reduction(Fen::new(1)), today);
        assert!(matches!(refused, Err(RequestError::NotOwed)));
    }

    #[test]
    fn a_deferral_gives_more_time() {
        let today = Date::new(2026, 6, 1).unwrap();
        let part = sample_bills().remove(1);
        let until = |day: &str| checked(&part, &NewWaiver::Deferral(day.parse().unwrap()), today);
        assert!(until("2027-01-01").is_ok());
        assert!(matches!(until("2026-12-31"), Err(RequestError::TooEarly(_))));
        assert!(matches!(until("2026-01-01"), Err(RequestError::TooEarly(_))));
    }
}
