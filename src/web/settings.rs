//! Settings of the edge: addresses, security, and the association's own texts.

use std::{collections::BTreeMap, net::IpAddr, time::Duration};

use serde::Deserialize;

use crate::kernel::Secret;

/// `[server]`
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Server {
    /// Address and port to listen on.
    pub listen: String,
    /// What a browser types to reach us, without a trailing slash.
    pub public_url: String,
    /// Proxies whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<IpAddr>,
    /// How strict start-up is.
    pub profile: Profile,
    /// How many servers share the database; more than one needs Redis.
    pub instances: u32,
}

/// How strict start-up is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Profile {
    /// For trying out and for tests.
    Demo,
    /// Refuses whatever could lose money or leak data.
    Production,
}

impl Server {
    /// True when browsers reach us by TLS; cookies are `Secure` then.
    pub fn is_https(&self) -> bool {
        self.public_url.starts_with("https://")
    }
}

/// `[security]`
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Security {
    /// Signs session cookies and form tokens.
    pub jwt_secret: Secret,
    /// Encrypts personal data at rest.
    pub data_key: Secret,
    /// A session dies after this many seconds without a request.
    pub session_idle_seconds: u64,
    /// A session dies after this many seconds in any case.
    pub session_seconds: u64,
    /// How long a correct password waits for the scan, in seconds.
    pub pre_auth_seconds: u64,
    /// Wrong passwords before an account is locked.
    pub lockout_tries: i64,
    /// How long an account stays locked, in seconds.
    pub lockout_seconds: u64,
    /// How long a login code can be scanned, in seconds.
    pub scan_seconds: u64,
    /// Argon2id memory in KiB (OWASP: 19456).
    pub argon2_memory_kib: u32,
    /// Argon2id passes (OWASP: 2).
    pub argon2_passes: u32,
    /// Password hashes at a time; 0 = as many as there are cores.
    pub password_gate: usize,
    /// How many may be at the gate; more are told to come again (429).
    pub password_queue: usize,
    /// Lets production run on SQLite.
    pub allow_sqlite: bool,
    /// Wrong passwords after which the browser must solve a puzzle with each try.
    pub puzzle_after: u64,
    /// How hard the puzzle is: leading zero bits, each doubles the work.
    pub puzzle_bits: u32,
    /// What the first WeChat of an account shows besides the password.
    pub first_binding: FirstBinding,
    /// Words that no password contains, besides the names of the unit and the association.
    pub forbidden_words: Vec<String>,
    /// Bound members may sign in by scanning alone.
    pub direct_scan: bool,
    /// How long a person of the secretariat's code for a new password or a first WeChat is good.
    pub code_hours: u64,
    /// How long an approved 换绑 waits, so that the owner of the old WeChat can object.
    pub rescue_hours: u64,
}

/// What the first WeChat of an account shows besides the password.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum FirstBinding {
    /// Nothing: the first scan binds, as in the manual.
    None,
    /// It is the WeChat in which the unit registered; else a code of the secretariat.
    Wechat,
    /// A code of the secretariat, always.
    Code,
}

impl Security {
    /// The lock as a span.
    pub const fn lockout(&self) -> Duration {
        Duration::from_secs(self.lockout_seconds)
    }

    /// The life of a login code as a span.
    pub const fn scan(&self) -> Duration {
        Duration::from_secs(self.scan_seconds)
    }
}

/// `[staff]`
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Staff {
    /// What staff show besides the password.
    pub second_factor: SecondFactor,
    /// A refund up to this sum, in yuan, needs no second person.
    pub refund_alone_yuan: i64,
}

/// What staff show besides the password.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SecondFactor {
    /// A scan with their WeChat.
    Wechat,
    /// Nothing.
    Off,
}

/// `[site]`: everything that is the association's own.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Site {
    /// Name of the association.
    pub name: String,
    /// Name for narrow places.
    pub short_name: String,
    /// ICP number, linked to the ministry's register.
    pub icp: String,
    /// Number of the public security record; may be empty.
    pub police_no: String,
    /// The secretariat's telephone.
    pub hotline: String,
    /// Who supports the site technically.
    pub support: String,
    /// Whether the profile asks for the legal person's birthday.
    pub asks_birthday: bool,
    /// Working days in which a registration is decided.
    pub review_days: u32,
    /// How many people approve a registration: 1, or 2 (初审 and 复审) who differ.
    pub review_steps: u32,
    /// The association's bank account.
    pub bank: Bank,
    /// The charter.
    pub charter: Document,
    /// The privacy policy.
    pub privacy: Document,
}

/// The association's bank account for transfers.
#[derive(Clone, Debug, Deserialize, serde::Serialize)]
#[serde(deny_unknown_fields)]
pub struct Bank {
    /// 户名.
    pub holder: String,
    /// 开户行.
    pub bank: String,
    /// 账号.
    pub account: String,
}

/// A text that applicants consent to.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Document {
    /// What is stored with a consent.
    pub version: String,
    /// Title of the page.
    pub title: String,
    /// Paragraphs, separated by empty lines.
    pub text: String,
}

/// Everything that the edge is told.
#[derive(Clone, Debug)]
pub struct Settings {
    /// `[server]`
    pub server: Server,
    /// `[security]`
    pub security: Security,
    /// `[staff]`
    pub staff: Staff,
    /// `[site]`
    pub site: Site,
    /// `[notice]`
    pub notice: Notice,
    /// `[dues]`
    pub dues: super::rules::DuesRules,
    /// Name of the `MP_verify_*.txt` file and its text; empty when there is none.
    pub domain_verify: DomainVerify,
}

/// How members are told.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Notice {
    /// By topic: the template of the official account that tells of it.
    pub templates: BTreeMap<String, NoticeTemplate>,
}

/// A template of the official account, as its console shows it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NoticeTemplate {
    /// The template's id.
    pub id: String,
    /// Keyword of the template (`thing1`) to the value of ours that it shows.
    pub fields: BTreeMap<String, String>,
}

/// The file by which WeChat checks that the domain is ours (wechat.md 1.1).
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DomainVerify {
    /// `MP_verify_….txt`
    pub name: String,
    /// Its content.
    pub text: String,
}
