use super::{member, sheet};
use crate::support::{Browser, PASSWORD, TestApp};

/// The member on its bound phone.
async fn phone(test: &TestApp, uscc: &str) -> Browser {
    let phone = test.phone(0);
    let page = phone.browser.get("/h5/login").await;
    let answer = page.submit(&[("account", uscc), ("password", PASSWORD)]).await;
    let next = answer.location().unwrap();
    let back = test.sandbox.authorize(&next, &phone.user).unwrap().remove(0);
    phone.open(test, &back).await;
    phone.browser
}

#[tokio::test]
async fn the_phone_shows_the_profile_and_changes_the_short_fields() {
    let test = TestApp::start().await;
    let (unit, browser) = member(&test, 1, 0).await;
    let phone = phone(&test, &unit.uscc).await;
    let home = phone.get("/h5/").await;
    home.must_say("单位信息");
    let page = phone.get("/h5/profile").await;
    page.must_say(&unit.uscc);
    page.must_say("139****0001");
    let wrong = page.submit(&[("email", "nobody"), ("phone", "1")]).await;
    assert_eq!(wrong.status, 422);
    assert!(!wrong.error_of("email").is_empty() && !wrong.error_of("phone").is_empty());
    let pc =
        browser.get("/profile").await.submit(&[("address", "电脑改的"), ("intro", "简介")]).await;
    assert_eq!(pc.status, 303);
    let told = page.submit(&[("address", "手机改的"), ("phone", "025-00000000")]).await;
    assert_eq!(told.status, 422);
    told.must_say("电脑改的");
    assert_eq!(told.attribute("#f-address", "value").as_deref(), Some("手机改的"));
    assert_eq!(told.submit(&[]).await.status, 303);
    let now = sheet(&test, &unit).await;
    assert_eq!(now.value("address"), "手机改的");
    assert_eq!(now.value("phone"), "025-00000000");
    assert_eq!(now.value("intro"), "简介", "what the phone does not show stays");
    let out = home.submit_form("form[action='/h5/logout']", &[]).await;
    assert_eq!(out.location().as_deref(), Some("/h5/login"));
    assert_ne!(phone.get("/h5/profile").await.status, 200);
}
