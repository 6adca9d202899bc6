//! What stands in the made-up rows. Everything follows from a number, so that a part of the rows
//! can name another part without keeping it: the payment of a bill knows its member's id.

use huiyuan::{
    dues::MemoCode,
    kernel::{OpenId, Timestamp, Vault},
};

use crate::{Result, seed};

/// Ten years of dues end here: 2026-11-01 in Shanghai.
const END_MS: i64 = 1_793_462_400_000;
/// They begin here: 2017-01-01 in Shanghai.
const START_MS: i64 = 1_483_200_000_000;
/// Years, and bills of each member.
pub const YEARS: i64 = 10;

/// How many rows there are. Members and applications follow from the payments.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Size {
    /// Bills that are paid, each by a payment of its own.
    pub payments: i64,
}

impl Size {
    /// A tenth of the payments: one a year.
    pub const fn members(self) -> i64 {
        self.payments / YEARS
    }

    /// One application for five members.
    pub const fn applications(self) -> i64 {
        self.members() / 5
    }
}

/// The moment of part `n` of `of` equal parts of the ten years.
pub const fn moment(n: i64, of: i64) -> Timestamp {
    Timestamp::from_millis(START_MS + (END_MS - START_MS) / of * n)
}

/// Kinds of ids: the same number gives another id in each.
#[derive(Clone, Copy, Debug)]
pub enum Kind {
    /// A member.
    Member,
    /// Its account.
    Account,
    /// Its WeChat.
    Binding,
    /// Its browser.
    Device,
    /// A sign-in.
    Login,
    /// An application.
    Registration,
    /// A bill.
    Bill,
    /// An order.
    Order,
    /// Money on a bill.
    Allocation,
    /// The first of the two entries.
    Debit,
    /// The second.
    Credit,
    /// An audit row.
    Audit,
    /// A notice to the member.
    Outbox,
    /// WeChat's notice.
    Notice,
    /// A bank transfer.
    Transfer,
    /// Something that happened to it.
    Event,
}

/// Numbers without a pattern (SplitMix64).
pub const fn scatter(n: i64) -> u64 {
    let mut x = n.cast_unsigned().wrapping_mul(0x9e37_79b9_7f4a_7c15);
    x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    x ^ (x >> 31)
}

/// A row id as the product makes them: it begins with its moment.
pub fn id(kind: Kind, n: i64, at: Timestamp) -> String {
    let seed = n * 32 + kind as i64;
    let tail = scatter(seed) & 0x0fff_ffff_ffff_ffff;
    format!("{:012x}7{:03x}8{tail:015x}", at.millis(), scatter(seed + 16) & 0xfff)
}

/// A unit that does not exist.
#[derive(Clone, Debug)]
pub struct Unit {
    /// Its name.
    pub name: String,
    /// Its code, with a sound check character.
    pub uscc: String,
    /// Its contact's mobile.
    pub mobile: String,
}

const PLACES: [&str; 10] =
    ["南京", "苏州", "无锡", "常州", "镇江", "扬州", "泰州", "南通", "盐城", "徐州"];
const FIRST: &str =
    "云星海天恒瑞鑫泽宏博远华盛嘉联智信达诚明德润通永安康宇辰浩源腾飞卓越凌锐启航中和";
const SECOND: &str = "帆辉科创维图讯邦捷易新数岚格睿方驰盈盟硕渊韬衡岳川";
const TRADES: [&str; 10] = [
    "网络科技",
    "信息技术",
    "软件",
    "数据服务",
    "电子商务",
    "文化传媒",
    "通信工程",
    "智能装备",
    "物联网",
    "安全技术",
];

impl Unit {
    /// Member unit `n`.
    pub fn member(n: i64) -> Result<Self> {
        Self::new(n, 'M', "有限公司")
    }

    /// Applicant `n` who is no member.
    pub fn applicant(n: i64) -> Result<Self> {
        Self::new(n, 'R', "服务中心")
    }

    fn new(n: i64, series: char, form: &str) -> Result<Self> {
        // All combinations, 100 000, in an order that does not show; then once more with a number.
        let mixed = usize::try_from((n * 7919 + 13) % 100_000)?;
        let pick =
            |list: &str, at: usize| list.chars().nth(at).map(String::from).unwrap_or_default();
        let (place, rest) = (PLACES[mixed % 10], mixed / 10);
        let (trade, rest) = (TRADES[rest % 10], rest / 10);
        let (first, second) = (pick(FIRST, rest % 40), pick(SECOND, rest / 40));
        let round = if n < 100_000 { String::new() } else { (n / 100_000).to_string() };
        let tens = if series == 'M' { 0 } else { 10_000_000 };
        Ok(Self {
            name: format!("示例{place}{first}{second}{round}{trade}{form}"),
            uscc: seed::uscc(&series.to_string(), u32::try_from(n)?)?,
            mobile: format!("199{:08}", n + tens),
        })
    }
}

/// The WeChat of member `n`, sealed, and its index.
pub fn open_id(vault: &Vault, n: i64) -> Result<(String, String)> {
    let open_id = OpenId::parse(&format!("oLoad{n:023}"))?;
    Ok((vault.seal(open_id.as_str())?, vault.index(open_id.as_str())))
}

/// The 附言码 of bill `n`.
pub fn memo(n: i64) -> Result<String> {
    const ALPHABET: &str = "23456789ABCDEFGHJKMNPQRSTUVWXYZ";
    let mut body = String::new();
    let mut rest = usize::try_from(n)?;
    for _ in 0..7 {
        body.extend(ALPHABET.chars().nth(rest % 31));
        rest /= 31;
    }
    let mut codes = ALPHABET.chars().map(|check| format!("HF{body}{check}"));
    let sound = codes.find(|code| MemoCode::parse(code).is_ok());
    Ok(sound.ok_or("no check character fits")?)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use huiyuan::kernel::Uscc;

    use super::*;

    #[test]
    fn units_are_sound_and_differ() {
        let units: Vec<Unit> = (0..2_000).map(|n| Unit::member(n).unwrap()).collect();
        let names: HashSet<_> = units.iter().map(|unit| &unit.name).collect();
        let codes: HashSet<_> = units.iter().map(|unit| &unit.uscc).collect();
        assert_eq!((names.len(), codes.len()), (2_000, 2_000));
        assert!(units.iter().all(|unit| Uscc::parse(&unit.uscc).unwrap().is_sound()));
        let far = Unit::member(100_000).unwrap();
        assert_ne!(far.name, Unit::member(0).unwrap().name);
        assert_ne!(far.mobile, Unit::applicant(100_000).unwrap().mobile);
        assert_eq!((FIRST.chars().count(), SECOND.chars().count()), (40, 25));
    }

    #[test]
    fn ids_grow_with_time_and_differ() {
        let ids: Vec<String> = (0..1_000).map(|n| id(Kind::Bill, n, moment(n, 1_000))).collect();
        assert!(ids.is_sorted() && ids.iter().all(|id| id.len() == 32));
        assert_ne!(id(Kind::Bill, 1, moment(1, 9)), id(Kind::Order, 1, moment(1, 9)));
    }

    #[test]
    fn memo_codes_are_sound() {
        for n in [0, 1, 30, 31, 999_999] {
            assert!(MemoCode::parse(&memo(n).unwrap()).is_ok(), "{n}");
        }
    }
}
