use super::{at_scan, is_in};
use crate::support::{PASSWORD, PROFILE, TestApp, Unit, browser::Page, with};

async fn first_login(test: &TestApp, unit: &Unit) -> Page {
    let browser = test.browser();
    test.log_in(&browser, &unit.uscc, PASSWORD).await.follow().await
}

#[tokio::test]
async fn the_first_login_asks_for_what_is_missing_and_goes_on_to_the_scan() {
    let test = TestApp::start().await;
    let unit = Unit::sample(1);
    test.member(&unit).await;
    let page = first_login(&test, &unit).await;
    page.must_say("完善信息后才可使用相关功能");
    page.must_say("邮箱、单位状态、单位性质、所属行业、单位规模、所在地区、详细地址");
    let saved = page.submit(PROFILE).await;
    assert_eq!(saved.location().as_deref(), Some("/login/scan"));
    let stored = test.db_text("select region_name from member").await;
    assert_eq!(stored, "江苏省 南京市 玄武区");
    assert!(!test.db_text("select email from member").await.contains("example.org"), "sealed");
    let audit = test.db_text("select detail from audit_log where action = 'member.profile'").await;
    assert!(audit.contains("email") && !audit.contains("example.org"), "{audit}");
}

#[tokio::test]
async fn all_mistakes_come_back_at_once_with_what_was_typed() {
    let test = TestApp::start().await;
    let unit = Unit::sample(1);
    test.member(&unit).await;
    let page = first_login(&test, &unit).await;
    let wrong = with(
        PROFILE.to_vec(),
        &[("email", "nobody"), ("industry", "Z"), ("region", "320000"), ("address", " ")],
    );
    let answer = page.submit(&wrong).await;
    assert_eq!(answer.status, 422);
    for field in ["email", "industry", "region", "address"] {
        assert!(!answer.error_of(field).is_empty(), "{field}");
    }
    assert_eq!(answer.attribute("#f-email", "value").as_deref(), Some("nobody"));
    assert_eq!(test.db_count("select count(*) from member where version > 1").await, 0);
    let fixed = answer.submit(PROFILE).await;
    assert_eq!(fixed.status, 303, "{}", fixed.text());
}

#[tokio::test]
async fn names_of_places_are_accepted_without_scripts() {
    let test = TestApp::start().await;
    let unit = Unit::sample(1);
    test.member(&unit).await;
    let page = first_login(&test, &unit).await;
    let typed = with(PROFILE.to_vec(), &[("region", "江苏省 苏州市 姑苏区")]);
    assert_eq!(page.submit(&typed).await.status, 303);
    assert_eq!(test.db_text("select region_code from member").await, "320508");
}

const LOCKED: &[&str] =
    &["name", "uscc", "level_id", "contact_mobile", "legal_mobile", "joined_on"];

/// A column of the only member; what is sealed is sealed anew with every change.
async fn opened(test: &TestApp, column: &str) -> String {
    let stored = test.db_text(&format!("select {column} from member")).await;
    test.app.vault.open(&stored).unwrap_or(stored)
}

#[tokio::test]
async fn locked_fields_stay_whatever_is_sent() {
    let test = TestApp::start().await;
    let unit = Unit::sample(1);
    test.member(&unit).await;
    let page = first_login(&test, &unit).await;
    let extra = with(
        PROFILE.to_vec(),
        &[
            ("name", "别的单位"),
            ("uscc", "91329999XY0000020L"),
            ("level_id", "president"),
            ("contact_mobile", "13900000000"),
            ("legal_mobile", "13900000000"),
            ("status", "active"),
            ("joined_on", "2000-01-01"),
        ],
    );
    let mut stored = Vec::new();
    for column in LOCKED {
        stored.push(opened(&test, column).await);
    }
    assert_eq!(page.submit(&extra).await.status, 303);
    for (column, before) in LOCKED.iter().zip(stored) {
        assert_eq!(opened(&test, column).await, before, "{column}");
    }
}

#[tokio::test]
async fn two_editors_do_not_overwrite_each_other_unknowingly() {
    let test = TestApp::start().await;
    let unit = Unit::sample(1);
    test.member(&unit).await;
    let browser = test.signed_in(&unit, 0).await;
    let (mine, theirs) = (browser.get("/profile").await, browser.get("/profile").await);
    assert_eq!(theirs.submit(&[("address", "示例路 2 号")]).await.status, 303);
    let told = mine.submit(&[("address", "示例路 3 号")]).await;
    assert_eq!(told.status, 422);
    told.must_say("这些信息已被修改，本次没有保存");
    told.must_say("详细地址");
    told.must_say("示例路 2 号");
    assert_eq!(told.attribute("#f-address", "value").as_deref(), Some("示例路 3 号"));
    assert_eq!(test.db_count("select version from member").await, 3);
    assert_eq!(told.submit(&[]).await.status, 303, "now it is a decision");
    assert_eq!(test.db_count("select version from member").await, 4);
    let now = browser.get("/profile").await.attribute("#f-address", "value");
    assert_eq!(now.as_deref(), Some("示例路 3 号"));
}

#[tokio::test]
async fn a_stolen_password_does_not_reach_a_profile_that_is_complete() {
    let test = TestApp::start().await;
    let unit = Unit::sample(1);
    test.member(&unit).await;
    let (browser, _) = at_scan(&test, &unit).await;
    assert_eq!(browser.get("/profile").await.location().as_deref(), Some("/login/scan"));
    assert!(!is_in(&browser).await);
}

#[tokio::test]
async fn unbinding_asks_for_the_password_and_ends_every_session() {
    let test = TestApp::start().await;
    let unit = Unit::sample(1);
    test.member(&unit).await;
    let browser = test.signed_in(&unit, 0).await;
    let page = browser.get("/profile").await;
    let form = "form[action='/profile/unbind']";
    page.submit_form(form, &[("password", "wrong-pass-1!")]).await;
    assert!(is_in(&browser).await, "a session left open is not enough");
    let done = page.submit_form(form, &[("password", PASSWORD)]).await;
    assert_eq!(done.location().as_deref(), Some("/login"));
    assert!(!is_in(&browser).await);
    // Another WeChat may now be bound, and the old binding stays on record.
    test.signed_in(&unit, 1).await;
    assert_eq!(test.db_count("select count(*) from wechat_binding").await, 2);
    let ended =
        "select count(*) from wechat_binding where active_key is null and end_reason = 'member'";
    assert_eq!(test.db_count(ended).await, 1);
}
