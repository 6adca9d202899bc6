//! Whatever happens in whichever order, on two servers and one that dies, the books are right and
//! say what WeChat knows (quality.md 7). The seed of a failing walk stands in its message;
//! `INTERLEAVING_SEED` repeats it, `INTERLEAVING_SEEDS` walks so many fresh ones.

mod crash;
mod office;

use std::time::Duration;

use huiyuan::{kernel::Ids, payment::sweep::sweep_due, web::App};
use rand::{RngExt as _, SeedableRng as _, rngs::StdRng};
use wechat_sandbox::{Mishap, RefundStatus, Sealed, SignNotice};

use super::Till;
use crate::{
    offline::{
        decision::{confirm, next_in_queue},
        report,
    },
    support::Second,
};

const STEPS: usize = 16;
/// How many tests share the seeds.
const TESTS: u64 = 2;

#[derive(Clone, Copy, Debug)]
enum Event {
    Order,
    Pay,
    LatePay,
    Silence,
    Copies,
    Expire,
    Transfer,
    Confirm,
    Reverse,
    GiveBack,
    Refund,
    Approve,
    Reject,
    Trouble,
    Push,
    Crash,
}

const EVENTS: [Event; 16] = [
    Event::Order,
    Event::Pay,
    Event::LatePay,
    Event::Silence,
    Event::Copies,
    Event::Expire,
    Event::Transfer,
    Event::Confirm,
    Event::Reverse,
    Event::GiveBack,
    Event::Refund,
    Event::Approve,
    Event::Reject,
    Event::Trouble,
    Event::Push,
    Event::Crash,
];

/// A walk: the till, and a second server beside it.
struct Walk {
    till: Till,
    second: Second,
}

impl std::ops::Deref for Walk {
    type Target = Till;

    fn deref(&self) -> &Till {
        &self.till
    }
}

impl Walk {
    /// Any order of ours, chosen by chance; `None` before the first.
    fn any_order(&self, chance: &mut StdRng) -> Option<String> {
        let orders = self.test.sandbox.orders();
        if orders.is_empty() {
            return None;
        }
        Some(orders[chance.random_range(0..orders.len())].out_trade_no.clone())
    }

    async fn happen(&self, event: Event, chance: &mut StdRng) {
        let sandbox = &self.test.sandbox;
        match event {
            Event::Order => self.try_order().await,
            // WeChat itself refuses what cannot be paid; that is no failure here.
            Event::Pay => {
                if let Some(number) = self.any_order(chance) {
                    let _ = sandbox.pay(&number, "xiaolin");
                    sandbox.settle().await;
                }
            }
            Event::LatePay => {
                if let Some(number) = self.any_order(chance) {
                    let _ = sandbox.force_pay(&number, "xiaozhou");
                    sandbox.settle().await;
                }
            }
            Event::Silence => sandbox.mishap(Mishap::NoNotification),
            Event::Copies => self.copies(chance).await,
            Event::Expire => {
                self.test.advance(Duration::from_mins(31)).await;
                sweep_due(self.either(chance)).await.unwrap();
            }
            Event::Crash => self.crash(chance).await,
            Event::Transfer => {
                if self.pc.get("/dues/offline").await.attribute("form#offline", "action").is_some()
                {
                    report(&self.pc, &[]).await;
                }
            }
            Event::Confirm => {
                let queue = self.one.get("/admin/offline").await;
                if queue.attribute(".table a.btn", "href").is_some() {
                    confirm(&next_in_queue(&self.one).await).await;
                }
            }
            Event::Reverse => self.reversal().await,
            Event::GiveBack => self.give_back().await,
            Event::Refund | Event::Approve | Event::Reject | Event::Trouble | Event::Push => {
                self.refunding(event, chance).await;
            }
        }
    }

    /// One of the two servers.
    fn either(&self, chance: &mut StdRng) -> &App {
        if chance.random() { &self.test.app } else { &self.second.app }
    }

    /// The notice of some order that WeChat has been paid for.
    fn notice(&self, chance: &mut StdRng) -> Option<Sealed> {
        let number = self.any_order(chance)?;
        self.test.sandbox.truth_of(&number)?.transaction_id?;
        Some(self.sign(&SignNotice { out_trade_no: Some(number), ..SignNotice::default() }))
    }

