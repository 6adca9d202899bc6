//! A new password without the old one: through the bound WeChat, or a code of the secretariat.

use std::time::Duration;

use huiyuan::staff::Role;

use super::{code, is_in, order, sheet};
use crate::support::{Browser, PASSWORD, Phone, TestApp, Unit, browser::Page};

const NEW: &str = "Another-pass-2!";

/// A PC browser at the code of 找回密码.
async fn at_code(test: &TestApp, login: &str) -> (Browser, Page) {
    let browser = test.browser();
    let page = browser.get("/password/reset").await;
    let answer = page.submit(&[("account", login)]).await;
    assert_eq!(answer.location().as_deref(), Some("/password/reset/scan"), "{}", answer.text());
    let scan = answer.follow().await;
    assert_eq!(scan.status, 200, "{}", scan.text());
    (browser, scan)
}

/// A unit that is signed in somewhere with its WeChat bound.
async fn bound(test: &TestApp) -> (Unit, Browser) {
    let unit = Unit::sample(1);
    test.member(&unit).await;
    let elsewhere = test.signed_in(&unit, 0).await;
    (unit, elsewhere)
}

async fn works(test: &TestApp, unit: &Unit, password: &str) -> bool {
    test.log_in(&test.browser(), &unit.uscc, password).await.status == 303
}

#[tokio::test]
async fn the_bound_wechat_leads_to_a_new_password_on_the_pc() {
    let test = TestApp::start().await;
    let (unit, elsewhere) = bound(&test).await;
    let (browser, scan) = at_code(&test, &unit.uscc).await;
    let asked = test.phone(0).open(&test, &scan.qr_path()).await;
    asked.must_say("重新设置贵单位的登录密码");
    asked.must_say("首次使用的浏览器");
    let number = scan.number();
    let done = asked.submit_form("form[action$='/confirm']", &[("number", &number)]).await;
    done.must_say("请回到电脑设置新的登录密码");
    let polled = browser.get(&scan.poll_url()).await;
    assert_eq!(polled.headers["hx-redirect"], "/password/reset/new");
    assert!(!is_in(&browser).await, "a new password is no sign-in");
    let page = browser.get("/password/reset/new").await;
    let weak = page.submit(&[("password", "Password@1"), ("password_again", "Password@1")]).await;
    assert_eq!(weak.status, 422);
    assert!(weak.error_of("password").contains("过于常见"), "{}", weak.text());
    let saved = page.submit(&[("password", NEW), ("password_again", NEW)]).await;
    assert_eq!(saved.location().as_deref(), Some("/login"), "{}", saved.text());
    assert!(!is_in(&elsewhere).await, "every session has ended");
    assert!(works(&test, &unit, NEW).await && !works(&test, &unit, PASSWORD).await);
    // The proof was used up.
    let again = page.submit(&[("password", PASSWORD), ("password_again", PASSWORD)]).await;
    assert_eq!(again.location().as_deref(), Some("/password/reset"));
    let notice = "select count(*) from outbox where topic = 'account.password-reset'";
    assert_eq!(test.db_count(notice).await, 1);
}

#[tokio::test]
async fn another_wechat_or_none_leads_nowhere() {
    let test = TestApp::start().await;
    let (unit, elsewhere) = bound(&test).await;
    let (browser, scan) = at_code(&test, &unit.uscc).await;
    let answer = test.phone(1).open(&test, &scan.qr_path()).await;
    answer.must_say("该微信与绑定微信不一致");
    assert!(!answer.says("示例"), "a stranger learns no name");
    let page = browser.get("/password/reset/new").await;
    assert_eq!(page.location().as_deref(), Some("/password/reset"));
    // A unit without a WeChat is not bound by this way.
    let second = Unit::sample(2);
    test.member(&second).await;
    let (_, scan) = at_code(&test, &second.uscc).await;
    test.phone(1).open(&test, &scan.qr_path()).await.must_say("该微信与绑定微信不一致");
    assert_eq!(test.db_count("select count(*) from wechat_binding").await, 1);
    assert!(is_in(&elsewhere).await, "asking changes nothing");
}

