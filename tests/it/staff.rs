//! Staff sign-in: the lock, and what it does not give away.

use huiyuan::{
    kernel::Secret,
    staff::{Role, create},
};

use crate::support::TestApp;

const RIGHT: &str = "Right-pass-1!";

async fn with_chief() -> TestApp {
    let test = TestApp::start().await;
    let parts = (&test.app.clock, &test.app.ids, &test.app.hasher);
    let secret = Secret::new(RIGHT);
    create::create(&test.app.db, parts, "chief", Role::Super, &secret).await.unwrap();
    test
}

/// The texts that a row of wrong passwords is answered with.
async fn answers(test: &TestApp, account: &str, tries: usize) -> Vec<String> {
    let page = test.browser().get("/admin/login").await;
    let mut texts = Vec::new();
    for _ in 0..tries {
        let answer = page.submit(&[("account", account), ("password", "Wrong-pass-1!")]).await;
        assert_eq!(answer.status, 422);
        texts.push(answer.error_of("account"));
    }
    texts
}

#[tokio::test]
async fn a_lock_comes_after_eight_tries_and_goes_after_its_time() {
    let test = with_chief().await;
    let texts = answers(&test, "chief", 9).await;
    assert!(texts[7].contains("账号或密码错误"), "{}", texts[7]);
    assert!(texts[8].contains("已锁定"), "{}", texts[8]);
    let page = test.browser().get("/admin/login").await;
    let right = [("account", "chief"), ("password", RIGHT)];
    assert_eq!(page.submit(&right).await.status, 422, "locked is locked");
    test.advance(std::time::Duration::from_mins(16)).await;
    assert_eq!(page.submit(&right).await.status, 303);
}

#[tokio::test]
async fn an_unknown_account_is_locked_alike() {
    let test = with_chief().await;
    assert_eq!(answers(&test, "nobody", 10).await, answers(&test, "chief", 10).await);
}

#[tokio::test]
async fn parallel_guesses_get_no_extra_tries() {
    let test = with_chief().await;
    let page = test.browser().get("/admin/login").await;
    let mut guesses = tokio::task::JoinSet::new();
    let fields = page.fields("main form");
    for _ in 0..30 {
        let (browser, csrf) = (page.browser.clone(), fields["csrf"].clone());
        guesses.spawn(async move {
            let fields = [("csrf", csrf.as_str()), ("account", "chief"), ("password", "Wrong-1!x")];
            browser.post_raw("/admin/login", &fields).await.error_of("account")
        });
    }
    let texts = guesses.join_all().await;
    let looked_at = texts.iter().filter(|text| text.contains("账号或密码错误")).count();
    assert!(looked_at <= 8, "{looked_at} passwords were looked at");
    let right = page.submit(&[("account", "chief"), ("password", RIGHT)]).await;
    assert_eq!(right.status, 422, "the account is locked");
}
