//! The member as the house sees it.

use serde::{Deserialize, Serialize};

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
    /// Whether it is a member in good standing.
    pub standing: Standing,
    /// When the profile was first complete.
    pub profile_complete_at: Option<Timestamp>,
    /// Grows with every change; two editors are told apart by it.
    pub version: i64,
}

/// 会员状态. What a unit owes is no state: it follows from its bills.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Standing {
    /// 正常.
    Active,
    /// 冻结: a member that cannot sign in for a while.
    Frozen,
    /// 退会, by its own wish.
    Withdrawn,
    /// 除名, by the association.
    Expelled,
}

impl Standing {
    /// Every state, in the order of the filter.
    pub const ALL: [Self; 4] = [Self::Active, Self::Frozen, Self::Withdrawn, Self::Expelled];

    /// As it is stored.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Frozen => "frozen",
            Self::Withdrawn => "withdrawn",
            Self::Expelled => "expelled",
        }
    }

    /// As it is shown.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Active => "正常",
            Self::Frozen => "冻结",
            Self::Withdrawn => "退会",
            Self::Expelled => "除名",
        }
    }

    /// The colour of its mark.
    pub const fn chip(self) -> &'static str {
        match self {
            Self::Active => "ok",
            Self::Frozen => "wait",
            Self::Withdrawn => "off",
            Self::Expelled => "no",
        }
    }

    /// The state of a code.
    pub fn of_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.code() == code)
    }

    /// The states that staff may put a unit into. A unit that left is brought back only to correct
    /// a mistake: whoever joins anew registers anew.
    pub const fn next(self) -> &'static [Self] {
        match self {
            Self::Active => &[Self::Frozen, Self::Withdrawn, Self::Expelled],
            Self::Frozen => &[Self::Active, Self::Withdrawn, Self::Expelled],
            Self::Withdrawn | Self::Expelled => &[Self::Active],
        }
    }
}

/// 完善信息: what the member must say of itself. Empty texts are missing.
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
    /// 所属行业, a code of `kernel::industry`.
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

/// 完善信息: what the member may add. Loaded with the profile alone; empty texts are missing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Detail {
    /// 微信号 of the contact.
    pub wechat_id: String,
    /// 出生日期 of the legal person, `1980-01-31`.
    pub legal_birthday: String,
    /// 单位传真.
    pub fax: String,
    /// 固定电话.
    pub phone: String,
    /// 邮政编码.
    pub postcode: String,
    /// 网站域名, one a line, as people write them.
    pub domains: String,
    /// 注册时间 of the unit, a day.
    pub founded_on: String,
    /// 经营范围.
    pub scope: String,
    /// 单位简介.
    pub intro: String,
    /// 增值电信业务许可证号, one a line.
    pub licences: String,
    /// 注册资金 in 万元 with at most two decimals.
    pub registered_capital: String,
    /// 实到资金, likewise.
    pub paid_capital: String,
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
    /// 入会日期.
    pub joined_on: Date,
}
