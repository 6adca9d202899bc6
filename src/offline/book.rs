//! The money of a report: on its bill, and in the ledger. Pure postings, and one call of `dues`.
//!
//! What exceeds the bill is not income: it is a debt of the association to the payer, and stands
//! in suspense until it is paid back or put on another bill.

use super::model::{CorrectionKind, OfflinePayment};
use crate::{
    db, dues,
    kernel::{Fen, Timestamp},
    ledger::{Account, PostError, Posting, Source},
    web::{App, AppError},
};

/// The report in the ledger and in the allocations.
pub(super) fn source(payment: &OfflinePayment) -> Source {
    Source { kind: "offline", id: payment.id.to_string() }
}

/// Where its money lies.
fn account(payment: &OfflinePayment) -> Account {
    if payment.method == "cash" { Account::Cash } else { Account::Bank }
}

/// Puts as much of the money on the bill as it owes; returns how much that was.
pub(super) async fn apply(
    tx: &db::Tx,
    app: &App,
    payment: &OfflinePayment,
    now: Timestamp,
) -> Result<Fen, db::Error> {
    let to = (&payment.bill_id, payment.amount);
    dues::apply_up_to(tx, &app.ids, now, &source(payment), to).await
}

/// The posting of a confirmation.
pub(super) fn received(payment: &OfflinePayment, applied: Fen, surplus: Fen) -> Posting {
    posting(
        payment,
        "received",
        [
            (account(payment), payment.amount),
            (Account::DuesIncome, applied.negated()),
            (Account::Suspense, surplus.negated()),
        ],
    )
}

/// The posting of a correction that moves `dues` off (or onto) bills and `surplus` out of
/// suspense; `None` when the sums are beyond all reason.
pub(super) fn corrected(
    payment: &OfflinePayment,
    kind: CorrectionKind,
    (dues, surplus): (Fen, Fen),
) -> Option<Posting> {
    let money = account(payment);
    let lines = match kind {
        CorrectionKind::Reverse => [
            (money, dues.checked_add(surplus)?.negated()),
            (Account::DuesIncome, dues),
            (Account::Suspense, surplus),
        ],
        CorrectionKind::Return => [
            (money, surplus.negated()),
            (Account::DuesIncome, Fen::ZERO),
            (Account::Suspense, surplus),
        ],
        CorrectionKind::Assign => [
            (money, Fen::ZERO),
            (Account::DuesIncome, surplus.negated()),
            (Account::Suspense, surplus),
        ],
    };
    Some(posting(payment, kind.posting(), lines))
}

/// Lines of nothing are left out.
fn posting(payment: &OfflinePayment, kind: &'static str, lines: [(Account, Fen); 3]) -> Posting {
    let lines = lines.into_iter().filter(|(_, amount)| *amount != Fen::ZERO).collect();
    Posting { source: source(payment), kind, lines }
}

/// A posting that was refused is a bug of ours, or the database's fault.
pub(super) fn fault(error: PostError) -> AppError {
    match error {
        PostError::Db(error) => error.into(),
        unbalanced @ PostError::Unbalanced(_) => AppError::Fault(unbalanced.to_string()),
    }
}
