//! The columns of the export: a contract with whoever reads it.

use crate::{
    dues::AllocationRow, kernel::Timestamp, ledger::Entry, payment::Received, refund::RefundFact,
};

/// A cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cell {
    /// A text from people or from WeChat.
    Text(String),
    /// Fen, or a count.
    Number(i64),
    /// Nothing.
    Empty,
}

/// What is exported.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    /// Money that came through WeChat.
    Payments,
    /// Refunds in every state.
    Refunds,
    /// Money on bills; negative where it was taken back.
    Allocations,
    /// The lines of the ledger.
    Entries,
}

impl What {
    /// Every kind, by its name on the command line.
    pub const ALL: [(&'static str, Self); 4] = [
        ("payments", Self::Payments),
        ("refunds", Self::Refunds),
        ("allocations", Self::Allocations),
        ("entries", Self::Entries),
    ];

    /// The names of the columns, in their order:
    ///
    /// - payments: `transaction_id` (WeChat's), `out_trade_no` (ours), `order_no`, `member_id`,
    ///   `description`, `channel` (`native`, `jsapi`, …), `status` (`success`, `late` = after we
    ///   had closed it, `duplicate` = parked), `amount_fen`, `refunded_fen`, `paid_at`.
    /// - refunds: `id` (source of its entries), `refund_no`, `means` (`wechat`, `bank`), `origin`
    ///   (`bills`, `parked`, `console`), `of_kind` and `of_id` (the payment), `wechat_refund_id`,
    ///   `amount_fen`, `status`, `reason`, `requested_at`, `ended_at`.
    /// - allocations: `id`, `source_kind` and `source_id`, `bill_no`, `year`, `amount_fen`,
    ///   `of_kind` and `of_id` (whose money was taken back), `at`.
    /// - entries: `id`, `at`, `account`, `amount_fen` (debit positive), `source_kind` and
    ///   `source_id`, `kind` (what happened), `line`.
    pub const fn columns(self) -> &'static [&'static str] {
        match self {
            Self::Payments => &[
                "transaction_id",
                "out_trade_no",
                "order_no",
                "member_id",
                "description",
                "channel",
                "status",
                "amount_fen",
                "refunded_fen",
                "paid_at",
            ],
            Self::Refunds => &[
                "id",
                "refund_no",
                "means",
                "origin",
                "of_kind",
                "of_id",
                "wechat_refund_id",
                "amount_fen",
                "status",
                "reason",
                "requested_at",
                "ended_at",
            ],
            Self::Allocations => &[
                "id",
                "source_kind",
                "source_id",
                "bill_no",
                "year",
                "amount_fen",
                "of_kind",
                "of_id",
                "at",
            ],
            Self::Entries => {
                &["id", "at", "account", "amount_fen", "source_kind", "source_id", "kind", "line"]
            }
        }
    }
}

impl std::str::FromStr for What {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        let found = Self::ALL.into_iter().find(|(known, _)| *known == name);
        let known = Self::ALL.map(|(known, _)| known).join(", ");
        found.map(|(_, what)| what).ok_or_else(|| format!("{name} is none of {known}"))
    }
}

fn text(text: impl Into<String>) -> Cell {
    Cell::Text(text.into())
}

fn time(at: Option<Timestamp>) -> Cell {
    at.map_or(Cell::Empty, |at| text(at.to_rfc3339()))
}

pub(super) fn payment(row: Received) -> Vec<Cell> {
    vec![
        text(row.transaction_id),
        text(row.out_trade_no),
        text(row.order_no),
        text(row.member_id),
        text(row.description),
        text(row.trade_type.code()),
        text(row.status.code()),
        Cell::Number(row.amount.get()),
        Cell::Number(row.refunded.get()),
        time(Some(row.success_ms)),
    ]
}

pub(super) fn refund(row: RefundFact) -> Vec<Cell> {
    vec![
        text(row.id),
        text(row.no),
        text(row.means),
        text(row.origin),
        text(row.of_kind),
        text(row.of_id),
        text(row.wechat_id),
        Cell::Number(row.amount.get()),
        text(row.status.code()),
        text(row.reason),
        time(Some(row.requested_ms)),
        time(row.ended_ms),
    ]
}

pub(super) fn allocation(row: AllocationRow) -> Vec<Cell> {
    vec![
        text(row.id),
        text(row.source_kind),
        text(row.source_id),
        text(row.bill_no),
        Cell::Number(row.year),
        Cell::Number(row.amount.get()),
        row.of_kind.map_or(Cell::Empty, text),
        row.of_id.map_or(Cell::Empty, text),
        time(Some(row.created_ms)),
    ]
}

pub(super) fn entry(row: Entry) -> Vec<Cell> {
    vec![
        text(row.id),
        time(Some(row.at_ms)),
        text(row.account),
        Cell::Number(row.amount.get()),
        text(row.source_kind),
        text(row.source_id),
        text(row.kind),
        Cell::Number(row.line),
    ]
}
