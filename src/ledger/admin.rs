//! `/admin/ledger`: 账簿, the balance of every account and the entries behind them.

use std::time::Duration;

use salvo::{Request, Writer as _, handler};
use serde::Serialize;

use super::{
    model::{Account, Entry, EntryFilter},
    store,
};
use crate::{
    kernel::{Fen, Timestamp},
    staff::{Permission, SignedInStaff},
    web::{App, AppError, Html, Page},
};

const PAGE_SIZE: usize = 50;
const PAGE_PLUS_ONE: i64 = 51;

/// `/admin/ledger`
#[derive(Clone, Debug, Serialize)]
pub struct LedgerPage {
    balances: Vec<BalanceLine>,
    accounts: Vec<Choice>,
    account: String,
    source: String,
    day: String,
    lines: Vec<Line>,
    older: Option<String>,
    newer: Option<String>,
}

#[derive(Clone, Debug, Serialize)]
struct BalanceLine {
    label: &'static str,
    href: String,
    side: &'static str,
    amount: Fen,
    entries: i64,
}

#[derive(Clone, Debug, Serialize)]
struct Choice {
    value: &'static str,
    text: &'static str,
}

#[derive(Clone, Debug, Serialize)]
struct Line {
    at: Timestamp,
    account: String,
    debit: Option<Fen>,
    credit: Option<Fen>,
    what: &'static str,
    source: String,
    source_kind: &'static str,
    href: String,
    /// The other lines of the same source.
    siblings: String,
}

/// The word for what a posting's kind means; the code itself when a newer program wrote it.
fn what(kind: &str) -> &'static str {
    match kind {
        "received" => "收款",
        "reversed" => "冲回",
        "settled" => "更正入账",
        "assigned" => "待处理款项入账",
        "refunded" => "退款",
        "given-back" => "退还多缴款",
        "returned" => "微信侧退款",
        "charged" => "退款登记",
        _ => "其他",
    }
}

const fn kind_label(kind: &str) -> &'static str {
    match kind.as_bytes() {
        b"payment" => "线上支付",
        b"offline" => "线下缴费",
        b"correction" => "线下冲正与退还",
        b"parked" => "待处理款项",
        b"refund" => "退款",
        _ => "其他",
    }
}

/// The page of the object behind an entry.
fn href(kind: &str, id: &str) -> String {
    match kind {
        "payment" => format!("/admin/payments?number={id}"),
        "offline" => format!("/admin/offline/{id}"),
        "correction" => format!("/admin/offline/corrections/{id}"),
        "parked" => format!("/admin/payments/unexplained/{id}"),
        "refund" => format!("/admin/refunds/{id}"),
        _ => format!("/admin/ledger?source={id}"),
    }
}

impl From<Entry> for Line {
    fn from(entry: Entry) -> Self {
        let account = Account::of_code(&entry.account);
        let is_debit = entry.amount.is_positive();
        Self {
            at: entry.at_ms,
            account: account.map_or(entry.account, |account| account.label().to_owned()),
            debit: is_debit.then_some(entry.amount),
            credit: (!is_debit).then(|| entry.amount.negated()),
            what: what(&entry.kind),
            href: href(&entry.source_kind, &entry.source_id),
            siblings: format!("/admin/ledger?source={}", entry.source_id),
            source_kind: kind_label(&entry.source_kind),
            source: entry.source_id,
        }
    }
}

fn balance_lines(found: &[store::Balance]) -> Vec<BalanceLine> {
    let line = |account: Account| {
        let of = found.iter().find(|balance| balance.account == account.code());
        let amount = of.map_or(Fen::ZERO, |balance| balance.amount);
        let side = match amount.get() {
            0 => "平",
            1.. => "借",
            _ => "贷",
        };
        let amount = if amount.is_positive() { amount } else { amount.negated() };
        let entries = of.map_or(0, |balance| balance.entries);
        let href = format!("/admin/ledger?account={}", account.code());
        BalanceLine { label: account.label(), href, side, amount, entries }
    };
    Account::ALL.map(line).into()
}

