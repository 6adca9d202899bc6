//! An application for membership and its states.

use serde::{Deserialize, Serialize};

use crate::kernel::{
    Mobile, Timestamp, Uscc, dictionary,
    ids::{LevelId, MemberId, RegistrationId},
};

/// Why applications are turned down: the words offered to the reviewer, and all that an anonymous
/// progress query tells of a reason.
pub const REASONS: &[&str] = &[
    "单位信息与登记信息不一致",
    "法人或联系人信息有误",
    "单位不属于本会入会范围",
    "重复申请",
    "申请资料不完整",
];
/// What an anonymous query is told when the reviewer wrote a reason of their own.
pub const OTHER_REASON: &str = "其他原因";

/// How far an application is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// 待审核.
    Pending,
    /// 通过.
    Approved,
    /// 不通过.
    Rejected,
}

impl Status {
    /// Every state in the order of the filter.
    pub const ALL: [Self; 3] = [Self::Pending, Self::Approved, Self::Rejected];

    /// The code in the database and in URLs.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Approved => "approved",
            Self::Rejected => "rejected",
        }
    }

    /// The word on the screen.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Pending => "待审核",
            Self::Approved => "通过",
            Self::Rejected => "不通过",
        }
    }

    /// The kind of its chip.
    pub const fn chip(self) -> &'static str {
        match self {
            Self::Pending => "wait",
            Self::Approved => "ok",
            Self::Rejected => "no",
        }
    }

    /// The state of a code.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.code() == code)
    }
}

/// Where an application was filled in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Channel {
    /// A PC browser.
    Pc,
    /// A phone.
    H5,
}

impl Channel {
    /// The word on the screen.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Pc => "电脑端",
            Self::H5 => "手机端",
        }
    }
}

/// What was consented to, when, and from where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Consent {
    /// Version of the charter.
    pub charter: String,
    /// Version of the privacy policy.
    pub privacy: String,
    /// When.
    pub at: Timestamp,
    /// The address of the browser.
    pub ip: String,
}

/// An application for membership.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Registration {
    /// Row id, and the name of the applicant's page.
    pub id: RegistrationId,
    /// 申请编号.
    pub no: String,
    /// Where it was filled in.
    pub channel: Channel,
    /// 单位名称.
    pub name: String,
    /// 统一社会信用代码.
    pub uscc: Uscc,
    /// The check character is wrong, and the applicant insisted.
    pub uscc_doubtful: bool,
    /// 单位法人.
    pub legal_person: String,
    /// 法人移动电话.
    pub legal_mobile: Mobile,
    /// 联系人.
    pub contact: String,
    /// 联系人移动电话.
    pub contact_mobile: Mobile,
    /// A code of `dictionary::USER_TYPES`.
    pub user_type: String,
    /// The two consents.
    pub consent: Consent,
    /// How far it is.
    pub status: Status,
    /// Why it was turned down; else empty.
    pub reason: String,
    /// The level that the reviewer chose.
    pub level_id: Option<LevelId>,
    /// The member that it became.
    pub member_id: Option<MemberId>,
    /// Who decided, a staff id; empty while it is pending.
    pub decided_by: String,
    /// When it was decided.
    pub decided_at: Option<Timestamp>,
    /// When it was submitted.
    pub submitted_at: Timestamp,
}

impl Registration {
    /// 用户类型 in words.
    pub fn user_type_label(&self) -> &str {
        dictionary::label(dictionary::USER_TYPES, &self.user_type)
    }

    /// What an anonymous query is told of the reason; empty unless it was turned down.
    pub fn reason_category(&self) -> &'static str {
        if self.status != Status::Rejected {
            return "";
        }
        let known = REASONS.iter().find(|phrase| self.reason.starts_with(**phrase));
        known.copied().unwrap_or(OTHER_REASON)
    }
}

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
    fn states_are_known_by_their_codes() {
        for status in Status::ALL {
            assert_eq!(Status::from_code(status.code()), Some(status));
        }
        assert_eq!(Status::from_code("all"), None);
    }
}
