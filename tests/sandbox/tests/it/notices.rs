//! Notifications: form, schedule, mishaps and forgeries.

use aes_gcm::aead::{Aead, KeyInit, Payload};
use aes_gcm::{Aes256Gcm, Nonce};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use wechat_sandbox::{Mishap, RETRIES, SignNotice, SignedBy, Tamper};

use crate::merchant::Rig;
use crate::shop::Shop;

fn open(rig: &Rig, body: &[u8]) -> Value {
    let envelope: Value = serde_json::from_slice(body).unwrap();
    let resource = &envelope["resource"];
    let text = |name: &str| resource[name].as_str().unwrap_or_default();
    let cipher = Aes256Gcm::new_from_slice(rig.env("WECHAT_PAY__API_V3_KEY").as_bytes()).unwrap();
    let sealed = STANDARD.decode(text("ciphertext")).unwrap();
    let payload = Payload { msg: &sealed, aad: text("associated_data").as_bytes() };
    serde_json::from_slice(
        &cipher.decrypt(Nonce::from_slice(text("nonce").as_bytes()), payload).unwrap(),
    )
    .unwrap()
}

fn verified(rig: &Rig, headers: &salvo::http::HeaderMap, body: &[u8]) -> bool {
    let header = |name: &str| headers.get(name).unwrap().to_str().unwrap().to_owned();
    rig.verify(
        &header("wechatpay-timestamp"),
        &header("wechatpay-nonce"),
        &header("wechatpay-signature"),
        body,
    )
}

async fn paid(rig: &Rig, shop: &Shop, number: &str) {
    rig.native(number, 500, &shop.url).await;
    rig.sandbox.pay(number, "xiaolin").unwrap();
    rig.sandbox.settle().await;
}

#[tokio::test]
async fn a_payment_is_told_once_when_it_is_acknowledged() {
    let (rig, shop) = (Rig::start().await, Shop::open().await);

    paid(&rig, &shop, "N20260001").await;
    rig.sandbox.advance(24 * 60 * 60 * 1000).await.unwrap();

    assert_eq!(shop.heard(), 1);
    let (headers, body) = shop.book.lock().unwrap().heard[0].clone();
    assert!(verified(&rig, &headers, &body));
    assert_eq!(headers["wechatpay-serial"], rig.public_key_id());
    let plain = open(&rig, &body);
    assert_eq!(
        (&plain["trade_state"], &plain["amount"]["total"], &plain["attach"]),
        (&json!("SUCCESS"), &json!(500), &json!("bill-1"))
    );
    assert!(rig.sandbox.truth_of("N20260001").unwrap().acknowledged);
}

#[tokio::test]
async fn a_refused_notice_is_repeated_on_wechats_schedule_and_then_given_up() {
    let (rig, shop) = (Rig::start().await, Shop::open().await);
    shop.answers(&[500; 40]);

    paid(&rig, &shop, "N20260002").await;
    for (done, wait) in RETRIES.iter().enumerate() {
        rig.sandbox.advance(wait - 1).await.unwrap();
        assert_eq!(shop.heard(), done + 1);
        rig.sandbox.advance(1).await.unwrap();
        assert_eq!(shop.heard(), done + 2);
    }
    rig.sandbox.advance(30 * 24 * 60 * 60 * 1000).await.unwrap();

    assert_eq!(shop.heard(), 16);
    assert_eq!(RETRIES.iter().sum::<i64>(), (24 * 60 + 4) * 60 * 1000);
    assert!(!rig.sandbox.truth_of("N20260002").unwrap().acknowledged);
}

#[tokio::test]
async fn one_long_jump_of_the_clock_delivers_every_attempt() {
    let (rig, shop) = (Rig::start().await, Shop::open().await);
    shop.answers(&[500, 502, 404, 301]);

    paid(&rig, &shop, "N20260003").await;
    rig.sandbox.advance(24 * 60 * 60 * 1000).await.unwrap();

    assert_eq!(shop.heard(), 5);
    let ids: std::collections::BTreeSet<String> =
        rig.sandbox.deliveries().into_iter().map(|one| one.notify_id).collect();
    assert_eq!(ids.len(), 1);
}

#[tokio::test]
async fn mishaps_change_what_is_told_and_never_the_truth() {
    let (rig, shop) = (Rig::start().await, Shop::open().await);
    let cases: [(Mishap, &str, Value); 7] = [
        (Mishap::WrongAmount { fen: -1 }, "/amount/total", json!(499)),
        (Mishap::WrongMchid, "/mchid", json!("1900000001")),
        (Mishap::WrongAppid, "/appid", json!("wx0000000000000000")),
        (Mishap::CurrencyUsd, "/amount/currency", json!("USD")),
        (Mishap::MissingAttach, "/attach", Value::Null),
        (Mishap::Coupon { fen: 100 }, "/amount/payer_total", json!(400)),
        (Mishap::ShuffledKeys, "/trade_state", json!("SUCCESS")),
    ];

    for (index, (mishap, place, expected)) in cases.into_iter().enumerate() {
        rig.sandbox.mishap(mishap);
        let number = format!("N2026010{index}");
        paid(&rig, &shop, &number).await;
        let (headers, body) = shop.book.lock().unwrap().heard.pop().unwrap();
        assert!(verified(&rig, &headers, &body));
        assert_eq!(
            open(&rig, &body).pointer(place).cloned().unwrap_or_default(),
            expected,
            "{place}"
        );
        assert_eq!(rig.query(&number).await.json()["amount"]["total"], 500);
    }
}

