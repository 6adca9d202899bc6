//! 入会申请表 on paper, and its stamped scan.

use huiyuan::{file::tidy::delete_abandoned, staff::Role};

use crate::support::{TestApp, Unit, browser::Page};

fn picture() -> Vec<u8> {
    let picture = image::RgbImage::from_pixel(60, 40, image::Rgb([200, 30, 30]));
    let mut bytes = std::io::Cursor::new(Vec::new());
    picture.write_to(&mut bytes, image::ImageFormat::Png).unwrap();
    bytes.into_inner()
}

async fn applied(test: &TestApp, start: &str) -> Page {
    let answer = test.browser().get(start).await.submit(&Unit::sample(1).form()).await;
    answer.follow().await
}

#[tokio::test]
async fn the_form_prints_everything_for_its_applicant_alone() {
    let test = TestApp::start().await;
    let unit = Unit::sample(1);
    let own = applied(&test, "/register").await;
    let paper = own.browser.get(&format!("{}/print", own.path)).await;
    for words in ["入会申请表", "申请编号", "公章", &unit.name, &unit.uscc, &unit.contact_mobile]
    {
        paper.must_say(words);
    }
    assert_eq!(test.browser().get(&paper.path).await.status, 404);
}

#[tokio::test]
async fn a_stamped_scan_is_kept_shown_to_reviewers_and_to_nobody_else() {
    let test = TestApp::start().await;
    for start in ["/register", "/h5/register"] {
        let test_n = test.db_count("select count(*) from registration").await;
        if test_n > 0 {
            test.db_exec("delete from registration").await;
        }
        let own = applied(&test, start).await;
        let form = "form[action$='/scans']";
        let files = [("scan", "申请表.png", "image/png", picture())];
        let saved = own.submit_files(form, &[], &files).await.follow().await;
        saved.must_say("申请表.png");
        let wrong = [("scan", "a.png", "image/png", b"no picture".to_vec())];
        let refused = saved.submit_files(form, &[], &wrong).await;
        assert_eq!(refused.status, 422);
        refused.must_say("不能上传");
        refused.must_say("申请表.png");

        let file = saved.attribute("main a[href*='/scans/']", "href").unwrap();
        assert_eq!(own.browser.get(&file).await.status, 200);
        assert_eq!(test.browser().get(&file).await.status, 404);
        let id = own.path.rsplit('/').next().unwrap();
        let sheet = format!("/admin/registrations/{id}");
        let reviewer = test.staff(Role::Membership).await;
        let link = reviewer.get(&sheet).await.attribute("main a[href*='/scans/']", "href").unwrap();
        assert_eq!(reviewer.get(&link).await.status, 200);
        let reader = test.staff(Role::Auditor).await;
        reader.get(&sheet).await.must_say("已上传");
        assert_eq!(reader.get(&link).await.status, 403);
    }
}

#[tokio::test]
async fn a_missing_scan_can_be_asked_for() {
    let test = TestApp::start().await;
    let own = applied(&test, "/register").await;
    let id = own.path.rsplit('/').next().unwrap();
    let staff = test.staff(Role::Membership).await;
    let sheet = staff.get(&format!("/admin/registrations/{id}")).await;
    sheet.submit_form("form[action$='/return']", &[("defect", "scan")]).await;

    let page = own.browser.get(&format!("{}/amend", own.path)).await;
    let without = page.submit_files("main form", &[], &[]).await;
    assert_eq!(without.status, 422);
    assert!(without.error_of("scan").contains("还没有上传"));
    let files = [("scan", "盖章.png", "image/png", picture())];
    let done = page.submit_files("main form", &[], &files).await;
    done.follow().await.must_say("正在审核中");
    assert_eq!(test.db_text("select status from registration").await, "pending");
}

#[tokio::test]
async fn a_page_that_was_replaced_goes_in_a_month_and_the_present_one_stays() {
    let test = TestApp::start().await;
    let own = applied(&test, "/register").await;
    let form = "form[action$='/scans']";
    let files = || [("scan", "申请表.png", "image/png", picture())];
    let saved = own.submit_files(form, &[], &files()).await.follow().await;
    let replaced = saved.submit_files(form, &[("kept", "none")], &files()).await;
    assert_eq!(replaced.status, 303, "{}", replaced.text());
    test.advance(std::time::Duration::from_hours(24 * 2)).await;
    assert_eq!(delete_abandoned(&test.app).await.unwrap(), 0);
    test.advance(std::time::Duration::from_hours(24 * 29)).await;
    assert_eq!(delete_abandoned(&test.app).await.unwrap(), 1);
    let kept = test.db_text("select scans from registration").await;
    let left = test.db_text("select id from file_object").await;
    assert!(kept.contains(&left), "{kept} {left}");
}
