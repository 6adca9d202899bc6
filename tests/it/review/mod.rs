//! The secretariat decides applications, each of them once.

mod queue;
mod states;
mod two_steps;

use huiyuan::staff::Role;

use crate::support::{Browser, PASSWORD, TestApp, Unit, browser::Page, with};

const APPROVE: &str = "form[action$='/approve']";
const REJECT: &str = "form[action$='/reject']";

/// The reviewer's page of an application, from the applicant's.
fn sheet(result: &Page) -> String {
    let path = result.location().unwrap_or_default();
    format!("/admin/registrations/{}", path.rsplit('/').next().unwrap_or_default())
}

/// Members, accounts, bills, notices and approvals on record.
async fn counts(test: &TestApp) -> [i64; 5] {
    let mut all = [0; 5];
    let tables = [
        "member",
        "account",
        "dues_bill",
        "outbox",
        "audit_log where action = 'registration.approve'",
    ];
    for (n, table) in all.iter_mut().zip(tables) {
        *n = test.db_count(&format!("select count(*) from {table}")).await;
    }
    all
}

#[tokio::test]
async fn tags_and_the_day_of_joining_are_granted_with_the_approval() {
    let test = TestApp::start().await;
    let path = sheet(&test.register(&Unit::sample(1)).await);
    let staff = test.staff(Role::Membership).await;
    let detail = staff.get(&path).await;
    let wrong = [
        ("level", ""),
        ("tags", "一二三四五六七八九十一二三四五六七八九十超"),
        ("joined_on", "2999-01-01"),
    ];
    let refused = detail.submit_form(APPROVE, &wrong).await;
    assert_eq!(refused.status, 422);
    for field in ["level", "tags", "joined_on"] {
        assert!(!refused.error_of(field).is_empty(), "{field}");
    }
    assert_eq!(counts(&test).await, [0; 5]);

    let right = [("level", "member"), ("tags", "云计算、重点联系"), ("joined_on", "2020-02-29")];
    assert_eq!(refused.submit_form(APPROVE, &right).await.status, 303);
    assert_eq!(test.db_text("select joined_on from member").await, "2020-02-29");
    assert_eq!(test.db_count("select count(*) from member_tag").await, 2);
    let member = test.db_text("select id from member").await;
    let page = staff.get(&format!("/admin/members/{member}")).await;
    for words in ["2020-02-29", "云计算", "重点联系", "会员标签"] {
        page.must_say(words);
    }
}

#[tokio::test]
async fn approval_makes_member_account_bill_notice_and_audit_row() {
    let test = TestApp::start().await;
    let unit = Unit::sample(1);
    let path = sheet(&test.register(&unit).await);
    let hash = test.db_text("select password_hash from registration").await;
    let staff = test.staff(Role::Membership).await;

    let detail = staff.get(&path).await;
    detail.must_say(&unit.contact_mobile);
    detail.must_say("校验位正确");
    let done = detail.submit_form(APPROVE, &[("level", "vice-president")]).await;
    assert_eq!(done.status, 303);
    done.follow().await.must_say("会员等级为副理事长单位");

    assert_eq!(test.db_text("select password_hash from account").await, hash);
    assert_eq!(test.db_text("select password_hash from registration").await, "");
    assert_eq!(test.db_text("select level_id from member").await, "vice-president");
    assert_eq!(test.db_count("select year from dues_bill").await, 2026);
    assert_eq!(test.db_text("select topic from outbox").await, "registration.approved");
    assert_eq!(counts(&test).await, [1, 1, 1, 1, 1]);
    staff.get(&path).await.must_say("审核结果 通过");
}

#[tokio::test]
async fn of_ten_reviewers_at_once_one_approves_and_the_others_are_told() {
    let test = TestApp::start().await;
    let path = sheet(&test.register(&Unit::sample(1)).await);
    let mut sheets = Vec::new();
    for _ in 0..10 {
        sheets.push(test.staff(Role::Membership).await.get(&path).await);
    }
    let mut all = tokio::task::JoinSet::new();
    for sheet in sheets {
        all.spawn(async move { sheet.submit_form(APPROVE, &[]).await.follow().await });
    }
    let pages = all.join_all().await;

    let done = pages.iter().filter(|page| page.says("已通过“")).count();
    let told = pages.iter().filter(|page| page.says("该申请已由")).count();
    assert_eq!((done, told), (1, 9));
    assert_eq!(counts(&test).await, [1, 1, 1, 1, 1]);
}

#[tokio::test]
async fn approving_and_rejecting_at_once_has_one_outcome() {
    let test = TestApp::start().await;
    let path = sheet(&test.register(&Unit::sample(1)).await);
    let first = test.staff(Role::Membership).await.get(&path).await;
    let second = test.staff(Role::Super).await.get(&path).await;
    let (yes, no) = tokio::join!(
        first.submit_form(APPROVE, &[]),
        second.submit_form(REJECT, &[("reason", "重复")]),
    );

    assert_eq!((yes.status, no.status), (303, 303));
    let status = test.db_text("select status from registration").await;
    let members = test.db_count("select count(*) from member").await;
    assert!(matches!((status.as_str(), members), ("approved", 1) | ("rejected", 0)));
    assert_eq!(test.db_count("select count(*) from outbox").await, 1);
}

