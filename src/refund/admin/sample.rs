//! Refunds in every state, for the samples of the pages.

use super::form::{ShareField, share_fields};
use crate::{
    db::Flag,
    kernel::{Fen, Timestamp},
    ledger::Source,
    refund::{
        Refund,
        model::{Means, Origin, RefundStatus},
        money::Lying,
    },
};

/// One refund in every state, for the samples.
pub(super) fn sample_refunds() -> Vec<Refund> {
    use RefundStatus as S;
    let states = [
        S::Requested,
        S::Submitting,
        S::Processing,
        S::Refused,
        S::Abnormal,
        S::Success,
        S::Closed,
        S::Rejected,
        S::Foreign,
    ];
    let at = Timestamp::from_millis(1_772_326_800_000);
    let one = |status: S| {
        Some(Refund {
            id: "0193sample".parse().ok()?,
            no: "R20260301090000123456789".into(),
            means: if status == S::Rejected { Means::Bank } else { Means::Wechat },
            origin: if status == S::Foreign { Origin::Console } else { Origin::Bills },
            of_kind: "payment".into(),
            of_id: "4200001234202603010000000001".into(),
            out_trade_no: "P20260301090001123456789".into(),
            parked_id: None,
            member_id: "0193member".into(),
            amount: Fen::yuan(500),
            total: Fen::yuan(2000),
            reason: "重复缴费".into(),
            reopens: Flag(status == S::Closed),
            evidence: if status == S::Rejected { "回单 20260301" } else { "" }.into(),
            paid_by: if status == S::Rejected { "出纳 王丽" } else { "" }.into(),
            paid_on: if status == S::Rejected { "2026-03-01" } else { "" }.into(),
            status,
            requested_by: "0193staff".into(),
            requested_ms: at,
            decided_by: String::new(),
            decided_ms: (status != S::Requested).then_some(at),
            decision: if status == S::Requested { "" } else { "同意" }.into(),
            wechat_id: if status == S::Success { "50300001" } else { "" }.into(),
            problem: if status.chip() == "no" { "微信没有受理" } else { "" }.into(),
            tries: 1,
            ended_ms: (status == S::Success).then_some(at),
        })
    };
    states.into_iter().filter_map(one).collect()
}

/// The form's lines for samples.
pub(super) fn sample_fields() -> Vec<ShareField> {
    let of = Source { kind: "payment", id: "4200001".into() };
    let share = |year| {
        Some(Lying {
            of: of.clone(),
            bill_id: "0193bill".parse().ok()?,
            bill_no: format!("B{year}00000001"),
            year,
            total: Fen::yuan(2000),
            left: Fen::yuan(2000),
        })
    };
    let shares: Vec<_> = [2025, 2026].into_iter().filter_map(share).collect();
    share_fields(&shares)
}
