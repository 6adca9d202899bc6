//! Orders and refunds on disk, so that a demo that is started again still knows them.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::keys::write_private;
use crate::order::Order;
use crate::refund::Refund;
use crate::world::World;

const FILE: &str = "orders.json";
const EVERY: Duration = Duration::from_secs(2);

#[derive(Debug, Default, PartialEq, Serialize, Deserialize)]
struct Kept {
    orders: BTreeMap<String, serde_json::Value>,
    refunds: BTreeMap<String, serde_json::Value>,
}

/// Reads what an earlier run wrote. A file that cannot be read counts as none.
pub fn recall(world: &World) {
    if !world.remember {
        return;
    }
    let Ok(bytes) = std::fs::read(world.data_dir.join(FILE)) else { return };
    let Ok(kept) = serde_json::from_slice::<Kept>(&bytes) else { return };
    let mut books = world.books();
    let order = |value: serde_json::Value| serde_json::from_value::<Order>(value).ok();
    books.orders = kept
        .orders
        .into_iter()
        .filter_map(|(number, value)| Some((number, order(value)?)))
        .collect();
    let refund = |value: serde_json::Value| serde_json::from_value::<Refund>(value).ok();
    books.refunds = kept
        .refunds
        .into_iter()
        .filter_map(|(number, value)| Some((number, refund(value)?)))
        .collect();
}

/// Writes every few seconds, until the sandbox ends.
pub async fn run(world: Arc<World>) {
    if !world.remember {
        return;
    }
    loop {
        tokio::time::sleep(EVERY).await;
        keep(&world);
    }
}

/// Writes orders and refunds. The demo goes on when the disk does not take them.
pub fn keep(world: &World) {
    if !world.remember {
        return;
    }
    let books = world.books();
    let text = serde_json::json!({ "orders": books.orders, "refunds": books.refunds });
    drop(books);
    let path = world.data_dir.join(FILE);
    let fresh = path.with_extension("new");
    if write_private(&fresh, text.to_string().as_bytes()).is_ok() {
        let _ = std::fs::rename(fresh, path);
    }
}
