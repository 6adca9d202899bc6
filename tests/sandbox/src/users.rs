//! The pretend WeChat users who hold the pretend phone.

use serde::{Deserialize, Serialize};

use crate::crypto::random_text;

/// Somebody with WeChat on a phone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct User {
    /// What addresses and the control interface call this user.
    pub id: String,
    /// The WeChat name.
    pub nickname: String,
    /// Who this is in the demo.
    pub about: String,
    /// The identity under the association's official account.
    pub openid: String,
    /// Whether the user follows the official account, and so gets template messages.
    pub follows: bool,
}

/// Everybody with WeChat, in the order in which the console shows them.
#[derive(Debug)]
pub struct Users(Vec<User>);

impl Default for Users {
    fn default() -> Self {
        Self(vec![
            known("xiaolin", "小林", "会员单位联系人", "oSbx5t0XiaoLin0000000000001A", true),
            known("xiaozhou", "小周", "会员单位财务", "oSbx5t0XiaoZhou000000000002B", true),
            known(
                "laochen",
                "陈老师",
                "秘书处工作人员（未关注公众号）",
                "oSbx5t0LaoChen0000000000003C",
                false,
            ),
        ])
    }
}

fn known(id: &str, nickname: &str, about: &str, openid: &str, follows: bool) -> User {
    User {
        id: id.into(),
        nickname: nickname.into(),
        about: about.into(),
        openid: openid.into(),
        follows,
    }
}

impl Users {
    /// Everybody.
    pub fn list(&self) -> &[User] {
        &self.0
    }

    /// The user with this id, openid or name; the first one when nothing is named.
    pub fn find(&self, id: &str) -> Option<&User> {
        match id {
            "" => self.0.first(),
            id => {
                self.0.iter().find(|user| user.id == id || user.openid == id || user.nickname == id)
            }
        }
    }

    /// Whether somebody has this openid.
    pub fn knows(&self, openid: &str) -> bool {
        self.0.iter().any(|user| user.openid == openid)
    }

    /// Somebody new, who follows the account.
    pub fn add(&mut self, nickname: &str) -> User {
        let id = format!("user{}", self.0.len() + 1);
        let user = known(&id, nickname, "", &format!("oSbx5t0{}", random_text(21)), true);
        self.0.push(user.clone());
        user
    }
}
