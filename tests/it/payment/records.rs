//! 支付记录 of members and of finance: pages by key from both ends, every search by an index.

use huiyuan::staff::Role;

use super::Payer;

impl Payer {
    /// Closed attempts of the first order, made one a minute on the first of March.
    async fn many(&self, count: u32) {
        for n in 0..count {
            let no = format!("P20260301{:02}{:02}00000000000", 8 + n / 60, n % 60);
            self.test
                .db_exec(&format!(
                    "insert into payment_attempt (out_trade_no, order_id, member_id, trade_type, \
                     app_id, mch_id, amount, payer_index, code_url, prepay_id, code_until_ms, \
                     status, created_ms, expires_ms, query_count) select '{no}', id, member_id, \
                     'h5', 'wx', 'm', amount, '', '', '', 0, 'closed', 1772323200000, \
                     1772323200000, 0 from payment_order limit 1"
                ))
                .await;
        }
    }
}

#[tokio::test]
async fn pages_are_turned_by_key_from_both_ends() {
    let payer = Payer::start().await;
    payer.at_the_code().await;
    payer.many(45).await;
    let numbers = |page: &crate::support::browser::Page| page.texts("td .pay-number-soft");
    let link = |page: &crate::support::browser::Page, words: &str| {
        let hrefs = page.attributes(".pager a", "href");
        let texts = page.texts(".pager a");
        texts.iter().position(|text| text == words).map(|at| hrefs[at].clone())
    };

    let first = payer.pc.get("/payments").await;
    let second = payer.pc.get(&link(&first, "下一页").unwrap()).await;
    let last = payer.pc.get(&link(&first, "末页").unwrap()).await;

    assert_eq!((numbers(&first).len(), numbers(&second).len(), numbers(&last).len()), (20, 20, 20));
    assert!(numbers(&first).last() > numbers(&second).first());
    assert_eq!(numbers(&last).last().unwrap(), "P202603010800000000000000".get(..24).unwrap());
    assert_eq!(link(&first, "首页").or(link(&first, "上一页")), None);
    assert_eq!(link(&last, "下一页").or(link(&last, "末页")), None);
    let back = payer.pc.get(&link(&second, "上一页").unwrap()).await;
    assert_eq!(numbers(&back), numbers(&first));
    let front = payer.pc.get(&link(&last, "首页").unwrap()).await;
    assert_eq!(numbers(&front), numbers(&first));
}

#[tokio::test]
async fn finance_finds_a_payment_by_each_of_its_names() {
    let payer = Payer::start().await;
    payer.at_the_code().await;
    let number = payer.number().await;
    payer.test.sandbox.pay(&number, "xiaolin").unwrap();
    payer.test.sandbox.settle().await;
    payer.many(3).await;
    let test = &payer.test;
    let transaction = test
        .db_text("select transaction_id from payment_attempt where transaction_id is not null")
        .await;
    let order = test.db_text("select no from payment_order").await;
    let uscc = test.db_text("select uscc from member").await;
    let finance = test.staff(Role::Finance).await;

    for (query, rows) in [
        (String::new(), 4),
        (format!("number={number}"), 1),
        (format!("number={transaction}"), 1),
        (format!("number={order}"), 4),
        ("number=P999".into(), 0),
        (format!("unit={uscc}"), 4),
        ("unit=%E7%BD%91%E7%BB%9C".into(), 4),
        ("unit=%E6%B2%A1%E6%9C%89".into(), 0),
        ("status=success".into(), 1),
        ("status=closed".into(), 3),
        ("day=2026-03-01".into(), 3),
        ("day=2026-03-02".into(), 0),
        ("day=2026-03-01&status=success".into(), 0),
        ("day=rubbish&status=rubbish&before=x'".into(), 4),
    ] {
        let page = finance.get(&format!("/admin/payments?{query}")).await;
        assert_eq!(page.status, 200, "{query}");
        assert_eq!(page.texts("td .pay-number").len(), rows, "{query}: {}", page.text());
    }
}
