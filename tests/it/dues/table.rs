//! 欠费名单 as a table for spreadsheets.

use huiyuan::staff::Role;

use super::{Browser, TestApp, Unit};

async fn saved(staff: &Browser, path: &str) -> (u16, String, String) {
    let answer = staff.client.get(staff.url(path)).send().await.unwrap();
    let status = answer.status().as_u16();
    let header =
        |name: &str| answer.headers().get(name).map(|value| value.to_str().unwrap().to_owned());
    let kind = header("content-type").unwrap_or_default();
    let way = header("content-disposition").unwrap_or_default();
    let bytes = answer.bytes().await.unwrap().to_vec();
    (status, format!("{kind}; {way}"), String::from_utf8(bytes).unwrap())
}

#[tokio::test]
async fn every_unpaid_bill_is_one_line_that_runs_nothing() {
    let test = TestApp::start().await;
    for n in 1..=3 {
        test.member(&Unit::sample(n)).await;
    }
    let paid = test.db_text("select min(id) from dues_bill").await;
    super::runs::pay(&test, &paid, 200_000).await;
    let part = test.db_text("select max(id) from dues_bill").await;
    super::runs::pay(&test, &part, 50_000).await;
    let evil = "=HYPERLINK(\"http://x\",\"a\")";
    test.db_exec(&format!(
        "update member set name = '{evil}' where id = (select member_id from dues_bill where id = '{part}')"
    ))
    .await;
    let finance = test.staff(Role::Finance).await;
    let page = finance.get("/admin/dues/arrears?year=2026").await;
    let link = page.attribute("a[href^='/admin/dues/arrears.csv']", "href").unwrap();

    let (status, headers, table) = saved(&finance, &link).await;

    assert_eq!(status, 200);
    assert!(headers.starts_with("text/csv; charset=utf-8; attachment;"), "{headers}");
    assert!(table.starts_with("\u{feff}会员单位,账单号,缴费年度,"), "{table}");
    let lines: Vec<&str> = table.split("\r\n").collect();
    assert_eq!(lines.len(), 4, "a header, two unpaid bills, an end: {table}");
    let row = lines.iter().find(|line| line.contains("HYPERLINK")).unwrap();
    assert!(row.starts_with("\"'=HYPERLINK(\"\"http://x\"\""), "{row}");
    assert!(row.contains(",2000.00,500.00,0.00,1500.00,2026-12-31,"), "{row}");
    assert_eq!(
        test.db_count("select count(*) from audit_log where action = 'dues.arrears-export'").await,
        1
    );

    let (_, _, none) = saved(&finance, "/admin/dues/arrears.csv?year=2019").await;
    assert_eq!(none.matches("\r\n").count(), 1, "the header alone: {none}");
    let (refused, ..) = saved(&test.staff(Role::Membership).await, &link).await;
    assert_eq!(refused, 403);
}
