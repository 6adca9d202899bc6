//! The outbox: what is queued is sent once, tried again, given up, and sent again by hand.

use std::time::Duration;

use huiyuan::{
    db,
    notice::{self, Notice, Topic, send::send_due},
    registration::recipient,
    staff::Role,
};
use wechat_sandbox::{Armed, Mishap};

use crate::support::{TestApp, Unit};

const TEMPLATES: &[(&str, &str)] = &[(
    "NOTICE__TEMPLATES",
    r#"{"payment.received": {"id": "T-paid", "fields":
        {"thing1": "subject", "amount2": "amount", "character_string3": "number", "time4": "time"}}}"#,
)];

async fn send(test: &TestApp) -> usize {
    send_due(&test.app, recipient).await.unwrap()
}

/// A member with a bound WeChat, and nothing waiting.
async fn member(test: &TestApp, phone: usize) {
    let unit = Unit::sample(1);
    test.member(&unit).await;
    test.signed_in(&unit, phone).await;
    send(test).await;
    test.db_exec("delete from outbox").await;
}

/// Queues that a payment came, as the payment slice does.
async fn queue(test: &TestApp, object: &str) -> Result<(), db::Error> {
    let member = test.db_text("select id from member").await.parse().unwrap();
    let notice = Notice {
        topic: Topic::PaymentReceived,
        member: Some(&member),
        object,
        facts: serde_json::json!({ "order_no": "P20261124", "amount": 200_000 }),
    };
    notice::queue(&test.app.db, &test.app.ids, test.app.clock.now(), notice).await
}

async fn status(test: &TestApp) -> String {
    test.db_text("select status from outbox").await
}

async fn note(test: &TestApp) -> String {
    test.db_text("select note from outbox").await
}

fn always(test: &TestApp, errcode: i64) {
    let mishap = Mishap::MessageRefused { errcode };
    test.sandbox.arm(Armed { mishap, sticky: true, out_trade_no: None });
}

#[tokio::test]
async fn a_bound_follower_gets_the_template_message_once() {
    let test = TestApp::start_with(TEMPLATES).await;
    member(&test, 0).await;
    queue(&test, "one").await.unwrap();
    assert!(queue(&test, "one").await.unwrap_err().is_duplicate_of("uk_outbox_dedupe_key"));

    let second = test.second_server().await;
    let sent = tokio::join!(send(&test), async { send_due(&second.app, recipient).await.unwrap() });
    assert_eq!(sent.0 + sent.1, 1);
    assert_eq!(send(&test).await, 0);
    let messages = test.sandbox.messages();
    assert_eq!(messages.len(), 1);
    assert_eq!(messages[0].touser, test.sandbox.users()[0].openid);
    assert_eq!(messages[0].template_id, "T-paid");
    assert_eq!(messages[0].data["amount2"]["value"], "2000.00元");
    assert_eq!(messages[0].data["character_string3"]["value"], "P20261124");
    assert_eq!(status(&test).await, "sent");
    assert_eq!(test.db_text("select unit from outbox").await, Unit::sample(1).name);
}

#[tokio::test]
async fn without_wechat_or_template_a_notice_is_logged_only() {
    let test = TestApp::start_with(TEMPLATES).await;
    test.member(&Unit::sample(1)).await;
    assert_eq!(send(&test).await, 1);
    assert_eq!((status(&test).await, note(&test).await), ("logged".into(), "未绑定微信".into()));
    test.db_exec("delete from outbox").await;
    queue(&test, "two").await.unwrap();
    assert_eq!(send(&test).await, 1);
    assert_eq!(note(&test).await, "未绑定微信");
    assert!(test.sandbox.messages().is_empty());
}

#[tokio::test]
async fn who_does_not_take_messages_is_not_asked_again() {
    let test = TestApp::start_with(TEMPLATES).await;
    // The third user does not follow the account.
    member(&test, 2).await;
    queue(&test, "one").await.unwrap();
    assert_eq!(send(&test).await, 1);
    assert_eq!(
        (status(&test).await, note(&test).await),
        ("logged".into(), "对方未关注服务号".into())
    );
    test.sandbox.mishap(Mishap::MessageRefused { errcode: 43101 });
    queue(&test, "two").await.unwrap();
    assert_eq!(send(&test).await, 1);
    let refused = "select count(*) from outbox where note = '对方已拒收通知'";
    assert_eq!(test.db_count(refused).await, 1);
}

#[tokio::test]
async fn a_refused_token_is_replaced_once_and_the_message_still_goes_out() {
    let test = TestApp::start_with(TEMPLATES).await;
    member(&test, 0).await;
    queue(&test, "one").await.unwrap();
    send(&test).await;
    // Half a minute must lie between two forced refreshes.
    test.advance(Duration::from_mins(1)).await;
    for errcode in [40001, 42001] {
        test.sandbox.mishap(Mishap::MessageRefused { errcode });
        queue(&test, &errcode.to_string()).await.unwrap();
        assert_eq!(send(&test).await, 1, "{errcode}: {}", note(&test).await);
        test.advance(Duration::from_mins(1)).await;
    }
    assert_eq!(test.sandbox.messages().len(), 3);
}

