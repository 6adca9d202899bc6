//! Ten years of dues: bills, the orders and attempts that paid them, and everything that the
//! product books with them. One of fifty is a bank transfer; one of twenty orders has an attempt
//! that came to nothing; one member in ten has a bill for next year that nobody has paid.

use huiyuan::kernel::Timestamp;

use super::{
    batch::{Rows, Writer, cells},
    facts::{Kind, Size, YEARS, id, memo, moment, scatter},
    transfers::{self, Transfers},
};
use crate::Result;

/// Bills in one write.
const CHUNK: i64 = 1_000;
/// Fen.
const DUES: i64 = 200_000;

/// The tables of online payments.
pub struct Tables {
    bills: Rows,
    orders: Rows,
    shares: Rows,
    attempts: Rows,
    allocations: Rows,
    entries: Rows,
    audit: Rows,
    outbox: Rows,
    notices: Rows,
    transfers: Transfers,
}

/// A bill and when it was paid.
#[derive(Clone, Debug)]
pub struct Paid {
    /// Its place in the row.
    pub n: i64,
    /// When.
    pub at: Timestamp,
    /// Whose.
    pub member: String,
    /// The bill.
    pub bill: String,
    /// Its year.
    pub year: i64,
    /// Fen.
    pub amount: i64,
}

impl Paid {
    /// Bill `n`: every member has one in each year, the members in an order that does not show.
    pub fn new(size: Size, n: i64) -> Self {
        let members = size.members();
        let (at, whose) = (moment(n, size.payments), (n % members * 7919 + 11) % members);
        Self {
            n,
            at,
            member: id(Kind::Member, whose, moment(whose, members)),
            bill: id(Kind::Bill, n, at),
            year: 2017 + n / members,
            amount: DUES,
        }
    }

    fn is_transfer(&self) -> bool {
        self.n % 50 == 49
    }
}

impl Tables {
    fn new() -> Self {
        Self {
            bills: Rows::new(
                "dues_bill (id, no, member_id, year, item, standard_id, tier_id, level_id, gross, \
                 reduction, due, paid, status, due_on, memo_code, active_key, issued_ms)",
            ),
            orders: Rows::new(
                "payment_order (id, no, member_id, amount, description, status, created_ms, \
                 expires_ms, paid_ms)",
            ),
            shares: Rows::new("payment_order_bill (order_id, bill_id, amount, live_key)"),
            attempts: Rows::new(
                "payment_attempt (out_trade_no, order_id, member_id, trade_type, app_id, mch_id, \
                 amount, payer_index, code_url, prepay_id, code_until_ms, status, live_key, \
                 transaction_id, success_ms, created_ms, expires_ms, next_query_ms, query_count)",
            ),
            allocations: Rows::new(
                "allocation (id, source_kind, source_id, bill_id, year, amount, created_ms, \
                 reversed_ms)",
            ),
            entries: Rows::new(
                "ledger_entry (id, at_ms, account, amount, source_kind, source_id, kind, line)",
            ),
            audit: Rows::new(
                "audit_log (id, at_ms, actor_kind, actor_id, action, object_kind, object_id, \
                 reason, detail, ip)",
            ),
            outbox: Rows::new(
                "outbox (id, topic, member_id, payload, dedupe_key, status, attempts, next_ms, \
                 created_ms, sent_ms)",
            ),
            notices: Rows::new(
                "payment_notice (notify_id, event_type, out_trade_no, transaction_id, amount, \
                 body, outcome, received_ms)",
            ),
            transfers: Transfers::new(),
        }
    }

    fn all(&mut self) -> impl Iterator<Item = &mut Rows> {
        let Self {
            bills,
            orders,
            shares,
            attempts,
            allocations,
            entries,
            audit,
            outbox,
            notices,
            transfers,
        } = self;
        [bills, orders, shares, attempts, allocations, entries, audit, outbox, notices]
            .into_iter()
            .chain(transfers.all())
    }

    fn bill(&mut self, it: &Paid, paid: i64) -> Result<()> {
        let (no, memo) = (format!("B{}{:08}", it.year, it.n), memo(it.n)?);
        let status = if paid == 0 { "open" } else { "paid" };
        let due_on = format!("{}-12-31", it.year);
        self.bills.add(cells![
            &it.bill; &no; &it.member; it.year; "dues"; "standard"; "tier"; "member"; it.amount;
            0; it.amount; paid; status; &due_on; &memo; "1"; it.at
        ])
    }

