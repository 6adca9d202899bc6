//! What the pretend phone makes of a QR code, and what a browser that is not WeChat's gets to see.

use serde::Serialize;
use url::Url;

use crate::oauth;
use crate::pay::{self, Sheet};
use crate::users::User;
use crate::world::World;

const SEEN_LIMIT: usize = 20;

/// An address that somebody opened outside of WeChat and that the console offers for scanning.
#[derive(Clone, Debug, Serialize)]
pub struct Seen {
    /// The authorize address.
    pub url: String,
    /// When, in milliseconds.
    pub at_ms: i64,
}

/// What the phone does with a scanned code.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "shows", rename_all = "snake_case")]
pub enum Scan {
    /// The pay sheet of a Native order.
    Sheet {
        /// Its contents.
        sheet: Sheet,
    },
    /// A page of the product in the web view.
    Page {
        /// Path and query at the web view.
        path: String,
    },
    /// A text, because nothing can be done.
    Refusal {
        /// For people.
        text: String,
    },
}

/// The user scans this text.
pub fn scan(world: &World, text: &str, user: &User) -> Scan {
    let text = text.trim();
    if text.starts_with("weixin://wxpay/") {
        return match pay::sheet(world, text, user) {
            Ok(sheet) => Scan::Sheet { sheet },
            Err(error) => Scan::Refusal { text: error.to_string() },
        };
    }
    match inside(world, text) {
        Some(path) => Scan::Page { path },
        None => Scan::Refusal {
            text: "这个二维码不属于本演示系统，模拟手机无法打开。".to_owned()
        },
    }
}

/// Where an address of the product, or of the authorize page, is inside the web view.
pub fn inside(world: &World, address: &str) -> Option<String> {
    let urls = world.urls();
    let url = Url::parse(address).ok()?;
    let rest = |url: &Url| match url.query() {
        Some(query) => format!("{}?{query}", url.path()),
        None => url.path().to_owned(),
    };
    let same = |other: &str| Url::parse(other).is_ok_and(|other| other.origin() == url.origin());
    if (same(&urls.base) || url.host_str() == Some("open.weixin.qq.com"))
        && url.path() == "/connect/oauth2/authorize"
    {
        return Some(format!("/__wechat/authorize?{}", url.query().unwrap_or_default()));
    }
    // The product may know itself under another name for the same machine.
    let near = |other: &str| {
        Url::parse(other).is_ok_and(|other| {
            let local =
                |host: Option<&str>| matches!(host, Some("127.0.0.1" | "localhost" | "[::1]"));
            local(url.host_str()) && local(other.host_str()) && url.port() == other.port()
        })
    };
    let registered = world.callback_hosts.iter().any(|host| url.host_str() == Some(host));
    (same(&urls.product) || near(&urls.product) || registered).then(|| rest(&url))
}

/// The page at the authorize address for a browser that is not WeChat's; remembers the address.
pub fn outside(world: &World, query: &str) -> String {
    let urls = world.urls();
    let (title, about) = match oauth::check(world, query) {
        Ok(_) => ("请在微信客户端打开链接".to_owned(), ""),
        Err(error) => (error.to_string(), "error"),
    };
    let mut books = world.books();
    if about.is_empty() {
        let url = format!("{}/connect/oauth2/authorize?{query}", urls.base);
        books.seen.retain(|seen| seen.url != url);
        books.seen.push_front(Seen { url, at_ms: world.clock.now_ms() });
        books.seen.truncate(SEEN_LIMIT);
    }
    let link = |user: &User| {
        let target =
            url::form_urlencoded::byte_serialize(format!("/__wechat/authorize?{query}").as_bytes())
                .collect::<String>();
        format!(
            r#"<a class="button" href="{}/__wechat/as/{}?to={target}">用 {} 的手机打开</a>"#,
            urls.webview,
            user.id,
            escape(&user.nickname)
        )
    };
    let links: String = if about.is_empty() {
        books.users.list().iter().take(3).map(link).collect()
    } else {
        String::new()
    };
    include_str!("../assets/outside.html")
        .replace("{{title}}", &escape(&title))
        .replace("{{links}}", &links)
}

/// For text inside HTML.
pub fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
        .replace('\'', "&#39;")
}
