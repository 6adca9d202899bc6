//! Guessing passwords, and keeping somebody out by guessing (quality.md F75, F76).

use std::time::Duration;

use huiyuan::staff::Role;

use super::{is_in, order, sheet};
use crate::support::{Browser, PASSWORD, Phone, TestApp, Unit, browser::Page};

const WRONG: &str = "wrong-pass-1!";

async fn guess(test: &TestApp, unit: &Unit, times: usize) {
    for _ in 0..times {
        assert_eq!(test.log_in(&test.browser(), &unit.uscc, WRONG).await.status, 422);
    }
}

async fn typed(browser: &Browser, login: &str, password: &str) -> Page {
    browser.get("/login").await.submit(&[("account", login), ("password", password)]).await
}

#[tokio::test]
async fn after_three_wrong_passwords_the_browser_solves_a_puzzle() {
    let test = TestApp::start().await;
    let unit = Unit::sample(1);
    test.member(&unit).await;
    let browser = test.browser();
    for tries in 1..=3 {
        let answer = typed(&browser, &unit.uscc, WRONG).await;
        answer.must_say("账号密码错误");
        let has_puzzle = answer.attribute("[data-puzzle]", "data-puzzle").is_some();
        assert_eq!(has_puzzle, tries == 3, "try {tries}");
    }
    // Even the right password is not looked at without the puzzle, and no try is counted.
    let refused = typed(&browser, &unit.uscc, PASSWORD).await;
    assert_eq!(refused.status, 422);
    refused.must_say("安全验证");
    refused.must_say("请启用浏览器的 JavaScript");
    assert_eq!(test.db_count("select failed_count from account").await, 3);
    let fields = [("account", unit.uscc.as_str()), ("password", PASSWORD)];
    assert_eq!(refused.submit_solved(&fields).await.status, 303);
    assert_eq!(test.db_count("select failed_count from account").await, 0);
}

#[tokio::test]
async fn a_solution_is_good_once_and_for_a_while_and_must_be_ours() {
    let test = TestApp::start().await;
    let unit = Unit::sample(1);
    test.member(&unit).await;
    guess(&test, &unit, 3).await;
    let browser = test.browser();
    let page = typed(&browser, &unit.uscc, WRONG).await;
    let fields = [("account", unit.uscc.as_str()), ("password", WRONG)];
    page.submit_solved(&fields).await.must_say("账号密码错误");
    page.submit_solved(&fields).await.must_say("安全验证");
    let old = typed(&browser, &unit.uscc, WRONG).await;
    test.advance(Duration::from_mins(16)).await;
    old.submit_solved(&fields).await.must_say("安全验证");
    let forged = format!("{}.AAAA.BBBB", i64::MAX);
    let own = [fields[0], fields[1], ("puzzle", forged.as_str()), ("puzzle_answer", "1")];
    page.submit(&own).await.must_say("安全验证");
}

#[tokio::test]
async fn unknown_accounts_get_the_same_puzzle() {
    let test = TestApp::start().await;
    let nobody = Unit::sample(99);
    for tries in 1..=3 {
        let answer = typed(&test.browser(), &nobody.uscc, WRONG).await;
        let has_puzzle = answer.attribute("[data-puzzle]", "data-puzzle").is_some();
        assert_eq!(has_puzzle, tries == 3, "try {tries}");
    }
}

#[tokio::test]
async fn spraying_one_password_over_many_accounts_is_asked_for_puzzles_too() {
    let test = TestApp::start().await;
    for n in 1..=10 {
        typed(&test.browser(), &Unit::sample(n).uscc, WRONG).await.must_say("账号密码错误");
    }
    typed(&test.browser(), &Unit::sample(11).uscc, WRONG).await.must_say("安全验证");
}

