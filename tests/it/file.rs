//! Uploads through HTTP: what is accepted, what is refused, and how files are served.

use huiyuan::file::tidy::delete_abandoned;

use crate::{
    offline::photo,
    support::{Browser, TestApp, Unit, browser::Page},
};

async fn member(test: &TestApp, n: u32) -> Browser {
    let unit = Unit::sample(n);
    test.member(&unit).await;
    test.signed_in(&unit, 0).await
}

async fn upload(member: &Browser, files: &[(&str, &str, Vec<u8>)]) -> Page {
    let page = member.get("/dues/offline").await;
    let files: Vec<_> =
        files.iter().map(|(name, kind, bytes)| ("voucher", *name, *kind, bytes.clone())).collect();
    page.submit_files("form#offline", &[("paid_on", "2026-11-24")], &files).await
}

#[tokio::test]
async fn files_are_judged_by_their_content() {
    let test = TestApp::start().await;
    let member = member(&test, 1).await;
    let svg = b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>".to_vec();
    let mut flood = include_bytes!("../data/pixel-flood.png").to_vec();
    flood.push(0);
    let cases = [
        ("回单.jpg", "image/jpeg", svg, "不是 JPG、PNG 图片或 PDF"),
        ("a.php.jpg", "image/jpeg", b"<?php system($_GET['c']);".to_vec(), "不是 JPG"),
        ("空.png", "image/png", Vec::new(), "文件是空的"),
        ("大.pdf", "application/pdf", [b"%PDF-".to_vec(), vec![0; 10 << 20]].concat(), "10 MB"),
        ("洪水.png", "image/png", flood, "图片尺寸过大"),
        ("动画.jpg", "image/jpeg", b"GIF89a/*\x01\0\x01\0*/=1;alert(1)".to_vec(), "不是 JPG"),
        ("病毒.pdf", "application/pdf", b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR".to_vec(), "不是 JPG"),
        ("半张.jpg", "image/jpeg", photo()[..200].to_vec(), "图片已损坏"),
    ];
    for (name, kind, bytes, words) in cases {
        let page = upload(&member, &[(name, kind, bytes)]).await;
        assert_eq!(page.status, 422, "{name}: {}", page.text());
        let error = page.error_of("voucher");
        assert!(error.contains(words) && error.contains(name), "{name}: {error}");
    }
    assert_eq!(test.db_count("select count(*) from file_object").await, 0);
    assert_eq!(test.db_count("select count(*) from offline_payment").await, 0);
}

#[tokio::test]
async fn a_form_beyond_all_limits_is_refused_in_words() {
    let test = TestApp::start().await;
    let member = member(&test, 2).await;
    let big = || vec![0u8; 11 << 20];
    let files: Vec<_> = (0..6).map(|_| ("大.jpg", "image/jpeg", big())).collect();
    let page = upload(&member, &files).await;
    assert_eq!(page.status, 413);
    page.must_say("提交的内容过大");
}

#[tokio::test]
async fn files_are_served_so_that_they_can_do_nothing() {
    let test = TestApp::start().await;
    let member = member(&test, 3).await;
    let evil = [photo(), b"<?php system(); ?><script>alert(1)</script>".to_vec()].concat();
    let pdf = b"%PDF-1.4\n%%EOF\n".to_vec();
    let sent =
        upload(&member, &[("\u{202e}回单.jpg", "text/html", evil), ("x.pdf", "text/html", pdf)])
            .await;
    assert_eq!(sent.status, 303, "{}", sent.text());
    let offline = test.db_text("select id from offline_payment").await;
    for (kind, way) in [("image/jpeg", "inline"), ("application/pdf", "attachment")] {
        let sql = format!("select id from file_object where media_type = '{kind}'");
        let file = test.db_text(&sql).await;
        let page = member.get(&format!("/dues/offline/{offline}/vouchers/{file}")).await;
        assert_eq!(page.status, 200);
        let header = |name: &str| page.headers[name].to_str().unwrap().to_owned();
        assert_eq!(header("content-type"), kind);
        assert_eq!(header("x-content-type-options"), "nosniff");
        assert_eq!(header("cache-control"), "no-store");
        assert!(header("content-security-policy").contains("sandbox"));
        assert!(header("content-disposition").starts_with(way), "{kind}");
        assert!(!page.body.contains("<?php") && !page.body.contains("<script"), "{kind}");
    }
    let name = test.db_text("select name from file_object where media_type = 'image/jpeg'").await;
    assert_eq!(name, "回单.jpg", "tricks with the direction of writing are gone");
}

#[tokio::test]
async fn another_server_reads_what_this_one_stored() {
    let test = TestApp::start().await;
    let member = member(&test, 4).await;
    let mut noise = image::RgbImage::new(900, 700);
    for (i, pixel) in noise.pixels_mut().enumerate() {
        let byte =
            |k: usize| (i.wrapping_mul(2_654_435_761).wrapping_add(k * 97) >> 7).to_le_bytes()[0];
        *pixel = image::Rgb([byte(1), byte(2), byte(3)]);
    }
    let mut png = std::io::Cursor::new(Vec::new());
    noise.write_to(&mut png, image::ImageFormat::Png).unwrap();
    let sent = upload(&member, &[("截图.png", "image/png", png.into_inner())]).await;
    assert_eq!(sent.status, 303, "{}", sent.text());
    let chunks = test.db_count("select count(*) from file_chunk").await;
    assert!(chunks > 1, "a larger file lies in several chunks");
    let id = test.db_text("select id from file_object").await;
    let size = test.db_count("select size from file_object").await;
    let second = test.second_server().await;
    let owner = test.db_text("select owner_id from file_object").await;
    let owner = huiyuan::file::Owner::Member(owner.parse().unwrap());
    let file = huiyuan::file::find(&second.app.db, &owner, &id.parse().unwrap()).await.unwrap();
    assert_eq!(file.as_ref().unwrap().size, size);
    assert!(huiyuan::file::serve(&second.app, &file.unwrap()).await.is_ok());
}

#[tokio::test]
async fn what_a_form_left_behind_is_deleted_after_a_day_and_nothing_else() {
    let test = TestApp::start_with(&[
        ("SECURITY__SESSION_IDLE_SECONDS", "999999"),
        ("SECURITY__SESSION_SECONDS", "999999"),
    ])
    .await;
    let member = member(&test, 5).await;
    let jpg = || vec![("voucher", "回单.jpg", "image/jpeg", photo())];
    let page = member.get("/dues/offline").await;
    let kept = page.submit_files("form#offline", &[("paid_on", "2026-11-24")], &jpg()).await;
    assert_eq!(kept.status, 303, "{}", kept.text());
    let refused = member.get("/dues/offline").await;
    let refused = refused.submit_files("form#offline", &[("amount", "x")], &jpg()).await;
    assert_eq!(refused.status, 422);
    let files = "select count(*) from file_object";
    assert_eq!(test.db_count(files).await, 2);
    test.advance(std::time::Duration::from_hours(23)).await;
    assert_eq!(delete_abandoned(&test.app).await.unwrap(), 0, "a form may lie open for a day");
    test.advance(std::time::Duration::from_hours(2)).await;
    assert_eq!(delete_abandoned(&test.app).await.unwrap(), 1);
    assert_eq!(test.db_count(files).await, 1);
    let chunks = "select count(*) from file_chunk";
    assert_eq!(test.db_count(chunks).await, 1, "with its content");
    let claimed = "select count(*) from offline_voucher v join file_object f on f.id = v.file_id";
    assert_eq!(test.db_count(claimed).await, 1, "a voucher stays");

    // The form that lay open too long: its file is asked for again, the rest of it is kept.
    let late = [("paid_on", "2026-11-24"), ("amount", "20"), ("bank_ref", "REF-1")];
    let late = refused.submit_files("form#offline", &late, &[]).await;
    assert_eq!(late.status, 422);
    assert!(late.error_of("voucher").contains("已超过保留时间，请重新上传"));
    assert_eq!(late.fields("form#offline")["bank_ref"], "REF-1");
}

#[tokio::test]
async fn a_photo_is_turned_upright_and_says_nothing_about_its_place() {
    let test = TestApp::start().await;
    let member = member(&test, 6).await;
    let mut exif = b"Exif\0\0MM\0\x2a\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0".to_vec();
    exif.extend_from_slice(b"\0\0\0\0GPS 32.06N 118.79E");
    let length = u16::try_from(exif.len() + 2).unwrap().to_be_bytes();
    let plain = photo();
    let photo = [&plain[..2], &[0xff, 0xe1], &length, &exif, &plain[2..]].concat();
    let sent = upload(&member, &[("现场.jpg", "image/jpeg", photo)]).await;
    assert_eq!(sent.status, 303, "{}", sent.text());
    let owner = huiyuan::file::Owner::Member(
        test.db_text("select owner_id from file_object").await.parse().unwrap(),
    );
    let id = test.db_text("select id from file_object").await.parse().unwrap();
    let offline = test.db_text("select id from offline_payment").await;
    assert!(huiyuan::file::find(&test.app.db, &owner, &id).await.unwrap().is_some());
    let url = member.url(&format!("/dues/offline/{offline}/vouchers/{id}"));
    let served = member.client.get(url).send().await.unwrap().bytes().await.unwrap();
    assert!(!served.windows(3).any(|bytes| bytes == b"GPS"));
    let upright = image::load_from_memory(&served).unwrap();
    assert_eq!((upright.width(), upright.height()), (40, 60));
}

#[tokio::test]
async fn five_files_are_enough_and_the_sixth_is_named() {
    let test = TestApp::start().await;
    let member = member(&test, 7).await;
    let files: Vec<_> = (0..6).map(|_| ("回单.jpg", "image/jpeg", photo())).collect();
    let refused = upload(&member, &files).await;
    assert_eq!(refused.status, 422);
    assert!(refused.error_of("voucher").contains("最多 5 个"));
    assert_eq!(refused.attributes("input[name=kept]", "value").len(), 5, "five are kept");
}