fn choices() -> Vec<Choice> {
    Account::ALL.map(|account| Choice { value: account.code(), text: account.label() }).into()
}

impl Page for LedgerPage {
    const TEMPLATE: &'static str = "admin/ledger/list.html";
    const MENU: &'static str = "ledger";

    fn title(&self) -> String {
        "账簿".into()
    }

    fn samples() -> Vec<Self> {
        let entry = |line, account: Account, yuan: i64, kind: &str, source: &str| Entry {
            id: format!("0193{line}"),
            at_ms: Timestamp::from_millis(1_772_326_800_000),
            account: account.code().into(),
            amount: Fen::yuan(yuan),
            source_kind: source.into(),
            source_id: "4200001234202603010000000001".into(),
            kind: kind.into(),
            line,
        };
        let lines = vec![
            entry(1, Account::WechatClearing, 2000, "received", "payment"),
            entry(2, Account::DuesIncome, -2000, "received", "payment"),
            entry(1, Account::Suspense, 100, "refunded", "refund"),
            entry(1, Account::Bank, 100, "received", "offline"),
            entry(1, Account::Suspense, 100, "assigned", "parked"),
            entry(1, Account::Cash, -100, "later", "unknown"),
        ];
        let found = [store::Balance {
            account: "wechat-clearing".into(),
            amount: Fen::yuan(2000),
            entries: 1,
        }];
        let page = |lines: Vec<Entry>, older: Option<&str>| Self {
            balances: balance_lines(&found),
            accounts: choices(),
            account: "bank".into(),
            source: String::new(),
            day: String::new(),
            lines: lines.into_iter().map(Line::from).collect(),
            older: older.map(Into::into),
            newer: older.map(|_| "/admin/ledger".into()),
        };
        vec![page(lines, Some("/admin/ledger?before=0193")), page(Vec::new(), None)]
    }
}

/// The filter in the address, the day as typed, and the address without the key.
fn asked(req: &Request) -> (EntryFilter, String, String) {
    let word = |name: &str| {
        let typed = req.query::<String>(name).unwrap_or_default();
        // What ids are made of; nothing that an address would have to escape.
        let fits = |c: &char| c.is_ascii_alphanumeric() || "-_:".contains(*c);
        typed.trim().chars().filter(fits).take(64).collect::<String>()
    };
    let account = Account::of_code(&word("account"));
    let (source, day, before) = (word("source"), word("day"), word("before"));
    let from = Timestamp::from_rfc3339(&format!("{day}T00:00:00+08:00"));
    let code = account.map(Account::code).unwrap_or_default();
    let query = format!("account={code}&source={source}&day={day}");
    let until = from.map(|from| from + Duration::from_hours(24));
    (EntryFilter { account, source, from, until, before }, day, query)
}

/// `GET /admin/ledger?account=&source=&day=&before=`
#[handler]
pub async fn list(
    app: App,
    staff: SignedInStaff,
    req: &mut Request,
) -> Result<Html<LedgerPage>, AppError> {
    staff.require(Permission::ReadMoney)?;
    let (filter, day, query) = asked(req);
    let mut entries = store::page(&app.db, &filter, PAGE_PLUS_ONE).await?;
    let has_more = entries.len() > PAGE_SIZE;
    entries.truncate(PAGE_SIZE);
    let older = entries.last().filter(|_| has_more);
    let older = older.map(|last| format!("/admin/ledger?{query}&before={}", last.id));
    let newer = (!filter.before.is_empty()).then(|| format!("/admin/ledger?{query}"));
    Ok(Html::new(LedgerPage {
        balances: balance_lines(&store::balances(&app.db).await?),
        accounts: choices(),
        account: filter.account.map(Account::code).unwrap_or_default().to_owned(),
        source: filter.source,
        day,
        lines: entries.into_iter().map(Line::from).collect(),
        older,
        newer,
    }))
}
