//! One bill in the hands of staff, arrears, memo codes.

use huiyuan::{
    dues::{self, MemoCode},
    staff::Role,
};

use super::{TestApp, Unit, bill_page, runs::pay};

#[tokio::test]
async fn a_bill_is_voided_with_a_reason_unless_money_lies_on_it() {
    let test = TestApp::start().await;
    let (unit, other) = (Unit::sample(1), Unit::sample(2));
    test.member(&unit).await;
    test.member(&other).await;
    let finance = test.staff(Role::Finance).await;
    let page = bill_page(&test, &finance, &unit).await;
    let empty = page.submit_form("form[action$='/void']", &[("void_reason", "")]).await;
    assert_eq!(empty.status, 422);
    assert!(empty.attribute("dialog#void", "open").is_some());
    let bill = test.db_text(&bill_of(&unit)).await;
    pay(&test, &bill, 1).await;
    let refused = page.submit_form("form[action$='/void']", &[("void_reason", "开错")]).await;
    assert_eq!(refused.status, 409);
    refused.must_say("有款项的请先办理退款或冲正");

    let page = bill_page(&test, &finance, &other).await;
    let done = page.submit_form("form[action$='/void']", &[("void_reason", "开错")]).await;
    assert_eq!(done.status, 303);
    done.follow().await.must_say("已作废");
    let sql = "select count(*) from audit_log where action = 'dues.void' and reason = '开错'";
    assert_eq!(test.db_count(sql).await, 1);
    let member = test.signed_in(&other, 0).await;
    member.get("/dues").await.must_say("没有待缴的会费");
    let live = "select count(*) from dues_bill where active_key is not null";
    assert_eq!(test.db_count(live).await, 1);
}

fn bill_of(unit: &Unit) -> String {
    format!(
        "select b.id from dues_bill b join member m on m.id = b.member_id where m.name = '{}'",
        unit.name
    )
}

#[tokio::test]
async fn arrears_are_listed_by_year_and_level_with_their_sums() {
    let test = TestApp::start().await;
    for n in 1..=3 {
        test.member(&Unit::sample(n)).await;
    }
    pay(&test, &test.db_text(&bill_of(&Unit::sample(1))).await, 200_000).await;
    pay(&test, &test.db_text(&bill_of(&Unit::sample(2))).await, 50_000).await;
    let finance = test.staff(Role::Finance).await;
    let page = finance.get("/admin/dues/arrears").await;
    page.must_say("2 笔，￥3,500.00");
    assert!(!page.says(&Unit::sample(1).name), "paid");
    page.must_say(&Unit::sample(2).name);
    let newest = finance.get("/admin/dues/arrears?year=2026&level=member").await;
    assert_eq!(newest.texts("td.acts a[href^='/admin/dues/bills/']").len(), 2);
    finance.get("/admin/dues/arrears?year=2025").await.must_say("没有 2025 年度的欠费");
    let other = finance.get("/admin/dues/arrears?level=director").await;
    assert_eq!(other.texts("td.acts a[href^='/admin/dues/bills/']").len(), 0);
    // A page that goes on after the first row holds the second.
    let last = newest.attributes("td.acts a[href^='/admin/dues/bills/']", "href");
    let key = last[0].rsplit('/').next().unwrap();
    let rest = finance.get(&format!("/admin/dues/arrears?year=2026&before={key}")).await;
    assert_eq!(rest.texts("td.acts a[href^='/admin/dues/bills/']").len(), 1);
    assert_eq!(test.staff(Role::Membership).await.get("/admin/dues/arrears").await.status, 403);
}

#[tokio::test]
async fn a_bill_is_found_by_its_memo_code_and_only_by_a_sound_one() {
    let test = TestApp::start().await;
    let unit = Unit::sample(1);
    test.member(&unit).await;
    let shown = test.signed_in(&unit, 0).await.get("/dues").await;
    let code = test.db_text("select memo_code from dues_bill").await;
    shown.must_say(&code);
    let found = MemoCode::all_in(&format!("{} 会费 {}", unit.name, code.to_lowercase()));
    assert_eq!(found.len(), 1);
    let bill = dues::bill_of_memo(&test.app.db, &found[0]).await.unwrap().unwrap();
    assert_eq!(bill.memo_code, code);
}

#[tokio::test]
async fn a_member_sees_only_its_own_bills_and_no_admin_page() {
    let test = TestApp::start().await;
    let (unit, other) = (Unit::sample(1), Unit::sample(2));
    test.member(&unit).await;
    test.member(&other).await;
    let member = test.signed_in(&unit, 0).await;
    let own = member.get("/dues").await.attributes("input[name=bill]", "value");
    assert_eq!(own, [test.db_text(&bill_of(&unit)).await]);
    let foreign = test.db_text(&bill_of(&other)).await;
    for path in [format!("/admin/dues/bills/{foreign}"), "/admin/dues/runs".into()] {
        assert_eq!(member.get(&path).await.status, 303, "{path} leads to the staff's door");
    }
}
