//! A half-filled form survives a closed page and travels to another device, once.

use std::time::Duration;

use crate::support::{Browser, PASSWORD, TestApp, Unit, browser::Page};

const FORM: &str = "form[data-draft]";

/// Sends what was typed to another address than the form's own.
async fn send(page: &Page, to: &str, fields: &[(&str, &str)], headers: &[(&str, &str)]) -> Page {
    let mut all = page.fields(FORM);
    all.extend(fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
    let body = crate::support::browser::encode(
        all.iter().map(|(name, value)| (name.as_str(), value.as_str())),
    );
    let mut headers = headers.to_vec();
    headers.push(("content-type", "application/x-www-form-urlencoded"));
    page.browser.post_body(to, &headers, body.into_bytes()).await
}

async fn typed(browser: &Browser, path: &str) -> std::collections::BTreeMap<String, String> {
    browser.get(path).await.fields(FORM)
}

#[tokio::test]
async fn what_was_typed_comes_back_without_password_and_consent() {
    let test = TestApp::start().await;
    for start in ["/register", "/h5/register"] {
        let browser = test.browser();
        let page = browser.get(start).await;
        let fields = [
            ("name", "只填一半公司"),
            ("contact", "草稿人"),
            ("password", PASSWORD),
            ("agree_charter", "1"),
        ];
        let (to, headers) = (format!("{start}/draft"), [("accept", "application/json")]);
        assert_eq!(send(&page, &to, &fields, &headers).await.status, 204);

        let again = browser.get(start).await;
        again.must_say("已恢复");
        assert!(!again.body.contains(PASSWORD));
        let values = again.fields(FORM);
        assert_eq!(
            (values["name"].as_str(), values["contact"].as_str()),
            ("只填一半公司", "草稿人")
        );
        assert!(!values.contains_key("agree_charter"));
        assert_eq!(typed(&test.browser(), start).await["name"], "", "another browser has none");
        again.submit_form("form[action$='/draft/clear']", &[]).await;
        assert_eq!(typed(&browser, start).await["name"], "");
    }
}

#[tokio::test]
async fn a_draft_ends_after_a_day_and_when_the_form_is_taken() {
    let test = TestApp::start().await;
    let browser = test.browser();
    let page = browser.get("/register").await;
    send(&page, "/register/draft", &[("name", "一日草稿")], &[]).await;
    if !test.shares_state() {
        test.advance(Duration::from_hours(25)).await;
        assert_eq!(typed(&browser, "/register").await["name"], "");
    }

    let fields = [("name", "没填完公司")];
    let refused = browser.get("/register").await.submit_form(FORM, &fields).await;
    assert_eq!(refused.status, 422);
    assert_eq!(typed(&browser, "/register").await["name"], "没填完公司", "a refused form is kept");
    let taken = browser.get("/register").await.submit_form(FORM, &Unit::sample(1).form()).await;
    assert_eq!(taken.status, 303);
    assert_eq!(typed(&browser, "/register").await["name"], "");
}

#[tokio::test]
async fn a_draft_is_carried_from_phone_to_pc_once() {
    let test = TestApp::start().await;
    let phone = test.browser();
    let page = phone.get("/h5/register").await;
    let empty = send(&page, "/h5/register/carry", &[], &[]).await.follow().await;
    empty.must_say("还没有填写内容");
    let given = send(&page, "/h5/register/carry", &[("name", "手机填的公司")], &[]).await;
    let given = given.follow().await;
    let code = given.texts(".carry-code").remove(0);
    assert_eq!(code.len(), 8);

    let pc = test.browser();
    let asked = pc.get(&format!("/register/continue?code={code}")).await;
    assert_eq!(asked.fields("main form")["code"], code);
    assert_eq!(typed(&test.browser(), "/register").await["name"], "", "looking takes nothing");
    let taken = asked.submit(&[("code", &code.to_lowercase())]).await.follow().await;
    taken.must_say("已接续");
    assert_eq!(taken.fields(FORM)["name"], "手机填的公司");

    let second = test.browser().get("/register/continue").await.submit(&[("code", &code)]).await;
    assert_eq!(second.status, 422);
    assert!(second.error_of("code").contains("接续码无效"));
    assert_eq!(phone.get("/h5/register/carry").await.location().as_deref(), Some("/h5/register"));
}

#[tokio::test]
async fn codes_cannot_be_tried_for_ever_and_foreign_pages_cannot_save() {
    let test = TestApp::start().await;
    let browser = test.browser();
    for _ in 0..20 {
        let answer =
            browser.get("/h5/register/continue").await.submit(&[("code", "AAAA2222")]).await;
        assert_eq!(answer.status, 422);
    }
    let answer = browser.get("/register/continue").await.submit(&[("code", "AAAA2222")]).await;
    assert_eq!(answer.status, 429);
    assert_eq!(test.browser().post_raw("/register/draft", &[("name", "x")]).await.status, 403);
}

#[tokio::test]
async fn the_kind_of_unit_is_suggested_from_the_code() {
    let test = TestApp::start().await;
    let answer = test.browser().get("/register").await;
    let answer = answer.submit(&[("uscc", "51329999XY0000012X"), ("name", "示例促进会")]).await;
    assert_eq!(answer.status, 422);
    assert_eq!(answer.fields(FORM)["user_type"], "society");
    assert!(!answer.error_of("user_type").is_empty(), "the applicant still has to agree");
}
