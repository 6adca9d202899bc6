//! Asking for an order and closing it.

use serde_json::json;

use crate::authorization::Call;
use crate::mishap::Mishap;
use crate::order::{Order, State};
use crate::reply::{Refusal, Reply};
use crate::strict;
use crate::world::{MCH_ID, World};

/// `GET /v3/pay/transactions/out-trade-no/{no}?mchid=`.
pub fn by_number(world: &World, call: &Call, number: &str) -> Result<Reply, Refusal> {
    check_mchid(call)?;
    show(world, |order| order.out_trade_no == number)
}

/// `GET /v3/pay/transactions/id/{transaction_id}?mchid=`.
pub fn by_transaction(world: &World, call: &Call, id: &str) -> Result<Reply, Refusal> {
    check_mchid(call)?;
    show(world, |order| order.payment.as_ref().is_some_and(|payment| payment.transaction_id == id))
}

/// `POST /v3/pay/transactions/out-trade-no/{no}/close`; repeatable.
pub fn close(world: &World, call: &Call, number: &str) -> Result<Reply, Refusal> {
    let mut fields = strict::read(&call.body)?;
    if fields.need_text("mchid", 32)? != MCH_ID {
        return Err(Refusal::param("商户号mchid与Authorization中的mchid不一致"));
    }
    fields.end()?;
    let mut books = world.books();
    let order = books.orders.get_mut(number).ok_or_else(not_exist)?;
    match order.state {
        State::NotPay | State::Closed => {
            order.state = State::Closed;
            Ok(Reply::nothing())
        }
        State::Success | State::Refund => {
            Err(Refusal::new(400, "ORDERPAID", "该订单已支付，不能关闭"))
        }
    }
}

fn show(world: &World, wanted: impl Fn(&Order) -> bool) -> Result<Reply, Refusal> {
    let now = world.clock.now_ms();
    let mut books = world.books();
    let order = books.orders.values_mut().find(|order| wanted(order)).ok_or_else(not_exist)?;
    order.age(now);
    let (number, mut view) = (order.out_trade_no.clone(), order.view());
    let told = books.mishaps.take(Some(&number), |mishap| match mishap {
        Mishap::QueryDisagrees { trade_state } => Some(trade_state.clone()),
        _ => None,
    });
    if let Some(state) = told {
        view["trade_state"] = json!(state);
        view["trade_state_desc"] = json!("（与事实不符）");
    }
    let off = books.mishaps.take(Some(&number), |mishap| match mishap {
        Mishap::QueryWrongAmount { fen } => Some(*fen),
        _ => None,
    });
    if let Some(fen) = off {
        for name in ["total", "payer_total"] {
            if let Some(told) = view["amount"][name].as_i64() {
                view["amount"][name] = json!(told + fen);
            }
        }
    }
    Ok(Reply::json(&view))
}

fn check_mchid(call: &Call) -> Result<(), Refusal> {
    match call.query("mchid") {
        Some(mchid) if mchid == MCH_ID => Ok(()),
        Some(_) => Err(Refusal::param("商户号mchid与Authorization中的mchid不一致")),
        None => Err(Refusal::param("缺少必填参数“mchid”")),
    }
}

fn not_exist() -> Refusal {
    Refusal::new(404, "ORDER_NOT_EXIST", "订单不存在")
}