#[tokio::test]
async fn a_rejected_unit_may_apply_anew_and_an_approved_one_may_not() {
    let test = TestApp::start().await;
    let unit = Unit::sample(1);
    let path = sheet(&test.register(&unit).await);
    let staff = test.staff(Role::Membership).await;
    let detail = staff.get(&path).await;

    let missing = detail.submit_form(REJECT, &[("reason", "  ")]).await;
    assert_eq!(missing.status, 422);
    assert!(missing.error_of("reason").contains("原因"));
    let done = detail.submit_form(REJECT, &[("phrase", "重复申请"), ("reason", "见说明")]).await;
    assert_eq!(done.status, 303);
    assert_eq!(test.db_text("select reason from registration").await, "重复申请：见说明");

    test.member(&unit).await;
    let again = test.browser().get("/register").await.submit(&unit.form()).await;
    assert_eq!(again.status, 422);
    again.must_say("该单位已注册");
}

#[tokio::test]
async fn roles_decide_who_decides_and_who_sees_mobiles() {
    let test = TestApp::start().await;
    let unit = Unit::sample(1);
    let path = sheet(&test.register(&unit).await);

    let reader = test.staff(Role::Auditor).await;
    let detail = reader.get(&path).await;
    assert!(!detail.says(&unit.contact_mobile) && !detail.says(&unit.legal_mobile));
    assert!(detail.attributes(APPROVE, "action").is_empty());
    let page = reader.get("/admin/members").await;
    let token = page.attribute("input[name=csrf]", "value").unwrap();
    for act in ["approve", "reject"] {
        let fields = [("csrf", token.as_str()), ("level", "member"), ("reason", "x")];
        assert_eq!(reader.post_raw(&format!("{path}/{act}"), &fields).await.status, 403);
    }
    let support = test.staff(Role::Support).await;
    assert_eq!(support.get(&path).await.status, 403);
    assert_eq!(test.browser().get(&path).await.location().as_deref(), Some("/admin/login"));
    assert_eq!(test.db_text("select status from registration").await, "pending");
}

#[tokio::test]
async fn the_queue_shows_the_oldest_first_with_its_age_and_its_kin() {
    let test = TestApp::start().await;
    let (old, new) = (Unit::sample(1), Unit::sample(2));
    test.register(&old).await;
    test.advance(std::time::Duration::from_hours(7 * 24)).await;
    let form = with(new.form(), &[("legal_mobile", &old.contact_mobile)]);
    assert_eq!(test.browser().get("/register").await.submit(&form).await.status, 303);

    let queue = test.staff(Role::Lead).await.get("/admin/registrations").await;
    let shown = queue.text();
    assert!(shown.find(&old.name).unwrap() < shown.find(&new.name).unwrap());
    queue.must_say("已等待 7 天（5 个工作日）");
    queue.must_say("手机号与另外 1 份申请相同");
    assert!(!queue.body.contains(&old.contact_mobile));
}

#[tokio::test]
async fn the_queue_is_paged_by_key() {
    let test = TestApp::start().await;
    for n in 1..=21 {
        test.register(&Unit::sample(n)).await;
    }
    let staff = test.staff(Role::Lead).await;
    let first = staff.get("/admin/registrations").await;
    let next = first.attribute("a[rel=next]", "href").unwrap();
    let second = staff.get(&next).await;

    assert_eq!(first.texts("main tbody tr").len(), 20);
    assert_eq!(second.texts("main tbody tr").len(), 1);
    for n in 1..=21 {
        let name = Unit::sample(n).name;
        assert!(first.says(&name) != second.says(&name), "{name} stands on one page");
    }
}

async fn found(staff: &Browser, typed: &str) -> Page {
    staff.get("/admin/members").await.submit(&[("q", typed)]).await.follow().await
}

#[tokio::test]
async fn members_are_found_by_code_mobile_and_part_of_the_name() {
    let test = TestApp::start().await;
    let (one, two) = (Unit::sample(1), Unit::sample(2));
    test.member(&one).await;
    test.member(&two).await;
    let staff = test.staff(Role::Auditor).await;

    for typed in [&one.uscc, &one.contact_mobile, "科技（1）"] {
        let page = found(&staff, typed).await;
        page.must_say(&one.name);
        page.must_say("2026-11-24");
        assert!(!page.says(&two.name) && !page.says(&one.contact_mobile), "{typed}");
        assert!(!page.path.contains(&one.contact_mobile));
    }
    found(&staff, "100%").await.must_say("没有查找到会员");
    let all = found(&staff, "").await;
    assert!(all.says(&one.name) && all.says(&two.name) && !all.body.contains(PASSWORD));
}
