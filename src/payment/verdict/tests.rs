//! Every order of events leaves every fen on a bill or in suspense, once.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;

const PRICE: Fen = Fen::yuan(2000);

/// One order, its attempts and its bill, moved only as the store moves them.
struct Books {
    order: OrderStatus,
    attempts: [(AttemptStatus, Option<String>); 2],
    bill_is_owed: bool,
    /// Online money on the bill.
    applied: Vec<String>,
    parked: BTreeMap<String, (Oddity, Fen)>,
    /// Transactions of which WeChat told us, with what they brought.
    accepted: BTreeMap<String, Fen>,
}

#[derive(Clone, Debug)]
enum Event {
    /// WeChat says that an attempt is paid; `copy` tells apart what it should never tell apart.
    Paid { attempt: usize, copy: u8, wrong_by: i64 },
    /// WeChat has closed an attempt.
    Closed { attempt: usize },
    /// The order's time is over.
    Expired,
    /// The bill was paid by transfer.
    Transfer,
}

fn event() -> impl Strategy<Value = Event> {
    let wrong = prop_oneof![8 => Just(0), 1 => Just(1), 1 => Just(-1)];
    prop_oneof![
        6 => (0..2usize, 0..2u8, wrong)
            .prop_map(|(attempt, copy, wrong_by)| Event::Paid { attempt, copy, wrong_by }),
        2 => (0..2usize).prop_map(|attempt| Event::Closed { attempt }),
        1 => Just(Event::Expired),
        1 => Just(Event::Transfer),
    ]
}

fn said(transaction: &str, total: Fen) -> Transaction {
    Transaction {
        app_id: "wx1".into(),
        mch_id: "1900000109".into(),
        out_trade_no: "P1".into(),
        transaction_id: Some(transaction.into()),
        trade_type: "NATIVE".into(),
        trade_state: TradeState::Success,
        success_time: None,
        amount_total: total,
        payer_total: None,
        currency: "CNY".into(),
        payer_open_id: None,
    }
}

impl Books {
    fn new() -> Self {
        Self {
            order: OrderStatus::Pending,
            attempts: [(AttemptStatus::Prepaid, None), (AttemptStatus::Unknown, None)],
            bill_is_owed: true,
            applied: Vec::new(),
            parked: BTreeMap::new(),
            accepted: BTreeMap::new(),
        }
    }

    fn happens(&mut self, event: &Event) {
        match *event {
            Event::Paid { attempt, copy, wrong_by } => {
                let total = PRICE.checked_add(Fen::new(wrong_by)).unwrap();
                self.paid(attempt, &format!("T{attempt}{copy}"), total);
            }
            Event::Closed { attempt } if self.attempts[attempt].0.is_alive() => {
                self.attempts[attempt].0 = AttemptStatus::Closed;
            }
            Event::Expired
                if self.order == OrderStatus::Pending
                    && !self.attempts.iter().any(|(status, _)| status.is_alive()) =>
            {
                self.order = OrderStatus::Closed;
            }
            Event::Transfer => self.bill_is_owed = false,
            Event::Closed { .. } | Event::Expired => {}
        }
    }

    fn paid(&mut self, attempt: usize, transaction: &str, total: Fen) {
        let (status, paid_by) = &self.attempts[attempt];
        let standing = Standing {
            attempt: *status,
            order: self.order,
            amount: PRICE,
            app_id: "wx1",
            mch_id: "1900000109",
            transaction: paid_by.as_deref(),
            is_other_payer: false,
            is_taken: false,
            parked: self.parked.get(transaction).map(|(oddity, _)| *oddity),
        };
        let verdict = judge(Some(&standing), &said(transaction, total));
        match verdict {
            Verdict::Accept { late } => {
                self.forget(transaction);
                let fits = if late { AttemptStatus::Late } else { AttemptStatus::Success };
                let status = if self.bill_is_owed { fits } else { AttemptStatus::Duplicate };
                self.attempts[attempt] = (status, Some(transaction.into()));
                if self.bill_is_owed {
                    self.bill_is_owed = false;
                    self.order = OrderStatus::Paid;
                    self.applied.push(transaction.into());
                } else {
                    self.order = OrderStatus::Closed;
                    self.parked.insert(transaction.into(), (Oddity::Duplicate, total));
                }
                self.accepted.insert(transaction.into(), total);
            }
            Verdict::Second => {
                self.forget(transaction);
                if self.attempts[attempt].1.is_none() {
                    self.attempts[attempt] = (AttemptStatus::Duplicate, Some(transaction.into()));
                }
                self.parked.insert(transaction.into(), (Oddity::Duplicate, total));
                self.accepted.insert(transaction.into(), total);
            }
            Verdict::Park(oddity) => {
                // The first reading is kept until a right one comes.
                self.parked.entry(transaction.into()).or_insert((oddity, total));
                self.accepted.entry(transaction.into()).or_insert(total);
            }
            Verdict::Repeat | Verdict::Contradiction | Verdict::NotPaid => {}
        }
    }

