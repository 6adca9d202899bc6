//! What notices say: the Chinese texts stand in [`texts`] and nowhere else.
//!
//! `{name}` in a text is replaced by the fact of that name; `{money}` by the fact `fen` (or
//! `amount`) in yuan. WeChat's own limits on values (wechat.md 8) are kept here too.

mod texts;

use std::collections::BTreeMap;

use serde_json::Value;

use self::texts::words;
use super::Topic;
use crate::{
    kernel::{Fen, Timestamp},
    web::settings::{self, NoticeTemplate},
};

/// The values that the fields of a template can show.
const VALUES: [&str; 6] = ["subject", "state", "time", "amount", "number", "note"];

/// What is wrong with the settings, a line each.
pub fn problems(settings: &settings::Notice) -> Vec<String> {
    let mut problems = Vec::new();
    for (topic, template) in &settings.templates {
        let known = |value: &String| VALUES.contains(&value.as_str());
        if Topic::from_code(topic).is_none() {
            problems.push(format!("notice.templates.{topic}: there is no such topic"));
        } else if template.id.is_empty() || !template.fields.values().all(known) {
            problems
                .push(format!("notice.templates.{topic} needs an id, and fields of {VALUES:?}"));
        }
    }
    problems
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
        let facts = json!({ "no": "F1", "what": "2026 年度会费", "fen": 200_000 });
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
