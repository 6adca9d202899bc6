//! 线下缴费 of the member: reporting, correcting, and who may look.

mod correction;
pub mod decision;
mod form;
mod lists;
mod online;
pub mod surplus;
mod vouchers;
mod walk;

use huiyuan::staff::Role;

use crate::support::{Browser, TestApp, Unit, browser::Page};
use decision::{confirm, ledger_balance, next_in_queue};

/// A photo of a receipt.
pub fn photo() -> Vec<u8> {
    let picture = image::RgbImage::from_pixel(60, 40, image::Rgb([200, 30, 30]));
    let mut bytes = std::io::Cursor::new(Vec::new());
    picture.write_to(&mut bytes, image::ImageFormat::Jpeg).unwrap();
    bytes.into_inner()
}

/// The files of a form: one photo.
pub fn voucher() -> Vec<(&'static str, &'static str, &'static str, Vec<u8>)> {
    vec![("voucher", "回单.jpg", "image/jpeg", photo())]
}

const TODAY: (&str, &str) = ("paid_on", "2026-11-24");

/// Opens 线下缴费 and reports the transfer of the whole bill.
pub async fn report(member: &Browser, fields: &[(&str, &str)]) -> Page {
    let page = member.get("/dues/offline").await;
    let mut all = vec![TODAY];
    all.retain(|(name, _)| fields.iter().all(|(field, _)| field != name));
    all.extend(fields);
    let fields = all;
    page.submit_files("form#offline", &fields, &voucher()).await
}

#[tokio::test]
async fn every_mistake_is_named_beside_its_field_and_nothing_typed_is_lost() {
    let test = TestApp::start().await;
    let unit = Unit::sample(2);
    test.member(&unit).await;
    let member = test.signed_in(&unit, 0).await;
    let wrong = [
        ("amount", "2000.001"),
        ("paid_on", "2026-11-25"),
        ("payer_tail", "12"),
        ("payer_name", ""),
        ("bank_ref", "REF-9"),
    ];
    let page = report(&member, &wrong).await;
    assert_eq!(page.status, 422);
    assert!(page.error_of("amount").contains("两位小数"));
    assert!(page.error_of("paid_on").contains("不能晚于今天"));
    assert!(page.error_of("payer_tail").contains("四位"));
    assert!(page.error_of("payer_name").contains("不能为空"));
    let kept = page.fields("form#offline");
    assert_eq!(kept["bank_ref"], "REF-9");
    assert_eq!(kept["amount"], "2000.001");
    assert!(kept.contains_key("kept"), "the voucher need not be uploaded again");

    let right = [("amount", "2000"), TODAY, ("payer_tail", ""), ("payer_name", "示例公司")];
    let sent = page.submit_files("form#offline", &right, &[]).await;
    assert_eq!(sent.status, 303, "{}", sent.text());
    assert_eq!(test.db_count("select count(*) from offline_voucher").await, 1);
}

#[tokio::test]
async fn a_report_without_a_voucher_is_refused() {
    let test = TestApp::start().await;
    let unit = Unit::sample(3);
    test.member(&unit).await;
    let member = test.signed_in(&unit, 0).await;
    let page = member.get("/dues/offline").await;
    let refused = page.submit_files("form#offline", &[TODAY], &[]).await;
    assert_eq!(refused.status, 422);
    assert!(refused.error_of("voucher").contains("请上传缴费凭证"));
    assert_eq!(test.db_count("select count(*) from offline_payment").await, 0);
}

#[tokio::test]
async fn the_same_form_sent_twice_is_one_report() {
    let test = TestApp::start().await;
    let unit = Unit::sample(4);
    test.member(&unit).await;
    let member = test.signed_in(&unit, 0).await;
    let page = member.get("/dues/offline").await;
    for _ in 0..2 {
        let sent = page.submit_files("form#offline", &[TODAY], &voucher()).await;
        assert_eq!(sent.status, 303, "{}", sent.text());
    }
    assert_eq!(test.db_count("select count(*) from offline_payment").await, 1);
}

