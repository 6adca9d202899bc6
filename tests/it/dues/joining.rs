//! What newcomers owe, by the association's rule.

use std::time::Duration;

use huiyuan::dues::run;

use super::{TestApp, Unit};

/// Tests begin on 2026-11-24, in the fourth quarter.
async fn joined_under(settings: &[(&str, &str)]) -> TestApp {
    let test = TestApp::start_with(settings).await;
    test.member(&Unit::sample(1)).await;
    test
}

#[tokio::test]
async fn by_quarter_a_newcomer_of_the_fourth_owes_a_quarter() {
    let test = joined_under(&[("DUES__JOIN", "by-quarter"), ("DUES__DUE_DAY", "04-30")]).await;
    let member = test.signed_in(&Unit::sample(1), 0).await;
    let page = member.get("/dues").await;
    page.must_say("￥500.00");
    page.must_say("2026-12-24");
    assert_eq!(test.db_count("select gross from dues_bill").await, 50_000);
}

#[tokio::test]
async fn who_joins_late_pays_for_the_next_year_and_is_covered_at_once() {
    let test = joined_under(&[("DUES__JOIN", "late-covers-next")]).await;
    let unit = Unit::sample(1);
    let member = test.signed_in(&unit, 0).await;
    let page = member.get("/dues").await;
    page.must_say("2027");
    page.must_say("含 2026 年度");
    page.must_say("2026 年度 待缴费");
    assert_eq!(test.db_count("select year from dues_bill").await, 2027);
    assert_eq!(test.db_count("select also_covers from dues_bill").await, 2026);

    // Neither a run for this year nor one for the next asks for a second bill.
    let finance = test.staff(huiyuan::staff::Role::Finance).await;
    for year in ["2026", "2027"] {
        let form = "form[action='/admin/dues/runs']";
        let runs = finance.get("/admin/dues/runs").await;
        let started = runs.submit_form(form, &[("kind", "issue"), ("year", year)]).await;
        run::work(&test.app).await.unwrap();
        let page = started.follow().await;
        page.must_say("不生成（1）");
        let excluded = finance.get(&format!("{}?tab=excluded", started.location().unwrap())).await;
        excluded.must_say("已有该年度账单");
        let cancelled = page.submit_form("form[action$='/cancel']", &[("cancel_reason", "无")]);
        assert_eq!(cancelled.await.status, 303);
    }
    assert_eq!(test.db_count("select count(*) from dues_bill").await, 1);
}

#[tokio::test]
async fn an_early_newcomer_owes_the_year_under_every_rule() {
    for rule in ["full-year", "by-quarter", "late-covers-next"] {
        let test = TestApp::start_with(&[("DUES__JOIN", rule)]).await;
        test.advance(Duration::from_hours(24 * 60)).await;
        test.member(&Unit::sample(1)).await;
        assert_eq!(test.db_count("select gross from dues_bill").await, 200_000, "{rule}");
        assert_eq!(test.db_count("select year from dues_bill").await, 2027, "{rule}");
    }
}
