//! Who is at the other end: address and browser. Neither proves anything; both are shown and kept.

use std::net::IpAddr;

use salvo::{
    Depot, Request,
    extract::{Extractible, Metadata},
};

use super::{App, AppError};

/// The other end of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Client {
    /// The address, seen through trusted proxies; empty when unknown.
    pub ip: String,
    /// The `User-Agent`, cut at 300 characters.
    pub user_agent: String,
}

impl Client {
    /// Reads it from a request.
    pub fn of(app: &App, req: &Request) -> Self {
        let header = |name| req.headers().get(name).and_then(|value| value.to_str().ok());
        let peer = req.remote_addr().ip();
        let ip = address(peer, header("x-forwarded-for"), &app.settings.server.trusted_proxies);
        let user_agent = header("user-agent").unwrap_or_default().chars().take(300).collect();
        Self { ip: ip.map(|ip| ip.to_string()).unwrap_or_default(), user_agent }
    }

    /// The address without its last part, for eyes that need not know it whole: `192.0.2.*`.
    pub fn masked(ip: &str) -> String {
        match ip.parse::<IpAddr>() {
            Ok(IpAddr::V4(v4)) => {
                let [a, b, c, _] = v4.octets();
                format!("{a}.{b}.{c}.*")
            }
            Ok(IpAddr::V6(v6)) => {
                let [a, b, c, ..] = v6.segments();
                format!("{a:x}:{b:x}:{c:x}:*")
            }
            Err(_) => String::new(),
        }
    }

    /// The browser in words that its user knows: `Chrome（Windows）`.
    pub fn browser(&self) -> String {
        let has = |mark: &str| self.user_agent.contains(mark);
        let browser = [
            ("MicroMessenger", "微信"),
            ("Edg/", "Edge"),
            ("Firefox/", "Firefox"),
            ("Chrome/", "Chrome"),
            ("Safari/", "Safari"),
        ];
        let system = [
            ("Windows", "Windows"),
            ("iPhone", "iPhone"),
            ("iPad", "iPad"),
            ("Android", "Android"),
            ("Mac OS", "macOS"),
            ("Linux", "Linux"),
        ];
        let pick = |list: &[(&str, &'static str)], other| {
            list.iter().find(|(mark, _)| has(mark)).map_or(other, |(_, name)| *name)
        };
        format!("{}（{}）", pick(&browser, "其他浏览器"), pick(&system, "未知系统"))
    }
}

/// The peer, or, if that is a trusted proxy, the nearest address behind the trusted ones: read
/// from the right, because everything further left can be forged.
fn address(peer: Option<IpAddr>, forwarded: Option<&str>, trusted: &[IpAddr]) -> Option<IpAddr> {
    let peer = peer?;
    if !trusted.contains(&peer) {
        return Some(peer);
    }
    let mut nearest = peer;
    for hop in forwarded.unwrap_or_default().rsplit(',') {
        let Ok(ip) = hop.trim().parse() else { break };
        nearest = ip;
        if !trusted.contains(&ip) {
            break;
        }
    }
    Some(nearest)
}

impl<'ex> Extractible<'ex> for Client {
    fn metadata() -> &'static Metadata {
        static METADATA: std::sync::LazyLock<Metadata> =
            std::sync::LazyLock::new(|| Metadata::new("Client"));
        &METADATA
    }

    #[expect(refining_impl_trait, reason = "the error type is the edge's own")]
    async fn extract(req: &'ex mut Request, depot: &'ex mut Depot) -> Result<Self, AppError> {
        Ok(Self::of(&App::of(depot)?, req))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ip(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    #[test]
    fn forged_forwarding_is_ignored() {
        let proxy = ip("10.0.0.1");
        let client = ip("1.1.1.1");
        let seen = |peer, forwarded| address(Some(peer), forwarded, &[proxy]);
        assert_eq!(seen(client, Some("6.6.6.6")), Some(client), "not from a proxy");
        assert_eq!(seen(proxy, Some("6.6.6.6, 1.1.1.1")), Some(client));
        assert_eq!(seen(proxy, Some("6.6.6.6, 1.1.1.1, 10.0.0.1")), Some(client));
        assert_eq!(seen(proxy, Some("junk")), Some(proxy));
        assert_eq!(seen(proxy, None), Some(proxy));
    }

    #[test]
    fn addresses_are_masked() {
        assert_eq!(Client::masked("192.0.2.77"), "192.0.2.*");
        assert_eq!(Client::masked("2001:db8:1:2::3"), "2001:db8:1:*");
        assert_eq!(Client::masked(""), "");
    }

    #[test]
    fn browsers_are_named_for_people() {
        let client = Client {
            ip: String::new(),
            user_agent: "Mozilla/5.0 (Windows NT 10.0) Chrome/130 Safari/537 Edg/130".into(),
        };
        assert_eq!(client.browser(), "Edge（Windows）");
    }
}
