//! Staff, roles, and what a role may do.

use serde::{Deserialize, Serialize};

use crate::kernel::ids::StaffId;

/// A role of the secretariat (requirements A1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// 超级管理员.
    Super,
    /// 会员部: registrations and members.
    Membership,
    /// 财务: dues, payments, offline confirmation.
    Finance,
    /// 秘书处领导: reads everything, approves what others ask for, decides nothing alone.
    Lead,
    /// 技术支持: no money, no personal data in clear.
    Support,
    /// 审计: reads everything.
    Auditor,
}

/// What an admin page or action needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Permission {
    /// See registrations and members.
    ReadMembers,
    /// Decide registrations, change members.
    DecideMembers,
    /// See dues, payments and offline payments.
    ReadMoney,
    /// Set dues standards, confirm offline payments.
    DecideMoney,
    /// Approve, as a second person, what others ask for: waivers, bill runs.
    ApproveMoney,
}

impl Role {
    /// Every role, in the order of the help text.
    pub const ALL: [Self; 6] =
        [Self::Super, Self::Membership, Self::Finance, Self::Lead, Self::Support, Self::Auditor];

    /// The code on the command line and in the database.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Super => "super",
            Self::Membership => "membership",
            Self::Finance => "finance",
            Self::Lead => "lead",
            Self::Support => "support",
            Self::Auditor => "auditor",
        }
    }

    /// The name on the screen.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Super => "超级管理员",
            Self::Membership => "会员部",
            Self::Finance => "财务",
            Self::Lead => "秘书处领导",
            Self::Support => "技术支持",
            Self::Auditor => "审计",
        }
    }

    /// True when the role includes the permission.
    pub const fn may(self, permission: Permission) -> bool {
        match self {
            Self::Super => true,
            Self::Membership => {
                matches!(permission, Permission::ReadMembers | Permission::DecideMembers)
            }
            Self::Finance => !matches!(permission, Permission::DecideMembers),
            Self::Lead => {
                !matches!(permission, Permission::DecideMembers | Permission::DecideMoney)
            }
            Self::Auditor => matches!(permission, Permission::ReadMembers | Permission::ReadMoney),
            Self::Support => false,
        }
    }
}

impl std::str::FromStr for Role {
    type Err = String;

    fn from_str(code: &str) -> Result<Self, String> {
        let known = Self::ALL.map(Self::code).join(", ");
        Self::ALL
            .into_iter()
            .find(|role| role.code() == code)
            .ok_or_else(|| format!("unknown role {code}; known: {known}"))
    }
}

/// One administrator.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StaffMember {
    /// Row id.
    pub id: StaffId,
    /// What they type to sign in.
    pub account: String,
    /// What pages call them.
    pub name: String,
    /// What they may do.
    pub role: Role,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn roles_are_known_by_their_codes() {
        for role in Role::ALL {
            assert_eq!(role.code().parse(), Ok(role));
        }
        assert!("root".parse::<Role>().is_err());
    }

    #[test]
    fn only_finance_and_the_super_administrator_decide_on_money() {
        for role in Role::ALL {
            let expected = matches!(role, Role::Super | Role::Finance);
            assert_eq!(role.may(Permission::DecideMoney), expected, "{role:?}");
        }
    }
}
