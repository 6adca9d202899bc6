//! Refunds of a bill against the books, in both directions. A bill says that a refund was asked for,
//! not how it ended; so whatever is not booked as the bill has it is asked about, and WeChat's
//! answer goes into the same [`conclude`] as a notice would.

use std::collections::BTreeSet;

use super::{
    PAGE,
    model::{About, Difference, Tally, add},
};
use crate::{
    kernel::Timestamp,
    refund::{
        self, Refund, RefundStatus,
        conclude::{Concluded, conclude},
    },
    web::{App, AppError},
    wechat::pay::{RefundState, bill::RefundLine},
};

const KIND: &str = "refund";

/// From the bill into the books.
pub(super) async fn bring_in(
    app: &App,
    page: Vec<RefundLine>,
    tally: &mut Tally,
    on_bill: &mut BTreeSet<String>,
) -> Result<(), AppError> {
    let numbers: Vec<String> = page.iter().map(|line| line.out_refund_no.clone()).collect();
    let known = refund::with_numbers(&app.db, &numbers).await?;
    on_bill.extend(numbers);
    for line in page {
        tally.result.refunds += 1;
        add(&mut tally.result.refunds_fen, line.amount);
        let ours = known.iter().find(|refund| refund.no == line.out_refund_no);
        match ours {
            Some(ours) if !is_same(ours, &line) => tally.differ(differs(&line, Some(ours))),
            Some(ours) if stands_as(ours.status, &line) => open_end(ours, &line, tally),
            _ => ask(app, &line, tally).await?,
        }
    }
    Ok(())
}

fn is_same(ours: &Refund, line: &RefundLine) -> bool {
    ours.amount == line.amount && ours.of_id == line.transaction_id
}

/// True when the books say of it what the bill says.
const fn stands_as(status: RefundStatus, line: &RefundLine) -> bool {
    match status {
        RefundStatus::Success | RefundStatus::Foreign => true,
        RefundStatus::Submitting | RefundStatus::Processing | RefundStatus::Abnormal => {
            !line.is_success
        }
        RefundStatus::Requested
        | RefundStatus::Refused
        | RefundStatus::Closed
        | RefundStatus::Rejected => false,
    }
}

fn differs(line: &RefundLine, ours: Option<&Refund>) -> Difference {
    Difference {
        kind: KIND,
        number: line.out_refund_no.clone(),
        theirs: Some(line.amount),
        ours: ours.map(|refund| refund.amount),
        about: ours.map_or(About::Nothing, |refund| About::Refund(refund.id.to_string())),
        words: "微信账单与本系统的退款记录不一致",
    }
}

/// Money that went back past this product stays a difference until a person says what it was for.
fn open_end(ours: &Refund, line: &RefundLine, tally: &mut Tally) {
    if ours.status == RefundStatus::Foreign {
        let words = "在微信支付商户平台发起的退款，待登记款项去向";
        tally.differ(Difference { words, ..differs(line, Some(ours)) });
    }
}

async fn ask(app: &App, line: &RefundLine, tally: &mut Tally) -> Result<(), AppError> {
    let Some(said) = app.pay.query_refund(&line.out_refund_no).await? else {
        let words = "微信账单有这笔退款，向微信查询却没有结果";
        tally.differ(Difference { words, ..differs(line, None) });
        return Ok(());
    };
    let state = said.state.clone();
    let concluded = conclude(app, said, None).await?;
    let number = std::slice::from_ref(&line.out_refund_no);
    let ours = refund::with_numbers(&app.db, number).await?.into_iter().next();
    match (concluded, &ours) {
        (Concluded::Moved(RefundStatus::Success), _) => tally.result.booked += 1,
        (Concluded::Moved(RefundStatus::Foreign), Some(ours)) => {
            tally.result.booked += 1;
            open_end(ours, line, tally);
        }
        (Concluded::Mismatch, ours) => tally.differ(differs(line, ours.as_ref())),
        // WeChat gave it up: no money has moved, and none is booked.
        _ if state == RefundState::Closed => {}
        (_, Some(ours)) if is_same(ours, line) && ours.status.holds() => {
            open_end(ours, line, tally);
        }
        (_, ours) if state != RefundState::Success => {
            let words = "微信正在处理，完成后自动登记";
            tally.wait(Difference { words, ..differs(line, ours.as_ref()) });
        }
        (_, ours) => tally.differ(differs(line, ours.as_ref())),
    }
    Ok(())
}

/// From the books to the bill.
pub(super) async fn missing(
    app: &App,
    span: (Timestamp, Timestamp),
    on_bill: &BTreeSet<String>,
    tally: &mut Tally,
) -> Result<(), AppError> {
    let mut last = None;
    loop {
        let page = refund::gone_between(&app.db, span, last.as_ref(), PAGE).await?;
        let Some(end) = page.last().cloned() else { return Ok(()) };
        for ours in page {
            tally.result.our_refunds += 1;
            add(&mut tally.result.our_refunds_fen, ours.amount);
            if !on_bill.contains(&ours.no) && !is_confirmed(app, &ours).await? {
                tally.differ(Difference {
                    kind: KIND,
                    number: ours.no.clone(),
                    theirs: None,
                    ours: Some(ours.amount),
                    about: About::Refund(ours.id.to_string()),
                    words: "本系统记为已退款，微信账单没有，向微信查询也没有证实",
                });
            }
        }
        last = Some(end);
    }
}

/// A refund may stand on the bill of the day before, when it was asked for: WeChat's own word counts.
async fn is_confirmed(app: &App, ours: &Refund) -> Result<bool, AppError> {
    let said = app.pay.query_refund(&ours.no).await?;
    Ok(said.is_some_and(|said| {
        said.state == RefundState::Success
            && said.amount_refund == ours.amount
            && said.transaction_id == ours.of_id
    }))
}
