//! The queue: searching, narrowing, and deciding several at once.

use huiyuan::staff::Role;

use crate::support::{TestApp, Unit, browser::Page, with};

const FIND: &str = "form.filters";
const BATCH: &str = "form#batch";

async fn found(page: &Page, fields: &[(&str, &str)]) -> Page {
    page.submit_form(FIND, fields).await.follow().await
}

#[tokio::test]
async fn applications_are_found_by_name_code_number_and_mobile() {
    let test = TestApp::start().await;
    let (one, two) = (Unit::sample(1), Unit::sample(2));
    test.register(&one).await;
    test.register(&two).await;
    let no = format!("select no from registration where uscc = '{}'", one.uscc);
    let no = test.db_text(&no).await;
    let queue = test.staff(Role::Auditor).await.get("/admin/registrations").await;

    for typed in ["科技（1）", &one.uscc.to_lowercase(), &no, &one.legal_mobile] {
        let page = found(&queue, &[("q", typed)]).await;
        page.must_say(&one.name);
        assert!(!page.says(&two.name), "{typed}");
        assert!(!page.path.contains(&one.legal_mobile));
    }
    found(&queue, &[("q", "100%")]).await.must_say("没有符合条件的申请");
    found(&queue, &[("channel", "h5")]).await.must_say("没有符合条件的申请");
    assert!(found(&queue, &[("user_type", "enterprise")]).await.says(&two.name));
}

#[tokio::test]
async fn what_is_late_is_found_and_names_alike_are_hinted_at() {
    let test = TestApp::start().await;
    let (old, new) = (Unit::sample(1), Unit::sample(2));
    let named = with(old.form(), &[("name", "江苏示例光纤通信有限公司")]);
    assert_eq!(test.browser().get("/register").await.submit(&named).await.status, 303);
    test.advance(std::time::Duration::from_hours(8 * 24)).await;
    let alike = with(new.form(), &[("name", "南京示例光纤通信有限责任公司")]);
    assert_eq!(test.browser().get("/register").await.submit(&alike).await.status, 303);

    let staff = test.staff(Role::Membership).await;
    let queue = staff.get("/admin/registrations").await;
    queue.must_say("名称与 1 份申请相近");
    let late = found(&queue, &[("flag", "late")]).await;
    late.must_say("江苏示例光纤通信有限公司");
    assert!(!late.says("南京示例光纤"));
    let sheet = queue.attribute("main tbody a", "href").unwrap();
    staff.get(&sheet).await.must_say("申请，待审核；名称相近");
}

#[tokio::test]
async fn several_are_decided_at_once_and_each_answer_is_told() {
    let test = TestApp::start().await;
    for n in 1..=3 {
        test.register(&Unit::sample(n)).await;
    }
    let staff = test.staff(Role::Membership).await;
    let queue = staff.get("/admin/registrations").await;
    let picks = queue.attributes("input[name=pick]", "value");
    assert_eq!(picks.len(), 3);
    // Another reviewer is faster with the first one.
    let id = picks[0].split(':').next().unwrap();
    let other = test.staff(Role::Super).await;
    let sheet = other.get(&format!("/admin/registrations/{id}")).await;
    sheet.submit_form("form[action$='/reject']", &[("reason", "重复")]).await;

    let mut fields: Vec<(&str, &str)> = picks.iter().map(|pick| ("pick", pick.as_str())).collect();
    fields.extend([("act", "approve"), ("level", "member")]);
    let outcome = queue.submit_form(BATCH, &fields).await;
    assert_eq!(outcome.status, 303, "{}", outcome.text());
    let told = outcome.follow().await;
    told.must_say("共 3 份，已生效 2 份");
    told.must_say("审核为不通过，您的操作未生效");
    assert_eq!(test.db_count("select count(*) from member").await, 2);
    let address = outcome.location().unwrap();
    assert_eq!(other.get(&address).await.status, 404, "a batch is its author's");
}

#[tokio::test]
async fn a_batch_that_lacks_something_decides_nothing_and_keeps_what_was_picked() {
    let test = TestApp::start().await;
    test.register(&Unit::sample(1)).await;
    let queue = test.staff(Role::Membership).await.get("/admin/registrations").await;
    let pick = queue.attribute("input[name=pick]", "value").unwrap();

    let none = queue.submit_form(BATCH, &[("act", "approve")]).await;
    assert_eq!(none.status, 422);
    none.must_say("请先勾选要处理的申请");
    let wordless = queue.submit_form(BATCH, &[("pick", &pick), ("act", "reject")]).await;
    assert_eq!(wordless.status, 422);
    wordless.must_say("请选择或填写不通过的原因");
    assert_eq!(
        wordless.attributes("input[name=pick][checked]", "value"),
        std::slice::from_ref(&pick)
    );
    let fieldless = queue.submit_form(BATCH, &[("pick", &pick), ("act", "return")]).await;
    assert!(fieldless.error_of("defect").contains("补正的内容"));
    let back = [("pick", pick.as_str()), ("act", "return"), ("defect", "scan")];
    queue.submit_form(BATCH, &back).await.follow().await.must_say("已退回补正");
    assert_eq!(test.db_text("select status from registration").await, "returned");

    let reader = test.staff(Role::Auditor).await.get("/admin/registrations").await;
    assert!(reader.attributes("input[name=pick]", "value").is_empty());
}
