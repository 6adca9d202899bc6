//! The product as a process: commands, start, stop, and death at the worst moment.

use std::time::Duration;

use huiyuan::db::{self, Run as _};

use wechat_sandbox::SignNotice;

use crate::support::{TestApp, Unit};

/// What is paid on all bills, fen.
const BOOKED: &str = "select cast(coalesce(sum(paid), 0) as signed) from dues_bill";

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[tokio::test]
async fn an_administrator_is_made_from_the_command_line_and_can_sign_in() {
    let test = TestApp::start().await;
    let create = ["admin", "create", "--account", "chief", "--role", "super"];
    let weak = test.run(&create, "short\n");
    assert!(!weak.status.success());
    assert!(text(&weak.stderr).contains('8'), "{}", text(&weak.stderr));

    let made = test.run(&create, "Boss-entry-1!\n");
    assert!(made.status.success(), "{}", text(&made.stderr));
    let twice = test.run(&create, "Boss-entry-1!\n");
    assert!(text(&twice.stderr).contains("exists"), "{}", text(&twice.stderr));
    let odd = test.run(&["admin", "create", "--account", "x", "--role", "king"], "");
    assert!(text(&odd.stderr).contains("super, membership"), "{}", text(&odd.stderr));

    let page = test.browser().get("/admin/login").await;
    let wrong = page.submit(&[("account", "chief"), ("password", "Boss-entry-2!")]).await;
    assert_eq!(wrong.status, 422);
    wrong.must_say("账号或密码错误");
    let right = page.submit(&[("account", "chief"), ("password", "Boss-entry-1!")]).await;
    assert_eq!(right.location().as_deref(), Some("/admin"));
}

#[tokio::test]
async fn check_tells_the_verdict_without_starting() {
    let mut test = TestApp::start().await;
    let sound = test.run(&["check"], "");
    assert!(sound.status.success(), "{}", text(&sound.stderr));
    test.environment.push(("HUIYUAN__WECHAT_PAY__API_V3_KEY".into(), "too short".into()));
    let broken = test.run(&["check"], "");
    assert!(!broken.status.success());
    assert!(text(&broken.stderr).contains("api_v3_key"), "{}", text(&broken.stderr));
}

#[tokio::test]
async fn dues_standards_are_imported_once_and_mistakes_name_their_line() {
    let test = TestApp::start().await;
    let file = std::env::temp_dir().join(format!("dues-{}.csv", test.app.ids.digits(10)));
    std::fs::write(&file, "tier,levels,from_year,yuan,resolution\n五档,顾问,2026,100,决议\n")
        .unwrap();
    let path = file.to_str().unwrap();
    assert!(text(&test.run(&["dues", "import", path], "").stdout).contains("1 new"));
    assert!(text(&test.run(&["dues", "import", path], "").stdout).contains("0 new"));
    std::fs::write(&file, "tier,levels,from_year,yuan,resolution\n五档,顾问,2027,free,决议\n")
        .unwrap();
    let wrong = test.run(&["dues", "import", path], "");
    assert!(text(&wrong.stderr).contains("line 2"), "{}", text(&wrong.stderr));
    std::fs::write(
        &file,
        "tier,levels,from_year,to_year,yuan,resolution\n五档,顾问,2026,,200,决议\n\
         六档,没有的等级,2026,2028,300,决议\n",
    )
    .unwrap();
    let dated = test.run(&["dues", "import", path], "");
    assert!(text(&dated.stdout).contains("1 new"), "{}", text(&dated.stderr));
    for warning in ["stands with 100.00 yuan", "no level 没有的等级", "there are 6 tiers"] {
        assert!(text(&dated.stderr).contains(warning), "{warning}: {}", text(&dated.stderr));
    }
    assert_eq!(test.db_count("select count(*) from dues_standard where to_year = 2028").await, 1);
    std::fs::remove_file(file).unwrap();
}