    /// The order and its attempts; returns our number and WeChat's.
    fn order(&mut self, it: &Paid) -> Result<(String, String)> {
        let Paid { n, at, amount, .. } = *it;
        let order = id(Kind::Order, n, at);
        let (no, text) =
            (format!("D{}{:06}", at.compact(), n % 1_000_000), format!("{} 年度会费", it.year));
        let expires = at + std::time::Duration::from_hours(2);
        self.orders.add(cells![&order; &no; &it.member; amount; &text; "paid"; at; expires; at])?;
        self.shares.add(cells![&order; &it.bill; amount; None::<i64>])?;
        let ours = |attempt| format!("P{}{attempt}{:08}", at.compact(), n % 100_000_000);
        // WeChat's numbers do not come in order.
        let theirs = format!("420000{:04}{}{n:010}", scatter(n) % 10_000, &at.compact()[..8]);
        let (app, mch) = ("wx0000000000000001", "1900000001");
        if n % 20 == 7 {
            self.attempts.add(cells![
                &ours(0); &order; &it.member; "native"; app; mch; amount; ""; "weixin://load";
                ""; at; "closed"; None::<i64>; None::<i64>; None::<i64>; at; expires;
                None::<i64>; 1
            ])?;
        }
        let payer = "0123456789abcdef0123456789abcdef";
        self.attempts.add(cells![
            &ours(1); &order; &it.member; "native"; app; mch; amount; payer; "weixin://load"; "";
            at; "success"; None::<i64>; &theirs; at; at; expires; None::<i64>; 0
        ])?;
        Ok((ours(1), theirs))
    }

    /// What the product books with a payment.
    fn booked(&mut self, it: &Paid, (ours, theirs): (&str, &str)) -> Result<()> {
        let Paid { n, at, amount, .. } = *it;
        self.money(it, ("payment", theirs), "wechat-clearing")?;
        let order = id(Kind::Order, n, at);
        let detail = format!(
            r#"v1 {{"out_trade_no":"{ours}","transaction_id":"{theirs}","to":"paid","amount":{amount}}}"#
        );
        self.audit.add(cells![
            &id(Kind::Audit, n, at); at; "system"; ""; "payment.settle"; "payment_order"; &order;
            ""; &detail; ""
        ])?;
        let (told, dedupe) =
            (format!(r#"v1 {{"amount":{amount}}}"#), format!("payment.received:{order}"));
        self.outbox.add(cells![
            &id(Kind::Outbox, n, at); "payment.received"; &it.member; &told; &dedupe; "sent"; 1;
            at; at; at
        ])?;
        let body = format!(
            r#"{{"transaction_id":"{theirs}","trade_state":"SUCCESS","attach":"{}"}}"#,
            "示例".repeat(60)
        );
        self.notices.add(cells![
            &id(Kind::Notice, n, at); "TRANSACTION.SUCCESS"; ours; theirs; amount; &body;
            "settled"; at
        ])
    }

    /// Money on the bill, and the two entries.
    fn money(&mut self, it: &Paid, (kind, source): (&str, &str), debit: &str) -> Result<()> {
        let Paid { n, at, amount, .. } = *it;
        self.allocations.add(cells![
            &id(Kind::Allocation, n, at); kind; source; &it.bill; it.year; amount; at;
            None::<i64>
        ])?;
        for (line, entry, account, sum) in
            [(1, Kind::Debit, debit, amount), (2, Kind::Credit, "dues-income", -amount)]
        {
            let entry = id(entry, n, at);
            self.entries.add(cells![&entry; at; account; sum; kind; source; "received"; line])?;
        }
        Ok(())
    }

    fn add(&mut self, it: &Paid) -> Result<()> {
        self.bill(it, it.amount)?;
        if it.is_transfer() {
            let source = self.transfers.add(it)?;
            return self.money(it, ("offline", &source), transfers::MONEY);
        }
        let (ours, theirs) = self.order(it)?;
        self.booked(it, (&ours, &theirs))
    }
}

/// Writes all of them, telling how far it is.
pub async fn write(writer: &mut Writer, size: Size, tell: impl Fn(i64)) -> Result<()> {
    let mut tables = Tables::new();
    for n in 0..size.payments {
        tables.add(&Paid::new(size, n))?;
        if n % CHUNK == CHUNK - 1 {
            writer.write(tables.all()).await?;
            tables.transfers.release();
            tell(n + 1);
        }
    }
    for n in (0..size.members()).step_by(10) {
        let n = size.payments + n;
        let open = Paid { year: 2017 + YEARS, ..Paid::new(size, n) };
        tables.bill(&open, 0)?;
    }
    writer.write(tables.all()).await?;
    tables.transfers.release();
    writer.write(tables.all()).await?;
    writer.finish().await
}
