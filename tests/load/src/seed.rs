//! Rows put straight into the tables: what must exist before a workload begins. The product has
//! no part in it, so the columns follow its migrations.

use std::time::Duration;

use huiyuan::{
    db::{Db, Run as _, Value, args, marks},
    kernel::{Clock, Ids, Secret, Timestamp, Uscc, Vault},
};

use crate::{Result, product::DATA_KEY};

/// Rows in one statement.
const CHUNK: usize = 250;
/// Longer than a run.
const ORDER_LIFE: Duration = Duration::from_hours(2);

/// One unpaid order over one bill, and the attempt to pay it.
#[derive(Clone, Debug)]
pub struct Payable {
    /// The attempt's number.
    pub out_trade_no: String,
    /// The number that WeChat gives it.
    pub transaction_id: String,
    /// In fen.
    pub amount: i64,
}

/// The merchant whom attempts name.
#[derive(Clone, Copy, Debug)]
pub struct Payee {
    /// appid.
    pub app_id: &'static str,
    /// mchid.
    pub mch_id: &'static str,
}

/// Makes `count` members with a bill, an order and an attempt each.
pub async fn payables(db: &Db, ids: &Ids, payee: Payee, count: usize) -> Result<Vec<Payable>> {
    let mut rows = Rows { sealed: sealed()?, ..Rows::default() };
    let mut payables = Vec::with_capacity(count);
    for n in 0..count {
        let amount = 100_000 + i64::try_from(n % 50)? * 1_000;
        let now = Clock::System.now();
        let (member, bill) = rows.add_bill(ids, amount, now);
        let out_trade_no = rows.add_attempt(ids, payee, (&member, &bill), (amount, now));
        let transaction_id = format!("42000{}", ids.digits(23));
        payables.push(Payable { out_trade_no, transaction_id, amount });
    }
    rows.insert(db).await?;
    Ok(payables)
}

#[derive(Default)]
struct Rows {
    sealed: (String, String),
    members: Vec<Vec<Value>>,
    bills: Vec<Vec<Value>>,
    orders: Vec<Vec<Value>>,
    shares: Vec<Vec<Value>>,
    attempts: Vec<Vec<Value>>,
}

impl Rows {
    fn add_bill(&mut self, ids: &Ids, amount: i64, now: Timestamp) -> (String, String) {
        let (member, bill, tag) = (ids.next(now), ids.next(now), ids.readable(12));
        // Letters that no code has.
        let code = format!("L{tag}0000X").replace('S', "A").replace('V', "B").replace('Z', "C");
        let sealed = (self.sealed.0.as_str(), self.sealed.1.as_str());
        self.members.push(member_row(sealed, &member, &tag, &code, now));
        let (item, level, no) = ("dues", "member", format!("B{tag}"));
        let mut row = args![bill, no, member, 2026, item, "", "", level];
        row.extend(args![amount, 0, amount, 0, "open", "2026-12-31", tag, "1", now]);
        self.bills.push(row);
        (member, bill)
    }

    fn add_attempt(
        &mut self,
        ids: &Ids,
        payee: Payee,
        (member, bill): (&str, &str),
        (amount, now): (i64, Timestamp),
    ) -> String {
        let (order, attempt, never) = (ids.next(now), ids.next(now), None::<i64>);
        let (no, expires) = (format!("P{}", ids.readable(12)), now + ORDER_LIFE);
        let row = args![order, no, member, amount, "会费", "pending", now, expires, never];
        self.orders.push(row);
        self.shares.push(args![order, bill, amount, "1"]);
        let (code_url, nothing) = ("weixin://load", None::<&str>);
        let mut row = args![attempt, order, member, "native", payee.app_id, payee.mch_id, amount];
        row.extend(args![
            "", code_url, "", expires, "prepaid", "1", nothing, never, now, expires, never, 0
        ]);
        self.attempts.push(row);
        attempt
    }

