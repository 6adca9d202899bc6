//! Making an order: the checks of the create call and the rules for the same number again.

use serde_json::{Value, json};

use crate::authorization::Call;
use crate::clock::parse_rfc3339;
use crate::crypto::{random_digits, random_text};
use crate::h5_page;
use crate::order::{Order, State, TradeType};
use crate::reply::{Refusal, Reply};
use crate::strict::{self, Fields};
use crate::world::{APP_ID, MCH_ID, World};

const TWO_HOURS_MS: i64 = 2 * 60 * 60 * 1000;
const FIVE_MINUTES_MS: i64 = 5 * 60 * 1000;
const ONE_MINUTE_MS: i64 = 60 * 1000;
const FIFTEEN_DAYS_MS: i64 = 15 * 24 * 60 * 60 * 1000;
/// The live service counts bytes here.
const DESCRIPTION_BYTES: usize = 127;

/// `POST /v3/pay/transactions/{native,jsapi,h5}`; the order's number comes back beside the answer.
pub fn create(
    world: &World,
    call: &Call,
    trade_type: TradeType,
) -> Result<(Reply, String), Refusal> {
    let now = world.clock.now_ms();
    let order = read(call, trade_type, now, &world.urls().base)?;
    let number = order.out_trade_no.clone();
    let mut books = world.books();
    if order.openid.as_deref().is_some_and(|openid| !books.users.knows(openid)) {
        return Err(Refusal::param("无效的openid（openid与appid不匹配）"));
    }
    let Some(known) = books.orders.get_mut(&number) else {
        let reply = answer(&order);
        books.orders.insert(number.clone(), order);
        return Ok((reply, number));
    };
    known.age(now);
    refuse_change(known, &order)?;
    known.code = order.code;
    known.code_until_ms = order.code_until_ms;
    Ok((answer(known), number))
}

/// The same number again is welcome only unpaid, open and unchanged.
fn refuse_change(known: &Order, order: &Order) -> Result<(), Refusal> {
    let used = || Refusal::new(403, "OUT_TRADE_NO_USED", "201 商户订单号重复");
    match known.state {
        State::Closed if known.trade_type == TradeType::Native => {
            Err(Refusal::new(400, "ORDER_CLOSED", "订单已关闭"))
        }
        State::NotPay if known.trade_type == order.trade_type && known.request == order.request => {
            Ok(())
        }
        State::NotPay | State::Closed | State::Success | State::Refund => Err(used()),
    }
}

fn answer(order: &Order) -> Reply {
    let name = match order.trade_type {
        TradeType::Native => "code_url",
        TradeType::Jsapi => "prepay_id",
        TradeType::H5 => "h5_url",
    };
    Reply::json(&json!({ name: order.code }))
}

fn read(call: &Call, trade_type: TradeType, now: i64, base: &str) -> Result<Order, Refusal> {
    let mut fields = strict::read(&call.body)?;
    let (appid, mchid) = (fields.need_text("appid", 32)?, fields.need_text("mchid", 32)?);
    if mchid != MCH_ID {
        return Err(Refusal::param("商户号mchid与Authorization中的mchid不一致"));
    }
    if appid != APP_ID {
        return Err(Refusal::new(
            400,
            "APPID_MCHID_NOT_MATCH",
            "appid和mch_id不匹配，请检查后再试",
        ));
    }
    let description = fields.need_text("description", DESCRIPTION_BYTES)?;
    if description.len() > DESCRIPTION_BYTES {
        return Err(Refusal::param("description超过127字节"));
    }
    let out_trade_no = out_trade_no(&mut fields)?;
    let notify_url = fields.need_text("notify_url", 255)?;
    strict::notify_url(&notify_url)?;
    let total = amount(&mut fields)?;
    let openid = payer(&mut fields, trade_type)?;
    scene(&mut fields, trade_type)?;
    let expires_ms = time_expire(&mut fields, now)?;
    let attach = fields.text("attach", 128)?;
    fields.text("goods_tag", 32)?;
    fields.ignore(&["detail", "settle_info", "limit_pay", "support_fapiao"]);
    fields.end()?;
    let (code, lifetime) = new_code(trade_type, base);
    Ok(Order {
        out_trade_no,
        trade_type,
        request: serde_json::from_slice::<Value>(&call.body)
            .map_err(|_| Refusal::param("请求体不是合法的JSON"))?,
        description,
        notify_url,
        total,
        attach,
        openid,
        expires_ms,
        created_ms: now,
        code,
        code_until_ms: now + lifetime,
        state: State::NotPay,
        payment: None,
        acknowledged: false,
    })
}

