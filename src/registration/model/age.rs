//! How long an application has waited.

use crate::kernel::Timestamp;

/// Whole days that passed between two moments.
pub fn days(from: Timestamp, to: Timestamp) -> u64 {
    to.since(from).as_secs() / 86_400
}

/// Mondays to Fridays after the day of `from`, up to and including the day of `to`. Public
/// holidays are not known here, so the number is an upper bound.
pub fn working_days(from: Timestamp, to: Timestamp) -> usize {
    // Days since 1970-01-01, a Thursday, in Shanghai.
    let day = |at: Timestamp| (at.seconds() + 8 * 3600).div_euclid(86_400);
    (day(from) + 1..=day(to)).filter(|day| (day + 3).rem_euclid(7) < 5).count()
}

/// The latest moment of entering the queue that is late now: more than `most` working days ago.
pub fn late_before(now: Timestamp, most: u32) -> Timestamp {
    let most = usize::try_from(most).unwrap_or(usize::MAX);
    let mut from = now;
    // At the end of a day, so that everything of that day counts alike.
    while working_days(from, now) <= most && from.millis() > 86_400_000 {
        from = Timestamp::from_millis(from.millis() - 86_400_000);
    }
    let day = (from.millis() + 8 * 3_600_000).div_euclid(86_400_000);
    Timestamp::from_millis((day + 1) * 86_400_000 - 8 * 3_600_000 - 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        Timestamp::from_rfc3339(text).unwrap()
    }

    #[test]
    fn weekends_are_no_working_days() {
        let friday = at("2026-11-20T17:00:00+08:00");
        assert_eq!(working_days(friday, at("2026-11-22T09:00:00+08:00")), 0);
        assert_eq!(working_days(friday, at("2026-11-23T09:00:00+08:00")), 1);
        assert_eq!(working_days(friday, at("2026-11-27T09:00:00+08:00")), 5);
        assert_eq!(working_days(friday, friday), 0);
        assert_eq!(days(friday, at("2026-11-23T16:00:00+08:00")), 2);
    }

    #[test]
    fn what_is_late_is_what_waited_more_working_days() {
        let now = at("2026-11-24T12:00:00+08:00");
        for most in [1, 3, 10] {
            let latest = late_before(now, most);
            assert!(working_days(latest, now) > usize::try_from(most).unwrap());
            let next = Timestamp::from_millis(latest.millis() + 1);
            assert!(working_days(next, now) <= usize::try_from(most).unwrap(), "{most}");
        }
    }
}