#[tokio::test]
async fn a_server_that_is_told_to_stop_ends_well() {
    let mut test = TestApp::start_in_real_time().await;
    let process = test.serve_as_process().await;
    assert_eq!(test.browser().get("/readyz").await.status, 200);
    assert_eq!(process.terminate(), Some(0));
}

/// A member at the payment code; the number that WeChat knows the order by.
async fn unpaid_order(test: &TestApp) -> String {
    let unit = Unit::sample(1);
    test.member(&unit).await;
    let member = test.signed_in(&unit, 0).await;
    let dues = member.get("/dues").await;
    let bill = dues.attribute("input[name=bill]", "value").unwrap();
    let paying = dues.submit(&[("bill", &bill)]).await.follow().await;
    assert_eq!(paying.status, 200, "{}", paying.text());
    test.sandbox.orders()[0].out_trade_no.clone()
}

#[tokio::test]
async fn a_server_killed_between_notification_and_commit_loses_nothing() {
    let mut test = TestApp::start_in_real_time().await;
    let order = unpaid_order(&test).await;
    let process = test.serve_as_process().await;

    // Somebody holds the order's row, so that settling stands in the middle of its transaction.
    let (held, release) = (tokio::sync::oneshot::channel(), tokio::sync::oneshot::channel());
    let lock = (std::sync::Mutex::new(Some(held.0)), tokio::sync::Mutex::new(Some(release.1)));
    let holder = test.app.db.clone();
    let holding = tokio::spawn(async move {
        let done: Result<(), db::Error> = db::transaction(&holder, lock, |tx, (held, release)| {
            Box::pin(async move {
                tx.exec("update payment_order set no = no", Vec::new()).await?;
                if let Some(held) = held.lock().unwrap().take() {
                    held.send(()).unwrap();
                }
                if let Some(release) = release.lock().await.take() {
                    let _ = release.await;
                }
                Ok(())
            })
        })
        .await;
        done.unwrap();
    });
    held.1.await.unwrap();
    test.sandbox.pay(&order, &test.sandbox.users()[0].id).unwrap();
    let browser = test.browser();
    wait_until(async || {
        browser.get("/metrics").await.body.contains("huiyuan_db_connections_in_use 1")
    })
    .await;
    process.kill();
    release.0.send(()).unwrap();
    holding.await.unwrap();
    assert_eq!(test.db_count(BOOKED).await, 0, "nothing is booked by halves");

    let _process = test.serve_as_process().await;
    wait_until(async || test.sandbox.truth_of(&order).is_some_and(|truth| truth.acknowledged))
        .await;
    assert_eq!(test.db_count(BOOKED).await, 200_000);
    assert_eq!(test.db_count("select count(*) from ledger_entry").await, 2);
    assert_eq!(test.db_count("select cast(sum(amount) as signed) from ledger_entry").await, 0);
}

#[tokio::test]
async fn a_server_killed_after_its_commit_books_nothing_twice() {
    let mut test = TestApp::start_in_real_time().await;
    let order = unpaid_order(&test).await;
    let process = test.serve_as_process().await;
    test.sandbox.pay(&order, &test.sandbox.users()[0].id).unwrap();
    // As soon as the booking can be seen the process dies; WeChat may or may not have its answer.
    wait_until(async || test.db_count(BOOKED).await == 200_000).await;
    process.kill();

    let _process = test.serve_as_process().await;
    let wanted = SignNotice { out_trade_no: Some(order.clone()), ..SignNotice::default() };
    let sealed = test.sandbox.sign_notice(&wanted).unwrap();
    let headers: Vec<(&str, &str)> =
        sealed.headers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let again = test.browser().post_body("/wechat/pay/notify", &headers, sealed.bytes).await;

    assert_eq!(again.status, 204, "{}", again.body);
    assert_eq!(test.db_count(BOOKED).await, 200_000);
    assert_eq!(test.db_count("select count(*) from ledger_entry").await, 2);
}

/// Waits for something that other processes bring about; fails when it never comes.
async fn wait_until(come: impl AsyncFn() -> bool) {
    for _ in 0..600 {
        if come().await {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("it never came");
}
