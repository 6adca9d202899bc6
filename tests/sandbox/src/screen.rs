//! What stands on screens now: addresses that the product draws as QR codes in the pages that pass
//! the door. The pretend phone offers them, as a camera would see them.
//!
//! A page names what is in its codes in `data-` attributes. The first `data-countdown` beside
//! them tells for how many seconds they live; the same address shown again without one is over.

use std::collections::VecDeque;
use std::io::Read;

use salvo::http::header::{HeaderMap, HeaderValue};
use serde::Serialize;

use crate::world::World;

const KEPT: usize = 20;
/// For codes that do not tell, in seconds.
const USUAL_LIFE: i64 = 300;
const PAGE_LIMIT: u64 = 4 * 1024 * 1024;

/// An address that some screen shows as a QR code.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Shown {
    /// What is in the code.
    pub url: String,
    /// What it is for, in the console's words.
    pub kind: &'static str,
    /// The title of the page that shows it.
    pub title: String,
    /// When it appeared, in milliseconds.
    pub at_ms: i64,
    /// When it is no longer offered, in milliseconds.
    pub until_ms: i64,
    /// Whether the page counts its seconds.
    #[serde(skip)]
    is_counted: bool,
}

impl Shown {
    /// Since when it is on a screen without a break.
    const fn since(&self, now_ms: i64) -> i64 {
        if now_ms < self.until_ms { self.at_ms } else { now_ms }
    }
}

/// Everything that was on screens, newest first.
#[derive(Debug, Default)]
pub struct Screens(VecDeque<Shown>);

impl Screens {
    /// What can still be scanned.
    pub fn live(&self, now_ms: i64) -> Vec<Shown> {
        self.0.iter().filter(|shown| now_ms < shown.until_ms).cloned().collect()
    }

    fn take_in(&mut self, sight: Sight, now_ms: i64) {
        for url in sight.urls {
            let known = self.0.iter().position(|shown| shown.url == url);
            let known = known.and_then(|place| self.0.remove(place));
            if let (None, Some(mut over)) =
                (sight.seconds, known.clone().filter(|known| known.is_counted))
            {
                // Kept, so that the next page about it does not bring it back.
                over.until_ms = over.until_ms.min(now_ms);
                self.0.push_front(over);
                continue;
            }
            let title = match (&*sight.title, &known) {
                ("", Some(known)) => known.title.clone(),
                (title, _) => title.to_owned(),
            };
            self.0.push_front(Shown {
                kind: kind(&url),
                title,
                // A page that is only drawn again has not brought a new code.
                at_ms: known.map_or(now_ms, |known| known.since(now_ms)),
                until_ms: now_ms + sight.seconds.unwrap_or(USUAL_LIFE) * 1000,
                is_counted: sight.seconds.is_some(),
                url,
            });
        }
        self.0.make_contiguous().sort_by_key(|shown| std::cmp::Reverse(shown.at_ms));
        self.0.truncate(KEPT);
    }
}

/// What one page shows.
#[derive(Debug, PartialEq, Eq)]
struct Sight {
    title: String,
    urls: Vec<String>,
    seconds: Option<i64>,
}

/// Whether an answer is a page or a piece of one.
pub fn is_page(headers: &HeaderMap) -> bool {
    let kind = headers.get("content-type").and_then(|kind| kind.to_str().ok());
    kind.is_some_and(|kind| kind.starts_with("text/html"))
}

/// A phone does not scan its own screen.
pub fn is_phone(headers: &HeaderMap) -> bool {
    let agent = headers.get("user-agent").and_then(|agent| agent.to_str().ok());
    agent.is_some_and(|agent| agent.contains("MicroMessenger"))
}

/// Looks at a page on its way to a screen.
pub fn look(world: &World, page: &[u8], encoding: Option<&HeaderValue>) {
    let html = match encoding.map(HeaderValue::as_bytes) {
        None => String::from_utf8_lossy(page).into_owned(),
        Some(b"gzip") => {
            let mut plain = Vec::new();
            let reader = flate2::read::GzDecoder::new(page).take(PAGE_LIMIT);
            // What cannot be read cannot be seen; the browser judges it by itself.
            if std::io::BufReader::new(reader).read_to_end(&mut plain).is_err() {
                return;
            }
            String::from_utf8_lossy(&plain).into_owned()
        }
        Some(_) => return,
    };
    let sight = see(&world.urls().product, &html);
    if !sight.urls.is_empty() {
        let now = world.clock.now_ms();
        world.books().screens.take_in(sight, now);
    }
}

