//! What the secretariat does to an account: with a reason, at once, on record, and by whom it may.

use huiyuan::staff::Role;

use super::{at_scan, is_in, order, sheet};
use crate::support::{PASSWORD, TestApp, Unit};

#[tokio::test]
async fn every_act_ends_the_sessions_it_must_and_touches_no_other_unit() {
    let test = TestApp::start().await;
    let (unit, other) = (Unit::sample(1), Unit::sample(2));
    test.member(&unit).await;
    test.member(&other).await;
    let bystander = test.signed_in(&other, 1).await;
    let staff = test.staff(Role::Membership).await;
    for act in ["sign-out", "unbind", "freeze"] {
        let browser = test.signed_in(&unit, 0).await;
        let done = order(&staff, &unit, act, "会员来函").await;
        assert_eq!(done.status, 303, "{act}: {}", done.text());
        assert!(!is_in(&browser).await, "{act}");
        assert!(is_in(&bystander).await, "{act}");
    }
    test.log_in(&test.browser(), &unit.uscc, PASSWORD).await.must_say("账号已停用");
    order(&staff, &unit, "unfreeze", "已恢复").await;
    assert_eq!(test.log_in(&test.browser(), &unit.uscc, PASSWORD).await.status, 303);
    let reasons =
        "select count(*) from audit_log where reason = '会员来函' and actor_kind = 'staff'";
    assert_eq!(test.db_count(reasons).await, 3);
}

#[tokio::test]
async fn after_unbinding_the_next_wechat_is_bound_and_the_old_one_is_history() {
    let test = TestApp::start().await;
    let unit = Unit::sample(1);
    test.member(&unit).await;
    test.signed_in(&unit, 0).await;
    let staff = test.staff(Role::Membership).await;
    sheet(&staff, &unit).await.must_say("已绑定");
    order(&staff, &unit, "unbind", "经办人离职").await;
    sheet(&staff, &unit).await.must_say("未绑定");
    let (browser, scan) = at_scan(&test, &unit).await;
    test.phone(1).confirm(&test, &scan).await.must_say("已确认登录");
    test.enter(&browser, &scan).await;
    let (_, scan) = at_scan(&test, &unit).await;
    test.phone(0).open(&test, &scan.qr_path()).await.must_say("该微信与绑定微信不一致");
    let old = "select count(*) from wechat_binding where end_reason = 'secretariat'";
    assert_eq!(test.db_count(old).await, 1);
    // Twice is once.
    order(&staff, &unit, "unbind", "经办人离职").await;
    let page = sheet(&staff, &unit).await;
    page.must_say("秘书处解绑微信");
    page.must_say("经办人离职");
}

#[tokio::test]
async fn an_act_without_a_reason_is_not_done() {
    let test = TestApp::start().await;
    let unit = Unit::sample(1);
    test.member(&unit).await;
    let browser = test.signed_in(&unit, 0).await;
    let staff = test.staff(Role::Super).await;
    for act in ["reset-password", "unbind", "sign-out", "freeze"] {
        let refused = order(&staff, &unit, act, "").await;
        assert_eq!(refused.status, 422, "{act}");
        refused.must_say("操作没有完成");
    }
    assert!(is_in(&browser).await);
}

#[tokio::test]
async fn who_only_reads_may_look_and_nobody_else_may() {
    let test = TestApp::start().await;
    let unit = Unit::sample(1);
    test.member(&unit).await;
    let membership = test.staff(Role::Membership).await;
    let page = sheet(&membership, &unit).await;
    let path = page.path.clone();
    let reader = test.staff(Role::Lead).await;
    let seen = reader.get(&path).await;
    assert_eq!(seen.status, 200);
    assert!(seen.attribute("form[action$='/account/freeze']", "action").is_none());
    let token = seen.fields("form")["csrf"].clone();
    let fields = [("csrf", token.as_str()), ("reason", "x")];
    for act in ["unlock", "reset-password", "bind-code", "unbind", "sign-out", "freeze"] {
        let refused = reader.post_raw(&format!("{path}/{act}"), &fields).await;
        assert_eq!(refused.status, 403, "{act}");
    }
    assert_eq!(test.staff(Role::Support).await.get(&path).await.status, 403);
    assert_ne!(test.signed_in(&unit, 0).await.get(&path).await.status, 200);
    assert_eq!(membership.get("/admin/members/nobody/account").await.status, 404);
    let token = page.fields("form[action$='/account/freeze']")["csrf"].clone();
    let fields = [("csrf", token.as_str()), ("reason", "x")];
    assert_eq!(membership.post_raw(&format!("{path}/fly"), &fields).await.status, 404);
}
