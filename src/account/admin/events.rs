//! What the audit log holds of an account, in words.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::{
    staff::{self, audit::Row},
    web::{App, AppError},
};

/// Lines that the page shows.
const MOST: i64 = 30;

/// A line of the list.
#[derive(Debug, Serialize)]
pub(super) struct Event {
    at: String,
    who: String,
    what: &'static str,
    reason: String,
    ip: String,
}

impl Event {
    pub(super) fn sample(action: &str) -> Self {
        Self {
            at: "2026-11-24 12:00".into(),
            who: "会员部 张".into(),
            what: words(action),
            reason: "会员来电".into(),
            ip: "192.0.2.7".into(),
        }
    }
}

/// The latest events of an account.
pub(super) async fn latest(app: &App, account: &str) -> Result<Vec<Event>, AppError> {
    let rows = staff::audit::latest_of(&app.db, "account", account, MOST).await?;
    let mut names: BTreeMap<String, String> = BTreeMap::new();
    for row in &rows {
        if row.actor_kind == "staff" && !names.contains_key(&row.actor_id) {
            let name = staff::store::by_id(&app.db, &row.actor_id).await?.map(|row| row.name);
            names.insert(row.actor_id.clone(), name.unwrap_or_default());
        }
    }
    Ok(rows.into_iter().map(|row| event(row, &names)).collect())
}

fn event(row: Row, names: &BTreeMap<String, String>) -> Event {
    let who = match row.actor_kind.as_str() {
        "staff" => format!("秘书处 {}", names.get(&row.actor_id).map_or("", String::as_str)),
        "member" => "会员".into(),
        "system" => "系统".into(),
        _ => "未登录的访客".into(),
    };
    Event { at: row.at.to_second(), who, what: words(&row.action), reason: row.reason, ip: row.ip }
}

fn words(action: &str) -> &'static str {
    match action {
        "account.sign-in" => "登录成功",
        "account.sign-in-failed" => "密码错误",
        "account.locked" => "密码错误次数过多，已锁定",
        "account.unlock" => "解锁",
        "account.password" => "修改密码",
        "account.password-taken" => "重置密码（旧密码作废）",
        "account.password-reset" => "重新设置密码",
        "account.bind-code" => "发放绑定码",
        "account.sign-out-one" => "退出一个浏览器",
        "account.sign-out-all" => "退出所有设备",
        "account.freeze" => "停用账号",
        "account.unfreeze" => "恢复账号",
        "wechat.bind" => "绑定微信",
        "wechat.unbind" => "会员解绑微信",
        "wechat.revoke" => "秘书处解绑微信",
        "wechat.rescue-request" => "申请换绑微信",
        "wechat.rescue-approve" => "换绑申请通过，进入冷静期",
        "wechat.rescue-reject" => "换绑申请驳回",
        "wechat.rescue-effect" => "换绑生效，原微信已解绑",
        "wechat.rescue-withdraw" => "原微信登录，换绑申请撤销",
        "scan.open" => "手机打开登录二维码",
        "scan.confirm" => "手机确认",
        "scan.reject" => "手机点了“不是我”",
        _ => "其他操作",
    }
}
