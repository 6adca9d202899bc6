//! Online payment, from the bill to the books, with everything that can happen on the way.
//!
//! What breaks in practice (wechat.md 9), row by row, and the test that breaks it:
//!
//! | Row | Test |
//! |---|---|
//! | 1, 2 raw bytes, once | `forged::signatures_that_do_not_hold…`, `told::genuine_notices_of_every_shape…` |
//! | 3 headers | `forged::missing_doubled_empty…`, `told::header_names_may_be_written_in_any_case` |
//! | 4 signature probes | `forged::signatures…`, `told::notices_that_are_refused_or_wrong…`, `silence` |
//! | 5, 7 wrong, new and changed keys | `forged::signatures_that_do_not_hold…`, `told::genuine…` |
//! | 6 APIv3 key | `forged::what_does_not_open…`, `told::a_notice_sealed_with_the_key_before…` |
//! | 8 clocks | `forged::only_five_minutes_of_skew…`, `forged::a_replay…` |
//! | 9 forged "paid" | `forged`, `silence::paid_is_only_what_a_signed_answer_says` |
//! | 10 endless retries | `odd::the_answer_has_the_form…`, `money::a_hundred_copies…` |
//! | 11 200 on failure | `broken::an_error_in_the_middle…`, `broken::a_client_that_hangs_up…` |
//! | 12 credited twice | `told::notice_sweep_button_and_second_server…`, `broken::two_servers…` |
//! | 13 one fen off | `odd::plaintexts_that_are_no_payment…`, `odd::what_contradicts_the_order…` |
//! | 14 absent and new fields | `told::fields_that_are_new_or_absent…`, `told::genuine…` |
//! | 15 characters and 127 bytes | `order::characters_that_wechat_refuses…`, `refused::what_wechat_shows…` |
//! | 16 signed query strings | `sweep::a_payment_that_nobody_told…` (the sandbox checks what is signed) |
//! | 17 the same number again | `silence::a_code_that_cannot…`, `order::a_number_that_wechat_knows…` |
//! | 18 paid late, paid twice | `money::money_for_a_closed_order…`, `money::two_attempts…`, `phone::the_phone_takes_over…` |
//! | 19 refunded is paid | `order::a_refunded_payment…`, `order::money_that_went_back…`, `refund::practice` |
//! | 20 refunded twice | `refund::practice::no_answer_to_a_request…`, `refund::wechat` |
//! | 21 old XML | `refund::practice::the_end_of_a_refund_is_told…` |
//! | 22 H5's Referer | `browser::wechats_page_opens_only_from_our_site…` |
//! | 23 whose openid | `phone::another_phone_gets_a_payment_of_its_own`, `account::oauth` |
//! | 24 bills | `bill::a_bill_whose_hash_is_wrong…` |
//! | 25, 26 codes and snapshots | `account::oauth`, `account::binding` |
//! | 27, 28 tokens | `notice::a_refused_token_is_replaced_once…` |
//! | 29 offline and online | `offline::online`, `refund::interleaving` |

mod bill;
mod broken;
mod browser;
mod checkout;
mod contradiction;
mod forged;
mod link;
mod money;
mod odd;
mod order;
mod part;
mod phone;
mod records;
mod refused;
mod silence;
mod sweep;
mod told;

use huiyuan::payment::sweep::sweep_due;
use reqwest::Method;
use wechat_sandbox::{Sealed, SignNotice, State};

use crate::support::{Browser, TestApp, Unit, browser::Page};

const NOTIFY: &str = "/wechat/pay/notify";
const DUES: i64 = 200_000;

/// A member, signed in on a PC, with one open bill of 2,000 yuan.
struct Payer {
    test: TestApp,
    pc: Browser,
}

impl Payer {
    async fn start() -> Self {
        // Orders outlive an idle session; these tests watch both of their ends.
        let idle = ("SECURITY__SESSION_IDLE_SECONDS", "36000");
        let test = TestApp::start_with(&[idle]).await;
        let unit = Unit::sample(1);
        test.member(&unit).await;
        let pc = test.signed_in(&unit, 0).await;
        Self { test, pc }
    }

    async fn bill(&self) -> String {
        self.test.db_text("select id from dues_bill order by id limit 1").await
    }

