use super::is_in;
use crate::support::{PASSWORD, TestApp, Unit};

const NEW: &str = "Another-pass-2!";

#[tokio::test]
async fn a_new_password_ends_every_session() {
    let test = TestApp::start().await;
    let unit = Unit::sample(1);
    test.member(&unit).await;
    let (one, other) = (test.signed_in(&unit, 0).await, test.signed_in(&unit, 0).await);
    let page = one.get("/password").await;
    let changed = page
        .submit(&[("old_password", PASSWORD), ("password", NEW), ("password_again", NEW)])
        .await;
    assert_eq!(changed.location().as_deref(), Some("/login"), "{}", changed.text());
    assert!(!is_in(&one).await);
    assert!(!is_in(&other).await);
    assert_eq!(test.log_in(&test.browser(), &unit.uscc, PASSWORD).await.status, 422);
    assert_eq!(test.log_in(&test.browser(), &unit.uscc, NEW).await.status, 303);
    let audit = "select count(*) from audit_log where action = 'account.password'";
    assert_eq!(test.db_count(audit).await, 1);
}

#[tokio::test]
async fn the_old_password_and_the_rule_are_asked_for() {
    let test = TestApp::start().await;
    let unit = Unit::sample(1);
    test.member(&unit).await;
    let browser = test.signed_in(&unit, 0).await;
    let page = browser.get("/password").await;
    let own = format!("{}-a", unit.contact_mobile);
    for (old, new, again, field) in [
        ("wrong-pass-1!", NEW, NEW, "old_password"),
        (PASSWORD, NEW, "Another-pass-3!", "password_again"),
        (PASSWORD, "short-1", "short-1", "password"),
        (PASSWORD, PASSWORD, PASSWORD, "password"),
        (PASSWORD, &own, &own, "password"),
    ] {
        let fields = [("old_password", old), ("password", new), ("password_again", again)];
        let answer = page.submit(&fields).await;
        assert_eq!(answer.status, 422);
        assert!(!answer.error_of(field).is_empty(), "{field}: {}", answer.text());
        assert!(!answer.body.contains(new), "passwords are never shown again");
    }
    assert!(is_in(&browser).await);
}
