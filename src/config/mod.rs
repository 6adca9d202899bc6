//! The configuration contract: layers are merged, then judged as a whole.
//!
//! Every key and its default stand in `config/default.toml`, which is compiled in, so that the
//! documented defaults are the real ones.

mod layers;

use std::path::Path;

use serde::Deserialize;
use toml::{Table, Value};

use crate::{
    db,
    kernel::Secret,
    notice, session,
    web::{
        rules::DuesRules,
        settings::{DomainVerify, Notice, Profile, SecondFactor, Security, Server, Site, Staff},
    },
    wechat::{
        login::LoginSettings,
        pay::{PaySettings, PublicKeySettings},
    },
};

const DEFAULTS: &str = include_str!("../../config/default.toml");
const PREFIX: &str = "HUIYUAN__";
/// Where WeChat answers; production refuses anything else.
const WECHAT_HOSTS: [&str; 5] = [
    "https://open.weixin.qq.com",
    "https://api.weixin.qq.com",
    "https://api2.weixin.qq.com",
    "https://api.mch.weixin.qq.com",
    "https://api2.mch.weixin.qq.com",
];

/// All settings, typed.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// `[server]`
    pub server: Server,
    /// `[database]`
    pub database: db::Settings,
    /// `[redis]`
    pub redis: session::Settings,
    /// `[security]`
    pub security: Security,
    /// `[wechat]`
    pub wechat: Wechat,
    /// `[wechat_pay]`
    pub wechat_pay: WechatPay,
    /// `[staff]`
    pub staff: Staff,
    /// `[jobs]`
    pub jobs: Jobs,
    /// `[site]`
    pub site: Site,
    /// How members are told.
    pub notice: Notice,
    /// `[dues]`
    pub dues: DuesRules,
}

/// `[wechat]`: the service account.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Wechat {
    app_id: String,
    app_secret: Secret,
    authorize_base: String,
    api_base: String,
    /// The file by which WeChat checks the domain.
    pub domain_verify: DomainVerify,
}

/// `[wechat_pay]`: the merchant.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WechatPay {
    mch_id: String,
    merchant_serial: String,
    merchant_private_key: Secret,
    api_v3_key: Secret,
    api_v3_key_old: Secret,
    public_keys: Vec<PublicKeySettings>,
    api_base: String,
}

/// `[jobs]`: periods in seconds; 0 switches a job off.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Jobs {
    /// The payment sweep.
    pub sweep_seconds: u64,
    /// Sending queued notices.
    pub outbox_seconds: u64,
    /// Looking for WeChat's bills that were not compared yet.
    pub bill_seconds: u64,
    /// Letting approved changes of a lost WeChat take effect.
    pub rescue_seconds: u64,
    /// Submitting refunds and asking about them.
    pub refund_seconds: u64,
    /// The check of the books: how long after the last one.
    pub ledger_check_seconds: u64,
    /// Deleting uploads that no form has claimed.
    pub uploads_seconds: u64,
    /// Bill runs, and changes of level whose day has come.
    pub dues_seconds: u64,
}

/// Everything that is wrong with a configuration, a line each.
#[derive(Debug, thiserror::Error)]
#[error("{}", .0.join("\n"))]
pub struct Problems(pub Vec<String>);

impl Settings {
    /// Merges the defaults, the file and the environment, and judges the result.
    pub fn load(
        file: Option<&Path>,
        environment: impl IntoIterator<Item = (String, String)>,
    ) -> Result<Self, Problems> {
        let one = |problem: String| Problems(vec![problem]);
        let mut table: Table =
            DEFAULTS.parse().map_err(|error| one(format!("config/default.toml: {error}")))?;
        if let Some(path) = file {
            let text = std::fs::read_to_string(path)
                .map_err(|error| one(format!("{}: {error}", path.display())))?;
            let layer: Table =
                text.parse().map_err(|error| one(format!("{}: {error}", path.display())))?;
            layers::merge(&mut table, layer);
        }
        for (name, text) in environment {
            if let Some(keys) = name.strip_prefix(PREFIX) {
                layers::set(&mut table, keys, &text)
                    .map_err(|why| one(format!("{name}: {why}")))?;
            }
        }
        let settings: Self = Value::Table(table)
            .try_into()
            .map_err(|error: toml::de::Error| one(error.to_string().trim().to_owned()))?;
        let problems = settings.problems();
        if problems.is_empty() { Ok(settings) } else { Err(Problems(problems)) }
    }

