//! Whether a membership is valid in a year: derived from the bills each time, never stored.

use super::{Bill, BillStatus, bills_of};
use crate::{
    db::{self, Run},
    kernel::Date,
    member::{Level, Member, level},
};

/// Whether, and why, a membership is valid in a year (requirements C3, 17).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Validity {
    /// The bill is paid.
    Paid,
    /// The bill was waived.
    Waived,
    /// The level owes no dues.
    Exempt,
    /// There is a bill that is neither paid nor waived.
    Owing,
    /// The bill was paid, and refunded.
    Refunded,
    /// No bill was issued yet.
    NoBill,
    /// Joined later.
    NotYet,
}

impl Validity {
    /// True for years that count.
    pub const fn is_valid(self) -> bool {
        matches!(self, Self::Paid | Self::Waived | Self::Exempt)
    }

    /// In words.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Paid => "有效（会费已缴）",
            Self::Waived => "有效（会费已减免）",
            Self::Exempt => "有效（所属等级不收会费）",
            Self::Owing => "待缴费（缴清后有效）",
            Self::Refunded => "无效（会费已退款）",
            Self::NoBill => "账单未生成",
            Self::NotYet => "尚未入会",
        }
    }

    /// The kind of the state chip.
    pub const fn chip(self) -> &'static str {
        match self {
            Self::Paid | Self::Waived | Self::Exempt => "ok",
            Self::Owing => "wait",
            Self::Refunded => "no",
            Self::NoBill | Self::NotYet => "off",
        }
    }
}

/// The validity of a year, from all bills of a member. `level` is the level in that year.
pub fn validity(bills: &[Bill], year: i64, joined_on: Date, level: Option<&Level>) -> Validity {
    if let Some(bill) = bills.iter().find(|bill| bill.covers(year)) {
        return match bill.status {
            BillStatus::Paid => Validity::Paid,
            BillStatus::Waived => Validity::Waived,
            BillStatus::Refunded | BillStatus::PartRefunded => Validity::Refunded,
            BillStatus::Open | BillStatus::Part | BillStatus::Void => Validity::Owing,
        };
    }
    if i64::from(joined_on.year()) > year {
        return Validity::NotYet;
    }
    match level {
        Some(level) if level.tier_id.is_none() => Validity::Exempt,
        _ => Validity::NoBill,
    }
}

/// The validity of a member's year, straight from the database.
pub async fn validity_of(db: &impl Run, member: &Member, year: i64) -> Result<Validity, db::Error> {
    let bills = bills_of(db, &member.id).await?;
    let level = level::in_year(db, member, year).await?;
    Ok(validity(&bills, year, member.joined_on, level.as_ref()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{dues::pc::sample_bills, kernel::Fen};

    fn level(tier: Option<&str>) -> Level {
        Level {
            id: "member".parse().unwrap(),
            name: "会员单位".into(),
            is_council: crate::db::Flag(false),
            tier_id: tier.map(|tier| tier.parse().unwrap()),
        }
    }

    #[test]
    fn a_year_is_valid_when_its_bill_is_paid_or_waived_or_the_level_exempt() {
        let joined = Date::new(2022, 5, 1).unwrap();
        let (paying, exempt) = (level(Some("t")), level(None));
        let bills = sample_bills();
        for year in 2020..=2029 {
            let bill = bills.iter().find(|bill| bill.covers(year));
            for level in [&paying, &exempt] {
                let settled = bill.map_or_else(
                    || level.tier_id.is_none() && year >= 2022,
                    |bill| matches!(bill.status, BillStatus::Paid | BillStatus::Waived),
                );
                let found = validity(&bills, year, joined, Some(level));
                assert_eq!(found.is_valid(), settled, "{year} {found:?}");
            }
        }
        assert_eq!(validity(&bills, 2021, joined, Some(&paying)), Validity::NotYet);
    }

    #[test]
    fn a_bill_for_the_next_year_may_cover_the_rest_of_this_one() {
        let joined = Date::new(2025, 11, 1).unwrap();
        let mut bill = sample_bills().remove(2);
        (bill.year, bill.also_covers) = (2026, Some(2025));
        let of = |bill: &Bill, year| validity(std::slice::from_ref(bill), year, joined, None);
        assert_eq!((of(&bill, 2025), of(&bill, 2026)), (Validity::Paid, Validity::Paid));
        assert_eq!(of(&bill, 2027), Validity::NoBill);
        (bill.status, bill.refunded) = (BillStatus::PartRefunded, Fen::yuan(1));
        assert!(!of(&bill, 2026).is_valid());
        bill.status = BillStatus::Void;
        assert_eq!(of(&bill, 2026), Validity::NoBill, "a void bill is no bill");
    }
}
