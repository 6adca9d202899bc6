//! The join rule and the last day to pay: what the association's rules mean for a date. Pure.

use std::time::Duration;

use crate::{
    kernel::{Date, Fen, Timestamp},
    web::rules::{DuesRules, JoinRule},
};

/// How much of a year's standard a member owes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Share {
    /// The whole of it.
    Full,
    /// So many quarters of it, 1 to 3.
    Quarters(u8),
    /// Nothing: the next year's bill covers this one as well.
    ByNext,
    /// Nothing: not a member yet.
    NotYet,
}

/// The share of a year that a member owes who joined on that day.
pub fn share(rules: &DuesRules, joined_on: Date, year: i64) -> Share {
    let joined = i64::from(joined_on.year());
    if joined != year {
        return if joined < year { Share::Full } else { Share::NotYet };
    }
    match rules.join {
        JoinRule::ByQuarter => match 4 - (joined_on.month() - 1) / 3 {
            4.. => Share::Full,
            quarters => Share::Quarters(quarters),
        },
        JoinRule::LateCoversNext if joined_on.month() >= rules.late_from_month => Share::ByNext,
        JoinRule::FullYear | JoinRule::LateCoversNext => Share::Full,
    }
}

impl Share {
    /// That share of a standard; parts of a fen are left to the member.
    pub fn of(self, standard: Fen) -> Fen {
        let quarters = match self {
            Self::Full => return standard,
            Self::Quarters(quarters) => i64::from(quarters),
            Self::ByNext | Self::NotYet => 0,
        };
        let fen = standard.get();
        Fen::new(fen / 4 * quarters + fen % 4 * quarters / 4)
    }
}

/// The last day to pay a bill of a year that is issued now.
pub fn due_on(rules: &DuesRules, year: i64, now: Timestamp) -> String {
    let fixed = format!("{year:04}-{}", rules.due_day);
    let grace = Duration::from_hours(24 * u64::from(rules.grace_days));
    // Days written as year, month, day sort as text.
    fixed.max((now + grace).date().to_string())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::web::rules::LevelChangeRule;

    fn rules(join: JoinRule) -> DuesRules {
        DuesRules {
            join,
            late_from_month: 10,
            due_day: "04-30".into(),
            grace_days: 30,
            level_change: LevelChangeRule::NextYear,
            waiver_alone_yuan: 0,
            run_batch: 200,
        }
    }

    fn day() -> impl Strategy<Value = Date> {
        (2020i32..2040, 1u8..=12, 1u8..=28)
            .prop_map(|(year, month, day)| Date::new(year, month, day).unwrap())
    }

    const ALL: [JoinRule; 3] = [JoinRule::FullYear, JoinRule::ByQuarter, JoinRule::LateCoversNext];

    proptest! {
        #[test]
        fn the_year_after_joining_is_owed_in_full_and_the_one_before_not_at_all(
            joined in day(), fen in 1i64..1_000_000_000,
        ) {
            let (fen, year) = (Fen::new(fen), i64::from(joined.year()));
            for rule in ALL.map(rules) {
                prop_assert_eq!(share(&rule, joined, year + 1).of(fen), fen);
                prop_assert_eq!(share(&rule, joined, year - 1).of(fen), Fen::ZERO);
                let now = share(&rule, joined, year).of(fen);
                prop_assert!(now >= Fen::ZERO && now <= fen);
            }
        }

        #[test]
        fn quarters_add_up_to_the_standard_within_a_fen(fen in 0i64..1_000_000_000) {
            let part = |quarters| Share::Quarters(quarters).of(Fen::new(fen)).get();
            for quarters in 1..=3u8 {
                prop_assert_eq!(part(quarters), fen * i64::from(quarters) / 4);
                let both = part(quarters) + part(4 - quarters);
                prop_assert!(both == fen || both == fen - 1);
            }
            prop_assert!(part(1) <= part(2) && part(2) <= part(3));
        }

        #[test]
        fn who_joins_later_never_pays_more(
            year in 2020i32..2040, months in (1u8..=12, 1u8..=12), fen in 1i64..1_000_000,
        ) {
            let on = |month| Date::new(year, month, 15).unwrap();
            let (a, b) = (on(months.0.min(months.1)), on(months.0.max(months.1)));
            let year = i64::from(year);
            for rule in ALL.map(rules) {
                let fen = Fen::new(fen);
                prop_assert!(share(&rule, b, year).of(fen) <= share(&rule, a, year).of(fen));
            }
        }

        #[test]
        fn there_is_always_time_to_pay(joined in day(), year in 2020i64..2040) {
            let now = Timestamp::from_rfc3339(&format!("{joined}T12:00:00+08:00")).unwrap();
            let last: Date = due_on(&rules(JoinRule::FullYear), year, now).parse().unwrap();
            prop_assert!(last >= (now + Duration::from_hours(24 * 30)).date());
            let fixed = format!("{year}-04-30");
            prop_assert!(last.to_string() >= fixed);
        }
    }

    #[test]
    fn quarters_begin_in_january_april_july_and_october() {
        let of =
            |month| share(&rules(JoinRule::ByQuarter), Date::new(2026, month, 1).unwrap(), 2026);
        assert_eq!(of(3), Share::Full);
        assert_eq!(of(4), Share::Quarters(3));
        assert_eq!(of(9), Share::Quarters(2));
        assert_eq!(of(10).of(Fen::yuan(2000)), Fen::yuan(500));
        let late = |month| {
            share(&rules(JoinRule::LateCoversNext), Date::new(2026, month, 1).unwrap(), 2026)
        };
        assert_eq!((late(9), late(10)), (Share::Full, Share::ByNext));
    }
}
