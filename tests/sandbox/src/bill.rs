//! The daily trade bill: asked for, then downloaded.
//!
//! UTF-8 with BOM, CRLF, every data field behind a back-tick, yuan with two decimals.

use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::json;
use time::{Date, Duration, Time};

use crate::authorization::Call;
use crate::bill_rows::{self, Row};
use crate::clock::{BEIJING, beijing};
use crate::crypto::{random_text, sha1_hex};
use crate::mishap::Mishap;
use crate::reply::{Refusal, Reply};
use crate::world::World;

const READY_HOUR: u8 = 10;
const TOKEN_LIFETIME_MS: i64 = 5 * 60 * 1000;
const OLDEST_DAYS: i64 = 92;

/// A bill that waits for its download.
#[derive(Clone, Debug)]
pub struct File {
    bytes: Vec<u8>,
    until_ms: i64,
}

/// Which rows a bill has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Payments and refunds.
    All,
    /// Payments.
    Success,
    /// Refunds.
    Refund,
}

/// `GET /v3/bill/tradebill?bill_date=…[&bill_type=…][&tar_type=GZIP]`.
pub fn trade_bill(world: &World, call: &Call) -> Result<Reply, Refusal> {
    let date = call
        .query("bill_date")
        .and_then(|text| parse_date(&text))
        .ok_or_else(|| Refusal::param("bill_date格式有误，须为YYYY-MM-DD"))?;
    let kind = match call.query("bill_type").as_deref() {
        None | Some("ALL") => Kind::All,
        Some("SUCCESS") => Kind::Success,
        Some("REFUND") => Kind::Refund,
        Some(_) => return Err(Refusal::param("bill_type有误")),
    };
    let gzip = match call.query("tar_type").as_deref() {
        None => false,
        Some("GZIP") => true,
        Some(_) => return Err(Refusal::param("tar_type有误")),
    };
    check_day(world, date)?;
    let plain = write(world, date, kind)?;
    let mut books = world.books();
    let wrong_hash = books.mishaps.strikes(None, &Mishap::BillWrongHash);
    let dead = books.mishaps.strikes(None, &Mishap::BillDeadToken);
    let hash = if wrong_hash { sha1_hex(b"something else") } else { sha1_hex(plain.as_bytes()) };
    let bytes = if gzip { compress(plain.as_bytes()) } else { plain.into_bytes() };
    let token = random_text(43);
    let until_ms = world.clock.now_ms() + if dead { -1 } else { TOKEN_LIFETIME_MS };
    books.bills.insert(token.clone(), File { bytes, until_ms });
    let url = format!("{}/v3/billdownload/file?token={token}", world.urls().base);
    Ok(Reply::json(&json!({ "hash_type": "SHA1", "hash_value": hash, "download_url": url })))
}

/// `GET /v3/billdownload/file?token=…`; the file is not signed.
pub fn download(world: &World, call: &Call) -> Result<Reply, Refusal> {
    let token = call.query("token").unwrap_or_default();
    let file = world.books().bills.get(&token).cloned();
    let file = file.filter(|file| world.clock.now_ms() <= file.until_ms);
    let file = file.ok_or_else(|| Refusal::new(400, "INVALID_REQUEST", "下载链接已失效"))?;
    Ok(Reply::file(200, "application/octet-stream", file.bytes))
}

fn check_day(world: &World, date: Date) -> Result<(), Refusal> {
    if world.books().mishaps.strikes(None, &Mishap::BillNow) {
        return Ok(());
    }
    let now = beijing(world.clock.now_ms());
    if date >= now.date() {
        return Err(Refusal::param("账单日期必须早于今天"));
    }
    if (now.date() - date).whole_days() > OLDEST_DAYS {
        return Err(Refusal::param("只支持三个月内的账单"));
    }
    let yesterday = now.date() - date == Duration::days(1);
    if yesterday && now.hour() < READY_HOUR {
        return Err(Refusal::new(400, "STATEMENT_CREATING", "账单生成中，请10点后再试"));
    }
    Ok(())
}

fn write(world: &World, date: Date, kind: Kind) -> Result<String, Refusal> {
    let midnight = date.with_time(Time::MIDNIGHT).assume_offset(BEIJING).unix_timestamp() * 1000;
    let day = midnight..midnight + 24 * 60 * 60 * 1000;
    let mut books = world.books();
    let mut rows = bill_rows::collect(&books, &day, kind);
    spoil(&mut books.mishaps, &mut rows, midnight);
    if rows.is_empty() {
        return Err(Refusal::new(400, "NO_STATEMENT_EXIST", "账单文件不存在"));
    }
    Ok(bill_rows::text(&rows, kind))
}

fn spoil(mishaps: &mut crate::armed::Mishaps, rows: &mut Vec<Row>, midnight: i64) {
    if !rows.is_empty() && mishaps.strikes(None, &Mishap::BillMissingRow) {
        rows.remove(0);
    }
    if mishaps.strikes(None, &Mishap::BillExtraRow) {
        rows.push(Row::stranger(midnight));
    }
    if let Some(row) = rows.first_mut()
        && mishaps.strikes(None, &Mishap::BillWrongAmount)
    {
        row.total += 1;
        row.settled += 1;
    }
}

fn parse_date(text: &str) -> Option<Date> {
    Date::parse(text, time::macros::format_description!("[year]-[month]-[day]")).ok()
}

fn compress(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    // Writing to memory cannot fail.
    let _ = encoder.write_all(bytes);
    encoder.finish().unwrap_or_default()
}
