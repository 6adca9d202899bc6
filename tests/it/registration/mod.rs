//! Units apply: on the PC and on the phone, with every mistake told at once, and once only.

mod amend;
mod draft;
mod paper;

use huiyuan::staff::Role;

use crate::support::{PASSWORD, TestApp, Unit, browser::Page, with};

async fn submit(test: &TestApp, path: &str, form: &[(&str, &str)]) -> Page {
    test.browser().get(path).await.submit(form).await
}

#[tokio::test]
async fn a_registration_leads_to_its_result_page_with_everything_that_was_entered() {
    let test = TestApp::start().await;
    let unit = Unit::sample(1);
    let browser = test.browser();
    let answer = browser.get("/register").await.submit(&unit.form()).await;
    assert_eq!(answer.status, 303);

    let result = answer.follow().await;
    for words in [
        "审核结果",
        "待审核",
        "申请编号",
        "提交时间",
        "3 个工作日",
        "测试法人",
        "测试联系人",
        "企业",
        &unit.name,
        &unit.uscc,
        &unit.legal_mobile,
        &unit.contact_mobile,
    ] {
        result.must_say(words);
    }
    assert!(!result.body.contains(PASSWORD));
    let stored = test.db_text("select password_hash from registration").await;
    assert!(stored.starts_with("$argon2id$"));
    assert!(!test.db_text("select contact_mobile from registration").await.contains("139"));
    let audited = "select count(*) from audit_log where action = 'registration.submit'";
    assert_eq!(test.db_count(audited).await, 1);
}

#[tokio::test]
async fn another_browser_sees_the_result_masked_even_with_a_forged_mark() {
    let test = TestApp::start().await;
    let unit = Unit::sample(1);
    let path = test.register(&unit).await.location().unwrap();

    let id = path.rsplit('/').next().unwrap();
    let forged = format!("applicant={id}.{}", "0".repeat(32));
    for headers in [vec![], vec![("cookie", forged.as_str())]] {
        let seen = test.browser().ask("GET".parse().unwrap(), &path, &headers).await;
        assert_eq!(seen.status, 200);
        seen.must_say("待审核");
        for secret in [&unit.name, &unit.uscc, &unit.legal_mobile, &unit.contact_mobile] {
            assert!(!seen.body.contains(secret.as_str()), "{secret}");
        }
        assert!(!seen.says("测试联系人"));
    }
    assert_eq!(test.browser().get("/register/no-such-thing").await.status, 404);
}

#[tokio::test]
async fn one_browser_sees_all_that_it_submitted_in_full() {
    let test = TestApp::start().await;
    let browser = test.browser();
    let mut paths = Vec::new();
    for n in [1, 2] {
        let unit = Unit::sample(n);
        let answer = browser.get("/register").await.submit(&unit.form()).await;
        paths.push((answer.location().unwrap(), unit));
    }

    for (path, unit) in paths {
        browser.get(&path).await.must_say(&unit.contact_mobile);
    }
}

#[tokio::test]
async fn the_phone_tells_success_and_failure_in_words() {
    let test = TestApp::start().await;
    let unit = Unit::sample(2);
    let browser = test.browser();
    let answer = browser.get("/h5/register").await.submit(&unit.form()).await;
    let result = answer.follow().await;
    for words in ["注册成功", "申请编号", "接下来", "3 个工作日"] {
        result.must_say(words);
    }
    assert_eq!(test.db_text("select channel from registration").await, "h5");

    let again = submit(&test, "/h5/register", &unit.form()).await;
    assert_eq!(again.status, 422);
    again.must_say("注册失败");
    again.must_say("该单位已注册，请用信用代码登录；忘记密码点此找回");
}

#[tokio::test]
async fn all_mistakes_are_told_at_once_and_what_was_typed_is_kept() {
    let test = TestApp::start().await;
    let unit = Unit::sample(3);
    let changes = [
        ("uscc", "9132"),
        ("contact_mobile", "12345"),
        ("password_again", "Something-else-1"),
        ("agree_privacy", ""),
    ];
    let form = with(unit.form(), &changes);
    let answer = submit(&test, "/register", &form).await;

    assert_eq!(answer.status, 422);
    for (field, _) in changes {
        assert!(!answer.error_of(field).is_empty(), "{field} has no error");
    }
    for field in ["name", "legal_person", "password", "agree_charter"] {
        assert_eq!(answer.error_of(field), "");
    }
    let kept = answer.fields("main form");
    assert_eq!(kept["name"], unit.name);
    assert_eq!(kept["contact_mobile"], "12345");
    assert_eq!(kept["password"], "");
    assert!(!answer.body.contains(PASSWORD));
    assert_eq!(test.db_count("select count(*) from registration").await, 0);
}

