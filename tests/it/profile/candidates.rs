use huiyuan::staff::Role;

use super::member;
use crate::support::{Browser, TestApp, browser::Page};

const FORM: &str = "form[action='/profile/candidates']";

async fn council(test: &TestApp, n: u32, phone: usize) -> Browser {
    let (unit, browser) = member(test, n, phone).await;
    test.db_exec(&format!("update member set level_id = 'director' where name = '{}'", unit.name))
        .await;
    browser
}

fn person<'a>(n: usize, name: &'a str, mobile: &'a str) -> Vec<(String, &'a str)> {
    let fields = [("name", name), ("post", "总经理"), ("seat", "director"), ("mobile", mobile)];
    fields.map(|(field, value)| (format!("p{n}_{field}"), value)).to_vec()
}

async fn send(page: &Page, people: &[Vec<(String, &str)>]) -> Page {
    let all: Vec<(&str, &str)> =
        people.iter().flatten().map(|(name, value)| (name.as_str(), *value)).collect();
    page.submit_files(FORM, &all, &[]).await
}

async fn queued(staff: &Browser) -> Page {
    let queue = staff.get("/admin/candidates").await;
    let links = queue.links();
    let link = links.iter().find(|(_, href)| href.starts_with("/admin/candidates/")).unwrap();
    staff.get(&link.1).await
}

#[tokio::test]
async fn only_council_members_have_candidates() {
    let test = TestApp::start().await;
    let (_, browser) = member(&test, 1, 0).await;
    assert!(!browser.get("/profile").await.says("填写或修改人选"));
    assert_eq!(browser.get("/profile/candidates").await.status, 409);
    let director = council(&test, 2, 1).await;
    director.get("/profile").await.must_say("填写或修改人选");
    assert_eq!(director.get("/profile/candidates").await.status, 200);
}

#[tokio::test]
async fn rows_come_and_go_and_mistakes_are_told_beside_them() {
    let test = TestApp::start().await;
    let browser = council(&test, 1, 0).await;
    let page = browser.get("/profile/candidates").await;
    let more = page.submit_files(FORM, &[("p0_name", "甲"), ("act", "more")], &[]).await;
    assert_eq!(more.attribute("#f-p0_name", "value").as_deref(), Some("甲"));
    assert!(more.attribute("#f-p1_name", "name").is_some());
    let wrong = more.submit_files(FORM, &[("p1_name", "乙"), ("p1_mobile", "1")], &[]).await;
    assert_eq!(wrong.status, 422);
    for field in ["p0_post", "p0_mobile", "p1_seat", "p1_mobile"] {
        assert!(!wrong.error_of(field).is_empty(), "{field}");
    }
    let less = wrong.submit_files(FORM, &[("act", "less:0")], &[]).await;
    assert_eq!(less.attribute("#f-p0_name", "value").as_deref(), Some("乙"));
    assert!(less.attribute("#f-p1_name", "name").is_none());
    let none = less.submit_files(FORM, &[("act", "less:0")], &[]).await;
    assert_eq!(none.status, 200);
    assert_eq!(test.db_count("select count(*) from candidate_proposal").await, 0);
}

#[tokio::test]
async fn a_saved_list_is_a_proposal_and_counts_once_approved() {
    let test = TestApp::start().await;
    let browser = council(&test, 1, 0).await;
    let page = browser.get("/profile/candidates").await;
    let sent = send(&page, &[person(0, "示例甲", "13900100081")]).await;
    assert_eq!(sent.status, 303, "{}", sent.text());
    let page = browser.get("/profile/candidates").await;
    page.must_say("还没有生效的人选");
    page.must_say("新增");
    let sealed = test.db_text("select sealed from candidate_proposal").await;
    assert!(!sealed.contains("示例甲"));

    let staff = test.staff(Role::Membership).await;
    let proposal = queued(&staff).await;
    proposal.must_say("示例甲");
    assert_eq!(proposal.submit_form("form#approve", &[]).await.status, 422);
    let done = proposal.submit_form("form#approve", &[("reason", "同意")]).await;
    assert_eq!(done.status, 303, "{}", done.text());
    let second = proposal.submit_form("form#reject", &[("reason", "晚了")]).await;
    assert_eq!(second.status, 409);
    let page = browser.get("/profile/candidates").await;
    assert!(!page.says("还没有生效的人选"));
    page.must_say("已通过");

    // The next list: one stays with another mobile, one is new.
    let people = [person(0, "示例甲", "13900100082"), person(1, "示例乙", "13900100083")];
    assert_eq!(send(&page, &people).await.status, 303);
    let proposal = queued(&staff).await;
    for word in ["修改", "13900100081", "13900100082", "新增", "示例乙", "现在生效的名单"]
    {
        proposal.must_say(word);
    }
    let rejected = proposal.submit_form("form#reject", &[("reason", "请补充简历")]).await;
    assert_eq!(rejected.status, 303);
    let page = browser.get("/profile/candidates").await;
    page.must_say("请补充简历");
    assert!(!page.texts(".person h3").iter().any(|name| name.contains("示例乙")), "not in force");
    let topics = "select count(*) from outbox where topic in \
                  ('candidates.approved', 'candidates.rejected')";
    assert_eq!(test.db_count(topics).await, 2);
}

#[tokio::test]
async fn a_later_list_takes_the_place_of_one_that_waits() {
    let test = TestApp::start().await;
    let browser = council(&test, 1, 0).await;
    let page = browser.get("/profile/candidates").await;
    assert_eq!(send(&page, &[person(0, "示例甲", "13900100081")]).await.status, 303);
    let staff = test.staff(Role::Membership).await;
    let old = queued(&staff).await;
    let page = browser.get("/profile/candidates").await;
    assert_eq!(page.attribute("#f-p0_name", "value").as_deref(), Some("示例甲"));
    assert_eq!(send(&page, &[person(0, "示例丙", "13900100084")]).await.status, 303);
    let late = old.submit_form("form#approve", &[("reason", "同意")]).await;
    assert_eq!(late.status, 409, "it was replaced");
    let open = "select count(*) from candidate_proposal where active_key is not null";
    assert_eq!(test.db_count(open).await, 1);
    queued(&staff).await.must_say("示例丙");
}

#[tokio::test]
async fn photos_stay_with_their_owner() {
    let test = TestApp::start().await;
    let browser = council(&test, 1, 0).await;
    let stranger = council(&test, 2, 1).await;
    let page = browser.get("/profile/candidates").await;
    let mut picture = std::io::Cursor::new(Vec::new());
    image::DynamicImage::new_rgb8(4, 4).write_to(&mut picture, image::ImageFormat::Png).unwrap();
    let people = person(0, "示例甲", "13900100081");
    let fields: Vec<(&str, &str)> =
        people.iter().map(|(name, value)| (name.as_str(), *value)).collect();
    let photo = ("p0_photo_file", "a.png", "image/png", picture.into_inner());
    assert_eq!(page.submit_files(FORM, &fields, &[photo]).await.status, 303);
    let lost = "select count(*) from file_object where free_ms is not null";
    assert_eq!(test.db_count(lost).await, 0, "nobody tidies it away");
    let staff = test.staff(Role::Membership).await;
    let proposal = queued(&staff).await;
    let file = proposal.links().into_iter().find(|(_, href)| href.contains("/files/")).unwrap().1;
    assert_eq!(staff.get(&file).await.status, 200);
    let own = format!("/profile/candidates/files/{}", file.rsplit('/').next().unwrap());
    assert_eq!(browser.get(&own).await.status, 200);
    assert_eq!(stranger.get(&own).await.status, 404);
}
