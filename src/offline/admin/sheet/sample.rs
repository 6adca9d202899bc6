//! The page in every shape.

use super::{
    Bill, Confirmation, Correction, CorrectionKind, DetailPage, Fen, FormState, OfflinePayment,
    Parts, SurplusState, Timestamp, Unit, dues, sample_lines,
};
use crate::offline::{
    model::CorrectionStatus,
    pc::{sample_file, sample_payments},
};

fn parts((payment, bill): (OfflinePayment, Bill)) -> Parts {
    Parts {
        payment,
        unit: Unit {
            name: "示例科技".into(),
            no: "M2026000001".into(),
            uscc: "91329999XY0000012R".into(),
            level: "会员单位".into(),
        },
        bill,
        levels: Vec::new(),
        files: sample_file().into_iter().collect(),
        earlier: sample_file().map(|file| (file, Timestamp::default())).into_iter().collect(),
        waiting: 2,
        same_reference: vec!["L2026112400000002".into()],
        online: "D20261124000001（2,000.00 元）".into(),
        confirmation: None,
        correction: None,
        past: past_sample(),
        others: Vec::new(),
        history: sample_lines(),
        decider: "王会计".into(),
        today: "2026-11-24".into(),
        staff_id: "staff".into(),
        may_decide: true,
        may_approve: true,
    }
}

fn asked(kind: CorrectionKind, by: &str) -> (String, Correction) {
    let correction = Correction {
        id: "sample".into(),
        kind,
        bill_id: dues::pc::sample_bills().into_iter().next().map(|bill| bill.id),
        status: CorrectionStatus::Asked,
        reason: "银行退票".into(),
        asked_by: by.into(),
        asked_at: Timestamp::from_millis(1_764_000_000_000),
        answer: String::new(),
        answered_by: String::new(),
        answered_at: None,
    };
    ("王会计".into(), correction)
}

fn past_sample() -> Vec<(String, String, Correction)> {
    let answered = |(_, it): (String, Correction)| Correction {
        status: CorrectionStatus::Approved,
        answer: "已核对银行流水".into(),
        answered_at: Some(Timestamp::from_millis(1_764_000_000_000)),
        ..it
    };
    let correction = answered(asked(CorrectionKind::Return, "staff"));
    vec![("王会计".into(), "李出纳".into(), correction)]
}

fn confirmed(correction: Option<(String, Correction)>, state: SurplusState) -> Option<DetailPage> {
    let payment = sample_payments().into_iter().nth(2)?;
    let bill = dues::pc::sample_bills().into_iter().next()?;
    let surplus = Fen::yuan(500);
    let confirmation = Confirmation { applied: Fen::yuan(1000), surplus, surplus_state: state };
    let more = Parts {
        confirmation: Some(confirmation),
        correction,
        others: dues::pc::sample_bills(),
        ..parts((payment, bill))
    };
    Some(DetailPage::new(more))
}

pub(super) fn pages() -> Vec<DetailPage> {
    let bills = dues::pc::sample_bills();
    let payments = sample_payments();
    let page = |pair| DetailPage::new(parts(pair));
    let mut all: Vec<DetailPage> =
        payments.iter().cloned().zip(bills.iter().cloned().cycle()).map(page).collect();
    // The same report on every bill: part, paid, waived, void.
    all.extend(payments.iter().take(1).cloned().cycle().zip(bills).map(page));
    all.extend(payments.into_iter().take(1).zip(dues::pc::sample_bills()).map(page).map(|page| {
        let mut wrong = FormState::blank(&["reason"]);
        wrong.errors.insert("reason", "请填写原因".into());
        page.with_problem("该账单已缴清".into()).with_reject_form(wrong)
    }));
    let none = || SurplusState::None;
    all.extend(confirmed(None, SurplusState::Open));
    all.extend(confirmed(None, none()));
    all.extend(confirmed(Some(asked(CorrectionKind::Reverse, "staff")), none()));
    all.extend(confirmed(Some(asked(CorrectionKind::Assign, "other")), SurplusState::Open));
    all.extend(confirmed(None, SurplusState::Returned).map(|page| {
        page.with_correction_form(CorrectionKind::Reverse, FormState::blank(&["reason", "bill"]))
    }));
    all
}
