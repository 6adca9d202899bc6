//! How WeChat tells of a payment in practice (wechat.md 9): odd shapes that are genuine, and odd
//! ones that are not. Whatever comes first, in the end the payment is booked once.

use std::time::Duration;

use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
    task::JoinSet,
};
use wechat_sandbox::{Mishap, SignNotice};

use super::{DUES, NOTIFY, Payer};
use crate::support::{TestApp, Unit};

impl Payer {
    /// Makes an order of a bill of its own year and pays it with a mishap; our number.
    async fn pay_with(&self, year: i64, mishap: Mishap) -> String {
        let bill = self.another_bill(year).await;
        let done = self.check_out(&[&bill]).await;
        assert_eq!(done.status, 303, "{mishap:?}: {}", done.text());
        done.follow().await;
        let number = self.number().await;
        self.test.sandbox.mishap(mishap);
        self.test.sandbox.pay(&number, "xiaolin").unwrap();
        self.test.sandbox.settle().await;
        number
    }

    pub(super) async fn status_of(&self, number: &str) -> String {
        let sql = "select status from payment_attempt where out_trade_no";
        self.test.db_text(&format!("{sql} = '{number}'")).await
    }

    pub(super) async fn started_with(extra: &[(&str, &str)]) -> Self {
        let test = TestApp::start_with(extra).await;
        let unit = Unit::sample(1);
        test.member(&unit).await;
        let pc = test.signed_in(&unit, 0).await;
        Self { test, pc }
    }
}

#[tokio::test]
async fn genuine_notices_of_every_shape_are_booked_at_once() {
    let payer = Payer::start().await;
    let shapes = [
        Mishap::ShuffledKeys,
        Mishap::MissingAttach,
        Mishap::EmptyAssociatedData,
        Mishap::PlatformCertificate,
        Mishap::NotifyTwice,
        Mishap::NotifyParallel { count: 5 },
        Mishap::Coupon { fen: 500 },
    ];
    for (year, shape) in (2001..).zip(shapes) {
        let number = payer.pay_with(year, shape.clone()).await;
        assert_eq!(payer.status_of(&number).await, "success", "{shape:?}");
        payer.balanced().await;
    }
    assert_eq!(payer.count("unexplained_payment").await, 0);
}

#[tokio::test]
async fn notices_that_are_refused_or_wrong_do_not_keep_the_payment_from_being_booked() {
    let payer = Payer::start().await;
    let wrong = [
        (Mishap::SigntestFirst, false),
        (Mishap::ForgedSignature, false),
        (Mishap::UnknownSerial, false),
        (Mishap::OldTimestamp { seconds: 600 }, false),
        (Mishap::WrongMchid, true),
        (Mishap::WrongAppid, true),
        (Mishap::CurrencyUsd, true),
        (Mishap::UnknownOrder, true),
        (Mishap::WrongAmount { fen: -1 }, true),
    ];
    for (year, (mishap, is_kept)) in (2001..).zip(wrong) {
        let before = payer.count("unexplained_payment").await;
        let number = payer.pay_with(year, mishap.clone()).await;
        let kept = payer.count("unexplained_payment").await - before;
        assert_eq!(kept, i64::from(is_kept), "{mishap:?}");

        // WeChat repeats, and we ask: whichever is first finds the truth.
        payer.test.advance(Duration::from_secs(16)).await;
        payer.sweep().await;

        assert_eq!(payer.status_of(&number).await, "success", "{mishap:?}");
        payer.balanced().await;
    }
    assert_eq!(payer.count("dues_bill where status = 'paid'").await, 9);
}

#[tokio::test]
async fn fields_that_are_new_or_absent_are_no_reason_to_refuse() {
    let payer = Payer::start().await;
    payer.at_the_code().await;
    let number = payer.number().await;
    let mut plain = json!({
        "appid": wechat_sandbox::APP_ID, "mchid": wechat_sandbox::MCH_ID,
        "out_trade_no": number, "transaction_id": "4200009999202611240000000009",
        "trade_type": "TELEPATHY", "trade_state": "SUCCESS", "bank_type": "MARS_DEBIT",
        "a_field_of_next_year": {"deep": [1, null, "x"]},
        "promotion_detail": [{"coupon_id": "1", "amount": 1, "goods_detail": []}],
        "amount": {"total": DUES, "currency": "CNY"}
    });
    plain["payer"] = Value::Null;
    let sealed = payer.sign(&SignNotice { plain: Some(plain), ..SignNotice::default() });

    assert_eq!(payer.post(&sealed).await.status, 204);

    assert_eq!(payer.status_of(&number).await, "success");
}