fn out_trade_no(fields: &mut Fields) -> Result<String, Refusal> {
    let number = fields.need_text("out_trade_no", 32)?;
    let letters =
        number.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-*|".contains(&byte));
    if number.len() < 6 || !letters {
        return Err(Refusal::param("out_trade_no只能是6至32位的数字、大小写字母_-*|"));
    }
    Ok(number)
}

fn amount(fields: &mut Fields) -> Result<i64, Refusal> {
    let mut amount = fields.need_object("amount")?;
    let total = amount.need_fen("total")?;
    match amount.text("currency", 16)?.as_deref() {
        None | Some("CNY") => {}
        Some(_) => return Err(Refusal::param("currency仅支持CNY")),
    }
    amount.end()?;
    Ok(total)
}

fn payer(fields: &mut Fields, trade_type: TradeType) -> Result<Option<String>, Refusal> {
    if trade_type != TradeType::Jsapi {
        return Ok(None);
    }
    let mut payer = fields.need_object("payer")?;
    let openid = payer.need_text("openid", 128)?;
    payer.end()?;
    Ok(Some(openid))
}

fn scene(fields: &mut Fields, trade_type: TradeType) -> Result<(), Refusal> {
    let scene = fields.object("scene_info")?;
    let needed = trade_type == TradeType::H5;
    let Some(mut scene) = scene else {
        return if needed {
            Err(Refusal::param("缺少必填字段“scene_info”"))
        } else {
            Ok(())
        };
    };
    let ip = scene.text("payer_client_ip", 45)?;
    scene.text("device_id", 32)?;
    scene.ignore(&["store_info"]);
    if needed {
        ip.ok_or_else(|| Refusal::param("缺少必填字段“payer_client_ip”"))?;
        let mut h5 = scene.need_object("h5_info")?;
        let kind = h5.need_text("type", 32)?;
        if !["Wap", "iOS", "Android"].contains(&kind.as_str()) {
            return Err(Refusal::param("h5_info.type仅支持Wap、iOS、Android"));
        }
        h5.ignore(&["app_name", "app_url", "bundle_id", "package_name"]);
        h5.end()?;
    }
    scene.end()
}

fn time_expire(fields: &mut Fields, now: i64) -> Result<i64, Refusal> {
    let Some(text) = fields.text("time_expire", 64)? else { return Ok(Order::default_expiry(now)) };
    let at =
        parse_rfc3339(&text).ok_or_else(|| Refusal::param("time_expire格式有误，须为RFC 3339"))?;
    if at < now + ONE_MINUTE_MS {
        return Err(Refusal::param("time_expire必须晚于当前时间1分钟"));
    }
    if at > now + FIFTEEN_DAYS_MS {
        return Err(Refusal::param("time_expire距当前时间过长"));
    }
    Ok(at)
}

/// A fresh code and how long it lives, in milliseconds. The live H5 page is at wx.tenpay.com.
fn new_code(trade_type: TradeType, base: &str) -> (String, i64) {
    match trade_type {
        TradeType::Native => {
            (format!("weixin://wxpay/bizpayurl?pr={}", random_text(11)), TWO_HOURS_MS)
        }
        TradeType::Jsapi => (format!("wx{}", random_digits(34)), TWO_HOURS_MS),
        TradeType::H5 => {
            let prepay = format!("wx{}", random_digits(34));
            let package = random_digits(10);
            (
                format!("{base}{}?prepay_id={prepay}&package={package}", h5_page::PATH),
                FIVE_MINUTES_MS,
            )
        }
    }
}
