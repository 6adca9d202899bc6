//! An application as pages show it: in full for those who may see it, masked for others.

use serde::Serialize;

use super::model::{Registration, Status};
use crate::kernel::{Mobile, Timestamp, identity::masked_name};

/// Who looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sight {
    /// A reviewer.
    Full,
    /// Staff who read without deciding: mobiles are masked.
    Mobiles,
    /// The browser that submitted it.
    Own,
    /// Anybody: everything that names somebody is masked.
    Masked,
}

/// One step of the bar.
#[derive(Clone, Debug, Serialize)]
pub struct Step {
    text: &'static str,
    state: &'static str,
    note: String,
}

/// One thing to amend.
#[derive(Clone, Debug, Serialize)]
pub struct Remark {
    label: &'static str,
    reason: String,
}

/// An application, ready for the screen.
#[derive(Clone, Debug, Serialize)]
pub struct View {
    /// 申请编号.
    pub no: String,
    /// 单位名称.
    pub name: String,
    version: i64,
    uscc: String,
    uscc_doubtful: bool,
    legal_person: String,
    legal_mobile: String,
    contact: String,
    contact_mobile: String,
    user_type: String,
    submitted: String,
    amended: Option<String>,
    decided: Option<String>,
    /// The word for the state.
    pub status: &'static str,
    /// The kind of its chip.
    pub chip: &'static str,
    state: &'static str,
    waits: bool,
    reason: String,
    defects: Vec<Remark>,
    charter: String,
    privacy: String,
    consented: String,
    channel: &'static str,
    steps: Vec<Step>,
    is_own: bool,
}

impl View {
    /// Prepares an application for somebody's eyes; `review_days` are working days.
    pub fn of(from: &Registration, sight: Sight, review_days: u32) -> Self {
        let is_masked = sight == Sight::Masked;
        let is_staff = matches!(sight, Sight::Full | Sight::Mobiles);
        let names = |name: &str| if is_masked { masked_name(name) } else { name.to_owned() };
        let mobile = |mobile: &Mobile| match sight {
            Sight::Full | Sight::Own => mobile.as_str().to_owned(),
            Sight::Mobiles | Sight::Masked => mobile.masked(),
        };
        let remarks = from.defects.iter().map(|defect| Remark {
            label: defect.label(),
            reason: if is_masked { String::new() } else { defect.reason.clone() },
        });
        Self {
            no: from.no.clone(),
            name: names(&from.name),
            version: from.version,
            uscc: if is_masked { masked_code(from.uscc.as_str()) } else { from.uscc.to_string() },
            uscc_doubtful: from.uscc_doubtful,
            legal_person: names(&from.legal_person),
            legal_mobile: mobile(&from.legal_mobile),
            contact: names(&from.contact),
            contact_mobile: mobile(&from.contact_mobile),
            user_type: from.user_type_label().to_owned(),
            submitted: from.submitted_at.to_minute(),
            amended: (from.queued_at != from.submitted_at).then(|| from.queued_at.to_minute()),
            decided: from.decided_at.map(Timestamp::to_minute),
            status: if is_staff { from.status.label() } else { from.status.public_label() },
            chip: from.status.chip(),
            state: from.status.code(),
            waits: from.status.waits(),
            reason: if is_masked { from.reason_category().into() } else { from.reason.clone() },
            defects: remarks.collect(),
            charter: from.consent.charter.clone(),
            privacy: from.consent.privacy.clone(),
            consented: from.consent.at.to_minute(),
            channel: from.channel.label(),
            steps: steps(from, review_days),
            is_own: sight == Sight::Own,
        }
    }
}

/// `9132**********012R`.
fn masked_code(code: &str) -> String {
    match (code.get(..4), code.get(14..)) {
        (Some(head), Some(tail)) => format!("{head}**********{tail}"),
        _ => String::new(),
    }
}

/// The bar of steps: 提交申请, 秘书处审核, 登录并完善信息, 缴纳会费.
pub(super) fn steps(from: &Registration, review_days: u32) -> Vec<Step> {
    let decided = from.decided_at.map(Timestamp::to_minute).unwrap_or_default();
    let step = |text, state, note| Step { text, state, note };
    let ahead = |text| step(text, "ahead", String::new());
    let (review, next) = match from.status {
        Status::Pending | Status::Endorsed => (
            step("秘书处审核", "now", format!("预计 {review_days} 个工作日内完成")),
            ahead("登录并完善信息"),
        ),
        Status::Returned => {
            (step("补正资料", "now", "请按要求修改后重新提交".into()), ahead("登录并完善信息"))
        }
        Status::Approved => (
            step("审核通过", "done", decided),
            step("登录并完善信息", "now", "请在电脑端登录".into()),
        ),
        Status::Rejected => (step("审核不通过", "failed", decided), ahead("登录并完善信息")),
        Status::Withdrawn => (step("已撤回", "failed", decided), ahead("登录并完善信息")),
    };
    let submitted = step("提交申请", "done", from.submitted_at.to_minute());
    vec![submitted, review, next, ahead("缴纳会费")]
}

#[cfg(test)]
mod tests {
    use super::masked_code;

    #[test]
    fn a_masked_code_hides_who_it_is() {
        assert_eq!(masked_code("91329999XY0000012R"), "9132**********012R");
        assert_eq!(masked_code(""), "");
    }
}
