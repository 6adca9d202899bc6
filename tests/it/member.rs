//! The member list: search, filters, pages.

use huiyuan::staff::Role;

use crate::support::{TestApp, Unit};

#[tokio::test]
async fn members_are_found_by_code_mobile_and_a_part_of_the_name() {
    let test = TestApp::start().await;
    let (one, two) = (Unit::sample(1), Unit::sample(2));
    test.member(&one).await;
    test.member(&two).await;
    let staff = test.staff(Role::Membership).await;
    let page = staff.get("/admin/members").await;
    for typed in [one.uscc.as_str(), &one.contact_mobile, "（1）", &format!(" {} ", one.uscc)] {
        let found = page.submit(&[("q", typed)]).await;
        let address = found.location().unwrap();
        assert!(!address.contains(&one.contact_mobile), "a mobile is in no address: {address}");
        let found = found.follow().await;
        found.must_say(&one.name);
        assert!(!found.says(&two.name), "{typed}");
    }
    let nobody = page.submit(&[("q", "100%")]).await.follow().await;
    nobody.must_say("没有查找到会员");
}

#[tokio::test]
async fn filters_narrow_together_and_survive_turning_pages() {
    let test = TestApp::start().await;
    let unit = Unit::sample(1);
    test.member(&unit).await;
    // More than a page of others, straight into the table.
    let columns = "name_key, uscc, uscc_doubtful, user_type, legal_person, legal_mobile, contact, \
        contact_mobile, contact_mobile_index, email, unit_state, unit_nature, industry, unit_size, \
        region_code, region_name, address, joined_on, profile_complete_ms, version, created_ms";
    for n in 0..45 {
        let (level, state) = if n % 2 == 0 { ("member", "active") } else { ("director", "frozen") };
        let same = columns.replacen("name_key, uscc,", "", 1);
        test.db_exec(&format!(
            "insert into member (id, no, name, level_id, status, {columns}) \
             select 'm{n:03}', 'N{n:03}', '成员{n:03}', '{level}', '{state}', 'k{n:03}', \
             '9132999900000{n:05}', {same} from member where name = '{}'",
            unit.name
        ))
        .await;
    }
    let staff = test.staff(Role::Membership).await;
    let search = [("q", "成员"), ("level", "director"), ("state", "frozen")];
    let mut page = staff.get("/admin/members").await.submit(&search).await.follow().await;
    let mut seen = Vec::new();
    loop {
        let names = page.texts("tbody td:first-child a");
        assert!(names.iter().all(|name| name.starts_with("成员")), "{names:?}");
        seen.extend(names);
        let Some(older) = page.attribute("a[rel=next]", "href") else { break };
        page = staff.get(&older).await;
    }
    let wanted: Vec<String> =
        (0..45).rev().filter(|n| n % 2 == 1).map(|n| format!("成员{n:03}")).collect();
    assert_eq!(seen, wanted, "every one once, newest first");
    let none = [("q", "成员"), ("level", "member"), ("state", "frozen")];
    let none = page.submit(&none).await.follow().await;
    none.must_say("没有查找到会员");
}

#[tokio::test]
async fn the_search_uses_its_indexes() {
    let test = TestApp::start().await;
    if std::env::var("TEST_MYSQL_URL").is_ok() {
        return assert_indexes_of_mysql(&test).await;
    }
    for (narrow, index) in [
        ("uscc = 'x'", "uk_member_uscc"),
        ("contact_mobile_index = 'x'", "ix_member_contact_mobile"),
        ("level_id = 'x'", "ix_member_level"),
        ("status = 'x'", "ix_member_status"),
    ] {
        let sql = format!(
            "explain query plan select id from member where {narrow} and id < '~' \
             order by id desc limit 21"
        );
        let rows: Vec<Plan> =
            huiyuan::db::Run::fetch(&test.app.db, &sql, Vec::new()).await.unwrap();
        assert!(rows.iter().any(|row| row.detail.contains(index)), "{narrow}: {rows:?}");
    }
}

#[derive(Debug, serde::Deserialize)]
struct Plan {
    detail: String,
}

async fn assert_indexes_of_mysql(test: &TestApp) {
    for index in
        ["uk_member_uscc", "ix_member_contact_mobile", "ix_member_level", "ix_member_status"]
    {
        let sql = format!(
            "select count(*) from information_schema.statistics where table_schema = database() \
             and table_name = 'member' and index_name = '{index}'"
        );
        assert!(test.db_count(&sql).await > 0, "{index}");
    }
}
