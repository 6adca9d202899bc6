//! The sandbox's time: the machine's, or one that only moves when told to.

use std::sync::atomic::{AtomicI64, Ordering};

use time::format_description::well_known::Rfc3339;
use time::macros::offset;
use time::{OffsetDateTime, UtcOffset};

use crate::options::ClockKind;

/// Where a manual clock stands, or that the real one is asked.
#[derive(Debug)]
pub struct Clock {
    kind: ClockKind,
    manual_ms: AtomicI64,
}

/// China has one offset all year.
pub const BEIJING: UtcOffset = offset!(+8);

impl Clock {
    pub(crate) fn new(kind: ClockKind) -> Self {
        let start = match kind {
            ClockKind::Real { .. } => 0,
            ClockKind::Manual { start_ms } => start_ms,
        };
        Self { kind, manual_ms: AtomicI64::new(start) }
    }

    /// Milliseconds since 1970, UTC.
    pub fn now_ms(&self) -> i64 {
        match self.kind {
            ClockKind::Real { .. } => unix_ms(),
            ClockKind::Manual { .. } => self.manual_ms.load(Ordering::SeqCst),
        }
    }

    /// Seconds since 1970, UTC.
    pub fn now_seconds(&self) -> i64 {
        self.now_ms().div_euclid(1000)
    }

    /// Moves a manual clock; a real one takes no orders and `false` comes back.
    pub fn advance(&self, ms: i64) -> bool {
        match self.kind {
            ClockKind::Real { .. } => false,
            ClockKind::Manual { .. } => {
                self.manual_ms.fetch_add(ms, Ordering::SeqCst);
                true
            }
        }
    }

    /// True when only `advance` moves this clock.
    pub fn is_manual(&self) -> bool {
        matches!(self.kind, ClockKind::Manual { .. })
    }

    /// How long a wait of WeChat's schedule lasts here, in milliseconds.
    pub fn wait_ms(&self, ms: i64) -> i64 {
        match self.kind {
            ClockKind::Real { speed } => ms / i64::from(speed.max(1)),
            ClockKind::Manual { .. } => ms,
        }
    }
}

fn unix_ms() -> i64 {
    i64::try_from(OffsetDateTime::now_utc().unix_timestamp_nanos() / 1_000_000).unwrap_or(i64::MAX)
}

/// The moment in Beijing.
pub fn beijing(ms: i64) -> OffsetDateTime {
    OffsetDateTime::from_unix_timestamp(ms.div_euclid(1000))
        .unwrap_or(OffsetDateTime::UNIX_EPOCH)
        .to_offset(BEIJING)
}

/// RFC 3339 with Beijing's offset, as WeChat writes times.
pub fn rfc3339(ms: i64) -> String {
    beijing(ms).format(&Rfc3339).unwrap_or_default()
}

/// Reads an RFC 3339 time with offset; `None` when it is anything else.
pub fn parse_rfc3339(text: &str) -> Option<i64> {
    let moment = OffsetDateTime::parse(text, &Rfc3339).ok()?;
    i64::try_from(moment.unix_timestamp_nanos() / 1_000_000).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_manual_clock_moves_only_when_told() {
        let clock = Clock::new(ClockKind::Manual { start_ms: 1_000 });

        assert!(clock.advance(500));

        assert_eq!(clock.now_ms(), 1_500);
        assert_eq!(rfc3339(1_554_208_460_000), "2019-04-02T20:34:20+08:00");
        assert_eq!(parse_rfc3339("2019-04-02T20:34:20+08:00"), Some(1_554_208_460_000));
    }
}
