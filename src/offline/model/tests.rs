use proptest::prelude::*;

use super::*;

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

#[test]
fn amounts_stay_within_what_is_owed() {
    let owed = Some(Fen::yuan(2000));
    assert_eq!(amount("2000", owed, false), Ok(Fen::yuan(2000)));
    assert_eq!(amount("１,０００.５０", owed, false), Ok(Fen::new(100_050)));
    assert_eq!(amount("0.00", owed, true), Err(RuleError::NothingPaid));
    assert_eq!(amount("2000.01", owed, true), Ok(Fen::new(200_001)));
    assert_eq!(amount("2000.01", owed, false), Err(RuleError::TooMuch("2,000.00".into())));
    assert!(matches!(amount("-1", owed, false), Err(RuleError::Amount(_))));
    assert!(matches!(amount("1e3", owed, false), Err(RuleError::Amount(_))));
}

#[test]
fn nobody_pays_tomorrow() {
    let today = day("2026-11-24");
    assert_eq!(paid_on("2026-11-24", today), Ok(today));
    assert_eq!(paid_on("2026-11-25", today), Err(RuleError::Future));
    assert_eq!(paid_on("0026-11-24", today), Err(RuleError::LongAgo));
    assert!(matches!(paid_on("", today), Err(RuleError::Day(_))));
    assert!(matches!(paid_on("2026-02-30", today), Err(RuleError::Day(_))));
}

#[test]
fn texts_say_which_field_they_mean() {
    assert_eq!(payer_name(" ").unwrap_err().to_string(), "付款户名不能为空");
    assert_eq!(bank_ref("").as_deref(), Ok(""));
    assert!(remark(&"长".repeat(301)).is_err());
    assert_eq!(method("cash").as_deref(), Ok("cash"));
    assert_eq!(method("crypto"), Err(RuleError::NoMethod));
}

fn deeds() -> impl Strategy<Value = Vec<Deed>> {
    let deed = prop_oneof![
        Just(Deed::Amend),
        Just(Deed::Delete),
        Just(Deed::Confirm),
        Just(Deed::Reject),
        Just(Deed::Reverse),
    ];
    proptest::collection::vec(deed, 0..30)
}

proptest! {
    /// Whatever people try in whatever order: money is booked at most once and taken back at most
    /// once, only after it was booked, and what was decided for good stays so.
    #[test]
    fn a_report_is_confirmed_once_and_never_edited_afterwards(deeds in deeds()) {
        let mut state = OfflineStatus::Submitted;
        let (mut booked, mut reversed) = (0, 0);
        for deed in deeds {
            let Some(next) = state.after(deed) else { continue };
            match deed {
                Deed::Confirm => booked += 1,
                Deed::Reverse => reversed += 1,
                Deed::Amend | Deed::Delete | Deed::Reject => {
                    prop_assert_eq!(booked, 0, "confirmed reports are not touched");
                }
            }
            prop_assert_eq!(next, deed.leads_to());
            state = next;
        }
        prop_assert!(booked <= 1 && reversed <= booked);
        let stands = matches!(state, OfflineStatus::Confirmed | OfflineStatus::Reversed);
        prop_assert_eq!(booked == 1, stands);
        prop_assert_eq!(reversed == 1, state == OfflineStatus::Reversed);
    }
}

#[test]
fn states_have_codes_of_their_own() {
    let mut codes = OfflineStatus::ALL.map(OfflineStatus::code);
    codes.sort_unstable();
    assert!(codes.windows(2).all(|pair| pair[0] != pair[1]));
}

#[test]
fn only_what_is_undecided_can_be_changed() {
    assert!(OfflineStatus::Submitted.is_open() && OfflineStatus::Rejected.is_open());
    assert!(!OfflineStatus::Confirmed.is_open() && !OfflineStatus::Deleted.is_open());
}

proptest! {
    #[test]
    fn whatever_is_typed_an_accepted_amount_is_owed(typed in ".{0,16}", owed in 1i64..10_000_000) {
        if let Ok(amount) = amount(&typed, Some(Fen::new(owed)), false) {
            prop_assert!(amount > Fen::ZERO && amount <= Fen::new(owed));
        }
    }

    #[test]
    fn an_amount_owed_is_accepted_in_both_spellings(fen in 1i64..10_000_000) {
        let fen = Fen::new(fen);
        prop_assert_eq!(amount(&fen.plain(), Some(fen), false), Ok(fen));
        prop_assert_eq!(amount(&fen.grouped(), Some(fen), false), Ok(fen));
    }

    #[test]
    fn a_tail_is_four_digits_or_nothing(typed in "\\PC{0,6}") {
        if let Ok(tail) = payer_tail(&typed) {
            prop_assert!(tail.is_empty() || tail.len() == 4);
            prop_assert!(tail.bytes().all(|b| b.is_ascii_digit()));
        }
    }
}
