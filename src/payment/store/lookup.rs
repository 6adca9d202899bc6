//! SQL of finding orders by what others know of them.

use std::collections::HashMap;

use serde::Deserialize;

use crate::{
    db::{self, Run, marks},
    kernel::ids::OrderId,
};

/// The orders that these transactions of WeChat's paid.
pub async fn orders_of_transactions(
    db: &impl Run,
    transactions: &[String],
) -> Result<HashMap<String, OrderId>, db::Error> {
    #[derive(Deserialize)]
    struct Row {
        transaction_id: String,
        order_id: OrderId,
    }
    let sql = format!(
        "select transaction_id, order_id from payment_attempt where transaction_id in ({})",
        marks(transactions.len())
    );
    let rows: Vec<Row> = db.fetch(&sql, transactions.iter().map(db::bind).collect()).await?;
    Ok(rows.into_iter().map(|row| (row.transaction_id, row.order_id)).collect())
}