    async fn try_order(&self) {
        let page = self.pc.get("/dues").await;
        let bills = page.attributes("input[name=bill]", "value");
        let fields: Vec<(&str, &str)> = bills.iter().map(|bill| ("bill", bill.as_str())).collect();
        if !fields.is_empty() {
            let done = page.submit_form("form[action='/dues/pay']", &fields).await;
            if done.status == 303 {
                done.follow().await;
            }
        }
    }

    async fn copies(&self, chance: &mut StdRng) {
        let Some(sealed) = self.notice(chance) else { return };
        let headers: Vec<(&str, &str)> =
            sealed.headers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let both = [self.test.address, self.second.address];
        let tell = |here| {
            let (browser, body) = (self.test.browser().on(here), sealed.bytes.clone());
            let headers = &headers;
            async move { browser.post_body("/wechat/pay/notify", headers, body).await.status }
        };
        for _ in 0..chance.random_range(1..3) {
            let (one, two) = tokio::join!(tell(both[0]), tell(both[1]));
            for status in [one, two] {
                // Who is in the other's way may be told to come again.
                assert!(matches!(status, 204 | 503), "{status}");
            }
            assert_eq!(tell(both[1]).await, 204);
        }
    }

    /// What is still open at WeChat comes to an end.
    async fn end_everything(&self) {
        self.test.sandbox.clear_mishaps();
        for order in self.test.sandbox.truth() {
            for refund in order.refunds {
                self.test.sandbox.finish_refund(&refund.out_refund_no, RefundStatus::Success);
            }
        }
        self.test.sandbox.settle().await;
        // Money for an attempt that was closed, with no notice ever, is the daily bill's to find:
        // here WeChat tells it once more.
        for order in self.test.sandbox.truth() {
            if order.transaction_id.is_some() {
                let number = Some(order.out_trade_no);
                let sealed = self.sign(&SignNotice { out_trade_no: number, ..Default::default() });
                assert_eq!(self.post("/wechat/pay/notify", &sealed).await, 204);
            }
        }
        for _ in 0..3 {
            self.test.advance(Duration::from_mins(31)).await;
            sweep_due(&self.test.app).await.unwrap();
            huiyuan::refund::push_due(&self.test.app).await.unwrap();
        }
    }
}

async fn run(seed: u64) {
    let mut chance = StdRng::seed_from_u64(seed);
    let till = Till::open().await;
    till.bill(2025).await;
    let second = till.test.second_server().await;
    let walk = Walk { till, second };
    let mut story = Vec::new();
    for _ in 0..STEPS {
        let event = EVENTS[chance.random_range(0..EVENTS.len())];
        story.push(event);
        walk.happen(event, &mut chance).await;
        let report = walk.verify().await;
        assert!(report.is_sound(), "INTERLEAVING_SEED={seed} {story:?}: {:#?}", report.findings);
    }
    walk.end_everything().await;
    walk.sound().await;
    let (books, truth) = (walk.balance("wechat-clearing").await, super::truth(&walk.test));
    assert_eq!(books, truth, "INTERLEAVING_SEED={seed} {story:?}");
}

fn asked_for(name: &str) -> Option<u64> {
    std::env::var(name).ok().and_then(|text| text.parse().ok())
}

/// The seeds of one of the tests below, which run side by side.
async fn walks(fixed: std::ops::Range<u64>) {
    let fresh = || Ids::system().digits(9).parse().unwrap();
    let seeds: Vec<u64> = match (asked_for("INTERLEAVING_SEED"), asked_for("INTERLEAVING_SEEDS")) {
        (Some(seed), _) => vec![seed],
        (None, Some(count)) => (0..count.div_ceil(TESTS)).map(|_| fresh()).collect(),
        (None, None) => fixed.chain([fresh()]).collect(),
    };
    for seed in seeds {
        run(seed).await;
    }
}

#[tokio::test]
async fn the_books_are_right_after_every_sequence_of_events() {
    walks(1..4).await;
}

#[tokio::test]
async fn and_after_as_many_others() {
    walks(4..7).await;
}
