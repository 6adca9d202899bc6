use super::{admin_page, admin_path, member, sheet};
use crate::support::TestApp;

#[tokio::test]
async fn the_second_editor_is_told_field_by_field_and_loses_nothing() {
    let test = TestApp::start().await;
    let (unit, browser) = member(&test, 1, 0).await;
    let mine = browser.get("/profile").await;
    let (staff, _) = admin_page(&test, &unit).await;
    let edit = staff.get(&format!("{}/edit", admin_path(&test, &unit).await)).await;
    let theirs = [
        ("address", "秘书处改的地址"),
        ("email", "office@example.org"),
        ("contact", "新联系人"),
        ("reason", "来电更正"),
    ];
    assert_eq!(edit.submit(&theirs).await.status, 303);
    let told = mine.submit(&[("address", "我改的地址"), ("intro", "我写的简介")]).await;
    assert_eq!(told.status, 422);
    told.must_say("这些信息已被修改");
    let lines = told.texts("[role=alert] tbody tr");
    let line = |label: &str| lines.iter().find(|line| line.starts_with(label)).unwrap();
    assert!(line("详细地址").contains("秘书处改的地址"));
    assert!(line("详细地址").contains("我改的地址"));
    assert!(line("邮箱").contains("office@example.org"));
    assert!(line("邮箱").contains("未改动"));
    let value = |field: &str| told.attribute(&format!("#f-{field}"), "value").unwrap();
    assert_eq!(value("address"), "我改的地址", "what was typed is kept");
    assert_eq!(value("email"), "office@example.org", "what was left alone is not put back");
    told.must_say("我写的简介");
    assert_eq!(told.submit(&[]).await.status, 303, "now it is a decision");
    let now = sheet(&test, &unit).await;
    assert_eq!(now.value("address"), "我改的地址");
    assert_eq!(now.value("email"), "office@example.org");
    assert_eq!(now.value("contact"), "新联系人");
    assert_eq!(now.value("intro"), "我写的简介");
}

#[tokio::test]
async fn the_secretary_as_the_second_is_told_as_well() {
    let test = TestApp::start().await;
    let (unit, browser) = member(&test, 1, 0).await;
    let (staff, _) = admin_page(&test, &unit).await;
    let edit = staff.get(&format!("{}/edit", admin_path(&test, &unit).await)).await;
    assert_eq!(browser.get("/profile").await.submit(&[("address", "会员的")]).await.status, 303);
    let told = edit.submit(&[("legal_person", "新法人"), ("reason", "核对执照")]).await;
    assert_eq!(told.status, 422);
    told.must_say("会员的");
    let value = |field: &str| told.attribute(&format!("#f-{field}"), "value").unwrap();
    assert_eq!((value("legal_person"), value("reason")), ("新法人".into(), "核对执照".into()));
    assert_eq!(value("address"), "会员的");
    assert_eq!(told.submit(&[]).await.status, 303);
    let now = sheet(&test, &unit).await;
    assert_eq!(
        (now.value("legal_person"), now.value("address")),
        ("新法人".into(), "会员的".into())
    );
}

#[tokio::test]
async fn of_many_savers_at_once_one_wins_and_all_others_are_told() {
    let test = TestApp::start().await;
    let (unit, browser) = member(&test, 1, 0).await;
    let mut pages = Vec::new();
    for _ in 0..6 {
        pages.push(browser.get("/profile").await);
    }
    let mut savers = tokio::task::JoinSet::new();
    for (n, page) in pages.into_iter().enumerate() {
        savers.spawn(async move {
            page.submit(&[("address", &format!("同时改的地址 {n}"))]).await.status
        });
    }
    let mut answers = savers.join_all().await;
    answers.sort_unstable();
    assert_eq!(answers, [303, 422, 422, 422, 422, 422]);
    super::assert_history_gives_the_row(&test, &unit).await;
}
