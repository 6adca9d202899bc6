use std::time::Duration;

use super::{at_scan, is_in};
use crate::support::{PASSWORD, TestApp, Unit};

#[tokio::test]
async fn a_right_password_alone_opens_nothing() {
    let test = TestApp::start().await;
    let unit = Unit::sample(1);
    test.member(&unit).await;
    let browser = test.browser();
    let answer = test.log_in(&browser, &unit.uscc, PASSWORD).await;
    assert_eq!(answer.location().as_deref(), Some("/profile"));
    for path in ["/", "/dues", "/payments", "/password", "/h5/dues"] {
        assert_ne!(browser.get(path).await.status, 200, "{path}");
    }
    // The scan comes after the profile.
    assert_eq!(browser.get("/login/scan").await.location().as_deref(), Some("/profile"));
}

#[tokio::test]
async fn code_and_mobile_are_both_login_names_however_they_are_typed() {
    let test = TestApp::start().await;
    let unit = Unit::sample(1);
    test.member(&unit).await;
    let wide: String =
        unit.uscc.chars().map(|c| char::from_u32(u32::from(c) + 0xfee0).unwrap()).collect();
    for login in [&unit.uscc.to_lowercase(), &wide, &unit.contact_mobile] {
        let answer = test.log_in(&test.browser(), login, PASSWORD).await;
        assert_eq!(answer.status, 303, "{login}: {}", answer.text());
    }
}

#[tokio::test]
async fn a_mobile_of_two_units_names_neither() {
    let test = TestApp::start().await;
    let (first, mut second) = (Unit::sample(1), Unit::sample(2));
    second.contact_mobile.clone_from(&first.contact_mobile);
    test.member(&first).await;
    test.member(&second).await;
    let answer = test.log_in(&test.browser(), &first.contact_mobile, PASSWORD).await;
    assert_eq!(answer.status, 422);
    answer.must_say("账号密码错误");
    answer.must_say("同一手机号对应多个单位时，请用信用代码");
}

#[tokio::test]
async fn unknown_account_and_wrong_password_are_told_the_same_to_the_end() {
    let test = TestApp::start().await;
    let unit = Unit::sample(1);
    test.member(&unit).await;
    let nobody = Unit::sample(99);
    for tries in 1..=9 {
        let known = test.log_in(&test.browser(), &unit.uscc, "wrong-pass-1!").await;
        let unknown = test.log_in(&test.browser(), &nobody.uscc, "wrong-pass-1!").await;
        assert_eq!(known.status, 422);
        assert_eq!(known.error_of("account"), unknown.error_of("account"), "try {tries}");
        assert!(!known.body.contains("wrong-pass-1!"), "passwords are never shown again");
    }
}

#[tokio::test]
async fn too_many_wrong_passwords_lock_for_a_while() {
    let test = TestApp::start().await;
    let unit = Unit::sample(1);
    test.member(&unit).await;
    for left in (1..=7).rev() {
        let answer = test.log_in(&test.browser(), &unit.uscc, "wrong-pass-1!").await;
        answer.must_say(&format!("还可以尝试 {left} 次"));
    }
    test.log_in(&test.browser(), &unit.uscc, "wrong-pass-1!").await.must_say("账号已锁定");
    let right = test.log_in(&test.browser(), &unit.uscc, PASSWORD).await;
    assert_eq!(right.status, 422, "locked means locked");
    right.must_say("请在 15 分钟后再试");
    test.advance(Duration::from_secs(15 * 60 + 1)).await;
    assert_eq!(test.log_in(&test.browser(), &unit.uscc, PASSWORD).await.status, 303);
}

#[tokio::test]
async fn parallel_guesses_get_no_extra_tries() {
    let test = TestApp::start().await;
    let unit = Unit::sample(1);
    test.member(&unit).await;
    let guesses = (0..30).map(|_| async {
        let answer = test.log_in(&test.browser(), &unit.uscc, "wrong-pass-1!").await;
        assert_eq!(answer.status, 422, "{}", answer.text());
        answer.says("还可以尝试")
    });
    let mut looked_at = 0;
    for guess in futures_all(guesses).await {
        looked_at += u32::from(guess);
    }
    assert!(looked_at <= 8, "{looked_at} passwords were looked at");
}

