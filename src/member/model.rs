//! The member as the house sees it.

use crate::kernel::{
    Date, Mobile, Timestamp, Uscc,
    ids::{LevelId, MemberId},
};

/// A member unit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// Row id.
    pub id: MemberId,
    /// 会员编号.
    pub no: String,
    /// 单位名称.
    pub name: String,
    /// 统一社会信用代码.
    pub uscc: Uscc,
    /// The code's check character is wrong, and the applicant insisted.
    pub uscc_doubtful: bool,
    /// A code of `dictionary::USER_TYPES`.
    pub user_type: String,
    /// 会员等级.
    pub level_id: LevelId,
    /// 单位法人.
    pub legal_person: String,
    /// 法人移动电话.
    pub legal_mobile: Mobile,
    /// What the member fills in.
    pub profile: Profile,
    /// 联系人移动电话; also a login name.
    pub contact_mobile: Mobile,
    /// 入会日期.
    pub joined_on: Date,
    /// When the profile was first complete.
    pub profile_complete_at: Option<Timestamp>,
    /// Grows with every change; two editors are told apart by it.
    pub version: i64,
}

/// 完善信息: what the member may edit. Empty texts are missing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Profile {
    /// 联系人.
    pub contact: String,
    /// 邮箱.
    pub email: String,
    /// 单位状态, a code of `dictionary::UNIT_STATES`.
    pub unit_state: String,
    /// 单位性质, a code of `dictionary::UNIT_NATURES`.
    pub unit_nature: String,
    /// 所属行业, a code of `dictionary::INDUSTRIES`.
    pub industry: String,
    /// 单位规模, a code of `dictionary::UNIT_SIZES`.
    pub unit_size: String,
    /// 所在地区, a code of GB/T 2260.
    pub region_code: String,
    /// 所在地区 in words, as it was called when it was chosen.
    pub region_name: String,
    /// 详细地址.
    pub address: String,
}

impl Member {
    /// True once every required field was given.
    pub const fn has_complete_profile(&self) -> bool {
        self.profile_complete_at.is_some()
    }
}

/// What an approved registration brings along.
#[derive(Clone, Debug)]
pub struct NewMember {
    /// 单位名称.
    pub name: String,
    /// 统一社会信用代码.
    pub uscc: Uscc,
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
    /// 会员等级.
    pub level_id: LevelId,
}
