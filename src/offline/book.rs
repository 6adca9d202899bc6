//! The money of a report: on its bill, and in the ledger. Pure postings, and one call of `dues`.
//!
//! What exceeds the bill is not income: it is a debt of the association to the payer, and stands
//! in suspense until it is paid back or put on another bill.

use super::model::{Correction, CorrectionKind, OfflinePayment};
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
        source(payment),
        "received",
        [
            (account(payment), payment.amount),
            (Account::DuesIncome, applied.negated()),
            (Account::Suspense, surplus.negated()),
        ],
    )
}

/// A correction that takes money back, in the ledger and in the allocations: a source of its own,
/// so that what a source booked as income is always what it put on bills, or took off them.
pub(super) fn taken_back(correction: &Correction) -> Source {
    Source { kind: "correction", id: correction.id.clone() }
}

/// The posting of a correction that moves `dues` off (or onto) bills and `surplus` out of
/// suspense; `None` when the sums are beyond all reason.
pub(super) fn corrected(
    payment: &OfflinePayment,
    correction: &Correction,
    (dues, surplus): (Fen, Fen),
) -> Option<Posting> {
    let kind = correction.kind;
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
    // What goes on another bill still comes from the report itself.
    let source = match kind {
        CorrectionKind::Assign => source(payment),
        CorrectionKind::Reverse | CorrectionKind::Return => taken_back(correction),
    };
    Some(posting(source, kind.posting(), lines))
}

/// Lines of nothing are left out.
fn posting(source: Source, kind: &'static str, lines: [(Account, Fen); 3]) -> Posting {
    let lines = lines.into_iter().filter(|(_, amount)| *amount != Fen::ZERO).collect();
    Posting { source, kind, lines }
}

/// A posting that was refused is a bug of ours, or the database's fault.
pub(super) fn fault(error: PostError) -> AppError {
    match error {
        PostError::Db(error) => error.into(),
        unbalanced @ PostError::Unbalanced(_) => AppError::Fault(unbalanced.to_string()),
    }
}
