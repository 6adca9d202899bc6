//! 银行回单: who paid back, when, under which number, and the bank's paper about it.

use huiyuan::{file::tidy::delete_abandoned, staff::Role};

use super::Till;
use crate::offline::{decision, photo, report};

impl Till {
    /// A confirmed transfer of the whole bill; its 缴费编号.
    async fn transferred(&self) -> String {
        report(&self.pc, &[]).await;
        let confirmed = decision::confirm(&decision::next_in_queue(&self.one).await).await;
        assert_eq!(confirmed.status, 303, "{}", confirmed.text());
        self.test.db_text("select no from offline_payment").await
    }
}

#[tokio::test]
async fn a_transfer_back_has_its_receipt_and_two_people() {
    let till = Till::open().await;
    let number = till.transferred().await;

    let asked = till.ask_by_bank(&number, &[("part-1", "300")]).await;

    assert_eq!(asked.status, 303, "{}", asked.text());
    let page = till.newest(&till.two).await;
    for words in ["出纳 王丽", "2026-11-24", "BANK-20261124-1", "回单.jpg"] {
        page.must_say(words);
    }
    assert_eq!(till.status().await, "requested", "the first person books nothing");
    assert!(till.newest(&till.one).await.attribute("form#approve", "action").is_none());
    assert_eq!(till.approve(&till.two).await.status, 303);
    assert_eq!(till.balance("bank").await, 200_000 - 30_000);
    till.sound().await;
}

#[tokio::test]
async fn a_receipt_is_saved_by_those_who_read_money_and_shown_to_nobody() {
    let till = Till::open().await;
    let number = till.transferred().await;
    till.ask_by_bank(&number, &[]).await;
    let link = till.newest(&till.two).await;
    let link = link.attribute("a[href*='/files/']", "href").unwrap();

    let saved = till.two.client.get(till.two.url(&link)).send().await.unwrap();
    assert_eq!(saved.status(), 200);
    let way = saved.headers()["content-disposition"].to_str().unwrap().to_owned();
    assert!(way.starts_with("attachment;"), "{way}");
    assert_eq!(saved.headers()["x-content-type-options"], "nosniff");
    assert!(image::load_from_memory(&saved.bytes().await.unwrap()).is_ok());

    for role in [Role::Support, Role::Membership] {
        assert_eq!(till.test.staff(role).await.get(&link).await.status, 403, "{role:?}");
    }
    assert_ne!(till.pc.get(&link).await.status, 200, "a member is no reader");
    let (head, _) = link.rsplit_once('/').unwrap();
    let foreign = till.test.db_text("select file_id from offline_voucher").await;
    let foreign = till.two.get(&format!("{head}/{foreign}")).await;
    assert_eq!(foreign.status, 404, "only receipts of this refund");
}

#[tokio::test]
async fn a_refused_form_loses_neither_words_nor_files() {
    let till = Till::open().await;
    let number = till.transferred().await;
    let late = [("paid_on", "2026-11-25"), ("part-1", "2000.01")];

    let refused = till.ask_by_bank(&number, &late).await;

    assert_eq!(refused.status, 422);
    assert!(refused.error_of("paid_on").contains("不能晚于今天"), "{}", refused.text());
    assert!(refused.error_of("part-1").contains("最多可退"));
    let kept = refused.fields("form#ask");
    assert_eq!(
        (kept["paid_by"].as_str(), kept["evidence"].as_str()),
        ("出纳 王丽", "BANK-20261124-1")
    );
    let link = refused.attribute("a[href^='/admin/refunds/uploads/']", "href").unwrap();
    let saved = till.one.client.get(till.one.url(&link)).send().await.unwrap();
    assert_eq!(saved.status(), 200);
    assert_eq!(till.two.get(&link).await.status, 404, "it is nobody else's");
    let right = [("paid_on", "2026-11-24"), ("part-1", "300")];
    let sent = refused.submit_files("form#ask", &right, &[]).await;
    assert_eq!(sent.status, 303, "{}", sent.text());
    assert_eq!(till.count("refund_file").await, 1);
}

#[tokio::test]
async fn five_receipts_at_most_and_they_stay() {
    let till = Till::open().await;
    let number = till.transferred().await;
    let page = till.one.get(&format!("/admin/refunds/new?number={number}")).await;
    let files =
        || (0..6).map(|_| ("receipt", "回单.jpg", "image/jpeg", photo())).collect::<Vec<_>>();
    let refused = page.submit_files("form#ask", &[("reason", "x")], &files()).await;
    assert_eq!(refused.status, 422);
    assert!(refused.error_of("receipt").contains("最多 5 个"), "{}", refused.text());
    till.ask_by_bank(&number, &[]).await;
    till.test.advance(std::time::Duration::from_hours(24 * 40)).await;
    assert_eq!(delete_abandoned(&till.test.app).await.unwrap(), 5, "those of the refused form");
    let left = "file_object f join refund_file r on r.file_id = f.id";
    assert_eq!(till.count(left).await, 1);
}

#[tokio::test]
async fn a_lost_or_altered_receipt_is_named_by_the_check() {
    let till = Till::open().await;
    let number = till.transferred().await;
    till.ask_by_bank(&number, &[]).await;
    let (transfer, refund) = (number, till.test.db_text("select no from refund").await);
    till.sound().await;
    till.test.db_exec("create table kept_chunk as select * from file_chunk").await;
    let receipt = "(select file_id from refund_file)";
    let voucher = "(select file_id from offline_voucher)";
    let edits = [
        (
            format!("delete from file_chunk where file_id = {receipt}"),
            format!("refund {refund}"),
            "缺失",
        ),
        (
            // One voucher in the place of the other: sealed, but not for this place.
            format!(
                "update file_chunk set bytes = (select bytes from kept_chunk where file_id = \
                 {receipt}) where file_id = {voucher}"
            ),
            format!("offline {transfer}"),
            "已被改动",
        ),
        (
            format!("update file_object set sha256 = 'x' where id = {voucher}"),
            format!("offline {transfer}"),
            "已被改动",
        ),
        (
            format!("delete from file_object where id = {receipt}"),
            format!("refund {refund}"),
            "缺失",
        ),
    ];
    for (edit, object, words) in edits {
        till.test.db_exec(&edit).await;
        let report = till.verify().await;
        let named = |f: &&huiyuan::reconcile::verify::Finding| {
            f.check == "files" && f.object == object && f.problem.contains(words)
        };
        assert!(report.findings.iter().any(|f| named(&f)), "{edit}: {:#?}", report.findings);
        till.test.db_exec("delete from file_chunk").await;
        till.test.db_exec("insert into file_chunk select * from kept_chunk").await;
    }
    let voucher = till.test.db_text("select file_id from offline_voucher").await;
    let id = till.test.db_text("select id from offline_payment").await;
    let damaged = till.one.get(&format!("/admin/offline/{id}/vouchers/{voucher}")).await;
    assert_eq!(damaged.status, 500, "what is not what it was is not served");
}
