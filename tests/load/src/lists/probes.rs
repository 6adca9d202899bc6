//! The pages that are measured, each with the SQL that nothing could do without.

use huiyuan::{
    db::{Db, Run as _},
    kernel::{Secret, Vault},
};

use crate::{
    Result,
    fill::{Size, Unit},
    product::DATA_KEY,
};

/// What a page is held against.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Against {
    /// The page's query by key alone: at most five times its processor time.
    Keyset,
    /// A scan of all names with `LIKE`: no more than that.
    Scan,
}

/// A page and its SQL.
#[derive(Clone, Debug)]
pub struct Probe {
    /// The workload in `quality.md`.
    pub workload: &'static str,
    /// What it is.
    pub name: &'static str,
    /// Path and query.
    pub path: String,
    /// The least that the database must be asked.
    pub sql: String,
    /// What the SQL is to the page.
    pub against: Against,
}

const PAYMENT: &str = "select a.out_trade_no, a.order_id, o.no as order_no, a.member_id, \
    o.description, a.transaction_id, a.amount, a.trade_type, a.status, a.created_ms, a.success_ms, \
    a.refunding, a.refunded from payment_attempt a join payment_order o on o.id = a.order_id";
const MEMBER: &str = "select id, no, name, uscc, level_id, contact, contact_mobile, joined_on, \
    status from member";
const ONLINE: &str = "select a.id, b.member_id, a.bill_id, b.no, b.year, a.source_id, a.amount, \
    a.taken_back, a.created_ms from allocation a join dues_bill b on b.id = a.bill_id";
const ENTRY: &str = "select id, at_ms, account, amount, source_kind, source_id, kind, line \
    from ledger_entry";
const APPLICATION: &str = "select * from registration";

/// The key of the row in the middle of a table.
async fn middle(db: &Db, size: Size) -> Result<String> {
    let at = size.moment(1, 2).millis();
    let sql = "select id from member where id > ? order by id limit 1";
    let key: Option<String> = db.fetch_one(sql, huiyuan::db::args![format!("{at:012x}")]).await?;
    Ok(key.ok_or("no member")?)
}

/// All probes of a database of this size.
pub async fn probes(db: &Db, size: Size) -> Result<Vec<Probe>> {
    let mut all = lists(&middle(db, size).await?);
    all.extend(searches(db, size).await?);
    Ok(all)
}

fn lists(middle: &str) -> Vec<Probe> {
    let keyset = |name, path: &str, sql: String| Probe {
        workload: "W7",
        name,
        path: path.to_owned(),
        sql,
        against: Against::Keyset,
    };
    let newest = |from: &str, tail: &str| format!("{from} {tail} limit 21");
    let payments = "/admin/payments";
    let applications = "/admin/registrations?status";
    vec![
        keyset("payments, first page", payments, newest(PAYMENT, "order by a.out_trade_no desc")),
        keyset(
            "payments, last page",
            "/admin/payments?last=1",
            newest(PAYMENT, "order by a.out_trade_no"),
        ),
        keyset(
            "payments, closed ones",
            "/admin/payments?status=closed",
            newest(PAYMENT, "where a.status = 'closed' order by a.out_trade_no desc"),
        ),
        keyset(
            "payments, one day",
            "/admin/payments?day=2021-06-01",
            newest(
                PAYMENT,
                "where a.out_trade_no >= 'P20210601' and a.out_trade_no < 'P20210601~' \
                 order by a.out_trade_no desc",
            ),
        ),
        keyset(
            "contributions",
            "/admin/contributions",
            newest(ONLINE, "where a.source_kind = 'payment' order by a.id desc"),
        ),
        keyset(
            "contributions of 2018",
            "/admin/contributions?year=2018",
            newest(ONLINE, "where a.source_kind = 'payment' order by a.id desc"),
        ),
        keyset(
            "contributions taken back",
            "/admin/contributions?state=taken-back",
            newest(ONLINE, "where a.source_kind = 'payment' order by a.id desc"),
        ),
        keyset("ledger", "/admin/ledger", format!("{ENTRY} order by id desc limit 51")),
        keyset(
            "ledger, bank",
            "/admin/ledger?account=bank",
            format!("{ENTRY} where account = 'bank' order by id desc limit 51"),
        ),
        keyset("members, first page", "/admin/members", newest(MEMBER, "order by id desc")),
        keyset(
            "members, in the middle",
            &format!("/admin/members?before={middle}"),
            newest(MEMBER, &format!("where id < '{middle}' order by id desc")),
        ),
        keyset(
            "applications that wait",
            "/admin/registrations",
            newest(APPLICATION, "where status = 'pending' order by id"),
        ),
        keyset(
            "applications approved",
            &format!("{applications}=approved"),
            newest(APPLICATION, "where status = 'approved' order by id desc"),
        ),
        keyset("dashboard", "/admin", newest(MEMBER, "order by id desc")),
    ]
}

async fn searches(db: &Db, size: Size) -> Result<Vec<Probe>> {
    let unit = Unit::member(size.members() / 3)?;
    let vault = Vault::new(&Secret::new(DATA_KEY))?;
    let index = vault.index(&unit.mobile);
    let trade = "select out_trade_no from payment_attempt order by out_trade_no limit 1";
    let trade: Option<String> = db.fetch_one(trade, Vec::new()).await?;
    let trade = trade.ok_or("no payment")?;
    // All but the last characters: a part that one name has.
    let part: String = unit.name.chars().skip(2).take(6).collect();
    let probe = |name, path: String, sql: String, against| Probe {
        workload: "W8",
        name,
        path,
        sql,
        against,
    };
    let encoded = huiyuan::web::encoded(&part);
    let scan = |table: &str| format!("select id from {table} where name like '%{part}%'");
    Ok(vec![
        probe(
            "members by code",
            format!("/admin/members?q={}", unit.uscc),
            format!("{MEMBER} where uscc = '{}'", unit.uscc),
            Against::Keyset,
        ),
        probe(
            "members by mobile",
            format!("/admin/members?mobile={index}"),
            format!("{MEMBER} where contact_mobile_index = '{index}'"),
            Against::Keyset,
        ),
        probe(
            "payments by number",
            format!("/admin/payments?number={trade}"),
            format!("{PAYMENT} where a.out_trade_no = '{trade}'"),
            Against::Keyset,
        ),
        probe(
            "members by part of name",
            format!("/admin/members?q={encoded}"),
            scan("member"),
            Against::Scan,
        ),
        probe(
            "payments by part of name",
            format!("/admin/payments?unit={encoded}"),
            scan("member"),
            Against::Scan,
        ),
        probe(
            "contributions by part of name",
            format!("/admin/contributions?q={encoded}"),
            scan("member"),
            Against::Scan,
        ),
        probe(
            "applications by part of name",
            format!("/admin/registrations?status=approved&q={encoded}"),
            scan("registration"),
            Against::Scan,
        ),
    ])
}
