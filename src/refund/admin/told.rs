//! A refund in words: its facts and the steps that it has taken.

use serde::Serialize;

use crate::{
    db::Run,
    dues,
    kernel::{Fen, Timestamp},
    refund::{
        Refund,
        model::{Means, Origin, Part, RefundStatus},
        store,
    },
    staff,
    web::{App, AppError},
};

/// A fact.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Fact {
    label: &'static str,
    value: String,
}

/// A step.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Step {
    text: &'static str,
    state: &'static str,
    note: String,
}

/// What it takes off one bill.
#[derive(Clone, Debug, Serialize)]
pub(super) struct PartLine {
    pub bill: String,
    pub year: i64,
    pub amount: Fen,
}

/// The names of the people around a refund.
#[derive(Clone, Debug)]
pub(super) struct People {
    pub requester: String,
    pub decider: String,
    pub member: String,
}

/// Its facts.
pub(super) fn facts(refund: &Refund, people: &People) -> Vec<Fact> {
    let fact = |label, value: &str| Fact { label, value: value.to_owned() };
    let of = match refund.origin {
        Origin::Bills => "会费账单上的款项",
        Origin::Parked => "待处理款项",
        Origin::Console => "待登记",
    };
    let number = if refund.out_trade_no.is_empty() { &refund.of_id } else { &refund.out_trade_no };
    let mut all = vec![
        fact("退款单号", &refund.no),
        fact("会员单位", &people.member),
        fact("退款方式", refund.means.label()),
        fact("退自", of),
        fact("原付款", number),
        fact("原付款金额", &format!("{} 元", refund.total.grouped())),
        fact("退款原因", &refund.reason),
    ];
    if refund.reopens.0 {
        all.push(fact("账单", "退款后重新变为待缴"));
    }
    if !refund.evidence.is_empty() {
        all.push(fact("银行流水号", &refund.evidence));
    }
    if !refund.paid_by.is_empty() {
        all.push(fact("转账经办人", &refund.paid_by));
        all.push(fact("转账日期", &refund.paid_on));
    }
    if !refund.wechat_id.is_empty() {
        all.push(fact("微信退款单号", &refund.wechat_id));
    }
    all
}

/// Its way.
pub(super) fn steps(refund: &Refund, people: &People) -> Vec<Step> {
    use RefundStatus as S;
    let status = refund.status;
    let at = |when: Option<Timestamp>| when.map(Timestamp::to_minute).unwrap_or_default();
    let asked = format!("{} {}", people.requester, refund.requested_ms.to_minute());
    let decided = if refund.decided_ms.is_some() {
        format!("{} {} {}", people.decider, at(refund.decided_ms), refund.decision)
    } else {
        String::new()
    };
    let (approval, way, end) = match status {
        S::Requested => ("now", "ahead", "ahead"),
        S::Rejected => ("failed", "ahead", "ahead"),
        S::Submitting | S::Processing => ("done", "now", "ahead"),
        S::Refused | S::Abnormal | S::Closed => ("done", "failed", "ahead"),
        S::Foreign => ("now", "done", "done"),
        S::Success => ("done", "done", "done"),
    };
    let step = |text, state, note: String| Step { text, state, note };
    let (second, third) = match (status, refund.means) {
        (S::Foreign, _) => ("登记款项去向", "微信已退款"),
        (_, Means::Wechat) => ("第二人审批", "微信处理"),
        (_, Means::Bank) => ("第二人核对转账", "转账退回"),
    };
    vec![
        step("申请", "done", asked),
        step(second, approval, decided),
        step(third, way, String::new()),
        step("退款成功", end, at(refund.ended_ms.filter(|_| end == "done"))),
    ]
}

/// The name of staff; the system has none of its own.
pub(super) async fn name_of(db: &impl Run, id: &str) -> Result<String, AppError> {
    if id.is_empty() {
        return Ok("系统".into());
    }
    Ok(staff::store::by_id(db, id).await?.map_or_else(String::new, |row| row.name))
}

/// Its parts with the numbers of the bills.
pub(super) async fn part_lines(app: &App, refund: &Refund) -> Result<Vec<PartLine>, AppError> {
    let parts = store::parts(&app.db, &refund.id).await?;
    let ids: Vec<_> = parts.iter().map(|part| part.bill_id.clone()).collect();
    let bills = dues::bills(&app.db, &ids).await?;
    let line = |part: &Part| {
        let bill = bills.iter().find(|bill| bill.id == part.bill_id);
        PartLine {
            bill: bill.map(|bill| bill.no.clone()).unwrap_or_default(),
            year: bill.map_or(0, |bill| bill.year),
            amount: part.amount,
        }
    };
    Ok(parts.iter().map(line).collect())
}