#[tokio::test]
async fn a_doubtful_code_is_taken_with_the_applicants_word_and_flagged() {
    let test = TestApp::start().await;
    let unit = Unit::sample(4);
    let wrong = if unit.uscc.ends_with('A') { "B" } else { "A" };
    let code = format!("{}{wrong}", &unit.uscc[..17]);
    let form = with(unit.form(), &[("uscc", &code)]);
    assert!(!test.browser().get("/register").await.says("我已核对，仍要提交"));

    let warned = submit(&test, "/register", &form).await;
    assert_eq!(warned.status, 422);
    assert!(warned.error_of("uscc").contains("校验位"));
    let taken = warned
        .submit(&[("uscc_insist", "1"), ("password", PASSWORD), ("password_again", PASSWORD)])
        .await;
    assert_eq!(taken.status, 303, "{}", taken.text());
    assert_eq!(test.db_count("select uscc_doubtful from registration").await, 1);
    let queue = test.staff(Role::Membership).await.get("/admin/registrations").await;
    queue.must_say("信用代码校验位不符");
}

#[tokio::test]
async fn the_same_name_in_another_spelling_and_the_same_code_are_duplicates() {
    let test = TestApp::start().await;
    let (first, second) = (Unit::sample(5), Unit::sample(6));
    test.register(&first).await;

    let respelled = first.name.replace('（', " (").replace('）', ")");
    let cases = [("name", respelled.as_str(), "name"), ("uscc", &first.uscc, "uscc")];
    for (field, value, beside) in cases {
        let answer = submit(&test, "/register", &with(second.form(), &[(field, value)])).await;
        assert_eq!(answer.status, 422);
        assert!(answer.error_of(beside).contains("该单位已注册"), "{field}");
        let links = answer.attributes("main a", "href");
        for way in ["/login", "/password/reset", "/register/progress"] {
            assert!(links.contains(&way.into()), "{way}");
        }
    }
    assert_eq!(test.db_count("select count(*) from registration").await, 1);
}

#[tokio::test]
async fn twenty_impatient_clicks_make_one_application() {
    let test = TestApp::start().await;
    let unit = Unit::sample(7);
    let page = test.browser().get("/register").await;
    let form = unit.form();
    let mut clicks = tokio::task::JoinSet::new();
    let fields: Vec<(String, String)> =
        form.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect();
    let page = std::sync::Arc::new(page);
    for _ in 0..20 {
        let (page, fields) = (page.clone(), fields.clone());
        clicks.spawn(async move {
            let fields: Vec<(&str, &str)> =
                fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
            page.submit(&fields).await
        });
    }
    let answers = clicks.join_all().await;

    assert_eq!(answers.iter().filter(|answer| answer.status == 303).count(), 1);
    for other in answers.iter().filter(|answer| answer.status != 303) {
        assert_eq!(other.status, 422, "{}", other.text());
        other.must_say("该单位已注册");
    }
    assert_eq!(test.db_count("select count(*) from registration").await, 1);
}

#[tokio::test]
async fn the_consent_names_versions_time_and_address() {
    let test = TestApp::start().await;
    test.register(&Unit::sample(8)).await;

    let site = &test.app.settings.site;
    let version = |column| format!("select {column}_version from registration");
    assert_eq!(test.db_text(&version("charter")).await, site.charter.version);
    assert_eq!(test.db_text(&version("privacy")).await, site.privacy.version);
    assert_eq!(test.db_text("select consent_ip from registration").await, "127.0.0.1");
    let at = test.db_count("select consent_ms from registration").await;
    assert_eq!(at, test.app.clock.now().millis());
    for (path, document) in [("/charter", &site.charter), ("/privacy", &site.privacy)] {
        let page = test.browser().get(path).await;
        page.must_say(&document.title);
        page.must_say(&document.version);
        page.must_say(document.text.trim().split("\n\n").last().unwrap());
    }
}
