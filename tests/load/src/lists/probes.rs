//! The pages that are measured, each with the SQL that nothing could do without.

use huiyuan::{
    db::{Db, Run as _},
    kernel::{Secret, Vault},
};

use crate::{
    Result,
    fill::{Size, Unit, moment},
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
const APPLICATION: &str = "select id, no, name, uscc, user_type, channel, submitted_ms, queued_ms, \
    decided_ms, status, version from registration";

/// The key of the row in the middle of a table.
async fn middle(db: &Db) -> Result<String> {
    let at = moment(1, 2).millis();
    let sql = "select id from member where id > ? order by id limit 1";
    let key: Option<String> = db.fetch_one(sql, huiyuan::db::args![format!("{at:012x}")]).await?;
    Ok(key.ok_or("no member")?)
}

/// All probes of a database of this size.
pub async fn probes(db: &Db, size: Size) -> Result<Vec<Probe>> {
    let mut all = lists(&middle(db).await?);
    all.extend(searches(db, size).await?);
    Ok(all)
}

/// Name, path, and the query by key alone.
const LISTS: [(&str, &str, &str, &str); 13] = [
    ("payments, first page", "payments", PAYMENT, "order by a.out_trade_no desc limit 21"),
    ("payments, last page", "payments?last=1", PAYMENT, "order by a.out_trade_no limit 21"),
    (
        "payments, closed ones",
        "payments?status=closed",
        PAYMENT,
        "where a.status = 'closed' order by a.out_trade_no desc limit 21",
    ),
    (
        "payments, one day",
        "payments?day=2021-06-01",
        PAYMENT,
        "where a.out_trade_no >= 'P20210601' and a.out_trade_no < 'P20210601~' \
         order by a.out_trade_no desc limit 21",
    ),
    ("contributions", "contributions", ONLINE, NEWEST_ONLINE),
    ("contributions of 2018", "contributions?year=2018", ONLINE, NEWEST_ONLINE),
    ("contributions taken back", "contributions?state=taken-back", ONLINE, NEWEST_ONLINE),
    ("ledger", "ledger", ENTRY, "order by id desc limit 51"),
    (
        "ledger, bank",
        "ledger?account=bank",
        ENTRY,
        "where account = 'bank' order by id desc limit 51",
    ),
    ("members, first page", "members", MEMBER, "order by id desc limit 21"),
    (
        "applications that wait",
        "registrations",
        APPLICATION,
        "where status = 'pending' order by id limit 21",
    ),
    (
        "applications approved",
        "registrations?status=approved",
        APPLICATION,
        "where status = 'approved' order by id desc limit 21",
    ),
    ("dashboard", "", MEMBER, "order by id desc limit 21"),
];
const NEWEST_ONLINE: &str = "where a.source_kind = 'payment' order by a.id desc limit 21";

fn lists(middle: &str) -> Vec<Probe> {
    let keyset = |name, path: &str, sql| Probe {
        workload: "W7",
        name,
        path: format!("/admin/{path}").trim_end_matches('/').to_owned(),
        sql,
        against: Against::Keyset,
    };
    let mut all: Vec<Probe> = LISTS
        .iter()
        .map(|(name, path, from, tail)| keyset(*name, path, format!("{from} {tail}")))
        .collect();
    all.push(keyset(
        "members, in the middle",
        &format!("members?before={middle}"),
        format!("{MEMBER} where id < '{middle}' order by id desc limit 21"),
    ));
    all
}

async fn searches(db: &Db, size: Size) -> Result<Vec<Probe>> {
    let unit = Unit::member(size.members() / 3)?;
    let index = Vault::new(&Secret::new(DATA_KEY))?.index(&unit.mobile);
    let trade = "select out_trade_no from payment_attempt order by out_trade_no limit 1";
    let trade: Option<String> = db.fetch_one(trade, Vec::new()).await?;
    let trade = trade.ok_or("no payment")?;
    let probe = |name, path: String, sql: String, against| {
        let path = format!("/admin/{path}");
        Probe { workload: "W8", name, path, sql, against }
    };
    let exact = |name, path, sql| probe(name, path, sql, Against::Keyset);
    let mut all = vec![
        exact(
            "members by code",
            format!("members?q={}", unit.uscc),
            format!("{MEMBER} where uscc = '{}'", unit.uscc),
        ),
        exact(
            "members by mobile",
            format!("members?mobile={index}"),
            format!("{MEMBER} where contact_mobile_index = '{index}'"),
        ),
        exact(
            "payments by number",
            format!("payments?number={trade}"),
            format!("{PAYMENT} where a.out_trade_no = '{trade}'"),
        ),
    ];
    // A part that one name has.
    let part: String = unit.name.chars().skip(2).take(6).collect();
    let encoded = huiyuan::web::encoded(&part);
    let by_name = [
        ("members by part of name", "members?q=", "member"),
        ("payments by part of name", "payments?unit=", "member"),
        ("contributions by part of name", "contributions?q=", "member"),
        ("applications by part of name", "registrations?status=approved&q=", "registration"),
    ];
    all.extend(by_name.map(|(name, path, table)| {
        let sql = format!("select id from {table} where name like '%{part}%'");
        probe(name, format!("{path}{encoded}"), sql, Against::Scan)
    }));
    Ok(all)
}