#[tokio::test]
async fn an_unknown_account_is_answered_like_a_known_one() {
    let test = TestApp::start().await;
    let (unit, _) = bound(&test).await;
    let shape = |page: &Page| {
        let texts = page.texts(".scan-heading, .scan-text, h1, button");
        (page.status, texts)
    };
    let (_, known) = at_code(&test, &unit.uscc).await;
    let (browser, unknown) = at_code(&test, &Unit::sample(99).uscc).await;
    assert_eq!(shape(&known), shape(&unknown));
    let told = test.phone(1).open(&test, &known.qr_path()).await.text();
    assert_eq!(test.phone(1).open(&test, &unknown.qr_path()).await.text(), told);
    let state = browser.get(&unknown.poll_url()).await;
    state.must_say("该微信与绑定微信不一致");
    let phone = async |login: &str| {
        let Phone { browser, user } = test.phone(1);
        let page = browser.get("/h5/password/reset").await;
        let asked = page.submit(&[("account", login)]).await.location().unwrap();
        let back = test.sandbox.authorize(&asked, &user).unwrap().remove(0);
        Phone { browser, user }.open(&test, &back).await.text()
    };
    assert_eq!(phone(&unit.uscc).await, phone(&Unit::sample(99).uscc).await);
}

#[tokio::test]
async fn asking_for_a_strangers_password_disturbs_nobody() {
    let test = TestApp::start().await;
    let (unit, _) = bound(&test).await;
    let (owner, login) = super::at_scan(&test, &unit).await;
    let (_, mine) = at_code(&test, &unit.uscc).await;
    at_code(&test, &unit.uscc).await;
    test.phone(0).open(&test, &mine.qr_path()).await.must_say("找回密码确认");
    test.phone(0).confirm(&test, &login).await.must_say("已确认登录");
    test.enter(&owner, &login).await;
}

#[tokio::test]
async fn a_code_for_a_password_signs_nobody_in_and_is_its_browsers_alone() {
    let test = TestApp::start().await;
    let (unit, _) = bound(&test).await;
    let (browser, scan) = at_code(&test, &unit.uscc).await;
    test.phone(0).confirm(&test, &scan).await;
    let login_path = scan.poll_url().replace("/password/reset/", "/login/scan/");
    assert_eq!(browser.get(&login_path).await.status, 404);
    let observer = test.browser();
    assert_eq!(observer.get(&scan.poll_url()).await.status, 404);
    let (other, _) = at_code(&test, &unit.uscc).await;
    assert_eq!(other.get(&scan.poll_url()).await.status, 404);
    let page = other.get("/password/reset/new").await;
    assert_eq!(page.location().as_deref(), Some("/password/reset"));
    assert!(!is_in(&browser).await);
}

#[tokio::test]
async fn what_changes_on_the_way_ends_the_way() {
    let test = TestApp::start().await;
    let (unit, _) = bound(&test).await;
    for change in [
        "update account set session_generation = session_generation + 1",
        "update account set status = 'frozen'",
    ] {
        let (browser, scan) = at_code(&test, &unit.uscc).await;
        test.phone(0).confirm(&test, &scan).await;
        test.db_exec(change).await;
        let polled = browser.get(&scan.poll_url()).await;
        assert!(!polled.headers.contains_key("hx-redirect"), "{change}: {}", polled.body);
        let page = browser.get("/password/reset/new").await;
        assert_eq!(page.location().as_deref(), Some("/password/reset"), "{change}");
    }
}

#[tokio::test]
async fn a_proof_gets_old() {
    let test = TestApp::start().await;
    let (unit, _) = bound(&test).await;
    let (browser, scan) = at_code(&test, &unit.uscc).await;
    test.phone(0).confirm(&test, &scan).await;
    assert!(browser.get(&scan.poll_url()).await.headers.contains_key("hx-redirect"));
    test.advance(Duration::from_mins(11)).await;
    let page = browser.get("/password/reset/new").await;
    assert_eq!(page.location().as_deref(), Some("/password/reset"));
}

