//! How far is my application? The answer is masked, exact, and limited.

use huiyuan::staff::Role;

use crate::support::{PASSWORD, TestApp, Unit, browser::Page, with};

async fn ask(test: &TestApp, path: &str, query: &str) -> Page {
    let page = test.browser().get(path).await;
    let answer = solved(&page, query).await;
    if answer.status == 422 && answer.error_of("query").contains("安全验证") {
        return solved(&answer, query).await;
    }
    answer
}

/// Sends the form; its puzzle is solved when it has one.
async fn solved(page: &Page, query: &str) -> Page {
    match page.attribute("[data-puzzle]", "data-puzzle") {
        Some(_) => page.submit_solved(&[("query", query)]).await,
        None => page.submit(&[("query", query)]).await,
    }
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
async fn after_three_questions_the_browser_solves_a_puzzle_for_each() {
    let test = TestApp::start().await;
    let unit = Unit::sample(1);
    test.register(&unit).await;
    for n in 1..=3 {
        let page = test.browser().get("/register/progress").await;
        let answer = page.submit(&[("query", &format!("1370000000{n}"))]).await;
        assert_eq!(answer.status, 200);
    }
    for path in ["/register/progress", "/h5/progress"] {
        let page = test.browser().get(path).await;
        assert!(page.attribute("[data-puzzle]", "data-puzzle").is_some());
        let refused = page.submit(&[("query", &unit.uscc)]).await;
        assert_eq!(refused.status, 422);
        refused.must_say("安全验证");
        assert!(!refused.says("待审核"));
        assert_eq!(refused.fields("main form")["query"], unit.uscc, "what was typed is kept");
        let solved = refused.submit_solved(&[("query", &unit.uscc)]).await;
        assert_eq!(solved.status, 200);
        solved.must_say("待审核");
        // A solution is good once.
        refused.submit_solved(&[("query", &unit.uscc)]).await.must_say("安全验证");
    }
}

#[tokio::test]
async fn one_unit_is_asked_about_ten_times_an_hour_from_wherever() {
    let test = TestApp::start_with(&[("SERVER__TRUSTED_PROXIES", "[\"127.0.0.1\"]")]).await;
    let unit = Unit::sample(1);
    test.register(&unit).await;
    let from = async |n: usize| {
        let browser = test.browser().behind(&format!("198.51.100.{n}"));
        let page = browser.get("/register/progress").await;
        let answer = solved(&page, &unit.uscc).await;
        if answer.status == 422 { solved(&answer, &unit.uscc).await } else { answer }
    };
    for n in 1..=10 {
        assert_eq!(from(n).await.status, 200, "{n}");
    }
    assert_eq!(from(11).await.status, 429);
    assert_eq!(ask(&test, "/register/progress", "13700000000").await.status, 200);
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
    // The names of one application share its tries, and a name alone never reaches its lock here.
    for login in [&unit.uscc, &unit.legal_mobile, &unit.contact_mobile].repeat(3) {
        test.log_in(&test.browser(), login, "Wrong-pass-1!").await.must_say("账号密码错误");
    }
    let right = test.log_in(&test.browser(), &unit.uscc, PASSWORD).await;
    assert_eq!(right.status, 422);
    right.must_say("账号密码错误");
    test.advance(std::time::Duration::from_mins(16)).await;
    if !test.shares_state() {
        // Redis counts in real time, whatever the clock of the test says.
        assert_eq!(test.log_in(&test.browser(), &unit.uscc, PASSWORD).await.status, 303);
    }
}

#[tokio::test]
async fn a_mobile_of_two_applicants_names_neither() {
    let test = TestApp::start().await;
    let (first, second) = (Unit::sample(1), Unit::sample(2));
    test.register(&first).await;
    let form = with(second.form(), &[("contact_mobile", &first.contact_mobile)]);
    assert_eq!(test.browser().get("/register").await.submit(&form).await.status, 303);
    let answer = test.log_in(&test.browser(), &first.contact_mobile, PASSWORD).await;
    answer.must_say("账号密码错误");
    assert_eq!(test.log_in(&test.browser(), &first.uscc, PASSWORD).await.status, 303);
}
