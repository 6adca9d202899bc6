//! Orders: the price is the sum of the shares and of every attempt, and a paid order has a payment.

use super::{BATCH, Finding, Progress, Report, still_seen};
use crate::{
    payment::{self, OrderFacts, OrderStatus},
    web::{App, AppError},
};

const CHECK: &str = "orders";

pub(super) async fn check(
    app: &App,
    progress: &mut Progress,
    report: &mut Report,
) -> Result<(), AppError> {
    let mut after = String::new();
    loop {
        let orders = payment::orders_after(&app.db, &after, BATCH).await?;
        let Some(last) = orders.last() else { return Ok(()) };
        let from = std::mem::replace(&mut after, last.id.to_string());
        let found = orders.iter().flat_map(judge).collect();
        report.add(still_seen(found, || of_orders(app, &from)).await?);
        progress.advance(orders.len()).await?;
    }
}

async fn of_orders(app: &App, after: &str) -> Result<Vec<Finding>, AppError> {
    let orders = payment::orders_after(&app.db, after, BATCH).await?;
    Ok(orders.iter().flat_map(judge).collect())
}

fn judge(order: &OrderFacts) -> Vec<Finding> {
    let finding = |problem: String| Finding::new(CHECK, &format!("order {}", order.no), &problem);
    let mut found = Vec::new();
    if order.amount != order.shares {
        let (amount, shares) = (order.amount.plain(), order.shares.plain());
        found.push(finding(format!("订单 {amount} 元，账单合计 {shares} 元")));
    }
    if order.strange > 0 {
        found.push(finding("有支付单的金额与订单不同".into()));
    }
    let is_paid = order.status == OrderStatus::Paid;
    if is_paid != (order.accepted > 0) {
        let state = if is_paid { "已支付" } else { "未支付" };
        found.push(finding(format!("状态为{state}，成功的支付单有 {} 个", order.accepted)));
    }
    if order.accepted > 1 {
        found.push(finding(format!("成功的支付单有 {} 个，最多一个", order.accepted)));
    }
    found
}
