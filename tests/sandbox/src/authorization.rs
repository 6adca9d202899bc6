//! Who may call WeChat Pay: headers, grammar, time, merchant, serial and signature, in WeChat's order.
//!
//! Runs before anything else looks at a request.

use salvo::http::HeaderMap;

use crate::crypto;
use crate::reply::Refusal;
use crate::world::{MCH_ID, World};

const SCHEME: &str = "WECHATPAY2-SHA256-RSA2048 ";
const TOLERANCE_SECONDS: i64 = 300;

/// A request as it came over the wire.
#[derive(Clone, Debug)]
pub struct Call {
    /// For example `POST`.
    pub method: String,
    /// Path and query, untouched.
    pub target: String,
    /// All headers.
    pub headers: HeaderMap,
    /// The raw bytes.
    pub body: Vec<u8>,
}

/// The five pairs of the `Authorization` header.
#[derive(Debug, PartialEq, Eq)]
struct Credentials {
    mchid: String,
    nonce: String,
    timestamp: String,
    serial: String,
    signature: String,
}

impl Call {
    /// The header's text, empty when it is missing or not text.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    /// The path without the query.
    pub fn path(&self) -> &str {
        self.target.split('?').next().unwrap_or_default()
    }

    /// The decoded value of a query parameter.
    pub fn query(&self, name: &str) -> Option<String> {
        let query = self.target.split_once('?')?.1;
        url::form_urlencoded::parse(query.as_bytes())
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.into_owned())
    }
}

/// Lets a request pass, or says what WeChat would say.
pub fn check(world: &World, call: &Call) -> Result<(), Refusal> {
    check_headers(call)?;
    let credentials = parse(call.header("authorization")).ok_or_else(|| {
        Refusal::sign("Http头Authorization值格式错误，请参考《微信支付商户REST API签名规则》")
    })?;
    check_time(&credentials.timestamp, world.clock.now_seconds())?;
    if credentials.mchid != MCH_ID {
        return Err(Refusal::sign("商户号不存在，请检查Authorization中的mchid"));
    }
    if credentials.serial != world.keys.merchant.serial {
        return Err(Refusal::sign("商户证书序列号有误，请使用签名私钥匹配的证书序列号"));
    }
    let text = crypto::request_text(
        &call.method,
        &call.target,
        &credentials.timestamp,
        &credentials.nonce,
        &call.body,
    );
    if crypto::verify(&world.keys.merchant.public, &text, &credentials.signature) {
        Ok(())
    } else {
        Err(Refusal::sign("签名错误，请检查后再试"))
    }
}

fn check_headers(call: &Call) -> Result<(), Refusal> {
    if call.header("user-agent").is_empty() {
        return Err(Refusal::param("Http头缺少User-Agent"));
    }
    // Files are downloaded whatever the client says it accepts.
    let file = call.path().starts_with("/v3/billdownload/");
    if !file
        && !call.header("accept").split(',').any(|kind| kind.trim().starts_with("application/json"))
    {
        return Err(Refusal::param("Http头Accept必须为application/json"));
    }
    if !call.body.is_empty() && !call.header("content-type").starts_with("application/json") {
        return Err(Refusal::param("Http头Content-Type必须为application/json"));
    }
    if call.header("authorization").is_empty() {
        return Err(Refusal::sign("Http头缺少Authorization"));
    }
    Ok(())
}

fn check_time(timestamp: &str, now: i64) -> Result<(), Refusal> {
    let digits = !timestamp.is_empty() && timestamp.bytes().all(|byte| byte.is_ascii_digit());
    let seconds = digits.then(|| timestamp.parse::<i64>().ok()).flatten();
    let seconds = seconds.ok_or_else(|| Refusal::sign("Http头Authorization中的timestamp有误"))?;
    if (now - seconds).abs() > TOLERANCE_SECONDS {
        return Err(Refusal::sign("Http头Authorization中的timestamp与发起请求的时间不得超过5分钟"));
    }
    Ok(())
}

/// Five pairs `name="value"`, in any order, each exactly once.
fn parse(header: &str) -> Option<Credentials> {
    let pairs = header.strip_prefix(SCHEME)?;
    let mut found: [Option<String>; 5] = Default::default();
    for pair in pairs.split(',') {
        let (name, value) = pair.trim().split_once('=')?;
        let value = value.strip_prefix('"')?.strip_suffix('"')?;
        let place = ["mchid", "nonce_str", "timestamp", "serial_no", "signature"]
            .iter()
            .position(|known| *known == name)?;
        if value.is_empty() || found[place].replace(value.to_owned()).is_some() {
            return None;
        }
    }
    let [mchid, nonce, timestamp, serial, signature] = found;
    Some(Credentials {
        mchid: mchid?,
        nonce: nonce?,
        timestamp: timestamp?,
        serial: serial?,
        signature: signature?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn five_pairs_in_any_order_are_read_and_anything_else_is_not() {
        let good = r#"WECHATPAY2-SHA256-RSA2048 nonce_str="n",mchid="1",serial_no="S",signature="a=b==",timestamp="9""#;

        assert_eq!(parse(good).map(|found| found.signature), Some("a=b==".to_owned()));
        assert_eq!(parse(&good.replace(r#"mchid="1","#, "")), None);
        assert_eq!(parse(&good.replace("mchid", "mch_id")), None);
        assert_eq!(parse(&good.replace(r#""n""#, "n")), None);
        assert_eq!(parse(&format!(r#"{good},mchid="2""#)), None);
        assert_eq!(parse(&good.replace("WECHATPAY2", "WECHATPAY3")), None);
    }
}
