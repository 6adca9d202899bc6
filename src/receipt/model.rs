//! What a receipt is: one sum of money, the bills that it reached, and a code that only we can make.

use std::fmt;

use crate::{
    dues::{self, Contribution},
    kernel::{Fen, Timestamp, Vault},
};

/// Where the money of a receipt came from: its number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Key {
    kind: &'static str,
    id: String,
}

/// The kinds of sources with the letter that a number begins with.
const KINDS: [(char, &str, &str); 2] = [('W', "payment", "微信支付"), ('Z', "offline", "线下转账")];

/// Characters of the code behind the number: 48 bits, and guessing is throttled.
const CHECK: usize = 12;

impl Key {
    /// Of a source in the books.
    pub fn of(kind: &str, id: &str) -> Option<Self> {
        let (_, kind, _) = KINDS.into_iter().find(|(_, known, _)| *known == kind)?;
        let fits = (1..=64).contains(&id.len())
            && id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-');
        fits.then(|| Self { kind, id: id.to_owned() })
    }

    /// Reads a number such as `W4200001234202603010000000001`.
    pub fn parse(text: &str) -> Option<Self> {
        let letter = text.chars().next()?.to_ascii_uppercase();
        let (_, kind, _) = KINDS.into_iter().find(|(known, _, _)| *known == letter)?;
        Self::of(kind, text.get(1..)?)
    }

    /// True for the money that was put on a bill so.
    pub fn is_of(&self, paid: &Contribution) -> bool {
        paid.source_kind == self.kind && paid.source_id == self.id
    }

    /// `payment` or `offline`, and the id there.
    pub const fn source(&self) -> (&'static str, &str) {
        (self.kind, self.id.as_str())
    }

    /// How it was paid, in words.
    pub fn way(&self) -> &'static str {
        KINDS.into_iter().find(|(_, kind, _)| *kind == self.kind).map_or("", |(_, _, way)| way)
    }

    /// The number and what nobody else can add to it.
    pub fn code(&self, vault: &Vault) -> String {
        let check = vault.index(&format!("receipt {self}"));
        format!("{self}-{}", check[..CHECK.min(check.len())].to_uppercase())
    }

    /// The number of a code that is ours; blanks and small letters do not matter.
    pub fn of_code(vault: &Vault, code: &str) -> Option<Self> {
        let typed: String = code.chars().filter(|c| !c.is_whitespace()).collect();
        let (number, check) = typed.rsplit_once('-')?;
        let key = Self::parse(number)?;
        let ours = key.code(vault);
        (ours.rsplit_once('-')?.1 == check.to_uppercase()).then_some(key)
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let letter = KINDS.iter().find(|(_, kind, _)| *kind == self.kind).map_or('?', |k| k.0);
        write!(f, "{letter}{}", self.id)
    }
}

/// One sum and the bills that it reached.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receipt {
    /// Its number.
    pub key: Key,
    /// What reached which bill.
    pub parts: Vec<Contribution>,
}

impl Receipt {
    /// The receipts in a member's contributions, in their order.
    pub fn all(paid: &[Contribution]) -> Vec<Self> {
        let mut receipts: Vec<Self> = Vec::new();
        for part in paid {
            let known = receipts.iter_mut().find(|receipt| receipt.key.is_of(part));
            if let Some(receipt) = known {
                receipt.parts.push(part.clone());
            } else if let Some(key) = Key::of(&part.source_kind, &part.source_id) {
                receipts.push(Self { key, parts: vec![part.clone()] });
            }
        }
        receipts
    }

    /// What came, fen.
    pub fn amount(&self) -> Fen {
        Fen::checked_sum(self.parts.iter().map(|part| part.amount)).unwrap_or(Fen::ZERO)
    }

    /// What of it was given or taken back, fen.
    pub fn taken_back(&self) -> Fen {
        Fen::checked_sum(self.parts.iter().map(|part| part.taken_back)).unwrap_or(Fen::ZERO)
    }

    /// When it was booked.
    pub fn at(&self) -> Timestamp {
        self.parts.first().map_or(Timestamp::default(), |part| part.created_ms)
    }

    /// `2025、2026 年度会费`.
    pub fn what(&self) -> String {
        dues::titles(self.parts.iter().map(|part| (part.year, part.item.as_str())))
    }

    /// The state in words, and the kind of its chip.
    pub fn state(&self) -> (&'static str, &'static str) {
        match self.taken_back() {
            Fen::ZERO => ("有效", "ok"),
            part if part < self.amount() => ("部分退回", "wait"),
            _ => ("已全部退回", "off"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::Secret;

    #[test]
    fn a_code_is_ours_or_nothing() {
        let vault = Vault::new(&Secret::new("k".repeat(32))).unwrap();
        let other = Vault::new(&Secret::new("x".repeat(32))).unwrap();
        let key = Key::parse("W4200001234202603010000000001").unwrap();
        let code = key.code(&vault);
        assert_eq!(Key::of_code(&vault, &code), Some(key.clone()));
        let (number, check) = code.rsplit_once('-').unwrap();
        let typed = format!(" w{} - {} ", &number[1..], check.to_lowercase());
        assert_eq!(Key::of_code(&vault, &typed), Some(key.clone()));
        assert_eq!(Key::of_code(&other, &code), None);
        assert_eq!(Key::of_code(&vault, &code.replacen("4200", "4201", 1)), None);
        for bad in ["", "-", "W-", "X1-AB", "W1", "W'-1", number] {
            assert_eq!(Key::of_code(&vault, bad), None, "{bad}");
        }
    }
}
