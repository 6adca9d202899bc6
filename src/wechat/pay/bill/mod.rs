//! The trade bill of a day: asked for, downloaded, and believed only when its hash is the announced
//! one (wechat.md 7). The file itself is not signed; the answer that announces it is.
//!
//! Only the packed file is held in memory. It is unpacked twice as a stream: once to compare its
//! hash, and then line by line, so that no line of a forged file is ever seen.

mod read;
#[cfg(test)]
mod tests;

use std::io::{Cursor, Read as _};

use aws_lc_rs::digest::{Context, SHA1_FOR_LEGACY_USE_ONLY};
use flate2::read::GzDecoder;
use reqwest::{Method, Url};
use serde::Deserialize;

use super::{Pay, client};
use crate::{
    kernel::{Date, vault::hex},
    wechat::WechatError,
};

pub use read::{Line, Lines, RefundLine};

/// Largest file, packed. A payment takes about a hundred bytes.
const MOST_PACKED: usize = 64 * 1024 * 1024;
/// Largest file, unpacked, so that a small file cannot keep us busy for hours.
const MOST_PLAIN: u64 = 1024 * 1024 * 1024;

/// What WeChat has for a day.
#[derive(Debug)]
pub enum DayBill {
    /// The bill.
    File(BillFile),
    /// Nothing was paid or refunded that day; final.
    NoTrades,
    /// Not made yet; to be asked for again in half an hour.
    NotReady,
}

/// An authentic bill.
#[derive(Debug)]
pub struct BillFile {
    packed: Vec<u8>,
    /// SHA-1 of the unpacked file, in lower-case hex.
    pub sha1: String,
}

impl BillFile {
    /// Its lines in their order.
    pub fn lines(self) -> Result<Lines, WechatError> {
        Lines::of(GzDecoder::new(Cursor::new(self.packed)))
    }
}

#[derive(Deserialize)]
struct Announcement {
    hash_type: String,
    hash_value: String,
    download_url: String,
}

impl Pay {
    /// The bill of a day in Shanghai, payments and refunds.
    pub async fn trade_bill(&self, day: Date) -> Result<DayBill, WechatError> {
        let path = format!("/v3/bill/tradebill?bill_date={day}&bill_type=ALL&tar_type=GZIP");
        let body = match self.call(Method::GET, &path, String::new()).await {
            Ok(body) => body,
            Err(error) if error.has_code("NO_STATEMENT_EXIST") => return Ok(DayBill::NoTrades),
            Err(error) if error.has_code("STATEMENT_CREATING") => return Ok(DayBill::NotReady),
            Err(error) => return Err(error),
        };
        let announced: Announcement = client::read(&body)?;
        if announced.hash_type != "SHA1" {
            return Err(WechatError::Malformed("the bill has a hash that we cannot compute"));
        }
        let packed = self.fetch(self.same_host(&announced.download_url)?, MOST_PACKED).await?;
        let checked = tokio::task::spawn_blocking(move || sha1(packed)).await;
        let file =
            checked.map_err(|_| WechatError::Malformed("the bill could not be unpacked"))??;
        if !file.sha1.eq_ignore_ascii_case(&announced.hash_value) {
            return Err(WechatError::Untrusted("the bill is not the one that was announced"));
        }
        Ok(DayBill::File(file))
    }

    /// Our signature goes with the download, so it goes to WeChat alone.
    fn same_host(&self, address: &str) -> Result<Url, WechatError> {
        let ours = Url::parse(&self.base).ok();
        Url::parse(address)
            .ok()
            .filter(|url| ours.is_some_and(|ours| ours.origin() == url.origin()))
            .ok_or(WechatError::Untrusted("the bill lies on another host"))
    }
}

/// Unpacks to the end and hashes what comes out.
fn sha1(packed: Vec<u8>) -> Result<BillFile, WechatError> {
    let mut plain = GzDecoder::new(packed.as_slice()).take(MOST_PLAIN);
    let mut context = Context::new(&SHA1_FOR_LEGACY_USE_ONLY);
    let mut part = vec![0; 64 * 1024];
    loop {
        match plain.read(&mut part) {
            Ok(0) => break,
            Ok(length) => context.update(&part[..length]),
            Err(_) => return Err(WechatError::Malformed("the bill is not gzip, or cut off")),
        }
    }
    if plain.limit() == 0 {
        return Err(WechatError::Malformed("the bill is too large"));
    }
    drop(plain);
    Ok(BillFile { sha1: hex(context.finish().as_ref()), packed })
}
