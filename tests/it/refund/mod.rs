//! 退款, parked money and the proof of the books, told through HTTP.

mod bill;
mod books;
mod command;
mod foreign;
mod interleaving;
mod parked;
mod practice;
mod receipts;
mod rules;
mod wechat;

use huiyuan::{
    reconcile::{
        check::{self, Cause},
        verify::Report,
    },
    refund::push_due,
    staff::Role,
};
use wechat_sandbox::{RefundStatus, Sealed, SignNotice, State};

use crate::support::{Browser, TestApp, Unit, browser::Page};

/// A member with one open bill of 2,000 yuan, and two people of finance.
pub struct Till {
    pub test: TestApp,
    pub pc: Browser,
    pub one: Browser,
    pub two: Browser,
}

impl Till {
    pub async fn open() -> Self {
        Self::open_with(&[]).await
    }

    pub async fn open_with(extra: &[(&str, &str)]) -> Self {
        let mut settings = vec![("SECURITY__SESSION_IDLE_SECONDS", "36000")];
        settings.extend_from_slice(extra);
        let test = TestApp::start_with(&settings).await;
        let unit = Unit::sample(1);
        test.member(&unit).await;
        let pc = test.signed_in(&unit, 0).await;
        let (one, two) = (test.staff(Role::Finance).await, test.staff(Role::Finance).await);
        Self { test, pc, one, two }
    }

    /// A bill of another year, as a bill run would make it.
    pub async fn bill(&self, year: i64) {
        self.test
            .db_exec(&format!(
                "insert into dues_bill (id, no, member_id, year, item, standard_id, tier_id, \
                 level_id, gross, reduction, due, paid, status, due_on, memo_code, active_key, \
                 issued_ms) select 'bill-{year}', 'B{year}', member_id, {year}, item, \
                 standard_id, tier_id, level_id, gross, reduction, due, 0, 'open', due_on, \
                 'HF{year}', '1', issued_ms from dues_bill order by id limit 1"
            ))
            .await;
    }

    /// Makes an order of every open bill; our number of its attempt.
    pub async fn order(&self) -> String {
        let page = self.pc.get("/dues").await;
        let bills = page.attributes("input[name=bill]", "value");
        let fields: Vec<(&str, &str)> = bills.iter().map(|bill| ("bill", bill.as_str())).collect();
        let done = page.submit_form("form[action='/dues/pay']", &fields).await;
        assert_eq!(done.status, 303, "{}", done.text());
        done.follow().await;
        self.test
            .db_text("select out_trade_no from payment_attempt where live_key is not null")
            .await
    }

    /// Pays every open bill; our number.
    pub async fn paid(&self) -> String {
        let number = self.order().await;
        self.test.sandbox.pay(&number, "xiaolin").unwrap();
        self.test.sandbox.settle().await;
        number
    }

    /// Asks for a refund of what the page proposes, with these changes; the answer.
    pub async fn ask(&self, by: &Browser, number: &str, changes: &[(&str, &str)]) -> Page {
        // Ids are ordered by time; two of the same millisecond are not.
        self.test.advance(std::time::Duration::from_millis(5)).await;
        let page = by.get(&format!("/admin/refunds/new?number={number}")).await;
        let mut fields = vec![("reason", "重复缴费")];
        fields.retain(|(name, _)| changes.iter().all(|(changed, _)| changed != name));
        fields.extend_from_slice(changes);
        page.submit_form("form#ask", &fields).await
    }

    /// Asks for a refund by a bank transfer that was made before, with its receipt.
    pub async fn ask_by_bank(&self, number: &str, changes: &[(&str, &str)]) -> Page {
        self.test.advance(std::time::Duration::from_millis(5)).await;
        let page = self.one.get(&format!("/admin/refunds/new?number={number}")).await;
        let mut fields = vec![
            ("means", "bank"),
            ("reason", "重复缴费"),
            ("paid_by", "出纳 王丽"),
            ("paid_on", "2026-11-24"),
            ("evidence", "BANK-20261124-1"),
        ];
        fields.retain(|(name, _)| changes.iter().all(|(changed, _)| changed != name));
        fields.extend_from_slice(changes);
        let files = [("receipt", "回单.jpg", "image/jpeg", crate::offline::photo())];
        page.submit_files("form#ask", &fields, &files).await
    }

    /// The page of the newest refund, as this person sees it.
    pub async fn newest(&self, by: &Browser) -> Page {
        let id = self.test.db_text("select id from refund order by id desc limit 1").await;
        by.get(&format!("/admin/refunds/{id}")).await
    }

    /// The second person agrees.
    pub async fn approve(&self, by: &Browser) -> Page {
        self.newest(by).await.submit_form("form#approve", &[("reason", "同意")]).await
    }

    /// Asked for by one, approved by two, and pushed.
    pub async fn refund(&self, number: &str, changes: &[(&str, &str)]) {
        let asked = self.ask(&self.one, number, changes).await;
        assert_eq!(asked.status, 303, "{}", asked.text());
        let approved = self.approve(&self.two).await;
        assert_eq!(approved.status, 303, "{}", approved.text());
    }

    /// Lets time pass until WeChat has ended what it can end, and the job has asked.
    pub async fn wait(&self) {
        self.test.advance(std::time::Duration::from_mins(2)).await;
        push_due(&self.test.app).await.unwrap();
    }

    pub async fn status(&self) -> String {
        self.test.db_text("select status from refund order by id desc limit 1").await
    }

    pub async fn count(&self, sql: &str) -> i64 {
        self.test.db_count(&format!("select count(*) from {sql}")).await
    }

    pub async fn balance(&self, account: &str) -> i64 {
        let sql = "select cast(coalesce(sum(amount), 0) as signed) from ledger_entry";
        self.test.db_count(&format!("{sql} where account = '{account}'")).await
    }

    pub fn sign(&self, wanted: &SignNotice) -> Sealed {
        self.test.sandbox.sign_notice(wanted).unwrap()
    }

    pub async fn post(&self, path: &str, sealed: &Sealed) -> u16 {
        let headers: Vec<(&str, &str)> =
            sealed.headers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        self.test.browser().post_body(path, &headers, sealed.bytes.clone()).await.status
    }

    /// Compares everything with everything.
    pub async fn verify(&self) -> Report {
        verify(&self.test).await
    }

    /// The books are right, and they say what WeChat knows.
    #[track_caller]
    pub fn sound(&self) -> impl Future<Output = ()> + '_ {
        let caller = std::panic::Location::caller();
        async move {
            let report = self.verify().await;
            assert!(report.is_sound(), "{caller}: {:#?}", report.findings);
            assert!(report.checked > 0, "{caller}: nothing was compared");
            assert_eq!(self.balance("wechat-clearing").await, truth(&self.test), "{caller}");
        }
    }
}

pub async fn verify(test: &TestApp) -> Report {
    let id = check::begin(&test.app, Cause::Command).await.unwrap().unwrap();
    check::run(&test.app, &id, |_| {}).await.unwrap()
}

/// What WeChat holds for the merchant: paid, less what went back.
pub fn truth(test: &TestApp) -> i64 {
    let paid = |state| matches!(state, State::Success | State::Refund);
    let all = test.sandbox.truth().into_iter().filter(|order| paid(order.state));
    all.map(|order| {
        let gone = order.refunds.iter().filter(|one| one.status == RefundStatus::Success);
        order.total - gone.map(|one| one.refund).sum::<i64>()
    })
    .sum()
}
