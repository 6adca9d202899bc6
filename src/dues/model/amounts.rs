//! The numbers of a bill, what may happen to them, and the state that follows from them. Pure.

use serde::{Deserialize, Serialize};

use super::BillStatus;
use crate::kernel::Fen;

/// The numbers of a bill, all in fen. Always `0 ≤ paid`, `0 ≤ refunded`, `paid + refunded ≤ due`
/// and `due = gross − reduction`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Amounts {
    /// 标准: what the standard asks for.
    pub gross: Fen,
    /// 减免.
    pub reduction: Fen,
    /// 应缴.
    pub due: Fen,
    /// 已缴: money that lies on the bill.
    pub paid: Fen,
    /// 已退款: was paid once, was given back, and is not owed again.
    pub refunded: Fen,
}

/// Whether money that is taken back is owed again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Then {
    /// 冲正: the money never came, so the bill owes it again.
    Owed,
    /// 退款: the money was given back, and is not owed unless the bill is reopened.
    Refunded,
}

fn sum(a: Fen, b: Fen) -> Option<Fen> {
    a.checked_add(b)
}

fn less(a: Fen, b: Fen) -> Option<Fen> {
    a.checked_sub(b).filter(|rest| *rest >= Fen::ZERO)
}

impl Amounts {
    /// A new bill.
    pub const fn new(gross: Fen) -> Self {
        Self { gross, reduction: Fen::ZERO, due: gross, paid: Fen::ZERO, refunded: Fen::ZERO }
    }

    /// What is still owed.
    pub fn remaining(&self) -> Fen {
        less(self.due, self.paid).and_then(|rest| less(rest, self.refunded)).unwrap_or(Fen::ZERO)
    }

    /// Where a live bill with these numbers stands.
    pub fn status(&self) -> BillStatus {
        let owes = self.remaining().is_positive();
        match (owes, self.paid.is_positive(), self.refunded.is_positive()) {
            (true, false, _) => BillStatus::Open,
            (true, true, _) => BillStatus::Part,
            (false, true, true) => BillStatus::PartRefunded,
            (false, false, true) => BillStatus::Refunded,
            (false, true, false) => BillStatus::Paid,
            (false, false, false) => BillStatus::Waived,
        }
    }

    /// Money comes; never more than is owed.
    pub fn pay(self, amount: Fen) -> Option<Self> {
        (amount.is_positive() && amount <= self.remaining())
            .then_some(Self { paid: sum(self.paid, amount)?, ..self })
    }

    /// Money goes; never more than lies there.
    pub fn take_back(self, amount: Fen, then: Then) -> Option<Self> {
        if !amount.is_positive() {
            return None;
        }
        let paid = less(self.paid, amount)?;
        let refunded = match then {
            Then::Owed => self.refunded,
            Then::Refunded => sum(self.refunded, amount)?,
        };
        Some(Self { paid, refunded, ..self })
    }

    /// What was refunded is owed again.
    pub fn reopen(self) -> Option<Self> {
        self.refunded.is_positive().then_some(Self { refunded: Fen::ZERO, ..self })
    }

    /// The most that can be waived: what no money lies on.
    pub fn reducible(&self) -> Fen {
        less(self.due, self.paid).unwrap_or(Fen::ZERO)
    }

    /// 减免. What was refunded already needs no second waiving: it is absorbed first.
    pub fn reduce(self, by: Fen) -> Option<Self> {
        if !by.is_positive() || by > self.reducible() {
            return None;
        }
        let due = less(self.due, by)?;
        let refunded = self.refunded.min(less(due, self.paid)?);
        Some(Self { reduction: sum(self.reduction, by)?, due, refunded, ..self })
    }

    /// Another standard, only while no money ever lay on the bill; what was waived stays waived.
    pub fn recalculate(self, gross: Fen) -> Option<Self> {
        let untouched = self.paid == Fen::ZERO && self.refunded == Fen::ZERO;
        if !untouched || !gross.is_positive() {
            return None;
        }
        let reduction = self.reduction.min(gross);
        Some(Self { gross, reduction, due: less(gross, reduction)?, ..self })
    }
}
