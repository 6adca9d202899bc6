//! Every state of an application and who leads it there.

use huiyuan::staff::Role;

use super::{APPROVE, REJECT, sheet};
use crate::support::{TestApp, Unit, browser::Page};

const RETURN: &str = "form[action$='/return']";

async fn status(test: &TestApp) -> String {
    test.db_text("select status from registration").await
}

/// An applicant's browser on the page of the application, and the reviewer's page of it.
async fn applied(test: &TestApp, unit: &Unit) -> (Page, String) {
    let answer = test.browser().get("/register").await.submit(&unit.form()).await;
    let path = sheet(&answer);
    (answer.follow().await, path)
}

#[tokio::test]
async fn returned_fields_are_named_with_their_reasons_and_the_applicant_is_told() {
    let test = TestApp::start().await;
    let (own, path) = applied(&test, &Unit::sample(1)).await;
    let detail = test.staff(Role::Membership).await.get(&path).await;

    let nothing = detail.submit_form(RETURN, &[("remark-name", "请写全称")]).await;
    assert_eq!(nothing.status, 422);
    assert!(nothing.error_of("defect").contains("勾选"));
    assert!(nothing.body.contains("请写全称"), "what was typed is kept");
    assert_eq!(status(&test).await, "pending");

    let wanted = [("defect", "name"), ("defect", "user_type"), ("remark-name", "请写营业执照全称")];
    assert_eq!(detail.submit_form(RETURN, &wanted).await.status, 303);
    assert_eq!(status(&test).await, "returned");
    let seen = own.browser.get(&own.path).await;
    seen.must_say("需补正");
    seen.must_say("单位名称：请写营业执照全称");
    seen.must_say("用户类型：请按单位性质重新选择");
    let told = "select count(*) from outbox where topic = 'registration.returned'";
    assert_eq!(test.db_count(told).await, 1);

    // A stranger learns that something is to be amended, and what, but not the words.
    let stranger = test.browser().get(&own.path).await;
    stranger.must_say("单位名称");
    assert!(!stranger.says("请写营业执照全称"));
}

#[tokio::test]
async fn a_withdrawn_application_is_over_and_frees_name_and_code() {
    let test = TestApp::start().await;
    let unit = Unit::sample(1);
    let (own, path) = applied(&test, &unit).await;
    let staff = test.staff(Role::Membership).await;
    let open = staff.get(&path).await;

    let stranger = test.browser();
    let page = stranger.get("/register").await;
    let token = page.attribute("input[name=csrf]", "value").unwrap();
    let forced = format!("{}/withdraw", own.path);
    assert_eq!(stranger.post_raw(&forced, &[("csrf", &token)]).await.status, 404);
    assert_eq!(status(&test).await, "pending");

    let done = own.submit_form("form[action$='/withdraw']", &[]).await.follow().await;
    done.must_say("已撤回");
    for (form, fields) in [(APPROVE, vec![]), (REJECT, vec![("reason", "x")])] {
        open.submit_form(form, &fields).await.follow().await.must_say("撤回申请，您的操作未生效");
    }
    assert_eq!(test.db_count("select count(*) from member").await, 0);
    let again = done.attribute("main a[href*='again=']", "href").unwrap();
    let prefilled = own.browser.get(&again).await;
    assert_eq!(prefilled.fields("main form[data-draft]")["name"], unit.name);
    let anew = test.browser().get("/register").await.submit(&unit.form()).await;
    assert_eq!(anew.status, 303);
}

#[tokio::test]
async fn a_decision_counts_only_for_what_the_reviewer_saw() {
    let test = TestApp::start().await;
    let (own, path) = applied(&test, &Unit::sample(1)).await;
    let staff = test.staff(Role::Membership).await;
    let old = staff.get(&path).await;
    let other = test.staff(Role::Super).await.get(&path).await;
    other.submit_form(RETURN, &[("defect", "legal_person")]).await;
    old.submit_form(APPROVE, &[]).await.follow().await.must_say("退回补正，您的操作未生效");

    let amend = own.browser.get(&format!("{}/amend", own.path)).await;
    amend.submit(&[("legal_person", "新任法人")]).await.follow().await.must_say("正在审核中");
    old.submit_form(APPROVE, &[]).await.follow().await.must_say("申请资料已更新");
    assert_eq!(status(&test).await, "pending");
    assert_eq!(test.db_count("select count(*) from member").await, 0);
    let fresh = staff.get(&path).await;
    fresh.must_say("新任法人");
    fresh.must_say("补正后重新提交");
    assert_eq!(fresh.submit_form(APPROVE, &[]).await.status, 303);
    assert_eq!(status(&test).await, "approved");
}

#[tokio::test]
async fn nothing_leads_from_an_end_to_a_member() {
    let test = TestApp::start().await;
    let staff = test.staff(Role::Super).await;
    for (n, end) in [(1, "rejected"), (2, "withdrawn")] {
        let (own, path) = applied(&test, &Unit::sample(n)).await;
        let open = staff.get(&path).await;
        if end == "rejected" {
            open.submit_form(REJECT, &[("reason", "x")]).await;
        } else {
            own.submit_form("form[action$='/withdraw']", &[]).await;
        }
        for version in ["1", "2", "3"] {
            let tries = [(APPROVE, ("level", "member")), (RETURN, ("defect", "name"))];
            for (form, field) in tries {
                open.submit_form(form, &[("version", version), field]).await;
            }
        }
        assert_eq!(own.browser.get(&format!("{}/amend", own.path)).await.status, 303);
        let now = format!("select count(*) from registration where status = '{end}'");
        assert_eq!(test.db_count(&now).await, 1);
    }
    assert_eq!(test.db_count("select count(*) from member").await, 0);
}

#[tokio::test]
async fn an_applicant_may_ask_for_haste_once_a_day() {
    let test = TestApp::start().await;
    let (own, path) = applied(&test, &Unit::sample(1)).await;
    let urge = "form[action$='/urge']";
    assert!(own.attributes(urge, "action").is_empty(), "not on the first day");
    test.advance(std::time::Duration::from_hours(25)).await;

    let page = own.browser.get(&own.path).await;
    page.submit_form(urge, &[]).await.follow().await.must_say("已提醒秘书处");
    page.submit_form(urge, &[]).await.follow().await.must_say("每天可以催办一次");
    let staff = test.staff(Role::Membership).await;
    staff.get(&path).await.must_say("催办");
    staff.get("/admin/registrations?flag=urged").await.must_say("申请人催办");
}