#[tokio::test]
async fn mishaps_of_delivery_repeat_delay_or_drop_the_notice() {
    let (rig, shop) = (Rig::start().await, Shop::open().await);

    rig.sandbox.mishap(Mishap::NotifyTwice);
    paid(&rig, &shop, "N20260201").await;
    assert_eq!(shop.heard(), 2);
    rig.sandbox.mishap(Mishap::NotifyParallel { count: 9 });
    paid(&rig, &shop, "N20260202").await;
    assert_eq!(shop.heard(), 11);
    rig.sandbox.mishap(Mishap::NoNotification);
    paid(&rig, &shop, "N20260203").await;
    assert_eq!(shop.heard(), 11);
    rig.sandbox.mishap(Mishap::NotifyLate { seconds: 60 });
    paid(&rig, &shop, "N20260204").await;
    assert_eq!(shop.heard(), 11);
    rig.sandbox.advance(60_000).await.unwrap();
    assert_eq!(shop.heard(), 12);
    rig.sandbox.mishap(Mishap::NotifyBeforeAnswer);
    assert_eq!(rig.native("N20260205", 500, &shop.url).await.status, 200);
    assert_eq!(shop.heard(), 13);
}

#[tokio::test]
async fn signatures_go_wrong_as_ordered() {
    let (rig, shop) = (Rig::start().await, Shop::open().await);

    for mishap in [Mishap::ForgedSignature, Mishap::SigntestFirst] {
        let before = shop.heard();
        rig.sandbox.mishap(mishap);
        paid(&rig, &shop, &format!("N2026030{before}")).await;
        let (headers, body) = shop.book.lock().unwrap().heard[before].clone();
        assert!(!verified(&rig, &headers, &body));
    }
    let (headers, body) = shop.book.lock().unwrap().heard[2].clone();
    assert!(verified(&rig, &headers, &body), "the true notice follows the probe");
}

#[tokio::test]
async fn notices_made_to_order_are_right_or_wrong_as_wished() {
    let rig = Rig::start().await;
    rig.native("N20260401", 500, "https://hy.example.cn/n").await;
    rig.sandbox.pay("N20260401", "xiaolin").unwrap();
    let real = SignNotice { out_trade_no: Some("N20260401".into()), ..SignNotice::default() };
    let make = |wanted: SignNotice| {
        let sealed = rig.sandbox.sign_notice(&wanted).unwrap();
        let header = |name: &str| {
            sealed
                .headers
                .iter()
                .find(|(known, _)| known == name)
                .map(|(_, value)| value.clone())
                .unwrap_or_default()
        };
        let holds = rig.verify(
            &header("Wechatpay-Timestamp"),
            &header("Wechatpay-Nonce"),
            &header("Wechatpay-Signature"),
            &sealed.bytes,
        );
        (holds, sealed)
    };

    let (holds, sealed) = make(real.clone());
    assert!(holds);
    assert_eq!(open(&rig, &sealed.bytes)["out_trade_no"], "N20260401");
    for tamper in [
        Tamper::OneBit,
        Tamper::BodySpace,
        Tamper::BodyByte,
        Tamper::Probe,
        Tamper::Empty,
        Tamper::Garbage,
    ] {
        assert!(!make(SignNotice { tamper, ..real.clone() }).0, "{tamper:?}");
    }
    assert!(!make(SignNotice { signed_by: SignedBy::Merchant, ..real.clone() }).0);
    let (holds, sealed) = make(SignNotice {
        plain_text: Some("[]".into()),
        timestamp: Some("abc".into()),
        ..real.clone()
    });
    assert!(holds && open(&rig, &sealed.bytes) == json!([]));
    let (_, sealed) = make(SignNotice { drop_headers: vec!["wechatpay-nonce".into()], ..real });
    assert!(sealed.headers.iter().all(|(name, _)| name != "Wechatpay-Nonce"));
}

#[tokio::test]
async fn the_end_of_a_refund_is_told_with_its_own_names() {
    let (rig, shop) = (Rig::start().await, Shop::open().await);
    paid(&rig, &shop, "N20260501").await;
    let refund = json!({
        "out_trade_no": "N20260501", "out_refund_no": "R1", "notify_url": shop.url,
        "amount": { "refund": 200, "total": 500, "currency": "CNY" },
    });

    rig.call("POST", "/v3/refund/domestic/refunds", refund).await;
    assert_eq!(shop.heard(), 1);
    rig.sandbox.advance(3_000).await.unwrap();

    assert_eq!(shop.heard(), 2);
    let (headers, body) = shop.book.lock().unwrap().heard[1].clone();
    assert!(verified(&rig, &headers, &body));
    let envelope: Value = serde_json::from_slice(&body).unwrap();
    assert_eq!(envelope["event_type"], "REFUND.SUCCESS");
    assert_eq!(envelope["resource"]["original_type"], "refund");
    let plain = open(&rig, &body);
    assert_eq!(
        (&plain["refund_status"], &plain["amount"]["refund"]),
        (&json!("SUCCESS"), &json!(200))
    );
    assert!(plain.get("status").is_none() && plain.get("appid").is_none());
}
