//! The mishaps that wait to happen, and how one is taken from the list.

use serde::{Deserialize, Serialize};

use crate::mishap::Mishap;

/// A mishap that waits to happen.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Armed {
    /// What will go wrong.
    pub mishap: Mishap,
    /// Stays after it happened.
    #[serde(default)]
    pub sticky: bool,
    /// Only for this order.
    #[serde(default)]
    pub out_trade_no: Option<String>,
}

/// The mishaps that wait.
#[derive(Debug, Default)]
pub struct Mishaps(Vec<Armed>);

impl Mishaps {
    /// Lets a mishap wait; the same one for the same order waits once.
    pub fn arm(&mut self, armed: Armed) {
        self.0.retain(|old| old.mishap != armed.mishap || old.out_trade_no != armed.out_trade_no);
        self.0.push(armed);
    }

    /// Forgets every mishap.
    pub fn clear(&mut self) {
        self.0.clear();
    }

    /// What waits, oldest first.
    pub fn list(&self) -> &[Armed] {
        &self.0
    }

    /// The oldest mishap that `pick` accepts; a one-shot one is gone afterwards.
    pub fn take<T>(
        &mut self,
        order: Option<&str>,
        pick: impl Fn(&Mishap) -> Option<T>,
    ) -> Option<T> {
        let fits =
            |armed: &Armed| armed.out_trade_no.is_none() || armed.out_trade_no.as_deref() == order;
        let (place, found) = self
            .0
            .iter()
            .enumerate()
            .filter(|(_, armed)| fits(armed))
            .find_map(|(place, armed)| pick(&armed.mishap).map(|found| (place, found)))?;
        if !self.0[place].sticky {
            self.0.remove(place);
        }
        Some(found)
    }

    /// Whether exactly this mishap waits; takes it.
    pub fn strikes(&mut self, order: Option<&str>, mishap: &Mishap) -> bool {
        self.take(order, |armed| (armed == mishap).then_some(())).is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_one_shot_mishap_strikes_once_and_a_sticky_one_stays() {
        let mut mishaps = Mishaps::default();
        mishaps.arm(Armed {
            mishap: Mishap::NotifyTwice,
            sticky: false,
            out_trade_no: Some("A1".into()),
        });
        mishaps.arm(Armed { mishap: Mishap::BillNow, sticky: true, out_trade_no: None });

        assert!(!mishaps.strikes(Some("B2"), &Mishap::NotifyTwice));
        assert!(mishaps.strikes(Some("A1"), &Mishap::NotifyTwice));
        assert!(!mishaps.strikes(Some("A1"), &Mishap::NotifyTwice));
        assert!(mishaps.strikes(None, &Mishap::BillNow) && mishaps.strikes(None, &Mishap::BillNow));
    }
}