#[tokio::test]
async fn a_stranger_locks_strangers_out_but_not_the_owners_browser() {
    let test = TestApp::start().await;
    let unit = Unit::sample(1);
    test.member(&unit).await;
    let owner = test.signed_in(&unit, 0).await;
    owner.get("/password").await.submit_form("form[action='/logout']", &[]).await;
    guess(&test, &unit, 8).await;
    test.log_in(&test.browser(), &unit.uscc, PASSWORD).await.must_say("账号已锁定");
    let back = test.log_in(&owner, &unit.uscc, PASSWORD).await;
    assert_eq!(back.status, 303, "{}", back.text());
    let scan = back.follow().await;
    test.phone(0).confirm(&test, &scan).await.must_say("已确认登录");
    test.enter(&owner, &scan).await;
    // The strangers' lock is still there.
    test.log_in(&test.browser(), &unit.uscc, PASSWORD).await.must_say("账号已锁定");
}

#[tokio::test]
async fn the_owners_browser_is_locked_after_tries_of_its_own_and_unlocked_by_staff() {
    let test = TestApp::start().await;
    let unit = Unit::sample(1);
    test.member(&unit).await;
    let owner = test.signed_in(&unit, 0).await;
    owner.get("/password").await.submit_form("form[action='/logout']", &[]).await;
    for _ in 0..8 {
        assert_eq!(test.log_in(&owner, &unit.uscc, WRONG).await.status, 422);
    }
    test.log_in(&owner, &unit.uscc, PASSWORD).await.must_say("请在 15 分钟后再试");
    let staff = test.staff(Role::Membership).await;
    sheet(&staff, &unit).await.must_say("已锁定");
    assert_eq!(order(&staff, &unit, "unlock", "联系人来电").await.status, 303);
    assert_eq!(test.log_in(&owner, &unit.uscc, PASSWORD).await.status, 303);
}

#[tokio::test]
async fn the_secretariat_sees_a_lock_and_opens_it_with_a_reason() {
    let test = TestApp::start().await;
    let unit = Unit::sample(1);
    test.member(&unit).await;
    guess(&test, &unit, 8).await;
    let staff = test.staff(Role::Membership).await;
    let page = sheet(&staff, &unit).await;
    page.must_say("已锁定，2026-11-24 12:15 自动解除");
    page.must_say("密码错误次数过多，已锁定");
    let refused = order(&staff, &unit, "unlock", " ").await;
    assert_eq!(refused.status, 422);
    order(&staff, &unit, "unlock", "联系人来电").await.follow().await.must_say("解锁：已完成");
    assert_eq!(test.log_in(&test.browser(), &unit.uscc, PASSWORD).await.status, 303);
    let reason = "select reason from audit_log where action = 'account.unlock'";
    assert_eq!(test.db_text(reason).await, "联系人来电");
}

#[tokio::test]
async fn failures_are_sampled_into_the_audit_log_and_every_lock_is_in_it() {
    let test = TestApp::start().await;
    let unit = Unit::sample(1);
    test.member(&unit).await;
    guess(&test, &unit, 8).await;
    guess(&test, &Unit::sample(99), 5).await;
    let count = async |action: &str, kind: &str| {
        let sql = format!(
            "select count(*) from audit_log where action = '{action}' and object_kind = '{kind}'"
        );
        test.db_count(&sql).await
    };
    assert_eq!(count("account.sign-in-failed", "account").await, 1);
    assert_eq!(count("account.locked", "account").await, 1);
    assert_eq!(count("account.sign-in-failed", "login").await, 1);
    let typed = "select count(*) from audit_log where detail like '%wrong-pass%'";
    assert_eq!(test.db_count(typed).await, 0);
}

#[tokio::test]
async fn too_many_tries_from_one_address_are_told_how_long_it_really_takes() {
    let test = TestApp::start().await;
    let browser = test.browser();
    for _ in 0..60 {
        assert_eq!(typed(&browser, "", "").await.status, 422);
    }
    test.advance(Duration::from_mins(7)).await;
    let refused = typed(&browser, "", "").await;
    assert_eq!(refused.status, 429);
    // Redis counts in real time, whatever the clock of the test says.
    refused.must_say(if test.shares_state() {
        "分钟后再试"
    } else {
        "请在 3 分钟后再试"
    });
    let seconds: u64 = refused.headers["retry-after"].to_str().unwrap().parse().unwrap();
    assert!((1..=600).contains(&seconds), "{seconds}");
}

