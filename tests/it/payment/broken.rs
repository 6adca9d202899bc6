//! What breaks while money is booked: clients that hang up, locks, clashes, several servers.

use std::{sync::Arc, time::Duration};

use huiyuan::db::{self, Run as _, Tx};
use tokio::{io::AsyncWriteExt as _, net::TcpStream, sync::Notify, time::sleep};
use wechat_sandbox::{Mishap, Sealed};

use super::{NOTIFY, Payer};

/// A payer whose order is paid at WeChat, and its notification.
async fn told(payer: &Payer) -> Sealed {
    payer.at_the_code().await;
    let number = payer.number().await;
    payer.test.sandbox.mishap(Mishap::NoNotification);
    payer.test.sandbox.pay(&number, "xiaolin").unwrap();
    payer.notice_of(&number)
}

/// Sends a whole request and hangs up without waiting for the answer.
async fn hang_up(payer: &Payer, sealed: &Sealed, after: Duration) {
    let headers: String = sealed
        .headers
        .iter()
        .filter(|(name, _)| !name.eq_ignore_ascii_case("content-length"))
        .flat_map(|(name, value)| [name, ": ", value, "\r\n"])
        .collect();
    let length = sealed.bytes.len();
    let head =
        format!("POST {NOTIFY} HTTP/1.1\r\nHost: x\r\n{headers}Content-Length: {length}\r\n\r\n");
    let mut socket = TcpStream::connect(payer.test.address).await.unwrap();
    socket.write_all(head.as_bytes()).await.unwrap();
    socket.write_all(&sealed.bytes).await.unwrap();
    sleep(after).await;
}

/// Whether all that one payment leaves is there or none of it, seen in one statement.
const WHOLE: &str = "select case when entries = 2 * allocations and entries = 2 * notices \
    and entries = 2 * orders then 1 else 0 end from (select \
    (select count(*) from ledger_entry) as entries, \
    (select count(*) from allocation) as allocations, \
    (select count(*) from payment_notice) as notices, \
    (select count(*) from payment_order where status = 'paid') as orders) as seen";

#[tokio::test]
async fn a_client_that_hangs_up_leaves_all_or_nothing() {
    for micros in [0, 300, 1000, 3000, 10_000] {
        let payer = Payer::start().await;
        let sealed = told(&payer).await;

        hang_up(&payer, &sealed, Duration::from_micros(micros)).await;

        // Whether the server heard it before the line went dead is chance; at no moment is it half booked.
        for _ in 0..20 {
            assert_eq!(payer.test.db_count(WHOLE).await, 1, "after {micros} µs");
            sleep(Duration::from_millis(25)).await;
        }
        assert_eq!(payer.post(&sealed).await.status, 204);
        payer.balanced().await;
    }
}

/// Somebody who has locked the order: says so, and waits to be let go.
#[derive(Default)]
struct Holder {
    has_it: Notify,
    may_go: Notify,
}

async fn hold(tx: &Tx, holder: &Arc<Holder>) -> Result<(), db::Error> {
    tx.exec("update payment_order set no = no", Vec::new()).await?;
    holder.has_it.notify_one();
    holder.may_go.notified().await;
    Ok(())
}

#[tokio::test]
async fn a_locked_order_is_booked_when_wechat_comes_again() {
    let payer = Payer::start().await;
    let sealed = told(&payer).await;
    let (app, holder) = (payer.test.app.clone(), Arc::new(Holder::default()));
    let input = holder.clone();
    let held = tokio::spawn(async move {
        db::transaction(&app.db, input, |tx, holder| Box::pin(hold(tx, holder))).await
    });
    holder.has_it.notified().await;
    hang_up(&payer, &sealed, Duration::from_millis(400)).await;

    assert_eq!(payer.post(&sealed).await.status, 503, "the order is locked");

    holder.may_go.notify_one();
    held.await.unwrap().unwrap();
    assert_eq!(payer.post(&sealed).await.status, 204);
    assert_eq!(payer.count("payment_notice").await, 1);
    payer.balanced().await;
}

#[tokio::test]
async fn an_error_in_the_middle_leaves_no_trace_and_harms_nobody() {
    let payer = Payer::start().await;
    let sealed = told(&payer).await;
    let transaction = payer.test.sandbox.truth()[0].transaction_id.clone().unwrap();
    payer
        .test
        .db_exec(&format!(
            "insert into ledger_entry (id, at_ms, account, amount, source_kind, source_id, kind, \
             line) values ('clash', 0, 'bank', 0, 'payment', '{transaction}', 'received', 2)"
        ))
        .await;

    let answer = payer.post(&sealed).await;

    assert_eq!(answer.status, 503);
    assert!(answer.body.contains("\"code\":\"FAIL\""), "{}", answer.body);
    for table in ["allocation", "payment_notice", "audit_log where action = 'payment.settle'"] {
        assert_eq!(payer.count(table).await, 0, "{table}");
    }
    assert_eq!(payer.test.db_text("select status from payment_order").await, "pending");
    assert_eq!(payer.test.db_count("select paid from dues_bill").await, 0);
    payer.test.db_exec("delete from ledger_entry").await;
    assert_eq!(payer.post(&sealed).await.status, 204);
    payer.balanced().await;
}

#[tokio::test]
async fn two_servers_that_are_told_at_once_book_once() {
    let payer = Payer::start().await;
    let sealed = told(&payer).await;
    let second = payer.test.second_server().await;
    let mut all = tokio::task::JoinSet::new();
    for i in 0..40 {
        let here = if i % 2 == 0 { payer.test.address } else { second.address };
        let (browser, sealed) = (payer.test.browser().on(here), sealed.clone());
        all.spawn(async move {
            let headers: Vec<(&str, &str)> =
                sealed.headers.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
            browser.post_body(NOTIFY, &headers, sealed.bytes.clone()).await.status
        });
    }

    let statuses = all.join_all().await;

    assert!(statuses.iter().all(|status| matches!(status, 204 | 503)), "{statuses:?}");
    assert_eq!(payer.post(&sealed).await.status, 204);
    assert_eq!(payer.count("ledger_entry").await, 2);
    payer.balanced().await;
}
