//! Databases of different sizes, each with a product of its own on it.

use std::path::PathBuf;

use huiyuan::db::{Db, Run as _, Settings};

use crate::{
    Result,
    fill::{self, Size},
    place::{Place, set_up},
    product::Product,
};

/// A database that was filled, and the product on it.
pub struct Estate {
    /// How much is in it.
    pub size: Size,
    /// The harness's own connections.
    pub db: Db,
    /// The product.
    pub product: Product,
}

impl Estate {
    /// Makes and fills `load_<payments>` beside the database of the place. What a run before has
    /// filled is used again.
    pub async fn open(place: &Place, payments: i64) -> Result<Self> {
        let name = format!("load_{payments}");
        let sql = format!("create database if not exists {name} character set utf8mb4");
        place.db.exec(&sql, Vec::new()).await?;
        let (server, _) = place.options.mysql.rsplit_once('/').ok_or("no database in the URL")?;
        let url = format!("{server}/{name}");
        let product = place.product.clone().with("DATABASE__URL", &url);
        product.run(&["migrate"], "").await?;
        let db = Db::connect(&Settings::new(&url)).await?;
        let size = Size { payments };
        let filled: Vec<i64> = db.fetch("select 1 as n from member limit 1", Vec::new()).await?;
        if filled.is_empty() {
            println!("filling {name}");
            set_up(&product).await?;
            fill::fill(&url, size).await?;
            for table in TABLES {
                // The optimiser's figures must be those of a full table.
                let _: Vec<Ignored> =
                    db.fetch(&format!("analyze table {table}"), Vec::new()).await?;
            }
        }
        Ok(Self { size, db, product })
    }
}

/// Whose figures the optimiser needs.
const TABLES: [&str; 12] = [
    "member",
    "account",
    "registration",
    "dues_bill",
    "allocation",
    "ledger_entry",
    "payment_order",
    "payment_order_bill",
    "payment_attempt",
    "payment_notice",
    "offline_payment",
    "audit_log",
];

/// A row that nobody reads.
#[derive(serde::Deserialize)]
struct Ignored {}

/// The demonstration's dues standards.
pub fn dues() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../config/demo-dues.csv")
}