#[tokio::test]
async fn the_bound_wechat_leads_to_a_new_password_on_the_phone() {
    let test = TestApp::start().await;
    let (unit, elsewhere) = bound(&test).await;
    let phone = test.phone(0);
    let page = phone.browser.get("/h5/password/reset").await;
    let asked = page.submit(&[("account", &unit.uscc)]).await.location().unwrap();
    let back = test.sandbox.authorize(&asked, &phone.user).unwrap().remove(0);
    let form = phone.open(&test, &back).await;
    form.must_say("设置新密码");
    let wrong = form.submit(&[("password", NEW), ("password_again", "Another-pass-3!")]).await;
    assert_eq!(wrong.status, 422);
    let saved = form.submit(&[("password", NEW), ("password_again", NEW)]).await;
    assert_eq!(saved.location().as_deref(), Some("/h5/login"), "{}", saved.text());
    assert!(!is_in(&elsewhere).await);
    assert!(works(&test, &unit, NEW).await && !works(&test, &unit, PASSWORD).await);
    let again = form.submit(&[("password", PASSWORD), ("password_again", PASSWORD)]).await;
    assert_eq!(again.location().as_deref(), Some("/h5/password/reset"));
}

/// Types account, code and new password.
async fn redeem(test: &TestApp, login: &str, code: &str, new: &str) -> Page {
    let page = test.browser().get("/password/reset/code").await;
    let fields = [("account", login), ("code", code), ("password", new), ("password_again", new)];
    page.submit(&fields).await
}

#[tokio::test]
async fn the_secretariat_takes_a_password_away_and_its_code_sets_a_new_one() {
    let test = TestApp::start().await;
    let (unit, elsewhere) = bound(&test).await;
    let staff = test.staff(Role::Membership).await;
    let shown = order(&staff, &unit, "reset-password", "忘记密码，已核对法人").await;
    assert_eq!(shown.status, 200, "{}", shown.text());
    let code = code(&shown);
    assert!(!is_in(&elsewhere).await, "every session has ended");
    assert!(!works(&test, &unit, PASSWORD).await, "the old password is dead");
    sheet(&staff, &unit).await.must_say("等待会员用重置码设置新密码");
    let kept = "select count(*) from account_code where code_index like '%-%'";
    assert_eq!(test.db_count(kept).await, 0, "only its index is stored");
    let weak = redeem(&test, &unit.uscc, &code, "Password@1").await;
    assert!(weak.error_of("password").contains("过于常见"), "{}", weak.text());
    assert!(!weak.body.contains("Password@1"));
    let saved = redeem(&test, &unit.uscc, &code.to_lowercase(), NEW).await;
    assert_eq!(saved.location().as_deref(), Some("/login"), "{}", saved.text());
    assert!(works(&test, &unit, NEW).await);
    redeem(&test, &unit.uscc, &code, PASSWORD).await.must_say("重置码不正确");
    let said = "select count(*) from audit_log where action in \
                ('account.password-taken', 'account.password-reset')";
    assert_eq!(test.db_count(said).await, 2);
}

#[tokio::test]
async fn a_code_dies_of_five_wrong_tries_of_its_age_and_of_a_newer_one() {
    let test = TestApp::start().await;
    let (unit, _) = bound(&test).await;
    let staff = test.staff(Role::Membership).await;
    let issue = async || code(&order(&staff, &unit, "reset-password", "忘记密码").await);
    let first = issue().await;
    let second = issue().await;
    redeem(&test, &unit.uscc, &first, NEW).await.must_say("重置码不正确");
    for _ in 0..4 {
        redeem(&test, &unit.uscc, "AAAAA-AAAAA", NEW).await.must_say("重置码不正确");
    }
    redeem(&test, &unit.uscc, &second, NEW).await.must_say("重置码不正确");
    let third = issue().await;
    redeem(&test, &Unit::sample(99).uscc, &third, NEW).await.must_say("重置码不正确");
    test.advance(Duration::from_hours(24)).await;
    redeem(&test, &unit.uscc, &third, NEW).await.must_say("重置码不正确");
    let staff = test.staff(Role::Membership).await;
    let fourth = code(&order(&staff, &unit, "reset-password", "忘记密码").await);
    let (one, two) = tokio::join!(
        redeem(&test, &unit.uscc, &fourth, NEW),
        redeem(&test, &unit.uscc, &fourth, NEW)
    );
    let taken = [one, two].iter().filter(|page| page.status == 303).count();
    assert_eq!(taken, 1, "of two who use a code one sets the password");
}