#[tokio::test]
async fn what_is_confirmed_can_neither_be_changed_nor_deleted() {
    let test = TestApp::start().await;
    let unit = Unit::sample(9);
    test.member(&unit).await;
    let member = test.signed_in(&unit, 0).await;
    report(&member, &[]).await;
    let records = member.get("/dues/records").await;
    let link = records.attribute("td.acts a[href^='/dues/offline/']", "href").unwrap();
    let form = member.get(&link).await;
    let finance = test.staff(Role::Finance).await;
    confirm(&next_in_queue(&finance).await).await;

    let late = form.submit_files("form#offline", &[("amount", "1")], &[]).await;
    assert!(matches!(late.status, 409 | 422), "{}", late.text());
    let gone = form.submit_form("form[action$='/delete']", &[]).await;
    assert_eq!(gone.status, 409);
    gone.must_say("秘书处已确认这笔缴费");
    assert_eq!(test.db_text("select status from offline_payment").await, "confirmed");
    assert_eq!(test.db_count("select amount from offline_payment").await, 200_000);
}

#[tokio::test]
async fn a_report_that_waits_can_be_deleted_and_is_gone_for_everybody() {
    let test = TestApp::start().await;
    let unit = Unit::sample(10);
    test.member(&unit).await;
    let member = test.signed_in(&unit, 0).await;
    report(&member, &[]).await;
    let finance = test.staff(Role::Finance).await;
    let detail = next_in_queue(&finance).await;
    let records = member.get("/dues/records").await;
    let done = records.submit_form("form[action$='/delete']", &[]).await;
    assert_eq!(done.status, 303, "{}", done.text());
    assert!(!member.get("/dues/records").await.says("待确认"));
    assert_eq!(confirm(&detail).await.status, 404);
    assert_eq!(ledger_balance(&test, "bank").await, 0);
}

#[tokio::test]
async fn nobody_sees_the_reports_and_vouchers_of_others() {
    let test = TestApp::start().await;
    let (mine, other) = (Unit::sample(11), Unit::sample(12));
    test.member(&mine).await;
    test.member(&other).await;
    let member = test.signed_in(&mine, 0).await;
    let stranger = test.signed_in(&other, 1).await;
    report(&member, &[]).await;
    let id = test.db_text("select id from offline_payment").await;
    let file = test.db_text("select id from file_object").await;
    let path = format!("/dues/offline/{id}");
    let voucher = format!("{path}/vouchers/{file}");
    assert_eq!(member.get(&voucher).await.status, 200);
    for foreign in [path.clone(), voucher.clone(), format!("{path}/vouchers/none")] {
        assert_eq!(stranger.get(&foreign).await.status, 404, "{foreign}");
    }
    let missing = stranger.get("/dues/offline/0000").await;
    assert_eq!(missing.status, 404, "a foreign report looks like a missing one");
    assert_eq!(test.browser().get(&voucher).await.status, 303, "a stranger must sign in");

    // A foreign file cannot be made one's own by naming it in a form.
    let form = stranger.get("/dues/offline").await;
    let stolen = form.submit_files("form#offline", &[TODAY, ("kept", &file)], &[]).await;
    assert_eq!(stolen.status, 422, "{}", stolen.text());

    let support = test.staff(Role::Support).await;
    let (queue, detail) = ("/admin/offline".to_owned(), format!("/admin/offline/{id}"));
    for hidden in [queue, detail.clone(), format!("{detail}/vouchers/{file}")] {
        assert_eq!(support.get(&hidden).await.status, 403, "{hidden}");
    }
    let auditor = test.staff(Role::Auditor).await;
    let page = auditor.get(&detail).await;
    assert_eq!(page.status, 200);
    assert!(page.texts("form#confirm").is_empty(), "auditors only read");
    assert_eq!(auditor.get(&format!("{detail}/vouchers/{file}")).await.status, 200);
}
