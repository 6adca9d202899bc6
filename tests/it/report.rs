//! The first pages of members and staff.

use huiyuan::staff::Role;

use crate::{
    offline::report,
    support::{Browser, TestApp, Unit},
};

#[tokio::test]
async fn a_member_sees_first_what_it_owes() {
    let test = TestApp::start().await;
    let unit = Unit::sample(1);
    test.member(&unit).await;
    let member = test.signed_in(&unit, 0).await;
    let home = member.get("/").await;
    for words in [&unit.name, "会员单位", "2026-11-24", "￥2,000.00", "人民币贰仟元整", "待缴"]
    {
        home.must_say(words);
    }
    report(&member, &[]).await;
    member.get("/").await.must_say("等待秘书处确认");
}

#[tokio::test]
async fn who_is_not_signed_in_is_led_to_the_door_of_the_surface() {
    let test = TestApp::start().await;
    for (page, door) in [("/", "/login"), ("/h5/", "/h5/login"), ("/admin", "/admin/login")] {
        let answer = test.browser().get(page).await;
        assert_eq!((answer.status, answer.location().as_deref()), (303, Some(door)), "{page}");
    }
}

fn counter(text: &str) -> i64 {
    text.chars().filter(char::is_ascii_digit).collect::<String>().parse().unwrap()
}

async fn counters(staff: &Browser) -> Vec<i64> {
    let page = staff.get("/admin").await;
    page.texts(".counter-number").iter().map(|text| counter(text)).collect()
}

#[tokio::test]
async fn the_dashboard_counts_what_waits() {
    let test = TestApp::start().await;
    let (approved, waiting) = (Unit::sample(2), Unit::sample(3));
    test.member(&approved).await;
    let member = test.signed_in(&approved, 0).await;
    report(&member, &[]).await;
    test.register(&waiting).await;
    let staff = test.staff(Role::Super).await;
    assert_eq!(counters(&staff).await, [1, 1, 0]);
    test.advance(std::time::Duration::from_hours(24 * 4)).await;
    let staff = test.staff(Role::Super).await;
    let page = staff.get("/admin").await;
    page.must_say("最早一件已等待 4 天");
    page.must_say("2026 年度会费");
    page.must_say("￥2,000.00");
    let membership = test.staff(Role::Membership).await;
    assert_eq!(counters(&membership).await, [1], "money is not their business");
    assert!(counters(&test.staff(Role::Support).await).await.is_empty());
}
