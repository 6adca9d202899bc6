//! The part of the page about corrections: what may be asked for, or what waits for whom.

use serde::Serialize;

use super::Parts;
use crate::{
    kernel::{Fen, Timestamp},
    offline::model::{Correction, CorrectionStatus, OfflineStatus, SurplusState},
    web::FormState,
};

/// What may be asked for, or what waits.
#[derive(Debug, Serialize)]
pub(super) struct CorrectionView {
    /// The first person may ask.
    may_ask: bool,
    /// A surplus that waits; zero when there is none.
    surplus: Fen,
    /// Other bills that owe at least the surplus.
    bills: Vec<Choice>,
    waits: Option<Waiting>,
    /// Those that were answered, oldest first.
    past: Vec<Past>,
    pub form: FormState,
}

#[derive(Debug, Serialize)]
struct Choice {
    value: String,
    text: String,
}

/// A correction that was carried out or refused.
#[derive(Debug, Serialize)]
struct Past {
    id: String,
    what: &'static str,
    state: &'static str,
    chip: &'static str,
    asked: String,
    reason: String,
    answered: String,
    answer: String,
    /// Its entries; empty when there are none.
    entries: String,
}

#[derive(Debug, Serialize)]
struct Waiting {
    action: String,
    what: &'static str,
    /// The other bill, in words.
    bill: String,
    by: String,
    at: String,
    reason: String,
    /// Asked by who looks: may be taken back, not approved.
    is_own: bool,
    may_answer: bool,
}

impl CorrectionView {
    pub(super) fn new(parts: &Parts, path: &str) -> Self {
        let is_confirmed = parts.payment.status == OfflineStatus::Confirmed;
        let open = parts.confirmation.as_ref().filter(|it| it.surplus_state == SurplusState::Open);
        let surplus = open.map_or(Fen::ZERO, |it| it.surplus);
        let enough = parts.others.iter().filter(|bill| bill.remaining() >= surplus);
        let choice = |bill: &crate::dues::Bill| Choice {
            value: bill.id.to_string(),
            text: format!("{}，未缴 {} 元", bill.title(), bill.remaining().grouped()),
        };
        Self {
            may_ask: is_confirmed && parts.may_decide && parts.correction.is_none(),
            surplus,
            bills: enough.map(choice).collect(),
            waits: waiting(parts, path),
            past: parts.past.iter().map(past).collect(),
            form: FormState::blank(&["reason", "bill"]),
        }
    }
}

fn past((asked, answered, it): &(String, String, Correction)) -> Past {
    let is_done = it.status == CorrectionStatus::Approved;
    let at = it.answered_at.map(Timestamp::to_minute).unwrap_or_default();
    Past {
        id: it.id.clone(),
        what: it.kind.label(),
        state: it.status.label(),
        chip: if is_done { "ok" } else { "off" },
        asked: format!("{asked}，{}", it.asked_at.to_minute()),
        reason: it.reason.clone(),
        answered: format!("{answered}，{at}"),
        answer: it.answer.clone(),
        entries: if is_done { format!("/admin/ledger?source={}", it.id) } else { String::new() },
    }
}

fn waiting(parts: &Parts, path: &str) -> Option<Waiting> {
    let (by, correction) = parts.correction.as_ref()?;
    let bill = parts.others.iter().find(|bill| Some(&bill.id) == correction.bill_id.as_ref());
    Some(Waiting {
        action: format!("{path}/corrections/{}", correction.id),
        what: correction.kind.label(),
        bill: bill.map(crate::dues::Bill::title).unwrap_or_default(),
        by: by.clone(),
        at: correction.asked_at.to_minute(),
        reason: correction.reason.clone(),
        is_own: correction.asked_by == parts.staff_id,
        may_answer: parts.may_approve,
    })
}
