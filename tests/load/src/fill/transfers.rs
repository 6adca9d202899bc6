//! Bank transfers that were reported and confirmed.

use super::{
    batch::{Rows, cells},
    facts::{Kind, id},
    payments::Paid,
};
use crate::Result;

/// Where their money is.
pub const MONEY: &str = "bank";

/// The tables of transfers.
pub struct Transfers {
    reports: Rows,
    confirmations: Rows,
    /// Confirmations of reports that are written: they refer to them.
    ready: Rows,
    events: Rows,
}

const CONFIRMATION: &str = "offline_confirmation (offline_id, bill_id, amount, paid_on, method, \
    version, applied, surplus, surplus_state, confirmed_by, confirmed_ms)";

impl Transfers {
    /// Empty ones.
    pub fn new() -> Self {
        Self {
            reports: Rows::new(
                "offline_payment (id, no, member_id, bill_id, year, amount, paid_on, method, \
                 payer_name, payer_tail, bank_ref, remark, title, email, status, reason, \
                 decided_by, decided_ms, submitted_ms, version, submit_key)",
            ),
            confirmations: Rows::new(CONFIRMATION),
            ready: Rows::new(CONFIRMATION),
            events: Rows::new(
                "offline_event (id, offline_id, at_ms, kind, staff_id, amount, reason)",
            ),
        }
    }

    /// What can be written at once.
    pub fn all(&mut self) -> [&mut Rows; 3] {
        let Self { reports, ready, events, .. } = self;
        [reports, ready, events]
    }

    /// What was in [`Self::all`] is being written: confirmations of it come with the next write.
    pub const fn release(&mut self) {
        std::mem::swap(&mut self.ready, &mut self.confirmations);
    }

    /// One transfer; returns its id.
    pub fn add(&mut self, it: &Paid) -> Result<String> {
        let Paid { n, at, amount, year, .. } = *it;
        let (transfer, day) = (id(Kind::Transfer, n, at), at.date().to_string());
        let (no, bank_ref) = (format!("L{}{n:08}", &at.compact()[..8]), format!("BANK{n:012}"));
        self.reports.add(cells![
            &transfer; &no; &it.member; &it.bill; year; amount; &day; "transfer"; ""; "";
            &bank_ref; ""; ""; ""; "confirmed"; ""; "load"; at; at; 2; &transfer
        ])?;
        self.confirmations.add(cells![
            &transfer; &it.bill; amount; &day; "transfer"; 2; amount; 0; "none"; "load"; at
        ])?;
        self.events.add(cells![
            &id(Kind::Event, n, at); &transfer; at; "confirmed"; "load"; amount; ""
        ])?;
        Ok(transfer)
    }
}
