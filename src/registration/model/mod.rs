//! An application for membership and its states.

pub mod age;
mod reason;
mod status;

use serde::{Deserialize, Serialize};

use crate::kernel::{
    Mobile, OpenId, Timestamp, Uscc, dictionary,
    ids::{FileId, LevelId, MemberId, RegistrationId},
};

pub use age::{days, working_days};
pub use reason::{AMENDABLE, Amendable, Defect, OTHER_REASON, REASONS, SCAN, amendable};
pub use status::{Act, Status};

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
    /// Raised by every change: a decision counts only for what the reviewer saw.
    pub version: i64,
    /// Why it was turned down; else empty.
    pub reason: String,
    /// What has to be amended while it is returned, field by field.
    pub defects: Vec<Defect>,
    /// The level that the reviewer chose, or that the first of two proposes.
    pub level_id: Option<LevelId>,
    /// The member that it became.
    pub member_id: Option<MemberId>,
    /// Who approved it as the first of two, a staff id.
    pub endorsed_by: String,
    /// When the first of two approved it.
    pub endorsed_at: Option<Timestamp>,
    /// Who decided or returned it, a staff id; empty while it waits.
    pub decided_by: String,
    /// When it was decided or returned.
    pub decided_at: Option<Timestamp>,
    /// When it was submitted first.
    pub submitted_at: Timestamp,
    /// When it entered the queue: submitted, or amended last.
    pub queued_at: Timestamp,
    /// When the applicant last asked for haste.
    pub urged_at: Option<Timestamp>,
    /// The stamped 入会申请表, page by page.
    pub scans: Vec<FileId>,
    /// The applicant's WeChat, if it asked to be told there.
    pub open_id: Option<OpenId>,
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
