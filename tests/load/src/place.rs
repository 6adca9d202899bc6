//! The place where everything is measured: tables, store, sandbox and the product's settings.

use std::sync::Arc;

use huiyuan::{
    db::{Db, Settings},
    kernel::Ids,
};
use wechat_sandbox::{Options as SandboxOptions, Sandbox};

use crate::{Result, estate, options::Options, product::Product};

/// Staff who approve the member of the poll.
pub const STAFF: (&str, &str) = ("load", "Secretariat-pass-1!");

/// Everything that the workloads share.
pub struct Place {
    /// The command line.
    pub options: Options,
    /// The harness's own connections.
    pub db: Db,
    /// Chance.
    pub ids: Ids,
    /// WeChat.
    pub sandbox: Arc<Sandbox>,
    /// The product on MariaDB and Redis.
    pub product: Product,
    /// The product on SQLite and in-process state.
    pub small: Product,
}

impl Place {
    /// Migrates both databases and makes the staff and the dues standards.
    pub async fn prepare(options: Options) -> Result<Self> {
        let sandbox = Sandbox::start(SandboxOptions::new(options.out.join("sandbox"))).await?;
        let product = |database: &str, redis: &str| {
            Product::new(options.product.clone(), options.out.clone(), sandbox.env())
                .with("DATABASE__URL", database)
                .with("REDIS__URL", redis)
        };
        let file = options.out.join("small.db");
        let small = product(&format!("sqlite://{}", file.display()), "");
        let product = product(&options.mysql, &format!("redis://{}/0", options.redis));
        small.run(&["migrate"], "").await?;
        product.run(&["migrate"], "").await?;
        set_up(&product).await?;
        let db = Db::connect(&Settings::new(&options.mysql)).await?;
        let sandbox = Arc::new(sandbox);
        Ok(Self { options, db, ids: Ids::system(), sandbox, product, small })
    }
}

/// The staff and the dues standards of a migrated database.
pub async fn set_up(product: &Product) -> Result<()> {
    let (account, password) = STAFF;
    let create = ["admin", "create", "--account", account, "--role", "super"];
    product.run(&create, &format!("{password}\n")).await?;
    product.run(&["dues", "import", &estate::dues().display().to_string()], "").await
}
