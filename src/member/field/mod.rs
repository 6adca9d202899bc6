//! The fields of a member: their names, their labels, and who may change them.
//!
//! One table serves the forms, the history and the change requests, so that none of them can
//! forget a field. How a typed value is read is in [`mod@read`]; the member itself is in `model`.

mod capital;
mod contact;
pub mod read;
mod repeated;

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

pub use read::read;
pub use repeated::{DOMAIN_ROWS, LICENCE_ROWS, joined, rows};

/// Values in their stored form, by field.
pub type Values = BTreeMap<&'static str, String>;

/// Who may change a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lock {
    /// The member.
    Open,
    /// The secretariat, or the member by 变更申请.
    Request,
    /// The secretariat alone.
    Staff,
}

/// One field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Field {
    /// In forms, in the history and in addresses.
    pub name: &'static str,
    /// On the screen.
    pub label: &'static str,
    /// Who may change it.
    pub lock: Lock,
    /// Whether it may stay empty.
    pub is_required: bool,
}

const fn field(name: &'static str, label: &'static str, lock: Lock, is_required: bool) -> Field {
    Field { name, label, lock, is_required }
}

use Lock::{Open, Request, Staff};

/// All fields in the order of the form (requirements A4).
pub const ALL: &[Field] = &[
    field("name", "单位名称", Request, true),
    field("uscc", "统一社会信用代码", Request, true),
    field("user_type", "用户类型", Request, true),
    field("legal_person", "单位法人", Request, true),
    field("legal_mobile", "法人移动电话", Request, true),
    field("contact_mobile", "联系人移动电话", Request, true),
    field("joined_on", "入会日期", Staff, true),
    field("contact", "联系人", Open, true),
    field("email", "邮箱", Open, true),
    field("wechat_id", "微信号", Open, false),
    field("unit_state", "单位状态", Open, true),
    field("unit_nature", "单位性质", Open, true),
    field("industry", "所属行业", Open, true),
    field("unit_size", "单位规模", Open, true),
    field("legal_birthday", "法人出生日期", Open, false),
    field("region", "所在地区", Open, true),
    field("address", "详细地址", Open, true),
    field("postcode", "邮政编码", Open, false),
    field("phone", "固定电话", Open, false),
    field("fax", "单位传真", Open, false),
    field("domains", "网站域名", Open, false),
    field("founded_on", "注册时间", Open, false),
    field("registered_capital", "注册资金", Open, false),
    field("paid_capital", "实到资金", Open, false),
    field("licences", "增值电信业务许可证号", Open, false),
    field("scope", "经营范围", Open, false),
    field("intro", "单位简介", Open, false),
];

/// What the phone offers: the fields that change often and are short.
pub const LIGHT: &[&str] =
    &["contact", "email", "wechat_id", "region", "address", "postcode", "phone", "fax"];

/// The field of a name.
pub fn find(name: &str) -> Option<&'static Field> {
    ALL.iter().find(|field| field.name == name)
}

/// The label of a field; states and tags are part of the history as well.
pub fn label(name: &str) -> &'static str {
    match name {
        "status" => "会员状态",
        "tags" => "会员标签",
        "candidates" => "理事相关人选",
        name => find(name).map_or("其他信息", |field| field.label),
    }
}

/// The fields that a lock leaves to somebody.
pub fn with_lock(lock: Lock) -> impl Iterator<Item = &'static Field> {
    ALL.iter().filter(move |field| field.lock == lock)
}