#[tokio::test]
async fn a_busy_wechat_is_asked_again_ever_later_until_the_notice_is_given_up() {
    let test = TestApp::start_with(TEMPLATES).await;
    member(&test, 0).await;
    queue(&test, "one").await.unwrap();
    always(&test, -1);
    assert_eq!(send(&test).await, 0);
    assert_eq!(status(&test).await, "queued");
    assert!(note(&test).await.contains("微信繁忙"));
    assert_eq!(send(&test).await, 0);
    assert_eq!(test.db_count("select attempts from outbox").await, 1, "not before its time");

    let mut pauses = Vec::new();
    while status(&test).await == "queued" {
        let next = test.db_count("select next_ms from outbox").await;
        let wait = next - test.app.clock.now().millis();
        pauses.push(wait);
        test.advance(Duration::from_millis(u64::try_from(wait).unwrap())).await;
        send(&test).await;
    }
    assert!(pauses.is_sorted() && pauses.len() == 8, "{pauses:?}");
    assert_eq!(status(&test).await, "dead");
}

#[tokio::test]
async fn dead_letters_are_shown_and_sent_again_with_a_reason() {
    let test = TestApp::start_with(TEMPLATES).await;
    member(&test, 0).await;
    queue(&test, "one").await.unwrap();
    test.sandbox.mishap(Mishap::MessageRefused { errcode: 40037 });
    assert_eq!(send(&test).await, 1);
    assert_eq!(status(&test).await, "dead");

    let staff = test.staff(Role::Membership).await;
    let list = staff.get("/admin/notices").await;
    for words in
        ["发送失败（1）", "会费缴纳成功", "2000.00 元已到账", "40037", &Unit::sample(1).name]
    {
        list.must_say(words);
    }
    let form = "form[action$='/resend']";
    list.submit_form(form, &[("reason", " ")])
        .await
        .follow()
        .await
        .must_say("请填写重新发送的原因");
    assert_eq!(status(&test).await, "dead");
    let again = list.submit_form(form, &[("reason", "模板已更正")]).await;
    again.follow().await.must_say("已重新排队");
    list.submit_form(form, &[("reason", "再来")]).await.follow().await.must_say("没有重新发送");
    assert_eq!(send(&test).await, 1);
    assert_eq!(status(&test).await, "sent");
    let reason = "select reason from audit_log where action = 'notice.resend'";
    assert_eq!(test.db_text(reason).await, "模板已更正");

    let reader = test.staff(Role::Auditor).await;
    let seen = reader.get("/admin/notices?status=sent").await;
    seen.must_say("已发送");
    assert!(seen.attributes(form, "action").is_empty());
    assert_eq!(test.staff(Role::Support).await.get("/admin/notices").await.status, 403);
}

#[tokio::test]
async fn an_applicant_who_asked_for_it_is_told_by_wechat() {
    let template = r#"{"registration.rejected": {"id": "T", "fields": {"phrase1": "state"}}}"#;
    let test = TestApp::start_with(&[("NOTICE__TEMPLATES", template)]).await;
    let phone = test.phone(1);
    let answer = phone.browser.get("/h5/register").await.submit(&Unit::sample(1).form()).await;
    let own = answer.follow().await;
    let follow = own.attribute("main a[href$='/follow']", "href").unwrap();
    phone.open(&test, &follow).await.must_say("审核结果将通过微信通知您");

    let id = own.path.rsplit('/').next().unwrap();
    let staff = test.staff(Role::Membership).await;
    let sheet = staff.get(&format!("/admin/registrations/{id}")).await;
    sheet.submit_form("form[action$='/reject']", &[("reason", "x")]).await;
    assert_eq!(send(&test).await, 1);
    let messages = test.sandbox.messages();
    assert_eq!(messages[0].touser, test.sandbox.users()[1].openid);
    assert_eq!(messages[0].data["phrase1"]["value"], "不通过");
    assert!(!test.db_text("select open_id from registration").await.contains("oSbx"));
}

#[tokio::test]
async fn a_notice_to_a_certain_wechat_goes_there_whatever_is_bound() {
    let test = TestApp::start_with(TEMPLATES).await;
    member(&test, 0).await;
    let old = test.sandbox.users()[1].openid.clone().try_into().unwrap();
    let member = test.db_text("select id from member").await.parse().unwrap();
    let notice = Notice {
        topic: Topic::PaymentReceived,
        member: Some(&member),
        object: "old",
        facts: serde_json::json!({}),
    };
    let parts = (&test.app.vault, &test.app.ids);
    notice::queue_to(&test.app.db, parts, test.app.clock.now(), notice, &old).await.unwrap();
    assert_eq!(send(&test).await, 1);
    assert_eq!(test.sandbox.messages()[0].touser, old.as_str());
}
