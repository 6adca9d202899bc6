use crate::support::{PASSWORD, Phone, TestApp, Unit};

async fn log_in(
    test: &TestApp,
    phone: &Phone,
    unit: &Unit,
    password: &str,
) -> crate::support::browser::Page {
    let page = phone.browser.get("/h5/login").await;
    let answer = page.submit(&[("account", &unit.uscc), ("password", password)]).await;
    match answer.location() {
        None => answer,
        Some(next) if next.starts_with(&test.sandbox.base_url()) => {
            let back = test.sandbox.authorize(&next, &phone.user).unwrap().remove(0);
            phone.open(test, &back).await
        }
        Some(next) => phone.open(test, &next).await,
    }
}

#[tokio::test]
async fn password_and_bound_wechat_lead_in_on_the_phone() {
    let test = TestApp::start().await;
    let unit = Unit::sample(1);
    test.member(&unit).await;
    test.signed_in(&unit, 0).await;
    let phone = test.phone(0);
    log_in(&test, &phone, &unit, PASSWORD).await;
    assert_eq!(phone.browser.get("/h5/dues").await.status, 200);
}

#[tokio::test]
async fn another_wechat_is_not_let_in_on_the_phone() {
    let test = TestApp::start().await;
    let unit = Unit::sample(1);
    test.member(&unit).await;
    test.signed_in(&unit, 0).await;
    let phone = test.phone(1);
    log_in(&test, &phone, &unit, PASSWORD).await.must_say("该微信与绑定微信不一致");
    assert_ne!(phone.browser.get("/h5/dues").await.status, 200);
}

#[tokio::test]
async fn the_profile_comes_first_on_the_phone_too() {
    let test = TestApp::start().await;
    let unit = Unit::sample(1);
    test.member(&unit).await;
    let phone = test.phone(0);
    log_in(&test, &phone, &unit, PASSWORD).await.must_say("请先在电脑端完善信息");
    assert_eq!(test.db_count("select count(*) from wechat_binding").await, 0);
}

#[tokio::test]
async fn a_wechat_alone_or_a_password_alone_leads_nowhere() {
    let test = TestApp::start().await;
    let unit = Unit::sample(1);
    test.member(&unit).await;
    test.signed_in(&unit, 0).await;
    let phone = test.phone(0);
    log_in(&test, &phone, &unit, "wrong-pass-1!").await.must_say("账号密码错误");
    phone.open(&test, "/h5/login/enter").await.must_say("请重新输入密码");
    let page = phone.browser.get("/h5/login").await;
    let answer = page.submit(&[("account", &unit.uscc), ("password", PASSWORD)]).await;
    assert!(answer.location().unwrap().starts_with(&test.sandbox.base_url()));
    assert_ne!(phone.browser.get("/h5/dues").await.status, 200);
    // Somebody else's phone cannot pick up the waiting password.
    test.phone(0).open(&test, "/h5/login/enter").await.must_say("请重新输入密码");
}

#[tokio::test]
async fn a_unit_that_waits_for_its_review_is_told_so_on_the_phone() {
    let test = TestApp::start().await;
    let unit = Unit::sample(1);
    test.register(&unit).await;
    let phone = test.phone(0);
    log_in(&test, &phone, &unit, PASSWORD).await.must_say("正在审核中");
    log_in(&test, &phone, &unit, "wrong-pass-1!").await.must_say("账号密码错误");
}

#[tokio::test]
async fn signing_out_on_the_phone_ends_the_session_and_forgets_who_holds_it() {
    let test = TestApp::start().await;
    let unit = Unit::sample(1);
    test.member(&unit).await;
    test.signed_in(&unit, 0).await;
    let phone = test.phone(0);
    log_in(&test, &phone, &unit, PASSWORD).await;
    let home = phone.browser.get("/h5/").await;
    let out = home.submit_form("form[action='/h5/logout']", &[]).await;
    assert_eq!(out.location().as_deref(), Some("/h5/login"));
    out.follow().await.must_say("您已退出登录");
    assert_eq!(phone.browser.get("/h5/dues").await.location().as_deref(), Some("/h5/login"));
    // The way back in asks for the password, and WeChat again.
    let page = phone.browser.get("/h5/login").await;
    let answer = page.submit(&[("account", &unit.uscc), ("password", PASSWORD)]).await;
    assert!(answer.location().unwrap().starts_with(&test.sandbox.base_url()));
    log_in(&test, &phone, &unit, PASSWORD).await;
    assert_eq!(phone.browser.get("/h5/").await.status, 200);
}
