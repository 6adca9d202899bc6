//! Cookies: one place decides their names and attributes.

use salvo::{
    Request, Response,
    http::cookie::{Cookie, SameSite, time::Duration},
};

use super::App;

/// The cookies that exist.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Name {
    /// An anonymous browser; form tokens are bound to it.
    Visitor,
    /// A signed-in member.
    Member,
    /// A member between password and scan.
    PreAuth,
    /// Signed-in staff.
    Staff,
    /// The poll secret of a login code.
    Scan,
    /// The phone between authorisation request and callback.
    Phone,
    /// The registration that this browser submitted.
    Applicant,
    /// The half-filled registration form of this browser.
    Draft,
    /// A message for the next page.
    Flash,
    /// A browser in which an account was signed in before; it proves nothing, but its tries are
    /// counted apart.
    Device,
    /// A browser between 忘记密码 and the new password.
    Reset,
    /// The poll secret of a login code that no password came before.
    Direct,
}

impl Name {
    const fn stem(self) -> &'static str {
        match self {
            Self::Visitor => "visitor",
            Self::Member => "member",
            Self::PreAuth => "pre-auth",
            Self::Staff => "staff",
            Self::Scan => "scan",
            Self::Phone => "phone",
            Self::Applicant => "applicant",
            Self::Draft => "draft",
            Self::Flash => "flash",
            Self::Device => "device",
            Self::Reset => "reset",
            Self::Direct => "direct",
        }
    }

    /// `__Host-` binds a cookie to this very host; browsers demand TLS for it.
    fn full(self, app: &App) -> String {
        let prefix = if app.settings.server.is_https() { "__Host-" } else { "" };
        format!("{prefix}{}", self.stem())
    }

    /// The return from WeChat is a cross-site navigation, on which `Strict` cookies stay away;
    /// what only our own pages need is `Strict`.
    const fn same_site(self) -> SameSite {
        match self {
            Self::Scan | Self::PreAuth | Self::Staff | Self::Reset | Self::Direct => {
                SameSite::Strict
            }
            _ => SameSite::Lax,
        }
    }
}

/// The value that the browser sent.
pub fn read(app: &App, req: &Request, name: Name) -> Option<String> {
    peek(app, req, name).map(str::to_owned)
}

/// The same, as long as the request lives.
pub fn peek<'r>(app: &App, req: &'r Request, name: Name) -> Option<&'r str> {
    let cookie = if app.settings.server.is_https() {
        req.cookie(name.full(app))
    } else {
        req.cookie(name.stem())
    };
    cookie.map(Cookie::value)
}

/// Sets a cookie for `seconds`; `None` keeps it until the browser closes.
pub fn set(app: &App, res: &mut Response, name: Name, value: String, seconds: Option<u64>) {
    let mut cookie = Cookie::build((name.full(app), value))
        .path("/")
        .http_only(true)
        .secure(app.settings.server.is_https())
        .same_site(name.same_site());
    if let Some(seconds) = seconds {
        cookie = cookie.max_age(Duration::seconds(i64::try_from(seconds).unwrap_or(i64::MAX)));
    }
    res.add_cookie(cookie.build());
}

/// Removes a cookie from the browser.
pub fn clear(app: &App, res: &mut Response, name: Name) {
    set(app, res, name, String::new(), Some(0));
}
