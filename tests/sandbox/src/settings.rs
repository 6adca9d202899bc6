//! What the product must be told to talk to this sandbox.

use serde_json::{Value, json};

use crate::keys::{CERTIFICATE_FILE, MERCHANT_KEY_FILE, PUBLIC_KEY_FILE};
use crate::world::{APP_ID, MCH_ID, World};

/// The product's settings as environment variables, secrets included.
pub fn environment(world: &World) -> Vec<(String, String)> {
    let folder = std::path::absolute(&world.data_dir).unwrap_or_else(|_| world.data_dir.clone());
    let path = |name: &str| folder.join(name).display().to_string();
    let public_keys = json!([
        { "serial": world.keys.public_key.serial, "path": path(PUBLIC_KEY_FILE) },
        { "serial": world.keys.platform.serial, "path": path(CERTIFICATE_FILE) },
    ]);
    let urls = world.urls();
    let base = urls.base;
    let pairs = [
        ("WECHAT__APP_ID", APP_ID.to_owned()),
        ("WECHAT__APP_SECRET", world.keys.secrets.app_secret.clone()),
        ("WECHAT__AUTHORIZE_BASE", base.clone()),
        ("WECHAT__API_BASE", base.clone()),
        ("WECHAT_PAY__MCH_ID", MCH_ID.to_owned()),
        ("WECHAT_PAY__MERCHANT_SERIAL", world.keys.merchant.serial.clone()),
        ("WECHAT_PAY__MERCHANT_PRIVATE_KEY", path(MERCHANT_KEY_FILE)),
        ("WECHAT_PAY__API_V3_KEY", world.keys.secrets.api_v3_key.clone()),
        ("WECHAT_PAY__PUBLIC_KEYS", public_keys.to_string()),
        ("WECHAT_PAY__API_BASE", base),
    ];
    let door = urls.behind.strip_prefix("http://").map(|listen| {
        [
            ("SERVER__LISTEN", listen.to_owned()),
            ("SERVER__PUBLIC_URL", urls.product.clone()),
            ("SERVER__TRUSTED_PROXIES", json!(["127.0.0.1"]).to_string()),
        ]
    });
    let all = pairs.into_iter().chain(door.into_iter().flatten());
    all.map(|(name, value)| (format!("HUIYUAN__{name}"), value)).collect()
}

/// The same without secrets, for `/control/settings`.
pub fn public(world: &World) -> Value {
    let urls = world.urls();
    json!({
        "app_id": APP_ID, "mch_id": MCH_ID, "base": urls.base, "webview": urls.webview, "product": urls.product, "behind": urls.behind,
        "merchant_serial": world.keys.merchant.serial, "public_key_id": world.keys.public_key.serial,
        "platform_serial": world.keys.platform.serial, "now_ms": world.clock.now_ms(),
        "manual_clock": world.clock.is_manual(), "data_dir": world.data_dir.display().to_string(),
    })
}
