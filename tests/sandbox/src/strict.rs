//! Reading a merchant's JSON as strictly as WeChat does: basic plane only, no nulls, no unknown fields.

use serde_json::{Map, Value};

use crate::reply::Refusal;

/// An object whose fields are taken one by one; what is left over is unknown.
#[derive(Debug)]
pub struct Fields {
    name: &'static str,
    map: Map<String, Value>,
}

/// Parses a body as an object.
pub fn read(body: &[u8]) -> Result<Fields, Refusal> {
    let text = std::str::from_utf8(body).map_err(|_| Refusal::param("请求体必须为UTF-8编码"))?;
    if text.chars().any(|letter| u32::from(letter) > 0xFFFF) {
        return Err(Refusal::param("请求体含有不支持的字符（仅支持基本多文种平面）"));
    }
    let value: Value =
        serde_json::from_str(text).map_err(|_| Refusal::param("请求体不是合法的JSON"))?;
    refuse_odd(&value)?;
    Fields::new("body", value)
}

/// Nulls, and characters outside the basic plane that were written as escapes.
fn refuse_odd(value: &Value) -> Result<(), Refusal> {
    match value {
        Value::Null => Err(Refusal::param("请求体不能含有null")),
        Value::String(text) if text.chars().any(|letter| u32::from(letter) > 0xFFFF) => {
            Err(Refusal::param("请求体含有不支持的字符（仅支持基本多文种平面）"))
        }
        Value::Array(items) => items.iter().try_for_each(refuse_odd),
        Value::Object(map) => map.values().try_for_each(refuse_odd),
        Value::Bool(_) | Value::Number(_) | Value::String(_) => Ok(()),
    }
}

impl Fields {
    fn new(name: &'static str, value: Value) -> Result<Self, Refusal> {
        match value {
            Value::Object(map) => Ok(Self { name, map }),
            _ => Err(Refusal::param(format!("{name}必须为对象"))),
        }
    }

    /// A text of 1 to `limit` characters, when it is there.
    pub fn text(&mut self, name: &'static str, limit: usize) -> Result<Option<String>, Refusal> {
        let Some(value) = self.map.remove(name) else { return Ok(None) };
        let Value::String(text) = value else {
            return Err(Refusal::param(format!("输入源“/{}/{name}”必须为字符串", self.name)));
        };
        let length = text.chars().count();
        if length == 0 || length > limit {
            return Err(Refusal::param(format!(
                "输入源“/{}/{name}”映射到字段“{name}”字符串规则校验失败，长度须为1至{limit}",
                self.name
            )));
        }
        Ok(Some(text))
    }

    /// A text that must be there.
    pub fn need_text(&mut self, name: &'static str, limit: usize) -> Result<String, Refusal> {
        self.text(name, limit)?.ok_or_else(|| missing(name))
    }

    /// A whole number of fen, at least one, that must be there.
    pub fn need_fen(&mut self, name: &'static str) -> Result<i64, Refusal> {
        let value = self.map.remove(name).ok_or_else(|| missing(name))?;
        let fen = value.as_i64().filter(|_| value.is_i64() || value.is_u64());
        fen.filter(|fen| *fen >= 1)
            .ok_or_else(|| Refusal::param(format!("字段“{name}”必须为不小于1的整数（单位：分）")))
    }

    /// An object, when it is there.
    pub fn object(&mut self, name: &'static str) -> Result<Option<Self>, Refusal> {
        self.map.remove(name).map(|value| Self::new(name, value)).transpose()
    }

    /// An object that must be there.
    pub fn need_object(&mut self, name: &'static str) -> Result<Self, Refusal> {
        self.object(name)?.ok_or_else(|| missing(name))
    }

    /// Takes fields that WeChat knows and the sandbox does not look into.
    pub fn ignore(&mut self, names: &[&str]) {
        for name in names {
            self.map.remove(*name);
        }
    }

    /// Refuses whatever was not taken.
    pub fn end(self) -> Result<(), Refusal> {
        match self.map.keys().next() {
            None => Ok(()),
            Some(name) => Err(Refusal::param(format!("不支持的字段“{name}”"))),
        }
    }
}

fn missing(name: &str) -> Refusal {
    Refusal::param(format!("缺少必填字段“{name}”"))
}

/// `https` anywhere, or plain `http` on this machine; no query, no fragment, no user.
pub fn notify_url(text: &str) -> Result<(), Refusal> {
    let refusal = || Refusal::param("notify_url必须为直接可访问的https地址，不能携带参数");
    let url = url::Url::parse(text).map_err(|_| refusal())?;
    let host = url.host_str().unwrap_or_default();
    let loopback = matches!(host, "127.0.0.1" | "localhost" | "[::1]");
    let scheme = url.scheme() == "https" || (url.scheme() == "http" && loopback);
    let plain = url.query().is_none() && url.fragment().is_none() && url.username().is_empty();
    if scheme && plain && !host.is_empty() { Ok(()) } else { Err(refusal()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn odd_bodies_are_refused() {
        for body in [
            "",
            "[]",
            "null",
            r#"{"a":null}"#,
            r#"{"a":"😀"}"#,
            r#"{"a":"\ud83d\ude00"}"#,
            r#"{"a":1"#,
        ] {
            assert!(read(body.as_bytes()).is_err(), "{body}");
        }
        assert!(read(b"\xff").is_err());
    }

    #[test]
    fn a_field_nobody_asked_for_is_refused() {
        let mut fields = read(br#"{"a":"x","b":5,"c":1.5,"d":"1"}"#).unwrap();

        assert_eq!(fields.text("a", 1), Ok(Some("x".to_owned())));
        assert_eq!(fields.need_fen("b"), Ok(5));
        assert!(fields.need_fen("c").is_err());
        assert!(fields.end().is_err());
    }

    #[test]
    fn a_notify_url_is_https_or_local_and_bare() {
        assert!(notify_url("https://hy.example.cn/wechat/pay/notify").is_ok());
        assert!(notify_url("http://127.0.0.1:8080/wechat/pay/notify").is_ok());
        assert!(notify_url("http://hy.example.cn/n").is_err());
        assert!(notify_url("https://hy.example.cn/n?a=1").is_err());
        assert!(notify_url("/n").is_err());
    }
}
