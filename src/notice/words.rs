//! What notices say: the Chinese text of every topic stands here and nowhere else.
//!
//! `{name}` in a text is replaced by the fact of that name; `{money}` by the fact `fen` (or
//! `amount`) in yuan. WeChat's own limits on values (wechat.md 8) are kept here too.

use std::collections::BTreeMap;

use serde_json::Value;

use super::Topic;
use crate::{
    kernel::{Fen, Timestamp},
    web::settings::NoticeTemplate,
};

/// The values that the fields of a template can show.
pub const VALUES: [&str; 6] = ["subject", "state", "time", "amount", "number", "note"];

/// The text of one topic.
struct Words {
    /// At most 20 characters.
    subject: &'static str,
    /// At most 5 characters.
    state: &'static str,
    /// What to do next, at most 20 characters.
    note: &'static str,
    /// The whole sentence, for lists and later channels.
    text: &'static str,
    /// What tapping the message opens.
    path: &'static str,
}

const fn words(topic: Topic) -> Words {
    match topic {
        Topic::RegistrationApproved => Words {
            subject: "会员注册申请",
            state: "审核通过",
            note: "请在电脑端登录并完善信息",
            text: "申请 {no} 已通过审核，会员等级为{level}，请在电脑端登录并完善信息。",
            path: "/h5/login",
        },
        Topic::RegistrationReturned => Words {
            subject: "会员注册申请",
            state: "需补正",
            note: "请按要求补正后重新提交",
            text: "申请 {no} 需要补正，请打开审核结果，按要求修改后重新提交。",
            path: "/h5/login",
        },
        Topic::RegistrationRejected => Words {
            subject: "会员注册申请",
            state: "不通过",
            note: "请登录查看原因，可重新注册",
            text: "申请 {no} 未通过审核，请登录查看原因；修改后可以重新注册。",
            path: "/h5/login",
        },
        Topic::PaymentReceived => Words {
            subject: "会费缴纳成功",
            state: "已到账",
            note: "可在会员中心查看支付记录",
            text: "订单 {order_no} 的会费 {money} 元已到账。",
            path: "/h5/",
        },
        Topic::OfflineConfirmed => Words {
            subject: "线下缴费已确认到账",
            state: "已确认",
            note: "可在会员中心查看缴费记录",
            text: "{year} 年度会费 {money} 元（{no}）已确认到账。",
            path: "/h5/",
        },
        Topic::OfflineRejected => Words {
            subject: "线下缴费信息被驳回",
            state: "已驳回",
            note: "请登录查看原因后重新提交",
            text: "{year} 年度线下缴费 {no}（{money} 元）被驳回，请登录查看原因，修改后重新提交。",
            path: "/h5/",
        },
    }
}

/// A short name of the topic, for lists.
pub(super) fn subject(topic: Topic) -> String {
    let words = words(topic);
    format!("{}：{}", words.subject, words.state)
}

/// What tapping the message opens.
pub(super) fn path(topic: Topic) -> &'static str {
    words(topic).path
}

/// The whole sentence.
pub(super) fn text(topic: Topic, facts: &Value) -> String {
    let mut rest = words(topic).text;
    let mut text = String::new();
    while let Some((before, after)) = rest.split_once('{') {
        let (name, tail) = after.split_once('}').unwrap_or((after, ""));
        text.push_str(before);
        text.push_str(&fact(facts, name));
        rest = tail;
    }
    text.push_str(rest);
    text
}

fn fact(facts: &Value, name: &str) -> String {
    match (name, &facts[name]) {
        ("money", _) => money(facts),
        (_, Value::String(text)) => text.clone(),
        (_, Value::Number(number)) => number.to_string(),
        _ => String::new(),
    }
}

fn money(facts: &Value) -> String {
    let fen = facts["fen"].as_i64().or_else(|| facts["amount"].as_i64());
    fen.map(|fen| Fen::new(fen).plain()).unwrap_or_default()
}

/// The data of a template message, each value within the limits of its kind.
pub(super) fn data(
    topic: Topic,
    facts: &Value,
    at: Timestamp,
    template: &NoticeTemplate,
) -> BTreeMap<String, String> {
    let words = words(topic);
    let value = |name: &str| match name {
        "subject" => words.subject.to_owned(),
        "state" => words.state.to_owned(),
        "time" => at.to_minute(),
        "amount" => format!("{}元", money(facts)),
        "number" => ["no", "order_no"].map(|name| fact(facts, name)).concat(),
        _ => words.note.to_owned(),
    };
    let fields = template.fields.iter();
    fields.map(|(key, name)| (key.clone(), fitted(key, &value(name)))).collect()
}

/// Cuts a value to what its kind may hold, and never leaves it empty: WeChat refuses both (47003).
fn fitted(key: &str, value: &str) -> String {
    let most = match key.trim_end_matches(|c: char| c.is_ascii_digit()) {
        "thing" => 20,
        "phrase" | "symbol" => 5,
        "name" => 10,
        "phone_number" => 17,
        "car_number" => 8,
        _ => 32,
    };
    let cut: String = value.chars().take(most).collect();
    if cut.is_empty() { "-".to_owned() } else { cut }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_words_fit_into_wechats_limits() {
        for topic in Topic::ALL {
            let words = words(topic);
            assert!(words.subject.chars().count() <= 20, "{topic:?}");
            assert!(words.note.chars().count() <= 20, "{topic:?}");
            assert!(words.state.chars().count() <= 5, "{topic:?}");
            assert!(words.path.starts_with("/h5/"), "{topic:?}");
        }
    }

    #[test]
    fn facts_stand_where_the_text_names_them() {
        let facts = json!({ "no": "F1", "year": 2026, "fen": 200_000 });
        assert_eq!(
            text(Topic::OfflineConfirmed, &facts),
            "2026 年度会费 2000.00 元（F1）已确认到账。"
        );
        let facts = json!({ "order_no": "P1", "amount": 5 });
        assert_eq!(text(Topic::PaymentReceived, &facts), "订单 P1 的会费 0.05 元已到账。");
        assert!(!text(Topic::RegistrationApproved, &json!({})).contains('{'));
    }

    #[test]
    fn values_are_cut_and_never_empty() {
        assert_eq!(fitted("thing1", &"长".repeat(30)).chars().count(), 20);
        assert_eq!(fitted("phrase2", "已经审核通过"), "已经审核通");
        assert_eq!(fitted("character_string3", ""), "-");
        let fields = [("amount1", "amount"), ("character_string2", "number"), ("thing3", "note")];
        let template = NoticeTemplate {
            id: "T".into(),
            fields: fields.map(|(key, name)| (key.into(), name.into())).into(),
        };
        let facts = json!({ "order_no": "P1", "amount": 5 });
        let data = data(Topic::PaymentReceived, &facts, Timestamp::from_millis(0), &template);
        assert_eq!(data["amount1"], "0.05元");
        assert_eq!(data["character_string2"], "P1");
        assert_eq!(data["thing3"], "可在会员中心查看支付记录");
    }
}
