//! What an answer tells by its status, length and cost (quality.md F76). A password hash is almost
//! all that a sign-in costs, so hashes are counted and no time is measured.

use huiyuan::staff::Role;

use super::order;
use crate::support::{PASSWORD, TestApp, Unit, browser::Page, with};

const WRONG: &str = "wrong-pass-1!";

/// The answer to a form of one page, and how many passwords were hashed for it.
async fn sent(test: &TestApp, path: &str, fields: &[(&str, &str)]) -> (Page, u64) {
    let page = test.browser().get(path).await;
    let before = test.app.hasher.count();
    let answer = page.submit(fields).await;
    (answer, test.app.hasher.count() - before)
}

/// The same for a login.
async fn login(test: &TestApp, door: &str, login: &str, password: &str) -> (Page, u64) {
    sent(test, door, &[("account", login), ("password", password)]).await
}

#[tokio::test]
async fn every_login_with_a_password_costs_one_hash_whoever_it_names() {
    for door in ["/login", "/h5/login"] {
        let test = TestApp::start().await;
        let (known, applicant, shared) = (Unit::sample(1), Unit::sample(2), Unit::sample(3));
        test.member(&known).await;
        test.register(&applicant).await;
        test.register(&shared).await;
        let twin = Unit::sample(4);
        let form = with(twin.form(), &[("contact_mobile", &shared.contact_mobile)]);
        assert_eq!(test.browser().get("/register").await.submit(&form).await.status, 303);
        let nobody = Unit::sample(99);
        for name in [
            &known.uscc,
            &known.contact_mobile,
            &nobody.uscc,
            &nobody.contact_mobile,
            &applicant.uscc,
            &applicant.legal_mobile,
            &shared.contact_mobile,
        ] {
            let (answer, hashes) = login(&test, door, name, WRONG).await;
            assert_eq!((answer.status, hashes), (422, 1), "{door} {name}");
            answer.must_say("账号密码错误，还可以尝试 7 次");
        }
    }
}

#[tokio::test]
async fn a_right_password_and_one_that_was_taken_away_cost_one_hash_too() {
    let test = TestApp::start().await;
    let (known, applicant) = (Unit::sample(1), Unit::sample(2));
    test.member(&known).await;
    test.register(&applicant).await;
    for unit in [&known, &applicant] {
        let (answer, hashes) = login(&test, "/login", &unit.uscc, PASSWORD).await;
        assert_eq!((answer.status, hashes), (303, 1));
    }
    let staff = test.staff(Role::Super).await;
    order(&staff, &known, "reset-password", "忘记密码").await;
    assert_eq!(test.db_text("select password_hash from account").await, "");
    let (answer, hashes) = login(&test, "/login", &known.uscc, PASSWORD).await;
    assert_eq!((answer.status, hashes), (422, 1));
    test.db_exec("update account set status = 'frozen'").await;
    let (answer, hashes) = login(&test, "/login", &known.uscc, WRONG).await;
    assert_eq!((answer.status, hashes), (422, 1));
}

#[tokio::test]
async fn known_unknown_and_applying_names_get_answers_of_one_length_to_the_lock_and_beyond() {
    let test = TestApp::start().await;
    let (known, applicant, nobody) = (Unit::sample(1), Unit::sample(2), Unit::sample(99));
    test.member(&known).await;
    test.register(&applicant).await;
    for round in 1..=10 {
        let mut seen = Vec::new();
        for unit in [&known, &applicant, &nobody] {
            let page = test.browser().get("/login").await;
            let fields = [("account", unit.uscc.as_str()), ("password", WRONG)];
            let mut answer = page.submit(&fields).await;
            if answer.error_of("account").contains("安全验证") {
                answer = answer.submit_solved(&fields).await;
            }
            seen.push((answer.status, answer.error_of("account"), answer.body.len()));
        }
        assert_eq!(seen[0], seen[1], "round {round}");
        assert_eq!(seen[0], seen[2], "round {round}");
    }
}

#[tokio::test]
async fn forgotten_passwords_and_progress_cost_no_hash_and_look_alike() {
    let test = TestApp::start().await;
    let (known, frozen, nobody) = (Unit::sample(1), Unit::sample(2), Unit::sample(99));
    test.member(&known).await;
    test.signed_in(&known, 0).await;
    test.member(&frozen).await;
    let staff = test.staff(Role::Super).await;
    order(&staff, &known, "reset-password", "忘记密码").await;
    let freeze = format!("update account set status = 'frozen' where uscc = '{}'", frozen.uscc);
    test.db_exec(&freeze).await;
    let new = [("password", "Other-pass-2!"), ("password_again", "Other-pass-2!")];
    let mut seen = Vec::new();
    for unit in [&known, &frozen, &nobody] {
        let asked = [("account", unit.uscc.as_str())];
        let (scan, hashes) = sent(&test, "/password/reset", &asked).await;
        assert_eq!(hashes, 0);
        let code = [asked[0], ("code", "ABCDE-23456"), new[0], new[1]];
        let (code, hashes) = sent(&test, "/password/reset/code", &code).await;
        assert_eq!(hashes, 0);
        let (phone, hashes) = sent(&test, "/h5/password/reset", &asked).await;
        assert_eq!(hashes, 0);
        let scan_page = scan.follow().await;
        seen.push((
            (scan.status, scan.location(), scan_page.status, scan_page.texts("main p")),
            (code.status, code.error_of("code"), code.body.len()),
            (phone.status, phone.body.len()),
        ));
    }
    for other in &seen[1..] {
        assert_eq!(seen[0].1, other.1);
        assert_eq!(seen[0].2, other.2);
        assert_eq!((seen[0].0.0, &seen[0].0.1, seen[0].0.2), (other.0.0, &other.0.1, other.0.2));
    }
    let before = test.app.hasher.count();
    for query in [&known.uscc, &nobody.uscc] {
        test.browser().get("/register/progress").await.submit(&[("query", query)]).await;
    }
    assert_eq!(test.app.hasher.count(), before);
}

#[tokio::test]
async fn a_registration_costs_one_hash_and_one_that_is_refused_none() {
    let test = TestApp::start().await;
    let (member, applicant) = (Unit::sample(1), Unit::sample(2));
    test.member(&member).await;
    let (taken, hashes) = sent(&test, "/register", &applicant.form()).await;
    assert_eq!((taken.status, hashes), (303, 1));
    // A member and an applicant are told in the same words that the unit has registered (A5-2).
    let mut told = Vec::new();
    for unit in [&member, &applicant] {
        let (answer, hashes) = sent(&test, "/register", &unit.form()).await;
        assert_eq!((answer.status, hashes), (422, 0));
        told.push((answer.error_of("uscc"), answer.body.len()));
    }
    assert_eq!(told[0], told[1]);
}
