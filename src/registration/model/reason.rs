//! Why applications are returned or turned down: the words offered to reviewers, and the fields
//! that an applicant can be asked to amend.

use serde::{Deserialize, Serialize};

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
/// The stamped 入会申请表, as a field that can be asked for.
pub const SCAN: &str = "scan";

/// A field that an applicant can be asked to amend.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Amendable {
    /// The field of the form.
    #[serde(rename = "value")]
    pub field: &'static str,
    /// Its label.
    #[serde(rename = "text")]
    pub label: &'static str,
    /// The reason that reviewers give most.
    pub phrase: &'static str,
}

const fn of(field: &'static str, label: &'static str, phrase: &'static str) -> Amendable {
    Amendable { field, label, phrase }
}

/// The fields in the order of the form. The password is none: nobody has seen it.
pub const AMENDABLE: &[Amendable] = &[
    of("name", "单位名称", "请填写与营业执照一致的全称"),
    of("uscc", "统一社会信用代码", "请填写与营业执照一致的代码"),
    of("legal_person", "单位法人", "请填写营业执照上的法定代表人"),
    of("legal_mobile", "移动电话（法人）", "该号码无法联系，请核对"),
    of("contact", "联系人", "请填写联系人的真实姓名"),
    of("contact_mobile", "移动电话（联系人）", "该号码无法联系，请核对"),
    of("user_type", "用户类型", "请按单位性质重新选择"),
    of(SCAN, "盖章的入会申请表", "请上传加盖单位公章的入会申请表"),
];

/// The field of a code.
pub fn amendable(field: &str) -> Option<&'static Amendable> {
    AMENDABLE.iter().find(|known| known.field == field)
}

/// One thing to amend.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Defect {
    /// The field of [`AMENDABLE`].
    pub field: String,
    /// What is wrong with it, in the reviewer's words.
    pub reason: String,
}

impl Defect {
    /// The label of its field.
    pub fn label(&self) -> &'static str {
        amendable(&self.field).map_or("其他", |known| known.label)
    }
}
