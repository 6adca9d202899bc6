//! Forged and malformed notifications: nothing is believed, nothing is written, nothing breaks.

use wechat_sandbox::{Mishap, Sealed, SignNotice, SignedBy, Tamper};

use super::Payer;

type Headers = Vec<(String, String)>;

/// A payer whose order is paid at WeChat, without a notification yet.
async fn paid_unheard() -> (Payer, String) {
    let payer = Payer::start().await;
    payer.at_the_code().await;
    let number = payer.number().await;
    payer.test.sandbox.mishap(Mishap::NoNotification);
    payer.test.sandbox.pay(&number, "xiaolin").unwrap();
    (payer, number)
}

fn of(number: &str) -> SignNotice {
    SignNotice { out_trade_no: Some(number.into()), ..SignNotice::default() }
}

async fn nothing_was_written(payer: &Payer) {
    for table in ["payment_notice", "ledger_entry", "allocation", "unexplained_payment"] {
        assert_eq!(payer.count(table).await, 0, "{table}");
    }
}

#[tokio::test]
async fn signatures_that_do_not_hold_are_refused() {
    let (payer, number) = paid_unheard().await;
    let tampers = [
        Tamper::OneBit,
        Tamper::BodySpace,
        Tamper::BodyByte,
        Tamper::Probe,
        Tamper::Garbage,
        Tamper::Empty,
    ];
    for tamper in tampers {
        let answer = payer.post(&payer.sign(&SignNotice { tamper, ..of(&number) })).await;
        let wanted = if matches!(tamper, Tamper::Empty | Tamper::Garbage) { 400 } else { 401 };
        assert_eq!(answer.status, wanted, "{tamper:?}: {}", answer.body);
    }
    let keys = [
        SignNotice { serial: Some("PUB_KEY_ID_0000000000".into()), ..of(&number) },
        SignNotice { signed_by: SignedBy::Merchant, ..of(&number) },
        SignNotice { signed_by: SignedBy::Merchant, serial: Some("X".into()), ..of(&number) },
    ];
    for wanted in keys {
        assert_eq!(payer.post(&payer.sign(&wanted)).await.status, 401);
    }
    nothing_was_written(&payer).await;

    let platform = SignNotice { signed_by: SignedBy::Platform, ..of(&number) };
    assert_eq!(payer.post(&payer.sign(&platform)).await.status, 204);
    payer.balanced().await;
}

#[tokio::test]
async fn missing_doubled_empty_and_huge_headers_are_refused() {
    let (payer, number) = paid_unheard().await;
    let sealed = payer.notice_of(&number);
    let names: Vec<String> = sealed
        .headers
        .iter()
        .map(|(name, _)| name.clone())
        .filter(|name| name.to_lowercase().starts_with("wechatpay-"))
        .collect();
    assert!(names.len() >= 5, "{names:?}");
    for name in &names {
        let changed = |change: &dyn Fn(&mut Headers)| {
            let mut headers = sealed.headers.clone();
            change(&mut headers);
            Sealed { headers, ..sealed.clone() }
        };
        let value = |text: String| {
            changed(&|headers| {
                headers.retain(|(other, _)| other != name);
                headers.push((name.clone(), text.clone()));
            })
        };
        let cases = [
            changed(&|headers| headers.retain(|(other, _)| other != name)),
            changed(&|headers| headers.push((name.clone(), "x".into()))),
            value(String::new()),
            value("x".repeat(8192)),
            value("é".into()),
        ];
        for (i, case) in cases.iter().enumerate() {
            let answer = payer.post(case).await;
            assert!((400..500).contains(&answer.status), "{name} {i}: {}", answer.status);
        }
    }
    nothing_was_written(&payer).await;
}

#[tokio::test]
async fn only_five_minutes_of_skew_are_believed() {
    let (payer, number) = paid_unheard().await;
    for offset in [-301, 301] {
        let wanted = SignNotice { timestamp_offset: offset, ..of(&number) };
        assert_eq!(payer.post(&payer.sign(&wanted)).await.status, 401, "{offset}");
    }
    for text in ["0", "-1", "1000000000000000000", "abc"] {
        let wanted = SignNotice { timestamp: Some(text.into()), ..of(&number) };
        assert_eq!(payer.post(&payer.sign(&wanted)).await.status, 401, "{text}");
    }
    nothing_was_written(&payer).await;
    for offset in [-299, 299] {
        let wanted = SignNotice { timestamp_offset: offset, ..of(&number) };
        assert_eq!(payer.post(&payer.sign(&wanted)).await.status, 204, "{offset}");
    }
    payer.balanced().await;
}

#[tokio::test]
async fn a_replay_has_no_effect_and_an_old_one_is_refused() {
    let (payer, number) = paid_unheard().await;
    let sealed = payer.notice_of(&number);
    assert_eq!(payer.post(&sealed).await.status, 204);
    assert_eq!(payer.post(&sealed).await.status, 204);

    payer.test.advance(std::time::Duration::from_secs(301)).await;

    assert_eq!(payer.post(&sealed).await.status, 401);
    payer.balanced().await;
}

#[tokio::test]
async fn bodies_of_every_shape_are_refused_in_time() {
    let (payer, _) = paid_unheard().await;
    let deep = format!("{}{}", "[".repeat(30_000), "]".repeat(30_000));
    let bodies: [&str; 10] = [
        "",
        "{}",
        "null",
        "[]",
        "{\"id\":\"1\"",
        "\u{feff}{}",
        "{\"id\":\"1\",\"id\":\"2\"}",
        "\u{0}\u{0}",
        &deep,
        "\u{1f}\u{8b}",
    ];
    for body in bodies {
        let wanted = SignNotice { body: Some(body.into()), ..SignNotice::default() };
        let started = std::time::Instant::now();
        let answer = payer.post(&payer.sign(&wanted)).await;
        assert_eq!(answer.status, 400, "{body:.20}");
        assert!(started.elapsed().as_secs() < 1, "{body:.20}");
    }
    let huge = SignNotice { body: Some("x".repeat(10_000_000)), ..SignNotice::default() };
    let answer = payer.post(&payer.sign(&huge)).await;
    assert_eq!(answer.status, 413);
    assert!(answer.body.contains("\"code\":\"FAIL\""), "{}", answer.body);
    nothing_was_written(&payer).await;
}

#[tokio::test]
async fn what_does_not_open_is_refused() {
    let (payer, number) = paid_unheard().await;
    let mut cases = vec![
        SignNotice { api_v3_key: Some("x".repeat(32)), ..of(&number) },
        SignNotice { sealed_associated_data: Some("other".into()), ..of(&number) },
        SignNotice { cut_ciphertext: Some(40), ..of(&number) },
        SignNotice { ciphertext: Some("AAAA".into()), ..of(&number) },
        SignNotice { ciphertext: Some(String::new()), ..of(&number) },
    ];
    for length in [0, 11, 13, 64] {
        cases.push(SignNotice { resource_nonce: Some("n".repeat(length)), ..of(&number) });
    }
    for (i, wanted) in cases.iter().enumerate() {
        assert_eq!(payer.post(&payer.sign(wanted)).await.status, 400, "case {i}");
    }
    nothing_was_written(&payer).await;
}