    async fn insert(self, db: &Db) -> Result<()> {
        insert(db, MEMBER, self.members).await?;
        let bill = "dues_bill (id, no, member_id, year, item, standard_id, tier_id, level_id, \
                    gross, reduction, due, paid, status, due_on, memo_code, active_key, issued_ms)";
        insert(db, bill, self.bills).await?;
        let order = "payment_order (id, no, member_id, amount, description, status, created_ms, \
                     expires_ms, paid_ms)";
        insert(db, order, self.orders).await?;
        let share = "payment_order_bill (order_id, bill_id, amount, live_key)";
        insert(db, share, self.shares).await?;
        let attempt = "payment_attempt (out_trade_no, order_id, member_id, trade_type, app_id, \
                       mch_id, amount, payer_index, code_url, prepay_id, code_until_ms, status, \
                       live_key, transaction_id, success_ms, created_ms, expires_ms, next_query_ms, \
                       query_count)";
        insert(db, attempt, self.attempts).await
    }
}

const MEMBER: &str = "member (id, no, name, name_key, uscc, uscc_doubtful, user_type, level_id, \
    status, legal_person, legal_mobile, contact, contact_mobile, contact_mobile_index, email, \
    unit_state, unit_nature, industry, unit_size, region_code, region_name, address, joined_on, \
    profile_complete_ms, version, created_ms)";

/// A member that is complete, so that it comes to its login code. The first two are the sealed
/// person and mobile, which all have and nobody searches for.
fn member_row(
    (person, mobile): (&str, &str),
    id: &str,
    tag: &str,
    uscc: &str,
    now: Timestamp,
) -> Vec<Value> {
    let (no, name) = (format!("M{tag}"), format!("示例单位{tag}"));
    let mut row = args![id, no, name, name, uscc, 0, "enterprise", "member", "active"];
    row.extend(args![person, mobile, person, mobile, "", "", "", "", "", "", "", "", ""]);
    row.extend(args!["2026-01-01", now, 1, now]);
    row
}

fn sealed() -> Result<(String, String)> {
    let vault = Vault::new(&Secret::new(DATA_KEY))?;
    Ok((vault.seal("测试联系人")?, vault.seal("19900000000")?))
}

/// Makes members who can sign in with the password behind `hash`; returns their codes.
pub async fn accounts(db: &Db, ids: &Ids, hash: &str, count: u32) -> Result<Vec<String>> {
    series(db, ids, (hash, 'A'), count).await
}

/// The same, with a letter in their codes that keeps several groups apart.
pub async fn series(
    db: &Db,
    ids: &Ids,
    (hash, series): (&str, char),
    count: u32,
) -> Result<Vec<String>> {
    let (now, (person, mobile)) = (Clock::System.now(), sealed()?);
    let (mut members, mut accounts, mut codes) = (Vec::new(), Vec::new(), Vec::new());
    for n in 0..count {
        let (member, tag, code) = (ids.next(now), ids.readable(12), uscc(&series.to_string(), n)?);
        members.push(member_row((&person, &mobile), &member, &tag, &code, now));
        accounts.push(args![ids.next(now), member, code, "", hash, "active", 1, 0, 0, now]);
        codes.push(code);
    }
    insert(db, MEMBER, members).await?;
    let account = "account (id, member_id, uscc, mobile_index, password_hash, status, \
                   session_generation, failed_count, locked_until_ms, created_ms)";
    insert(db, account, accounts).await?;
    Ok(codes)
}

/// A sound code of a region that does not exist; `series` keeps the groups apart.
pub fn uscc(series: &str, n: u32) -> Result<String> {
    let stem = format!("91329999{series}{n:08}");
    let mut codes = "0123456789ABCDEFGHJKLMNPQRTUWXY".chars().map(|check| format!("{stem}{check}"));
    let sound = codes.find(|code| Uscc::parse(code).is_ok_and(|code| code.is_sound()));
    Ok(sound.ok_or("no check character fits")?)
}

async fn insert(db: &Db, into: &str, rows: Vec<Vec<Value>>) -> Result<()> {
    for chunk in rows.chunks(CHUNK) {
        let width = chunk[0].len();
        let values = vec![format!("({})", marks(width)); chunk.len()].join(", ");
        let sql = format!("insert into {into} values {values}");
        db.exec(&sql, chunk.concat()).await.map_err(|error| format!("{into}: {error}"))?;
    }
    Ok(())
}