    /// For `wechat::login`.
    pub fn login(&self) -> LoginSettings {
        LoginSettings {
            app_id: self.wechat.app_id.clone(),
            app_secret: self.wechat.app_secret.clone(),
            authorize_base: self.wechat.authorize_base.clone(),
            api_base: self.wechat.api_base.clone(),
        }
    }

    /// For `wechat::pay`.
    pub fn pay(&self) -> PaySettings {
        let pay = &self.wechat_pay;
        PaySettings {
            app_id: self.wechat.app_id.clone(),
            mch_id: pay.mch_id.clone(),
            merchant_serial: pay.merchant_serial.clone(),
            merchant_private_key: pay.merchant_private_key.clone(),
            api_v3_key: pay.api_v3_key.clone(),
            api_v3_key_old: Some(pay.api_v3_key_old.clone()).filter(|key| !key.is_empty()),
            public_keys: pay.public_keys.clone(),
            api_base: pay.api_base.clone(),
            notify_url: format!("{}/wechat/pay/notify", self.server.public_url),
            refund_notify_url: format!("{}/wechat/refund/notify", self.server.public_url),
        }
    }

    /// What keeps the server from starting, a line each.
    fn problems(&self) -> Vec<String> {
        let mut problems = Vec::new();
        let mut refuse = |wrong: bool, text: &str| {
            if wrong {
                problems.push(text.to_owned());
            }
        };
        let url = &self.server.public_url;
        refuse(
            !url.starts_with("http://") && !url.starts_with("https://"),
            "server.public_url must start with https:// (or http:// for a demo)",
        );
        refuse(url.ends_with('/'), "server.public_url must not end with a slash");
        refuse(
            self.server.listen.parse::<std::net::SocketAddr>().is_err(),
            "server.listen must be an address and a port, for example 127.0.0.1:8080",
        );
        refuse(
            self.security.jwt_secret.expose().len() < 32,
            "security.jwt_secret must hold at least 32 characters (openssl rand -base64 32)",
        );
        refuse(
            self.security.data_key.expose().len() < 32,
            "security.data_key must hold at least 32 characters (openssl rand -base64 32)",
        );
        refuse(self.wechat.app_id.is_empty(), "wechat.app_id is missing");
        refuse(self.wechat.app_secret.is_empty(), "wechat.app_secret is missing");
        refuse(
            self.staff.second_factor == SecondFactor::Wechat,
            "staff.second_factor = \"wechat\" is not offered yet; set it to \"off\"",
        );
        refuse(!(1..=2).contains(&self.site.review_steps), "site.review_steps must be 1 or 2");
        refuse(
            self.server.instances > 1 && self.redis.is_in_process(),
            "redis.url is needed when server.instances is more than one",
        );
        if self.server.profile == Profile::Production {
            self.refuse_unsafe(&mut refuse);
        }
        problems.extend(self.pay().problems());
        problems.extend(self.dues.problems());
        problems.extend(notice::problems(&self.notice));
        problems
    }

    /// What only production refuses.
    fn refuse_unsafe(&self, refuse: &mut impl FnMut(bool, &str)) {
        refuse(!self.server.is_https(), "production: server.public_url must be https://");
        let secrets = [&self.security.jwt_secret, &self.security.data_key];
        refuse(
            secrets.iter().any(|secret| secret.expose().starts_with("demo-only")),
            "production: the secrets of the demo must not be used",
        );
        refuse(
            secrets[0].expose() == secrets[1].expose(),
            "production: security.jwt_secret and security.data_key must differ",
        );
        let bases = [&self.wechat.authorize_base, &self.wechat.api_base, &self.wechat_pay.api_base];
        refuse(
            bases.iter().any(|base| !WECHAT_HOSTS.contains(&base.as_str())),
            "production: the wechat and wechat_pay addresses must be WeChat's own",
        );
        refuse(
            self.database.url.starts_with("sqlite:") && !self.security.allow_sqlite,
            "production: SQLite needs security.allow_sqlite = true; MySQL is recommended",
        );
    }
}