#[tokio::test]
async fn header_names_may_be_written_in_any_case() {
    let payer = Payer::start().await;
    let number = payer.pay_with(2001, Mishap::NoNotification).await;
    let sealed = payer.notice_of(&number);
    let headers: Vec<String> = sealed
        .headers
        .iter()
        .filter(|(name, _)| !name.eq_ignore_ascii_case("content-length"))
        .map(|(name, value)| format!("{}: {value}\r\n", name.to_uppercase()))
        .collect();
    let headers = headers.concat();
    let length = sealed.bytes.len();
    let head = format!(
        "POST {NOTIFY} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n{headers}\
         Content-Length: {length}\r\n\r\n"
    );
    let mut socket = TcpStream::connect(payer.test.address).await.unwrap();
    socket.write_all(head.as_bytes()).await.unwrap();
    socket.write_all(&sealed.bytes).await.unwrap();
    let mut answer = String::new();
    socket.read_to_string(&mut answer).await.unwrap();

    assert!(answer.starts_with("HTTP/1.1 204"), "{answer}");
    payer.balanced().await;
}

#[tokio::test]
async fn a_notice_sealed_with_the_key_before_this_one_still_opens() {
    let old = "o".repeat(32);
    let payer = Payer::started_with(&[("WECHAT_PAY__API_V3_KEY_OLD", &old)]).await;
    let number = payer.pay_with(2001, Mishap::NoNotification).await;
    let with = |key: &str| SignNotice {
        out_trade_no: Some(number.clone()),
        api_v3_key: Some(key.into()),
        ..SignNotice::default()
    };

    assert_eq!(payer.post(&payer.sign(&with(&"x".repeat(32)))).await.status, 400);
    assert_eq!(payer.post(&payer.sign(&with(&old))).await.status, 204);

    payer.balanced().await;
    assert_eq!(payer.status_of(&number).await, "success");
}

#[tokio::test]
async fn notice_sweep_button_and_second_server_at_once_book_once() {
    let payer = Payer::start().await;
    let page = payer.at_the_code().await;
    let number = payer.number().await;
    payer.test.sandbox.mishap(Mishap::NoNotification);
    payer.test.sandbox.pay(&number, "xiaolin").unwrap();
    payer.test.advance(Duration::from_secs(5)).await;
    let sealed = payer.notice_of(&number);
    let second = payer.test.second_server().await;
    let token = page.fields("form[action$='/check']")["csrf"].clone();
    let mut all = JoinSet::new();
    for turn in 0..24 {
        let (app, sealed) = (second.app.clone(), sealed.clone());
        let here = if turn % 2 == 0 { payer.test.address } else { second.address };
        let (browser, pc) = (payer.test.browser().on(here), payer.pc.clone());
        let (check, token) = (format!("{}/check", page.path), token.clone());
        all.spawn(async move {
            match turn % 3 {
                0 => drop(huiyuan::payment::sweep::sweep_due(&app).await.unwrap()),
                1 => drop(pc.post_raw(&check, &[("csrf", &token)]).await),
                _ => {
                    let headers: Vec<(&str, &str)> =
                        sealed.headers.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
                    let told = browser.post_body(NOTIFY, &headers, sealed.bytes.clone()).await;
                    assert!(matches!(told.status, 204 | 503), "{}", told.status);
                }
            }
        });
    }
    all.join_all().await;

    assert_eq!(payer.post(&sealed).await.status, 204);
    assert_eq!(payer.count("ledger_entry").await, 2);
    assert_eq!(payer.count("allocation").await, 1);
    assert_eq!(payer.count("outbox where topic = 'payment.received'").await, 1);
    payer.balanced().await;
}
