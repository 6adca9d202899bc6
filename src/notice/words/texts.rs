//! The texts of all topics. `subject` and `note` hold at most 20 characters, `state` at most 5
//! (wechat.md 8); a test holds them to it.

use crate::notice::Topic;

/// The text of one topic.
pub(super) struct Words {
    /// What it is about.
    pub subject: &'static str,
    /// How that stands now.
    pub state: &'static str,
    /// What to do next.
    pub note: &'static str,
    /// The whole sentence, for lists and later channels.
    pub text: &'static str,
    /// What tapping the message opens.
    pub path: &'static str,
}

const fn of(
    (subject, state): (&'static str, &'static str),
    note: &'static str,
    text: &'static str,
    path: &'static str,
) -> Words {
    Words { subject, state, note, text, path }
}

/// In the order of [`Topic::ALL`]; a test holds it to be whole.
static TEXTS: [(Topic, Words); Topic::ALL.len()] = [
    (
        Topic::RegistrationApproved,
        of(
            ("会员注册申请", "审核通过"),
            "请在电脑端登录并完善信息",
            "申请 {no} 已通过审核，会员等级为{level}，请在电脑端登录并完善信息。",
            "/h5/login",
        ),
    ),
    (
        Topic::RegistrationReturned,
        of(
            ("会员注册申请", "需补正"),
            "请按要求补正后重新提交",
            "申请 {no} 需要补正，请打开审核结果，按要求修改后重新提交。",
            "/h5/login",
        ),
    ),
    (
        Topic::RegistrationRejected,
        of(
            ("会员注册申请", "不通过"),
            "请登录查看原因，可重新注册",
            "申请 {no} 未通过审核，请登录查看原因；修改后可以重新注册。",
            "/h5/login",
        ),
    ),
    (
        Topic::PaymentReceived,
        of(
            ("会费缴纳成功", "已到账"),
            "可在会员中心查看支付记录",
            "订单 {order_no} 的会费 {money} 元已到账。",
            "/h5/",
        ),
    ),
    (
        Topic::OfflineConfirmed,
        of(
            ("线下缴费已确认到账", "已确认"),
            "可在会员中心查看缴费记录",
            "{what} {money} 元（{no}）已确认到账。",
            "/h5/",
        ),
    ),
    (
        Topic::OfflineRejected,
        of(
            ("线下缴费信息被驳回", "已驳回"),
            "请登录查看原因后重新提交",
            "{year} 年度线下缴费 {no}（{money} 元）被驳回，请登录查看原因，修改后重新提交。",
            "/h5/",
        ),
    ),
    (
        Topic::ChangeApproved,
        of(
            ("变更申请", "审核通过"),
            "变更已生效，请登录核对",
            "变更申请 {no} 已通过审核，变更后的信息已生效，请登录核对。",
            "/h5/profile",
        ),
    ),
    (
        Topic::ChangeRejected,
        of(
            ("变更申请", "不通过"),
            "请登录查看原因，可重新申请",
            "变更申请 {no} 未通过审核，请登录查看原因；修改后可以重新申请。",
            "/h5/profile",
        ),
    ),
    (
        Topic::CandidatesApproved,
        of(
            ("理事相关人选", "审核通过"),
            "名单已生效，可登录查看",
            "提交的理事相关人选名单（{people} 人）已通过审核，即时生效。",
            "/h5/profile",
        ),
    ),
    (
        Topic::CandidatesRejected,
        of(
            ("理事相关人选", "不通过"),
            "请登录查看原因，可重新提交",
            "提交的理事相关人选名单未通过审核，请登录查看原因；修改后可以重新提交，原名单不受影响。",
            "/h5/profile",
        ),
    ),
    (
        Topic::StandingChanged,
        of(
            ("会员状态", "已变更"),
            "如有疑问请联系秘书处",
            "会员状态已变更为{state}，如有疑问请联系秘书处。",
            "/h5/login",
        ),
    ),
    (
        Topic::OfflineReversed,
        of(
            ("线下缴费确认已撤销", "已冲正"),
            "请登录查看原因或联系秘书处",
            "{year} 年度线下缴费 {no}（{money} 元）的到账确认已撤销，请登录查看原因。",
            "/h5/",
        ),
    ),
    (
        Topic::OfflineSurplus,
        of(
            ("线下缴费多余款项", "已处理"),
            "可在会员中心查看缴费记录",
            "线下缴费 {no} 多余的 {money} 元已处理，请登录查看。",
            "/h5/",
        ),
    ),
    (
        Topic::RefundPaid,
        of(
            ("退款", "已退回"),
            "可在会员中心查看支付记录",
            "退款 {no}（{money} 元）已退回，请登录查看支付记录。",
            "/h5/",
        ),
    ),
    (
        Topic::DuesIssued,
        of(
            ("会费账单", "待缴费"),
            "请在截止日期前缴纳",
            "{what}账单已开具，应缴 {money} 元。",
            "/h5/dues",
        ),
    ),
    (
        Topic::DuesChanged,
        of(
            ("会费账单", "已变更"),
            "请登录查看最新应缴金额",
            "{what}账单有变更，请登录查看最新应缴金额。",
            "/h5/dues",
        ),
    ),
    (
        Topic::SignedInElsewhere,
        of(
            ("账号在新设备登录", "已登录"),
            "非本人操作请联系秘书处",
            "账号于 {at} 在新设备（{browser}）登录；如非本人操作，请立即联系秘书处。",
            "/h5/",
        ),
    ),
    (
        Topic::PasswordReset,
        of(
            ("账号密码重置", "已重置"),
            "非本人操作请联系秘书处",
            "账号密码已重置；如非本人操作，请立即联系秘书处。",
            "/h5/login",
        ),
    ),
    (
        Topic::WechatChange,
        of(
            ("账号绑定微信变更", "办理中"),
            "非本人操作请联系秘书处",
            "账号绑定的微信正在变更；如非本人操作，请立即联系秘书处。",
            "/h5/",
        ),
    ),
];

/// The words of a topic.
pub(super) fn words(topic: Topic) -> &'static Words {
    let found = TEXTS.iter().find(|(known, _)| *known == topic);
    found.map_or(&TEXTS[0].1, |(_, words)| words)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_topic_has_its_words() {
        assert!(TEXTS.iter().map(|(topic, _)| *topic).eq(Topic::ALL));
    }
}
