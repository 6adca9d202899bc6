//! What bills are called towards those who pay them. A difference bears the year of its main bill,
//! so the year alone does not tell them apart.

use super::{Bill, ITEM_DUES};

/// `会费` or `等级调整差额`.
fn label(item: &str) -> &'static str {
    if item == ITEM_DUES { "会费" } else { "等级调整差额" }
}

/// `2026 年度会费`, `2026 年度等级调整差额`.
pub fn title(year: i64, item: &str) -> String {
    format!("{year} 年度{}", label(item))
}

/// `2025、2026 年度会费、2026 年度等级调整差额`: the years of each kind, ascending.
pub fn titles<'a>(bills: impl IntoIterator<Item = (i64, &'a str)>) -> String {
    let mut all: Vec<(bool, i64)> =
        bills.into_iter().map(|(year, item)| (item != ITEM_DUES, year)).collect();
    all.sort_unstable();
    all.dedup();
    let kinds = all.chunk_by(|one, next| one.0 == next.0).map(|kind| {
        let years: Vec<String> = kind.iter().map(|(_, year)| year.to_string()).collect();
        let item = if kind[0].0 { "" } else { ITEM_DUES };
        format!("{} 年度{}", years.join("、"), label(item))
    });
    kinds.collect::<Vec<_>>().join("、")
}

impl Bill {
    /// `会费` or `等级调整差额`.
    pub fn item_label(&self) -> &'static str {
        label(&self.item)
    }

    /// As [`title`].
    pub fn title(&self) -> String {
        title(self.year, &self.item)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_difference_is_never_taken_for_the_dues_of_its_year() {
        let bills = [(2026, "difference-1"), (2026, "dues"), (2025, "dues"), (2026, "dues")];
        assert_eq!(titles(bills), "2025、2026 年度会费、2026 年度等级调整差额");
        assert_eq!(titles([(2026, "dues")]), title(2026, "dues"));
        assert_eq!(titles([(2026, "difference-2")]), "2026 年度等级调整差额");
    }
}
