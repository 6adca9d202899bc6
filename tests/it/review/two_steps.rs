//! 初审 and 复审: two different people.

use huiyuan::staff::Role;

use super::{APPROVE, REJECT, counts, sheet};
use crate::support::{TestApp, Unit};

const TWO: &[(&str, &str)] = &[("SITE__REVIEW_STEPS", "2")];

#[tokio::test]
async fn the_first_reviewer_proposes_and_another_one_admits() {
    let test = TestApp::start_with(TWO).await;
    let path = sheet(&test.register(&Unit::sample(1)).await);
    let first = test.staff(Role::Membership).await;
    let said = first.get(&path).await.submit_form(APPROVE, &[("level", "director")]).await;
    said.follow().await.must_say("已通过初审（拟定会员等级：理事单位）");
    assert_eq!(counts(&test).await, [0, 0, 0, 0, 0]);
    assert_eq!(test.db_text("select status from registration").await, "endorsed");

    let own = first.get(&path).await;
    own.must_say("复审须由其他审核员进行");
    assert!(own.attributes(APPROVE, "action").is_empty());
    // The same person is refused even when the form is forged from another one.
    let token = own.attribute("input[name=csrf]", "value").unwrap();
    let forged = [("csrf", token.as_str()), ("version", "2"), ("level", "member")];
    let refused = first.post_raw(&format!("{path}/approve"), &forged).await.follow().await;
    refused.must_say("复审须由其他审核员进行");

    let second = test.staff(Role::Super).await;
    second.get("/admin/registrations?status=endorsed").await.must_say(&Unit::sample(1).name);
    let sheet = second.get(&path).await;
    sheet.must_say("拟定会员等级：理事单位");
    assert_eq!(sheet.submit_form(APPROVE, &[]).await.status, 303);
    assert_eq!(counts(&test).await[..2], [1, 1]);
    assert_eq!(test.db_text("select level_id from member").await, "director");
}

#[tokio::test]
async fn two_first_reviewers_at_once_make_one_first_step() {
    let test = TestApp::start_with(TWO).await;
    let path = sheet(&test.register(&Unit::sample(1)).await);
    let one = test.staff(Role::Membership).await.get(&path).await;
    let two = test.staff(Role::Super).await.get(&path).await;
    let (a, b) = tokio::join!(one.submit_form(APPROVE, &[]), two.submit_form(APPROVE, &[]));
    let pages = [a.follow().await, b.follow().await];

    assert_eq!(pages.iter().filter(|page| page.says("已通过初审")).count(), 1);
    assert_eq!(pages.iter().filter(|page| page.says("您的操作未生效")).count(), 1);
    assert_eq!(test.db_count("select count(*) from member").await, 0);
}

#[tokio::test]
async fn a_returned_application_goes_through_both_steps_anew() {
    let test = TestApp::start_with(TWO).await;
    let answer = test.browser().get("/register").await.submit(&Unit::sample(1).form()).await;
    let path = sheet(&answer);
    let own = answer.follow().await;
    let first = test.staff(Role::Membership).await;
    let second = test.staff(Role::Super).await;
    first.get(&path).await.submit_form(APPROVE, &[]).await;
    own.browser.get(&own.path).await.must_say("待审核");
    let back = second.get(&path).await;
    back.submit_form("form[action$='/return']", &[("defect", "contact")]).await;
    let amend = own.browser.get(&format!("{}/amend", own.path)).await;
    amend.submit(&[("contact", "新联系人")]).await;

    // Whoever was second may now be first, and the first one second.
    second.get(&path).await.submit_form(APPROVE, &[]).await;
    assert_eq!(test.db_count("select count(*) from member").await, 0);
    first.get(&path).await.submit_form(APPROVE, &[]).await;
    assert_eq!(test.db_count("select count(*) from member").await, 1);
}

#[tokio::test]
async fn the_second_reviewer_may_reject() {
    let test = TestApp::start_with(TWO).await;
    let path = sheet(&test.register(&Unit::sample(1)).await);
    test.staff(Role::Membership).await.get(&path).await.submit_form(APPROVE, &[]).await;
    let second = test.staff(Role::Super).await;
    second.get(&path).await.submit_form(REJECT, &[("reason", "资料不实")]).await;
    assert_eq!(test.db_text("select status from registration").await, "rejected");
}