    /// A bill of another year, as the next bill run would make it.
    async fn another_bill(&self, year: i64) -> String {
        let id = format!("bill-{year}");
        self.test
            .db_exec(&format!(
                "insert into dues_bill (id, no, member_id, year, item, standard_id, tier_id, \
                 level_id, gross, reduction, due, paid, status, due_on, memo_code, active_key, \
                 issued_ms) select '{id}', 'B{year}', member_id, {year}, item, standard_id, \
                 tier_id, level_id, gross, reduction, due, 0, 'open', due_on, 'HF{year}', '1', \
                 issued_ms from dues_bill order by id limit 1"
            ))
            .await;
        id
    }

    /// Ticks bills and presses 去缴费.
    async fn check_out(&self, bills: &[&str]) -> Page {
        let page = self.pc.get("/dues").await;
        let fields: Vec<(&str, &str)> = bills.iter().map(|bill| ("bill", *bill)).collect();
        page.submit_form("form[action='/dues/pay']", &fields).await
    }

    /// Pays the first bill's order up to the code; the pay page.
    async fn at_the_code(&self) -> Page {
        let done = self.check_out(&[&self.bill().await]).await;
        assert_eq!(done.status, 303, "{}", done.text());
        done.follow().await
    }

    /// Our number of the attempt that is alive.
    async fn number(&self) -> String {
        self.test
            .db_text("select out_trade_no from payment_attempt where live_key is not null")
            .await
    }

    async fn count(&self, sql: &str) -> i64 {
        self.test.db_count(&format!("select count(*) from {sql}")).await
    }

    /// Posts a notification as it is.
    async fn post(&self, sealed: &Sealed) -> Page {
        let headers: Vec<(&str, &str)> =
            sealed.headers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        self.test.browser().post_body(NOTIFY, &headers, sealed.bytes.clone()).await
    }

    fn sign(&self, wanted: &SignNotice) -> Sealed {
        self.test.sandbox.sign_notice(wanted).unwrap()
    }

    /// The genuine notification of an order.
    fn notice_of(&self, number: &str) -> Sealed {
        self.sign(&SignNotice { out_trade_no: Some(number.into()), ..SignNotice::default() })
    }

    async fn sweep(&self) {
        sweep_due(&self.test.app).await.unwrap();
    }

    async fn state(&self, pay: &Page) -> String {
        let path = format!("{}/state", pay.path);
        let json = [("accept", "application/json")];
        let answer = self.pc.ask(Method::GET, &path, &json).await;
        assert_eq!(answer.status, 200, "{}", answer.body);
        let value: serde_json::Value = serde_json::from_str(&answer.body).unwrap();
        value["state"].as_str().unwrap().to_owned()
    }

    /// Nothing lost, nothing doubled: the tables against WeChat's truth, straight from the tables.
    #[track_caller]
    fn balanced(&self) -> impl Future<Output = ()> + '_ {
        let caller = std::panic::Location::caller();
        async move {
            let test = &self.test;
            let sum = |what: &str| format!("select cast(coalesce(sum({what} as signed)");
            let of = |account: &str| {
                format!("{} from ledger_entry where account = '{account}'", sum("amount), 0)"))
            };
            let truth = test.sandbox.truth();
            let paid: i64 =
                truth.iter().filter(|t| t.state == State::Success).map(|t| t.total).sum();
            let allocated =
                format!("{} from allocation where source_kind = 'payment'", sum("amount), 0)"));
            let on_bills = test.db_count(&allocated).await;
            let parked = -test.db_count(&of("suspense")).await;
            assert_eq!(test.db_count(&of("wechat-clearing")).await, paid, "clearing: {caller}");
            assert_eq!(-test.db_count(&of("dues-income")).await, on_bills, "income: {caller}");
            assert_eq!(on_bills + parked, paid, "every fen: {caller}");
            let entries = format!("{} from ledger_entry", sum("amount), 0)"));
            assert_eq!(test.db_count(&entries).await, 0, "the ledger: {caller}");
            let bills = format!("{} from dues_bill", sum("paid), 0)"));
            let all = format!("{} from allocation", sum("amount), 0)"));
            assert_eq!(test.db_count(&bills).await, test.db_count(&all).await, "{caller}");
        }
    }
}
