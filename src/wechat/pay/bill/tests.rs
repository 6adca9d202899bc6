//! Bills as WeChat writes them.

use std::io::Write as _;

use flate2::{Compression, write::GzEncoder};

use super::{BillFile, Line, sha1};
use crate::{
    kernel::{Fen, Timestamp},
    wechat::WechatError,
};

const HEADER: &str = "\u{feff}交易时间,公众账号ID,商户号,特约商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,交易状态,付款银行,货币种类,应结订单金额,代金券金额,商品名称,商户数据包,手续费,费率,订单金额,费率备注";
const ROW: &str = "`2026-11-23 23:59:59,`wx1,`1900000001,`0,`,`42000001,`HF1,`oUser,`NATIVE,`SUCCESS,`OTHERS,`CNY,`2000.00,`0.00,`会费, 2026,`,`12.00000,`0.60%,`2000.05,`";
const SUMMARY: &str = "总交易单数,应结订单总金额\r\n`1.0,`2000.00\r\n";

fn packed(text: &str) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(text.as_bytes()).unwrap();
    encoder.finish().unwrap()
}

fn file(text: &str) -> BillFile {
    sha1(packed(text)).unwrap()
}

#[test]
fn a_row_becomes_a_transaction_whatever_stands_in_its_texts() {
    let lines = file(&format!("{HEADER}\r\n{ROW}\r\n{SUMMARY}")).lines().unwrap();
    let all: Vec<Line> = lines.collect::<Result<_, _>>().unwrap();

    let [Line::Payment(said)] = all.as_slice() else { panic!("{all:?}") };
    assert_eq!((said.out_trade_no.as_str(), said.amount_total), ("HF1", Fen::new(200_005)));
    assert_eq!(said.transaction_id.as_deref(), Some("42000001"));
    assert_eq!(said.success_time, Timestamp::from_rfc3339("2026-11-23T23:59:59+08:00"));
    assert_eq!((said.mch_id.as_str(), said.currency.as_str()), ("1900000001", "CNY"));
}

const ALL: &str = "交易时间,公众账号ID,商户号,微信订单号,商户订单号,用户标识,交易类型,交易状态,货币种类,微信退款单号,商户退款单号,退款金额,退款类型,退款状态,订单金额,申请退款金额";
const GONE: &str = "`2026-11-23 23:59:59,`wx1,`19,`42000001,`HF1,`oUser,`NATIVE,`REFUND,`CNY,`5030,`R1,`499.00,`ORIGINAL,`SUCCESS,`0.00,`500.05";

#[test]
fn refunds_have_their_own_number_and_what_was_asked_for() {
    let text = format!("{ALL}\r\n{GONE}\r\n{}\r\n", GONE.replace("L,`SUCCESS", "L,`PROCESSING"));
    let lines = file(&text).lines().unwrap();
    let all: Vec<Line> = lines.collect::<Result<_, _>>().unwrap();

    let [Line::Refund(gone), Line::Refund(going)] = all.as_slice() else { panic!("{all:?}") };
    assert_eq!((gone.out_refund_no.as_str(), gone.amount), ("R1", Fen::new(50_005)));
    assert_eq!((gone.transaction_id.as_str(), gone.out_trade_no.as_str()), ("42000001", "HF1"));
    assert!(gone.is_success && !going.is_success);
    for (right, wrong) in [("`R1", "`"), ("500.05", "0.00"), ("`R1", "`R 1")] {
        let line = file(&format!("{ALL}\r\n{}\r\n", GONE.replace(right, wrong)));
        let line = line.lines().unwrap().next();
        assert!(matches!(line, Some(Err(WechatError::Malformed(_)))), "{wrong}: {line:?}");
    }
}

#[test]
fn a_refund_is_never_overlooked_and_columns_may_move() {
    let row = ROW.replace("`SUCCESS", "`REFUND");
    let mut lines = file(&format!("{HEADER}\r\n{row}\r\n{SUMMARY}")).lines().unwrap();
    assert!(matches!(lines.next(), Some(Err(WechatError::Malformed(_)))), "no columns for it");
    let row = ROW.replace("`SUCCESS", "`REVOKED");
    let mut lines = file(&format!("{HEADER}\r\n{row}\r\n{SUMMARY}")).lines().unwrap();
    assert_eq!(lines.next(), Some(Ok(Line::Other)));
    assert_eq!(lines.next(), None);
    assert_eq!(lines.next(), None, "the summary is no row");

    let old = "总金额,商户号,交易时间,公众账号ID,微信订单号,商户订单号,用户标识,交易类型,交易状态,货币种类\n`1.00,`19,`2026-01-01 00:00:00,`wx,`42,`T,`,`JSAPI,`SUCCESS,`CNY\n";
    let first = file(old).lines().unwrap().next();
    assert!(matches!(first, Some(Ok(Line::Payment(said))) if said.amount_total == Fen::yuan(1)));
}

#[test]
fn what_is_no_bill_is_refused() {
    let cut = packed(&format!("{HEADER}\r\n{ROW}\r\n{SUMMARY}"));
    assert!(sha1(cut[..cut.len() - 9].to_vec()).is_err());
    assert!(sha1(b"no gzip".to_vec()).is_err());
    assert!(file("a,b\r\n").lines().is_err());
    for (right, wrong) in
        [("2000.05", "2000.055"), ("2000.05", "-1.00"), ("23:59:59", "24:00:61"), ("`HF1", "`HF 1")]
    {
        let row = ROW.replace(right, wrong);
        let line = file(&format!("{HEADER}\r\n{row}\r\n")).lines().unwrap().next();
        assert!(matches!(line, Some(Err(WechatError::Malformed(_)))), "{wrong}: {line:?}");
    }
}

#[test]
fn the_hash_is_that_of_the_plain_file() {
    // Published for "abc" (FIPS 180).
    assert_eq!(file("abc").sha1, "a9993e364706816aba3e25717850c26c9cd0d89d");
}
