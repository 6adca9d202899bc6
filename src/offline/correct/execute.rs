//! The second person's answer, and what an approval does.

use super::{CorrectError, lost};
use crate::{
    db, dues,
    kernel::{Fen, Timestamp},
    ledger,
    notice::{self, Notice, Topic},
    offline::{
        book,
        model::{Correction, CorrectionKind, OfflinePayment, SurplusState},
        store::{self, Happened, Seen},
    },
    staff::{
        SignedInStaff,
        audit::{self, Actor, Entry},
    },
    web::{App, AppError},
};

struct Input {
    app: App,
    actor: Actor,
    by: String,
    payment: OfflinePayment,
    correction: Correction,
    approved: bool,
    answer: String,
    ip: String,
    now: Timestamp,
}

/// Approves (and executes) or refuses a correction. Who asked may take it back, but not approve.
pub async fn answer(
    app: &App,
    staff: &SignedInStaff,
    (payment, correction): (OfflinePayment, Correction),
    (approved, answer): (bool, String),
    ip: String,
) -> Result<(), CorrectError> {
    let by = staff.0.id.to_string();
    if approved && correction.asked_by == by {
        return Err(CorrectError::SamePerson);
    }
    let (again, id) = (payment.clone(), correction.id.clone());
    let (actor, now) = (staff.actor(), app.clock.now());
    let app_ = app.clone();
    let input = Input { app: app_, actor, by, payment, correction, approved, answer, ip, now };
    let won: Result<bool, CorrectError> =
        db::transaction(&app.db, input, |tx, input| Box::pin(work(tx, input))).await;
    if won? { Ok(()) } else { Err(lost(app, &again, &id).await?) }
}

async fn work(tx: &db::Tx, input: &Input) -> Result<bool, CorrectError> {
    let Input { app, payment, correction, now, by, approved, .. } = input;
    let words = (by.as_str(), input.answer.as_str());
    if !store::answer_correction(tx, &correction.id, *approved, words, *now).await? {
        return Ok(false);
    }
    let mut moved = (Fen::ZERO, Fen::ZERO);
    if *approved {
        moved = execute(tx, input).await?;
        let posting = book::corrected(payment, correction, moved);
        let posting = posting.ok_or_else(|| AppError::Fault("sums beyond all reason".into()))?;
        ledger::post(tx, &app.ids, *now, &posting).await?;
        tell(tx, input, moved).await?;
    }
    let kind = if *approved { correction.kind.code() } else { "correction-refused" };
    let amount = moved.0.checked_add(moved.1).unwrap_or_default();
    let what = Happened { kind, by, amount, reason: &input.answer };
    store::insert_event(tx, (&app.ids.next(*now), *now), &payment.id, what).await?;
    let action = if *approved { "offline.correction.approve" } else { "offline.correction.refuse" };
    let entry = Entry {
        actor: input.actor.clone(),
        action,
        object_kind: "offline-payment",
        object_id: payment.id.to_string(),
        reason: input.answer.clone(),
        detail: serde_json::json!({
            "correction": correction.id, "kind": correction.kind, "asked_by": correction.asked_by,
            "dues": moved.0, "surplus": moved.1,
        }),
        ip: input.ip.clone(),
    };
    audit::record(tx, &app.ids, *now, &entry).await?;
    Ok(true)
}

/// Moves the money; returns how much of it lay on bills, and how much in suspense.
async fn execute(tx: &db::Tx, input: &Input) -> Result<(Fen, Fen), CorrectError> {
    let Input { app, payment, correction, now, .. } = input;
    let confirmation = store::confirmation(tx, &payment.id).await?;
    let confirmation = confirmation.ok_or(CorrectError::NotConfirmed)?;
    match correction.kind {
        CorrectionKind::Reverse => {
            let seen = Seen { id: payment.id.clone(), version: payment.version };
            if !store::reverse(tx, &seen).await? {
                return Err(CorrectError::NotConfirmed);
            }
            let dues = take_back(tx, input).await?;
            let is_open = store::move_surplus(tx, &payment.id, SurplusState::Reversed).await?;
            let surplus = if is_open { confirmation.surplus } else { Fen::ZERO };
            let is_something = dues.is_positive() || surplus.is_positive();
            // Nothing is left when everything was refunded already.
            if is_something { Ok((dues, surplus)) } else { Err(CorrectError::Moved) }
        }
        CorrectionKind::Return => {
            move_on(tx, payment, SurplusState::Returned).await?;
            Ok((Fen::ZERO, confirmation.surplus))
        }
        CorrectionKind::Assign => {
            move_on(tx, payment, SurplusState::Assigned).await?;
            let bill = correction.bill_id.as_ref().ok_or(CorrectError::NoBill)?;
            let to = (bill, confirmation.surplus);
            dues::apply(tx, &app.ids, *now, &book::source(payment), to).await?;
            Ok((Fen::ZERO, confirmation.surplus))
        }
    }
}

async fn move_on(
    tx: &db::Tx,
    payment: &OfflinePayment,
    to: SurplusState,
) -> Result<(), CorrectError> {
    let moved = store::move_surplus(tx, &payment.id, to).await?;
    if moved { Ok(()) } else { Err(CorrectError::NoSurplus) }
}

/// Takes what still lies on bills off them: it never came, so it is owed again.
async fn take_back(tx: &db::Tx, input: &Input) -> Result<Fen, CorrectError> {
    let Input { app, payment, correction, now, .. } = input;
    let of = book::source(payment);
    let by = book::taken_back(correction);
    let mut lying = dues::allocations_of(tx, &of).await?;
    // Bills are locked in one order everywhere.
    lying.sort_by(|a, b| a.bill_id.cmp(&b.bill_id));
    let mut sum = Fen::ZERO;
    for part in lying {
        let left = part.amount.checked_sub(part.taken_back).unwrap_or_default();
        if left.is_positive() {
            let from = (&part.bill_id, left, dues::Then::Owed);
            dues::take_back(tx, &app.ids, *now, &by, &of, from).await?;
            sum = sum.checked_add(left).ok_or(CorrectError::Moved)?;
        }
    }
    Ok(sum)
}

async fn tell(tx: &db::Tx, input: &Input, moved: (Fen, Fen)) -> Result<(), db::Error> {
    let Input { app, payment, correction, now, .. } = input;
    let topic = match correction.kind {
        CorrectionKind::Reverse => Topic::OfflineReversed,
        CorrectionKind::Return | CorrectionKind::Assign => Topic::OfflineSurplus,
    };
    let facts = serde_json::json!({
        "no": payment.no, "year": payment.year, "fen": payment.amount.get(),
        "kind": correction.kind, "surplus": moved.1.get(),
    });
    let object = correction.id.as_str();
    let notice = Notice { topic, member: Some(&payment.member_id), object, facts };
    notice::queue(tx, &app.ids, *now, notice).await
}