async fn futures_all<T>(futures: impl Iterator<Item = impl Future<Output = T>>) -> Vec<T> {
    let mut pending: Vec<_> = futures.map(Box::pin).collect();
    let mut done: Vec<Option<T>> = pending.iter().map(|_| None).collect();
    std::future::poll_fn(|cx| {
        for (future, slot) in pending.iter_mut().zip(&mut done) {
            if slot.is_none()
                && let std::task::Poll::Ready(value) = future.as_mut().poll(cx)
            {
                *slot = Some(value);
            }
        }
        if done.iter().all(Option::is_some) {
            std::task::Poll::Ready(())
        } else {
            std::task::Poll::Pending
        }
    })
    .await;
    done.into_iter().flatten().collect()
}

#[tokio::test]
async fn a_frozen_account_is_told_so_only_after_the_right_password() {
    let test = TestApp::start().await;
    let unit = Unit::sample(1);
    test.member(&unit).await;
    test.db_exec("update account set status = 'frozen'").await;
    test.log_in(&test.browser(), &unit.uscc, "wrong-pass-1!").await.must_say("账号密码错误");
    let right = test.log_in(&test.browser(), &unit.uscc, PASSWORD).await;
    right.must_say("账号已停用，请联系秘书处");
}

#[tokio::test]
async fn freezing_ends_a_session_at_once() {
    let test = TestApp::start().await;
    let unit = Unit::sample(1);
    test.member(&unit).await;
    let browser = test.signed_in(&unit, 0).await;
    assert!(is_in(&browser).await);
    test.db_exec("update account set status = 'frozen'").await;
    assert!(!is_in(&browser).await);
}

#[tokio::test]
async fn signing_out_ends_the_session_and_its_cookie_is_worthless() {
    let test = TestApp::start().await;
    let unit = Unit::sample(1);
    test.member(&unit).await;
    let browser = test.signed_in(&unit, 0).await;
    let page = browser.get("/password").await;
    let out = page.submit_form("form[action='/logout']", &[]).await;
    assert_eq!(out.location().as_deref(), Some("/login"));
    assert!(!is_in(&browser).await);
}

#[tokio::test]
async fn the_session_is_another_after_the_scan() {
    let test = TestApp::start().await;
    let unit = Unit::sample(1);
    test.member(&unit).await;
    let (browser, scan) = at_scan(&test, &unit).await;
    test.phone(0).confirm(&test, &scan).await;
    test.enter(&browser, &scan).await;
    // The pre-auth session is over: its page asks for the password again.
    assert_eq!(browser.get("/login/scan").await.location().as_deref(), Some("/login"));
}

#[tokio::test]
async fn an_applicant_is_told_that_the_registration_waits() {
    let test = TestApp::start().await;
    let unit = Unit::sample(1);
    test.register(&unit).await;
    let answer = test.log_in(&test.browser(), &unit.uscc, PASSWORD).await;
    assert_eq!(answer.status, 303);
    let answer = answer.follow().await;
    answer.must_say("正在审核中");
    assert!(!answer.says("账号密码错误"));
    let wrong = test.log_in(&test.browser(), &unit.uscc, "wrong-pass-1!").await;
    wrong.must_say("账号密码错误");
    assert!(!wrong.says("正在审核中"), "only the right password is told");
}

#[tokio::test]
async fn an_empty_form_costs_no_try() {
    let test = TestApp::start().await;
    let unit = Unit::sample(1);
    test.member(&unit).await;
    let browser = test.browser();
    for _ in 0..9 {
        test.log_in(&browser, &unit.uscc, "").await.must_say("请输入账号和密码");
    }
    assert_eq!(test.log_in(&browser, &unit.uscc, PASSWORD).await.status, 303);
}

#[tokio::test]
async fn who_is_signed_in_is_led_home_from_the_login() {
    let test = TestApp::start().await;
    let unit = Unit::sample(1);
    test.member(&unit).await;
    let member = test.signed_in(&unit, 0).await;
    assert_eq!(member.get("/login").await.location().as_deref(), Some("/"));
    assert_eq!(test.browser().get("/login").await.status, 200);
}
