//! The first WeChat of an account: who has only stolen a password does not become the unit.

use huiyuan::{
    account::bind,
    kernel::{OpenId, Uscc},
    staff::Role,
};

use super::{at_scan, code, is_in, order, state};
use crate::support::{PASSWORD, TestApp, Unit, browser::Page};

const BOUND: &str = "select count(*) from wechat_binding where active_key is not null";

async fn with_first_binding(how: &str) -> (TestApp, Unit) {
    let test = TestApp::start_with(&[("SECURITY__FIRST_BINDING", how)]).await;
    let unit = Unit::sample(1);
    test.member(&unit).await;
    (test, unit)
}

async fn confirm(asked: &Page, scan: &Page, code: &str) -> Page {
    let number = scan.number();
    let fields = [("number", number.as_str()), ("bind_code", code)];
    asked.submit_form("form[action$='/confirm']", &fields).await
}

#[tokio::test]
async fn a_code_of_the_secretariat_is_the_second_proof() {
    let (test, unit) = with_first_binding("code").await;
    let (browser, scan) = at_scan(&test, &unit).await;
    let asked = test.phone(0).open(&test, &scan.qr_path()).await;
    asked.must_say("秘书处发放的绑定码");
    for wrong in ["", "AAAAA-AAAAA"] {
        let again = confirm(&asked, &scan, wrong).await;
        assert_eq!(again.status, 422);
        again.must_say("绑定码不正确");
    }
    assert_eq!(test.db_count(BOUND).await, 0);
    assert_eq!(state(&browser, &scan).await, "scanned", "a wrong code is not a wrong number");
    let staff = test.staff(Role::Membership).await;
    let code = code(&order(&staff, &unit, "bind-code", "已核对营业执照").await);
    confirm(&asked, &scan, &code).await.must_say("已确认登录");
    test.enter(&browser, &scan).await;
    assert_eq!(test.db_count(BOUND).await, 1);
    // The code is spent, and a bound WeChat needs none.
    let (second, scan) = at_scan(&test, &unit).await;
    test.phone(0).confirm(&test, &scan).await.must_say("已确认登录");
    test.enter(&second, &scan).await;
}

#[tokio::test]
async fn a_stolen_password_and_five_guessed_codes_bind_nothing() {
    let (test, unit) = with_first_binding("code").await;
    let staff = test.staff(Role::Membership).await;
    let right = code(&order(&staff, &unit, "bind-code", "已核对营业执照").await);
    let (browser, scan) = at_scan(&test, &unit).await;
    let asked = test.phone(1).open(&test, &scan.qr_path()).await;
    for n in 0..5 {
        confirm(&asked, &scan, &format!("AAAAA-AAAA{n}")).await.must_say("绑定码不正确");
    }
    confirm(&asked, &scan, &right).await.must_say("绑定码不正确");
    assert_eq!(test.db_count(BOUND).await, 0);
    assert!(!is_in(&browser).await);
}

#[tokio::test]
async fn on_the_phone_a_first_binding_without_its_proof_is_sent_to_the_pc() {
    let (test, unit) = with_first_binding("code").await;
    at_scan(&test, &unit).await;
    let phone = test.phone(0);
    let page = phone.browser.get("/h5/login").await;
    let asked = page.submit(&[("account", &unit.uscc), ("password", PASSWORD)]).await;
    let back = test.sandbox.authorize(&asked.location().unwrap(), &phone.user).unwrap().remove(0);
    phone.open(&test, &back).await.must_say("请在电脑端完成首次绑定");
    assert_eq!(test.db_count(BOUND).await, 0);
    assert_ne!(phone.browser.get("/h5/dues").await.status, 200);
}

#[tokio::test]
async fn the_wechat_in_which_the_unit_registered_needs_no_code() {
    let (test, unit) = with_first_binding("wechat").await;
    let app = &test.app;
    let openid = test.sandbox.users()[0].openid.clone();
    let uscc = Uscc::parse(&unit.uscc).unwrap();
    let openid = OpenId::parse(&openid).unwrap();
    bind::note_registrant(&app.db, app, &uscc, &openid).await.unwrap();
    let (_, first) = at_scan(&test, &unit).await;
    test.phone(1).open(&test, &first.qr_path()).await.must_say("秘书处发放的绑定码");
    let (browser, scan) = at_scan(&test, &unit).await;
    test.phone(0).confirm(&test, &scan).await.must_say("已确认登录");
    test.enter(&browser, &scan).await;
}

#[tokio::test]
async fn one_wechat_serves_five_units_and_no_sixth() {
    let test = TestApp::start().await;
    for n in 1..=6 {
        let unit = Unit::sample(n);
        test.member(&unit).await;
        let (browser, scan) = at_scan(&test, &unit).await;
        let answer = test.phone(0).confirm(&test, &scan).await;
        if n <= 5 {
            test.enter(&browser, &scan).await;
        } else {
            answer.must_say("该微信已绑定 5 个单位");
            assert!(!is_in(&browser).await);
        }
    }
    assert_eq!(test.db_count(BOUND).await, 5);
}