    fn forget(&mut self, transaction: &str) {
        self.parked.remove(transaction);
        self.accepted.remove(transaction);
    }
}

proptest! {
    #[test]
    fn no_order_of_events_loses_or_doubles_a_fen(
        events in prop::collection::vec(event(), 0..24),
    ) {
        let mut books = Books::new();
        for event in &events {
            books.happens(event);

            let parked = Fen::checked_sum(books.parked.values().map(|(_, fen)| *fen)).unwrap();
            let accepted = Fen::checked_sum(books.accepted.values().copied()).unwrap();
            let applied = PRICE.get() * i64::try_from(books.applied.len()).unwrap();
            prop_assert_eq!(applied + parked.get(), accepted.get());
            prop_assert!(books.applied.len() <= 1, "the bill was paid twice");
            let settled = books.attempts.iter().filter(|(status, _)| {
                matches!(status, AttemptStatus::Success | AttemptStatus::Late)
            });
            prop_assert_eq!(settled.count(), books.applied.len());
            prop_assert_eq!(books.order == OrderStatus::Paid, !books.applied.is_empty());
        }
    }
}

#[test]
fn money_that_contradicts_the_order_is_never_accepted() {
    let standing = Standing {
        attempt: AttemptStatus::Prepaid,
        order: OrderStatus::Pending,
        amount: PRICE,
        app_id: "wx1",
        mch_id: "1900000109",
        transaction: None,
        is_other_payer: false,
        is_taken: false,
        parked: None,
    };
    let right = said("T1", PRICE);
    assert_eq!(judge(Some(&standing), &right), Verdict::Accept { late: false });
    assert_eq!(judge(None, &right), Verdict::Park(Oddity::Unknown));
    let cases = [
        (Transaction { mch_id: "2".into(), ..right.clone() }, Verdict::Park(Oddity::Payee)),
        (Transaction { app_id: "wx2".into(), ..right.clone() }, Verdict::Park(Oddity::Payee)),
        (Transaction { currency: "USD".into(), ..right.clone() }, Verdict::Park(Oddity::Currency)),
        (Transaction { currency: String::new(), ..right.clone() }, Verdict::Park(Oddity::Currency)),
        (said("T1", Fen::new(PRICE.get() - 1)), Verdict::Park(Oddity::Amount)),
        (
            Transaction { trade_state: TradeState::Refund, ..right.clone() },
            Verdict::Park(Oddity::Refunded),
        ),
        (Transaction { trade_state: TradeState::NotPay, ..right.clone() }, Verdict::NotPaid),
    ];
    for (said, wanted) in cases {
        assert_eq!(judge(Some(&standing), &said), wanted);
    }
    let coupon = Transaction { payer_total: Some(Fen::new(1)), ..right };
    assert_eq!(judge(Some(&standing), &coupon), Verdict::Accept { late: false });
}

#[test]
fn a_copy_that_tells_another_story_is_a_contradiction() {
    let settled = Standing {
        attempt: AttemptStatus::Success,
        order: OrderStatus::Paid,
        amount: PRICE,
        app_id: "wx1",
        mch_id: "1900000109",
        transaction: Some("T1"),
        is_other_payer: false,
        is_taken: false,
        parked: None,
    };
    let same = said("T1", PRICE);
    assert_eq!(judge(Some(&settled), &same), Verdict::Repeat);
    let refunded = Transaction { trade_state: TradeState::Refund, ..same.clone() };
    assert_eq!(judge(Some(&settled), &refunded), Verdict::Repeat, "refunds have their own way");
    for other in [
        said("T1", Fen::new(PRICE.get() + 1)),
        Transaction { mch_id: "2".into(), ..same.clone() },
        Transaction { app_id: "wx2".into(), ..same.clone() },
        Transaction { currency: "USD".into(), ..same.clone() },
    ] {
        assert_eq!(judge(Some(&settled), &other), Verdict::Contradiction, "{other:?}");
    }
    let other_payer = Standing { is_other_payer: true, ..settled };
    assert_eq!(judge(Some(&other_payer), &same), Verdict::Contradiction);
    let unpaid = Standing { transaction: None, order: OrderStatus::Pending, ..settled };
    let taken = Standing { attempt: AttemptStatus::Prepaid, is_taken: true, ..unpaid };
    assert_eq!(judge(Some(&taken), &same), Verdict::Contradiction);
}
