//! Money that we have booked and that WeChat's bill of the day does not know: an item for finance.
//! The booking stays: it rests on a verified notice or answer.

use serde_json::json;

use super::{
    store::{self, NewUnexplained, bill::Settled},
    verdict::Oddity,
};
use crate::{
    db::{self, Tx},
    kernel::Date,
    staff::audit::{self, Actor, Entry},
    web::{App, AppError},
};

struct Input {
    app: App,
    settled: Settled,
    day: Date,
}

/// Keeps one item, however often it is reported; `true` when it is new.
pub async fn report_absent(app: &App, settled: Settled, day: Date) -> Result<bool, AppError> {
    let input = Input { app: app.clone(), settled, day };
    db::transaction(&app.db, input, |tx, input| Box::pin(keep(tx, input))).await
}

async fn keep(tx: &Tx, input: &Input) -> Result<bool, AppError> {
    let Input { app, settled, day } = input;
    let now = app.clock.now();
    let key: String = format!("b:{}", settled.transaction_id).chars().take(64).collect();
    let detail = format!(
        "{}；账单日 {day}，微信支付订单号 {}，金额 {} CNY。入账记录未作任何更改，请在商户平台核对",
        Oddity::Absent.label(),
        settled.transaction_id,
        settled.amount.plain(),
    );
    let new = NewUnexplained {
        oddity: Oddity::Absent,
        out_trade_no: settled.out_trade_no.as_str(),
        transaction: &key,
        amount: settled.amount,
        currency: "CNY",
        booked: false,
        detail: &detail,
    };
    if !store::insert_unexplained(tx, &app.ids.next(now), &new, now).await? {
        return Ok(false);
    }
    let entry = Entry {
        actor: Actor::System,
        action: "payment.absent",
        object_kind: "payment",
        object_id: settled.transaction_id.clone(),
        reason: Oddity::Absent.label().to_owned(),
        detail: json!({ "out_trade_no": settled.out_trade_no, "amount": settled.amount, "day": day }),
        ip: String::new(),
    };
    audit::record(tx, &app.ids, now, &entry).await?;
    Ok(true)
}
