use super::{OPTIONAL, member, sheet};
use crate::support::{PASSWORD, PROFILE, TestApp, Unit, with};

#[tokio::test]
async fn every_optional_field_is_kept_in_one_spelling_and_shown_again() {
    let test = TestApp::start().await;
    let (unit, browser) = member(&test, 1, 0).await;
    let page = browser.get("/profile").await;
    let saved = page.submit(OPTIONAL).await;
    assert_eq!(saved.status, 303, "{}", saved.text());
    let sheet = sheet(&test, &unit).await;
    for (field, stored) in [
        ("wechat_id", "example_wx"),
        ("phone", "025-00000000-801"),
        ("registered_capital", "1000.5"),
        ("domains", "www.example.com\n示例.中国"),
        ("licences", "苏B2-20130048"),
        ("founded_on", "2001-02-03"),
        ("region", "320102 江苏省 南京市 玄武区"),
    ] {
        assert_eq!(sheet.value(field), stored, "{field}");
    }
    let again = browser.get("/profile").await;
    assert_eq!(again.attribute("#f-domains_1", "value").as_deref(), Some("示例.中国"));
    let region = again.attribute("#f-region", "value");
    assert_eq!(region.as_deref(), Some("江苏省 南京市 玄武区"), "names, not codes");
    again.must_say("示例简介");
    let sealed = test.db_text("select sealed from member_detail").await;
    assert!(!sealed.contains("example"), "{sealed}");
    for column in ["legal_person", "contact", "address", "email"] {
        let stored = test.db_text(&format!("select {column} from member")).await;
        assert!(stored.starts_with("a1."), "{column} is not sealed: {stored}");
    }
}

#[tokio::test]
async fn optional_fields_may_stay_empty_and_mistakes_in_them_are_told() {
    let test = TestApp::start().await;
    let (_, browser) = member(&test, 1, 0).await;
    let page = browser.get("/profile").await;
    let wrong = [
        ("wechat_id", "1"),
        ("postcode", "21"),
        ("phone", "83343696"),
        ("founded_on", "2099-01-01"),
        ("registered_capital", "-1"),
        ("domains_1", "localhost"),
        ("licences_0", "x"),
    ];
    let refused = page.submit(&wrong).await;
    assert_eq!(refused.status, 422);
    for field in ["wechat_id", "postcode", "phone", "founded_on", "registered_capital", "domains_0"]
    {
        assert!(!refused.error_of(field).is_empty(), "{field}");
    }
    assert_eq!(refused.attribute("#f-domains_1", "value").as_deref(), Some("localhost"), "kept");
    let doubtful = [
        ("registered_capital", "1"),
        ("paid_capital", "2"),
        ("licences_0", "ABCD-1"),
        ("unit_state", "revoked"),
    ];
    let saved = browser.get("/profile").await.submit(&doubtful).await;
    assert_eq!(saved.status, 303, "remarked, not refused");
    let page = saved.follow().await;
    page.must_say("实到资金大于注册资金");
    page.must_say("许可证号与常见格式不同");
    page.must_say("吊销、注销或撤销");
}

#[tokio::test]
async fn the_birthday_is_asked_for_only_where_the_association_wants_it() {
    let test = TestApp::start().await;
    let (unit, browser) = member(&test, 1, 0).await;
    let page = browser.get("/profile").await;
    assert!(page.attribute("#f-legal_birthday", "name").is_none());
    assert_eq!(page.submit(&[("legal_birthday", "1980-01-31")]).await.status, 303);
    assert_eq!(sheet(&test, &unit).await.value("legal_birthday"), "");

    let test = TestApp::start_with(&[("SITE__ASKS_BIRTHDAY", "true")]).await;
    let (unit, browser) = member(&test, 1, 0).await;
    let page = browser.get("/profile").await;
    assert_eq!(page.submit(&[("legal_birthday", "2099-01-31")]).await.status, 422);
    assert_eq!(page.submit(&[("legal_birthday", "1980-01-31")]).await.status, 303);
    assert_eq!(sheet(&test, &unit).await.value("legal_birthday"), "1980-01-31");
}

#[tokio::test]
async fn rows_are_added_and_taken_out_without_scripts() {
    let test = TestApp::start().await;
    let (_, browser) = member(&test, 1, 0).await;
    let page = browser.get("/profile").await;
    let typed = [("domains_0", "a.example.com"), ("intro", "还没保存"), ("act", "more:domains")];
    let more = page.submit(&typed).await;
    assert_eq!(more.status, 200);
    assert!(more.attribute("#f-domains_1", "name").is_some());
    more.must_say("还没保存");
    let typed = [("domains_1", "b.example.com"), ("act", "less:domains_0")];
    let less = more.submit(&typed).await;
    assert_eq!(less.attribute("#f-domains_0", "value").as_deref(), Some("b.example.com"));
    assert!(less.attribute("#f-domains_1", "name").is_none());
    assert_eq!(less.submit(&[]).await.status, 303);
}

#[tokio::test]
async fn a_draft_survives_and_is_not_the_profile() {
    let test = TestApp::start().await;
    let (unit, browser) = member(&test, 1, 0).await;
    let page = browser.get("/profile").await;
    let mut fields = page.fields("form#profile");
    fields.insert("address".into(), "草稿路 9 号".into());
    let pairs: Vec<(&str, &str)> =
        fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let kept = browser.post_raw("/profile/draft", &pairs).await;
    assert_eq!(kept.status, 204, "{}", kept.body);
    assert_ne!(sheet(&test, &unit).await.value("address"), "草稿路 9 号");
    let page = browser.get("/profile").await;
    page.must_say("没有保存的草稿");
    assert_ne!(page.attribute("#f-address", "value").as_deref(), Some("草稿路 9 号"));
    let restored = browser.get("/profile?draft=1").await;
    assert_eq!(restored.attribute("#f-address", "value").as_deref(), Some("草稿路 9 号"));
    assert_eq!(restored.submit(&[]).await.status, 303);
    assert_eq!(sheet(&test, &unit).await.value("address"), "草稿路 9 号");
    assert!(!browser.get("/profile").await.says("没有保存的草稿"), "saving forgets it");

    // Without scripts a button keeps it, and another one forgets it.
    let button = [("address", "草稿路 10 号"), ("act", "draft")];
    let kept = browser.get("/profile").await.submit(&button).await;
    assert_eq!(kept.location().as_deref(), Some("/profile?draft=1"));
    let page = browser.get("/profile").await;
    page.submit_form("form[action='/profile/draft/discard']", &[]).await;
    assert!(!browser.get("/profile").await.says("没有保存的草稿"));
    let stranger = test.browser().post_raw("/profile/draft", &pairs).await;
    assert_ne!(stranger.status, 204);
}

#[tokio::test]
async fn the_draft_of_the_first_login_survives_too() {
    let test = TestApp::start().await;
    let unit = Unit::sample(1);
    test.member(&unit).await;
    let browser = test.browser();
    let page = test.log_in(&browser, &unit.uscc, PASSWORD).await.follow().await;
    let typed = with(PROFILE.to_vec(), &[("act", "draft"), ("email", "half-")]);
    assert_eq!(page.submit(&typed).await.location().as_deref(), Some("/profile?draft=1"));
    let restored = browser.get("/profile?draft=1").await;
    assert_eq!(restored.attribute("#f-email", "value").as_deref(), Some("half-"));
    restored.must_say("完善信息后才可使用相关功能");
}
