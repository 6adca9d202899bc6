//! A returned application: its applicant amends what was asked for, and nothing else.

use huiyuan::staff::Role;

use crate::support::{PASSWORD, TestApp, Unit, browser::Page};

/// An application that was returned for these fields, on its applicant's browser.
async fn returned(test: &TestApp, unit: &Unit, start: &str, fields: &[&str]) -> Page {
    let answer = test.browser().get(start).await.submit(&unit.form()).await;
    let own = answer.follow().await;
    let id = own.path.rsplit('/').next().unwrap().to_owned();
    let sheet = test.staff(Role::Membership).await;
    let sheet = sheet.get(&format!("/admin/registrations/{id}")).await;
    let wanted: Vec<(&str, &str)> = fields.iter().map(|field| ("defect", *field)).collect();
    assert_eq!(sheet.submit_form("form[action$='/return']", &wanted).await.status, 303);
    own.browser.get(&own.path).await
}

async fn amend_page(own: &Page) -> Page {
    let link = own.attribute("main a[href$='/amend']", "href").unwrap();
    own.browser.get(&link).await
}

#[tokio::test]
async fn only_the_returned_fields_can_be_changed_on_pc_and_phone() {
    let test = TestApp::start().await;
    for (n, start) in [(1, "/register"), (2, "/h5/register")] {
        let unit = Unit::sample(n);
        let page = amend_page(&returned(&test, &unit, start, &["contact"]).await).await;
        assert_eq!(page.fields("main form")["contact"], "测试联系人");
        assert!(!page.fields("main form").contains_key("legal_person"));
        let sent =
            [("contact", "换过的联系人"), ("legal_person", "悄悄换人"), ("name", "换名公司")];
        page.submit(&sent).await.follow().await.must_say("正在审核中");
        let kept = format!("select name from registration where uscc = '{}'", unit.uscc);
        assert_eq!(test.db_text(&kept).await, unit.name);
        let person = format!("select legal_person from registration where uscc = '{}'", unit.uscc);
        assert_eq!(test.db_text(&person).await, "测试法人");
    }
    let changed = "select count(*) from registration where contact = '换过的联系人'";
    assert_eq!(test.db_count(changed).await, 2);
    let audited = "select count(*) from audit_log where action = 'registration.amend'";
    assert_eq!(test.db_count(audited).await, 2);
}

#[tokio::test]
async fn amended_values_obey_the_rules_of_the_form() {
    let test = TestApp::start().await;
    let (one, two) = (Unit::sample(1), Unit::sample(2));
    test.register(&two).await;
    let own = returned(&test, &one, "/register", &["name", "uscc", "contact_mobile"]).await;
    let page = amend_page(&own).await;
    let wrong = page.submit(&[("name", ""), ("uscc", "9132"), ("contact_mobile", "12")]).await;
    assert_eq!(wrong.status, 422);
    for field in ["name", "uscc", "contact_mobile"] {
        assert!(!wrong.error_of(field).is_empty(), "{field}");
    }
    assert_eq!(wrong.fields("main form")["contact_mobile"], "12");
    let taken = page.submit(&[("uscc", &two.uscc)]).await;
    assert_eq!(taken.status, 422);
    assert!(taken.error_of("uscc").contains("该单位已注册"));
    let doubtful =
        format!("{}{}", &one.uscc[..17], if one.uscc.ends_with('A') { "B" } else { "A" });
    let warned = page.submit(&[("uscc", &doubtful)]).await;
    warned.must_say("我已核对，仍要提交");
    assert_eq!(warned.submit(&[("uscc_insist", "1")]).await.status, 303);
    assert_eq!(test.db_count("select count(*) from registration where uscc_doubtful = 1").await, 1);
}

#[tokio::test]
async fn a_form_of_an_older_round_changes_nothing() {
    let test = TestApp::start().await;
    let own = returned(&test, &Unit::sample(1), "/register", &["contact"]).await;
    let page = amend_page(&own).await;
    page.submit(&[("contact", "第一次修改")]).await;
    page.submit(&[("contact", "第二次修改")]).await.follow().await.must_say("状态已改变");
    assert_eq!(test.db_text("select contact from registration").await, "第一次修改");
}

#[tokio::test]
async fn another_computer_amends_with_the_password_and_no_other_way() {
    let test = TestApp::start().await;
    let unit = Unit::sample(1);
    let own = returned(&test, &unit, "/register", &["contact"]).await;
    let elsewhere = test.browser();
    assert_eq!(elsewhere.get(&format!("{}/amend", own.path)).await.status, 404);
    let login = elsewhere.get("/login").await;
    let sent = [("account", unit.uscc.as_str()), ("password", PASSWORD)];
    let page = login.submit(&sent).await.follow().await;
    page.must_say("需要补正");
    let done = amend_page(&page).await.submit(&[("contact", "异地修改")]).await;
    done.follow().await.must_say("异地修改");
}
