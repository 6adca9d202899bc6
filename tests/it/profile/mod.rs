//! The member's profile: every field, what may be changed by whom, and what becomes of it.

mod candidates;
mod changes;
mod concurrent;
mod fields;
mod history;
mod phone;
mod standing;

use huiyuan::{
    db::Run as _,
    member::{history::replayed, sheet::Sheet},
    staff::Role,
};

use crate::support::{Browser, TestApp, Unit, browser::Page};

/// Everything optional, filled in as a person would.
pub const OPTIONAL: &[(&str, &str)] = &[
    ("wechat_id", "example_wx"),
    ("postcode", "210000"),
    ("phone", "（025）00000000 转 801"),
    ("fax", "025-00000001"),
    ("founded_on", "2001-02-03"),
    ("registered_capital", "1,000.50"),
    ("paid_capital", "500"),
    ("domains_0", "https://www.example.com/a"),
    ("domains_1", "示例.中国"),
    ("licences_0", "苏B2－20130048"),
    ("scope", "示例经营范围"),
    ("intro", "示例简介"),
];

/// A member who is signed in.
pub async fn member(test: &TestApp, n: u32, phone: usize) -> (Unit, Browser) {
    let unit = Unit::sample(n);
    test.member(&unit).await;
    let browser = test.signed_in(&unit, phone).await;
    (unit, browser)
}

/// The address of a unit's page for staff.
pub async fn admin_path(test: &TestApp, unit: &Unit) -> String {
    let sql = format!("select id from member where name = '{}'", unit.name);
    format!("/admin/members/{}", test.db_text(&sql).await)
}

/// The page of a unit, as an administrator of the membership department sees it.
pub async fn admin_page(test: &TestApp, unit: &Unit) -> (Browser, Page) {
    let staff = test.staff(Role::Membership).await;
    let page = staff.get(&admin_path(test, unit).await).await;
    assert_eq!(page.status, 200, "{}", page.text());
    (staff, page)
}

/// The sheet of a unit.
pub async fn sheet(test: &TestApp, unit: &Unit) -> Sheet {
    let sql = format!("select id from member where name = '{}'", unit.name);
    let id = test.db_text(&sql).await.parse().unwrap();
    let found = huiyuan::member::sheet::find(&test.app.db, &test.app.vault, &id).await;
    found.unwrap().unwrap()
}

/// Replays the whole history of a sheet and compares it with the row, field by field.
pub async fn assert_history_gives_the_row(test: &TestApp, unit: &Unit) {
    let sheet = sheet(test, unit).await;
    let id = &sheet.member.id;
    let all = huiyuan::member::history::all(&test.app.db, &test.app.vault, id).await.unwrap();
    let replayed = replayed(&all);
    for (field, value) in sheet.values() {
        let found = replayed.get(field).cloned().unwrap_or_default();
        assert_eq!(found, value, "{field}");
    }
    let plain = "select count(*) from member_change where sealed_after like '%示例%'";
    let rows: Vec<i64> = test.app.db.fetch(plain, Vec::new()).await.unwrap();
    assert_eq!(rows[0], 0, "sealed");
}