#[tokio::test]
async fn a_hash_is_made_anew_when_the_parameters_have_risen() {
    let test = TestApp::start_with(&[("SECURITY__ARGON2_MEMORY_KIB", "128")]).await;
    let unit = Unit::sample(1);
    test.member(&unit).await;
    let weak = huiyuan::kernel::password::Hasher::new(1, 64, 1).unwrap();
    let old = weak.hash(&huiyuan::kernel::Secret::new(PASSWORD), [7; 16]).await.unwrap();
    test.db_exec(&format!("update account set password_hash = '{old}'")).await;
    test.log_in(&test.browser(), &unit.uscc, WRONG).await.must_say("账号密码错误");
    assert_eq!(test.db_text("select password_hash from account").await, old);
    assert_eq!(test.log_in(&test.browser(), &unit.uscc, PASSWORD).await.status, 303);
    let new = test.db_text("select password_hash from account").await;
    assert!(new.starts_with("$argon2id$v=19$m=128,t=1,p=1$"), "{new}");
    assert_eq!(test.log_in(&test.browser(), &unit.uscc, PASSWORD).await.status, 303);
}

#[tokio::test]
async fn a_login_form_needs_its_token() {
    let test = TestApp::start().await;
    let unit = Unit::sample(1);
    test.member(&unit).await;
    let fields = [("account", unit.uscc.as_str()), ("password", PASSWORD)];
    for path in ["/login", "/h5/login", "/password/reset", "/h5/password/reset"] {
        assert_eq!(test.browser().post_raw(path, &fields).await.status, 403, "{path}");
    }
}

#[tokio::test]
async fn a_wish_for_another_page_is_ignored() {
    let test = TestApp::start().await;
    let unit = Unit::sample(1);
    test.member(&unit).await;
    for wish in ["?next=//evil.example", "?next=https://evil.example", "?return=/\\evil"] {
        let browser = test.browser();
        let page = browser.get(&format!("/login{wish}")).await;
        let answer = page.submit(&[("account", &unit.uscc), ("password", PASSWORD)]).await;
        assert_eq!(answer.location().as_deref(), Some("/profile"), "{wish}");
        assert!(!is_in(&browser).await);
    }
}

#[tokio::test]
async fn the_phone_solves_the_same_puzzle() {
    let test = TestApp::start().await;
    let unit = Unit::sample(1);
    test.member(&unit).await;
    guess(&test, &unit, 3).await;
    let Phone { browser, .. } = test.phone(0);
    let fields = [("account", unit.uscc.as_str()), ("password", WRONG)];
    let refused = browser.get("/h5/login").await.submit(&fields).await;
    refused.must_say("安全验证");
    refused.submit_solved(&fields).await.must_say("账号密码错误");
}

#[tokio::test]
async fn a_full_password_gate_answers_at_once_with_a_clear_page() {
    let test = TestApp::start_with(&[("SECURITY__PASSWORD_QUEUE", "0")]).await;
    for door in ["/login", "/h5/login"] {
        let page = test.browser().get(door).await;
        let answer = page.submit(&[("account", "13700000000"), ("password", WRONG)]).await;
        assert_eq!(answer.status, 429);
        assert_eq!(answer.headers["retry-after"], "10");
        answer.must_say("当前访问的人较多");
        answer.must_say("请在 10 秒后再试");
    }
    let page = test.browser().get("/register").await;
    assert_eq!(page.submit(&Unit::sample(1).form()).await.status, 429);
    assert_eq!(test.db_count("select count(*) from registration").await, 0);
}
