//! F63: what is not owed cannot be paid, and what it costs is never the browser's to say; and what
//! a bill is called, so that a payer can tell two of one year apart.

use super::{DUES, Payer};
use crate::support::{Unit, browser::Page};

impl Payer {
    /// The form of a surface, as anybody could send it.
    async fn send(&self, path: &str, token: &str, fields: &[(&str, &str)]) -> Page {
        let mut all = vec![("csrf", token)];
        all.extend_from_slice(fields);
        self.pc.post_raw(path, &all).await
    }

    async fn tokens(&self) -> [(&'static str, String); 2] {
        let of = async |path: &str| {
            let page = self.pc.get(path).await;
            page.fields(&format!("form[action='{path}'], form[action='{path}/pay']"))["csrf"]
                .clone()
        };
        [("/dues/pay", of("/dues").await), ("/h5/dues", of("/h5/dues").await)]
    }
}

#[tokio::test]
async fn bills_that_are_not_owed_are_refused_on_every_surface() {
    let payer = Payer::start().await;
    let own = payer.bill().await;
    let other = payer.another_bill(2025).await;
    let tokens = payer.tokens().await;
    let states = [
        "status = 'paid', paid = due",
        "status = 'refunded', paid = 0, refunded = due",
        "status = 'part-refunded', refunded = 1, paid = due - 1",
        "status = 'waived', paid = 0, refunded = 0, reduction = gross, due = 0",
        "status = 'void', active_key = null",
    ];
    for state in states {
        payer.test.db_exec(&format!("update dues_bill set {state} where id = '{own}'")).await;
        for (path, token) in &tokens {
            for bills in [vec![("bill", own.as_str())], vec![("bill", &own), ("bill", &other)]] {
                let refused = payer.send(path, token, &bills).await;
                assert_eq!(refused.status, 409, "{path} {state}");
                refused.must_say("请刷新页面后重新选择");
            }
        }
    }
    // The bill of a year that was not issued does not exist, whatever it is called.
    for (path, token) in &tokens {
        for unknown in ["bill-2027", "2027", "", "0193", "' or ''='", "😀"] {
            assert_eq!(
                payer.send(path, token, &[("bill", unknown)]).await.status,
                409,
                "{unknown}"
            );
        }
        let many: Vec<String> = (0..21).map(|i| format!("b{i}")).collect();
        let many: Vec<(&str, &str)> = many.iter().map(|bill| ("bill", bill.as_str())).collect();
        assert_eq!(payer.send(path, token, &many).await.status, 303, "too many to be meant");
    }
    assert_eq!(payer.count("payment_order").await, 0);
    assert!(payer.test.sandbox.orders().is_empty());
}

#[tokio::test]
async fn duplicates_count_once_and_no_field_changes_the_amount() {
    let payer = Payer::start().await;
    let own = payer.bill().await;
    for (path, token) in payer.tokens().await {
        let fields = [
            ("bill", own.as_str()),
            ("bill", &own),
            ("bill", &own),
            ("amount", "1"),
            ("total", "1"),
            ("fen", "1"),
            ("remaining", "0.01"),
            ("member", "somebody"),
        ];
        assert_eq!(payer.send(path, &token, &fields).await.status, 303, "{path}");
    }
    assert_eq!(payer.count("payment_order").await, 1, "both surfaces mean the same order");
    assert_eq!(payer.count("payment_order_bill").await, 1);
    assert_eq!(payer.test.db_count("select amount from payment_order").await, DUES);
    assert_eq!(payer.test.sandbox.orders()[0].total, DUES);
}

#[tokio::test]
async fn an_order_whose_bill_is_gone_gets_no_new_code() {
    let payer = Payer::start().await;
    let pc = payer.at_the_code().await;
    let number = payer.number().await;
    // The payer cancels at the phone, and the secretariat voids the bill meanwhile.
    payer.test.db_exec("update payment_attempt set status = 'closed', live_key = null").await;
    payer.test.db_exec("update dues_bill set status = 'void', active_key = null").await;
    let page = payer.pc.get(&pc.path).await;

    let over = page.submit_form("form[action^='/pay/']", &[]).await.follow().await;

    over.must_say("订单已关闭");
    assert_eq!(payer.count("payment_attempt").await, 1);
    assert_eq!(payer.test.sandbox.orders().len(), 1, "{number}");
    let again = over.submit_form("form[action='/dues/pay']", &[]).await;
    assert_eq!(again.status, 409, "the closed page offers them, the server does not");
}

#[tokio::test]
async fn nobody_pays_for_somebody_elses_bill_even_among_the_own() {
    let payer = Payer::start().await;
    let own = payer.bill().await;
    let unit = Unit::sample(2);
    payer.test.member(&unit).await;
    let foreign =
        payer.test.db_text(&format!("select id from dues_bill where id <> '{own}'")).await;
    for (path, token) in payer.tokens().await {
        for bills in [vec![("bill", foreign.as_str())], vec![("bill", &own), ("bill", &foreign)]] {
            assert_eq!(payer.send(path, &token, &bills).await.status, 409, "{path}");
        }
    }
    assert_eq!(payer.count("payment_order").await, 0);
}

#[tokio::test]
async fn a_difference_is_told_from_the_dues_of_its_year_everywhere() {
    let payer = Payer::start().await;
    let own = payer.bill().await;
    let difference = payer.another_bill(2025).await;
    let as_difference = "update dues_bill set year = 2026, item = 'difference-1' where id";
    payer.test.db_exec(&format!("{as_difference} = '{difference}'")).await;
    let both = "2026 年度会费、2026 年度等级调整差额";
    for path in ["/h5/dues", "/h5/", "/dues/offline", "/dues/links"] {
        let page = payer.pc.get(path).await;
        page.must_say("2026 年度会费");
        page.must_say("2026 年度等级调整差额");
    }

    let pay = payer.check_out(&[&own, &difference]).await.follow().await;

    pay.must_say(both);
    let said = payer.test.sandbox.orders()[0].request["description"].clone();
    assert_eq!(said, format!("省互联网协会{both}"));
    payer.test.sandbox.pay(&payer.number().await, "xiaolin").unwrap();
    payer.test.sandbox.settle().await;
    let receipts = payer.pc.get("/receipts").await;
    receipts.must_say(both);
    let paid = payer.pc.get(&pay.path).await;
    let receipt = paid.attribute("a[href^='/receipts/']", "href").unwrap();
    let receipt = payer.pc.get(&receipt).await;
    receipt.must_say("2026 年度会费");
    receipt.must_say("2026 年度等级调整差额");
    payer.balanced().await;
}

#[tokio::test]
async fn what_wechat_shows_is_cut_on_a_character_however_many_years_there_are() {
    let payer = Payer::start().await;
    let mut bills = vec![payer.bill().await];
    for year in 2010..2026 {
        bills.push(payer.another_bill(year).await);
    }
    let bills: Vec<&str> = bills.iter().map(String::as_str).collect();

    let page = payer.check_out(&bills).await.follow().await;

    // The sandbox refuses more than 127 bytes, as WeChat does.
    page.must_say("请用微信扫一扫付款");
    page.must_say("2025、2026 年度会费");
    let said = payer.test.sandbox.orders()[0].request["description"].clone();
    let said = said.as_str().unwrap();
    assert!((125..=127).contains(&said.len()), "{said}");
    assert!(said.starts_with("省互联网协会2010、2011、"), "{said}");
}