fn see(product: &str, html: &str) -> Sight {
    let own = format!("{product}/");
    let mut sight = Sight { title: title(html), urls: Vec::new(), seconds: None };
    for (name, value) in attributes(html) {
        match name {
            "data-countdown" => sight.seconds = sight.seconds.or_else(|| value.parse().ok()),
            _ if name.starts_with("data-") => {
                let url = plain(value);
                if url.starts_with(&own) && !sight.urls.contains(&url) {
                    sight.urls.push(url);
                }
            }
            _ => {}
        }
    }
    sight.seconds = sight.seconds.filter(|seconds| *seconds > 0);
    sight
}

/// Every `name="value"`.
fn attributes(html: &str) -> impl Iterator<Item = (&str, &str)> {
    html.match_indices("=\"").filter_map(|(at, mark)| {
        let before = &html[..at];
        let start = before.rfind(|c: char| !c.is_ascii_alphanumeric() && c != '-')? + 1;
        let rest = &html[at + mark.len()..];
        Some((&before[start..], &rest[..rest.find('"')?]))
    })
}

fn title(html: &str) -> String {
    let text = html.split_once("<title>").and_then(|(_, rest)| rest.split_once("</title>"));
    let text = plain(text.map_or("", |(text, _)| text.trim()));
    // The name of the site follows.
    text.split([' ', '-', '|', '·', '—']).next().unwrap_or_default().to_owned()
}

fn plain(text: &str) -> String {
    let pairs =
        [("&#x2F;", "/"), ("&#47;", "/"), ("&quot;", "\""), ("&#39;", "'"), ("&#x27;", "'")];
    let text = pairs.iter().fold(text.to_owned(), |text, (from, to)| text.replace(from, to));
    text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
}

fn kind(url: &str) -> &'static str {
    if url.contains("/h5/scan/") { "登录码" } else { "网页" }
}

#[cfg(test)]
mod tests {
    use super::*;

    const P: &str = "http://127.0.0.1:8080";

    fn page(code: &str, countdown: &str) -> Sight {
        see(
            P,
            &format!(
                r#"<title>扫码 - 协会</title><a href="{P}/x"></a><div data-scan-url="{P}/h5/scan/{code}" data-copy="{P}/h5/scan/{code}"><p {countdown}>"#
            ),
        )
    }

    #[test]
    fn codes_are_told_from_links_and_foreign_addresses() {
        let sight = page("t1", r#"data-countdown="120""#);
        assert_eq!(sight.urls, [format!("{P}/h5/scan/t1")]);
        assert_eq!((&*sight.title, sight.seconds), ("扫码", Some(120)));

        let none = see(
            P,
            r#"<b data-poll="/login" data-x="http://127.0.0.1:80801/y" data-z="https://e.cn/">"#,
        );
        assert!(none.urls.is_empty(), "{none:?}");
        let escaped = see(P, r#"<b data-x="http:&#x2F;&#x2F;127.0.0.1:8080&#x2F;a?b=1&amp;c=2">"#);
        assert_eq!(escaped.urls, [format!("{P}/a?b=1&c=2")]);
    }

    #[test]
    fn the_newest_comes_first_and_leaves_when_its_time_is_over() {
        let mut screens = Screens::default();
        screens.take_in(page("t1", r#"data-countdown="10""#), 0);
        screens.take_in(page("t2", ""), 1_000);

        let live = screens.live(9_999);
        assert!(live[0].url.ends_with("t2") && live[1].url.ends_with("t1"), "{live:?}");
        assert_eq!((live[1].kind, &*live[1].title), ("登录码", "扫码"));
        assert_eq!(screens.live(10_000).len(), 1);
        assert!(screens.live(301_000).is_empty());
    }

    #[test]
    fn a_code_that_is_shown_without_its_seconds_is_over_until_it_is_shown_with_them_again() {
        let mut screens = Screens::default();
        let count = r#"data-countdown="60""#;
        screens.take_in(page("t1", count), 0);
        screens.take_in(page("t1", count), 5_000);
        assert_eq!((screens.live(5_000)[0].at_ms, screens.live(5_000)[0].until_ms), (0, 65_000));

        for later in [6_000, 6_500] {
            screens.take_in(page("t1", ""), later);
            assert!(screens.live(later).is_empty());
        }
        screens.take_in(page("t1", count), 7_000);
        assert_eq!(screens.live(7_000)[0].at_ms, 7_000);
    }
}
