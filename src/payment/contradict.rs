//! Copies of a settled transaction that tell another story. The first story was verified and is
//! booked; a second one moves no money, but finance must see it.

use serde_json::json;

use super::{
    settle::{Input, Outcome},
    store::{self, NewUnexplained},
    verdict::Oddity,
};
use crate::{
    db::{self, Tx},
    staff::audit::{self, Actor, Entry},
    web::AppError,
};

/// Leaves one item for finance, however often WeChat repeats the copy.
pub(super) async fn keep(tx: &Tx, input: &Input) -> Result<Outcome, AppError> {
    let said = &input.said;
    // The transaction itself is on record elsewhere; what is odd is this telling of it.
    let telling = input.received.as_ref().map_or(&input.transaction, |got| &got.notify_id);
    let key: String = format!("c:{telling}").chars().take(64).collect();
    let detail = format!(
        "{}；微信支付订单号 {}，再次收到的内容：商户单号 {}，金额 {} {}，商户 {}，公众号 {}。\
         首次入账的记录未作任何更改",
        Oddity::Contradiction.label(),
        input.transaction,
        said.out_trade_no,
        said.amount_total.plain(),
        said.currency,
        said.mch_id,
        said.app_id
    );
    let new = NewUnexplained {
        oddity: Oddity::Contradiction,
        out_trade_no: &said.out_trade_no,
        transaction: &key,
        amount: said.amount_total,
        currency: &said.currency,
        booked: false,
        detail: &detail,
    };
    if !store::insert_unexplained(tx, &input.app.ids.next(input.now), &new, input.now).await? {
        return Ok(Outcome::Repeat);
    }
    record(tx, input).await?;
    Ok(Outcome::Parked(Oddity::Contradiction))
}

async fn record(tx: &Tx, input: &Input) -> Result<(), db::Error> {
    let entry = Entry {
        actor: Actor::System,
        action: "payment.contradiction",
        object_kind: "payment",
        object_id: input.transaction.clone(),
        reason: Oddity::Contradiction.label().to_owned(),
        detail: json!({
            "out_trade_no": input.said.out_trade_no,
            "amount": input.said.amount_total,
            "currency": input.said.currency,
            "mch_id": input.said.mch_id,
            "app_id": input.said.app_id,
        }),
        ip: String::new(),
    };
    audit::record(tx, &input.app.ids, input.now, &entry).await
}
