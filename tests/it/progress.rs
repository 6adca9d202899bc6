//! How far is my application? The answer is masked, exact, and limited.

use huiyuan::{kernel::Secret, registration::applicant_of, staff::Role};

use crate::support::{PASSWORD, TestApp, Unit, browser::Page, with};

async fn ask(test: &TestApp, path: &str, query: &str) -> Page {
    test.browser().get(path).await.submit(&[("query", query)]).await
}

async fn reject(test: &TestApp, path: &str, phrase: &str, reason: &str) {
    let id = path.rsplit('/').next().unwrap_or_default();
    let staff = test.staff(Role::Membership).await;
    let detail = staff.get(&format!("/admin/registrations/{id}")).await;
    let form = "form[action$='/reject']";
    let done = detail.submit_form(form, &[("phrase", phrase), ("reason", reason)]).await;
    assert_eq!(done.status, 303, "{}", done.text());
}

#[tokio::test]
async fn code_and_either_mobile_find_the_application_and_names_stay_masked() {
    let test = TestApp::start().await;
    let unit = Unit::sample(1);
    test.register(&unit).await;

    for query in [&unit.uscc, &unit.legal_mobile, &unit.contact_mobile] {
        for path in ["/register/progress", "/h5/progress"] {
            let answer = ask(&test, path, query).await;
            assert_eq!(answer.status, 200);
            answer.must_say("待审核");
            assert!(!answer.says(&unit.name) && !answer.says("测试联系人"));
        }
    }
}

#[tokio::test]
async fn the_box_in_the_header_asks_the_same_question() {
    let test = TestApp::start().await;
    let unit = Unit::sample(1);
    test.register(&unit).await;

    let page = test.browser().get("/register").await;
    let answer = page.submit_form("form.top-search", &[("query", &unit.uscc)]).await;
    assert_eq!(answer.path, "/register/progress");
    answer.must_say("待审核");
}

#[tokio::test]
async fn what_is_unknown_or_no_query_is_said_plainly() {
    let test = TestApp::start().await;
    ask(&test, "/register/progress", "13700000000").await.must_say("未查询到");
    ask(&test, "/h5/progress", "91329999XY0000012R").await.must_say("未查询到");
    let answer = ask(&test, "/register/progress", "示例").await;
    assert_eq!(answer.status, 422);
    assert!(answer.error_of("query").contains("手机号"));
}

#[tokio::test]
async fn a_mobile_of_several_units_lists_the_newest_few() {
    let test = TestApp::start().await;
    let shared = Unit::sample(0).contact_mobile;
    for n in 1..=7 {
        let unit = Unit::sample(n);
        let form = with(unit.form(), &[("contact_mobile", &shared)]);
        assert_eq!(test.browser().get("/register").await.submit(&form).await.status, 303);
    }

    let answer = ask(&test, "/register/progress", &shared).await;
    assert_eq!(answer.texts("main .chip").len(), 5);
}

#[tokio::test]
async fn the_eleventh_question_of_an_hour_is_refused() {
    let test = TestApp::start().await;
    for _ in 0..10 {
        assert_eq!(ask(&test, "/register/progress", "13700000000").await.status, 200);
    }
    let refused = ask(&test, "/h5/progress", "13700000000").await;
    assert_eq!(refused.status, 429);
    assert!(refused.headers.contains_key("retry-after"));
}

#[tokio::test]
async fn strangers_learn_the_category_of_a_reason_only() {
    let test = TestApp::start().await;
    let path = test.register(&Unit::sample(1)).await.location().unwrap();
    reject(&test, &path, "申请资料不完整", "缺少盖章的申请表").await;

    for answer in [
        ask(&test, "/register/progress", &Unit::sample(1).uscc).await,
        test.browser().get(&path).await,
    ] {
        answer.must_say("不通过");
        answer.must_say("申请资料不完整");
        assert!(!answer.says("缺少盖章的申请表"));
    }
}

#[tokio::test]
async fn sign_in_tells_a_waiting_and_a_rejected_unit_how_it_stands() {
    let test = TestApp::start().await;
    let unit = Unit::sample(1);
    let path = test.register(&unit).await.location().unwrap();
    test.advance(std::time::Duration::from_hours(3 * 24)).await;
    for (door, login) in [("/login", &unit.uscc), ("/h5/login", &unit.contact_mobile)] {
        let sent = [("account", login.as_str()), ("password", PASSWORD)];
        let told = test.browser().get(door).await.submit(&sent).await.follow().await;
        told.must_say("正在审核中（2026-11-24 提交，已等待 3 天）");
        told.must_say(&unit.contact_mobile);
    }
    let found = async |login: &str, password: &str| {
        let found = applicant_of(&test.app, login, &Secret::new(password)).await.unwrap();
        found.is_some()
    };
    assert!(!found(&unit.uscc, "Wrong-pass-1!").await);
    assert!(!found("13700000000", PASSWORD).await);
    assert!(!found("", PASSWORD).await);

    reject(&test, &path, "", "请更换法人手机号").await;
    let sent = [("account", unit.uscc.as_str()), ("password", PASSWORD)];
    let told = test.browser().get("/login").await.submit(&sent).await.follow().await;
    told.must_say("审核不通过：请更换法人手机号。");
    assert!(told.attribute("main a[href*='again=']", "href").is_some());
}

#[tokio::test]
async fn passwords_of_an_application_cannot_be_tried_for_ever() {
    let test = TestApp::start().await;
    let unit = Unit::sample(1);
    test.register(&unit).await;
    let wrong = Secret::new("Wrong-pass-1!");
    for _ in 0..test.app.settings.security.lockout_tries {
        assert_eq!(applicant_of(&test.app, &unit.uscc, &wrong).await.unwrap(), None);
    }
    assert!(applicant_of(&test.app, &unit.uscc, &Secret::new(PASSWORD)).await.is_err());
}
