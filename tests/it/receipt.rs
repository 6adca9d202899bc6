//! 缴费凭据: to print for the member, to check for anybody.

use huiyuan::staff::Role;

use crate::{
    offline::decision::{confirm, next_in_queue},
    offline::report,
    support::{TestApp, Unit},
};

/// A member one of whose bills is paid by transfer, and the number of its receipt.
async fn paid() -> (TestApp, crate::support::Browser, String) {
    let test = TestApp::start().await;
    let unit = Unit::sample(1);
    test.member(&unit).await;
    let pc = test.signed_in(&unit, 0).await;
    assert_eq!(report(&pc, &[]).await.status, 303);
    let finance = test.staff(Role::Finance).await;
    assert_eq!(confirm(&next_in_queue(&finance).await).await.status, 303);
    let id = test.db_text("select source_id from allocation").await;
    (test, pc, format!("Z{id}"))
}

#[tokio::test]
async fn a_receipt_is_printed_by_its_member_alone_and_checked_by_anybody() {
    let (test, pc, number) = paid().await;
    pc.get("/receipts").await.must_say(&number);
    let receipt = pc.get(&format!("/receipts/{number}")).await;
    receipt.must_say("会费缴费凭据");
    receipt.must_say("人民币贰仟元整");
    let unit = Unit::sample(1);
    receipt.must_say(&unit.name);
    let other = Unit::sample(2);
    test.member(&other).await;
    let stranger = test.signed_in(&other, 1).await;
    assert_eq!(stranger.get(&format!("/receipts/{number}")).await.status, 404);
    assert_eq!(pc.get("/receipts/Wnone").await.status, 404);

    let url = receipt.attribute("[data-verify-url]", "data-verify-url").unwrap();
    let anybody = test.browser();
    for page in [url.replace("/h5/", "/"), url.clone()] {
        let genuine = anybody.get(&page).await;
        genuine.must_say("凭据真实");
        genuine.must_say("2,000.00");
        for secret in [&unit.name, &unit.uscc, &unit.contact_mobile] {
            assert!(!genuine.body.contains(secret.as_str()), "{secret}");
        }
    }
    let code = url.rsplit('/').next().unwrap();
    let form = anybody.get("/verify").await;
    let typed = form.submit(&[("code", &format!(" {} ", code.to_lowercase()))]).await;
    typed.follow().await.must_say("凭据真实");
    let last = if code.ends_with('0') { "1" } else { "0" };
    let forged = format!("{}{last}", &code[..code.len() - 1]);
    for wrong in [forged.as_str(), "W4200001234202603010000000001-0123456789AB", "x"] {
        let page = anybody.get(&format!("/h5/verify/{wrong}")).await;
        assert_eq!(page.status, 200);
        page.must_say("没有找到");
        assert!(!page.says("凭据真实"));
    }
}

#[tokio::test]
async fn money_that_was_taken_back_is_said_on_the_receipt_and_at_its_check() {
    let (test, pc, number) = paid().await;
    let receipt = pc.get(&format!("/receipts/{number}")).await;
    let url = receipt.attribute("[data-verify-url]", "data-verify-url").unwrap();

    test.db_exec("update allocation set taken_back = amount").await;

    pc.get(&format!("/receipts/{number}")).await.must_say("已全部退回");
    test.browser().get(&url).await.must_say("已全部退回");
}
