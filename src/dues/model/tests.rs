//! Every order of events keeps a bill's numbers sound, and its state follows from them.

use proptest::prelude::*;

use super::*;

#[derive(Clone, Debug)]
enum Event {
    Pay(i64),
    TakeBack(i64, bool),
    Reopen,
    Reduce(i64),
    Recalculate(i64),
}

fn event() -> impl Strategy<Value = Event> {
    let fen = -1i64..400;
    prop_oneof![
        4 => fen.clone().prop_map(Event::Pay),
        4 => (fen.clone(), any::<bool>()).prop_map(|(fen, owed)| Event::TakeBack(fen, owed)),
        1 => Just(Event::Reopen),
        1 => fen.clone().prop_map(Event::Reduce),
        1 => fen.prop_map(Event::Recalculate),
    ]
}

fn after(amounts: Amounts, event: &Event) -> Option<Amounts> {
    match *event {
        Event::Pay(fen) => amounts.pay(Fen::new(fen)),
        Event::TakeBack(fen, owed) => {
            amounts.take_back(Fen::new(fen), if owed { Then::Owed } else { Then::Refunded })
        }
        Event::Reopen => amounts.reopen(),
        Event::Reduce(fen) => amounts.reduce(Fen::new(fen)),
        Event::Recalculate(fen) => amounts.recalculate(Fen::new(fen)),
    }
}

proptest! {
    #[test]
    fn numbers_stay_sound_and_no_fen_is_lost(
        gross in 1i64..500,
        events in prop::collection::vec(event(), 0..40),
    ) {
        let mut amounts = Amounts::new(Fen::new(gross));
        let mut lies_there = 0;
        for event in &events {
            let Some(next) = after(amounts, event) else { continue };
            match *event {
                Event::Pay(fen) => lies_there += fen,
                Event::TakeBack(fen, _) => lies_there -= fen,
                _ => {}
            }
            let Amounts { gross, reduction, due, paid, refunded } = next;
            prop_assert_eq!(paid.get(), lies_there);
            prop_assert!(paid >= Fen::ZERO && refunded >= Fen::ZERO && reduction >= Fen::ZERO);
            prop_assert!(paid.get() + refunded.get() <= due.get());
            prop_assert_eq!(due.get(), gross.get() - reduction.get());
            prop_assert_eq!(next.remaining().get(), due.get() - paid.get() - refunded.get());
            prop_assert_eq!(next.status().is_owed(), next.remaining().is_positive());
            prop_assert_eq!(
                next.status() == BillStatus::Paid,
                paid.is_positive() && paid == due
            );
            if matches!(event, Event::Reopen) {
                prop_assert_eq!(refunded, Fen::ZERO);
            }
            amounts = next;
        }
    }
}

#[test]
fn a_refund_is_not_owed_again_until_somebody_says_so() {
    let paid = Amounts::new(Fen::yuan(100)).pay(Fen::yuan(100)).unwrap();
    let part = paid.take_back(Fen::yuan(30), Then::Refunded).unwrap();
    assert_eq!((part.status(), part.remaining()), (BillStatus::PartRefunded, Fen::ZERO));
    let whole = part.take_back(Fen::yuan(70), Then::Refunded).unwrap();
    assert_eq!((whole.status(), whole.remaining()), (BillStatus::Refunded, Fen::ZERO));
    assert_eq!(whole.pay(Fen::new(1)), None);
    assert_eq!(whole.reopen().unwrap().remaining(), Fen::yuan(100));
    let reversed = paid.take_back(Fen::yuan(100), Then::Owed).unwrap();
    assert_eq!(reversed.status(), BillStatus::Open);
}

#[test]
fn waiving_what_was_refunded_settles_the_bill() {
    let paid = Amounts::new(Fen::yuan(100)).pay(Fen::yuan(100)).unwrap();
    let part = paid.take_back(Fen::yuan(30), Then::Refunded).unwrap();
    let settled = part.reduce(Fen::yuan(30)).unwrap();
    assert_eq!((settled.status(), settled.refunded), (BillStatus::Paid, Fen::ZERO));
    assert_eq!(paid.reduce(Fen::new(1)), None, "never below what was paid");
    assert_eq!(paid.recalculate(Fen::yuan(50)), None, "never what was paid");
    let none = Amounts::new(Fen::yuan(5)).reduce(Fen::yuan(5)).unwrap();
    assert_eq!(none.status(), BillStatus::Waived);
}
