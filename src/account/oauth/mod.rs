//! Who holds the phone: WeChat's web authorisation (wechat.md 1), silent and for the openid alone.
//!
//! [`ask`] sends the phone to WeChat, [`callback`] takes it back, and [`PhoneUser`] is what a page
//! then knows. The phone's cookie ties the three together: a state that another browser brings is
//! refused, so nobody can be given somebody else's WeChat by a prepared link.

mod returned;
mod state;

pub use returned::{PhonePage, callback};

use std::time::Duration;

use salvo::{
    Depot, Request, Response,
    extract::{Extractible, Metadata},
};

use crate::{
    kernel::OpenId,
    web::{App, AppError, SeeOther, cookie, cookie::Name},
};

/// How long a proven WeChat and a pending authorisation are remembered.
const MEMORY: Duration = Duration::from_mins(10);

/// The WeChat behind this phone's browser, as proven by WeChat within the last ten minutes.
#[derive(Clone, Debug)]
pub struct PhoneUser {
    /// Who.
    pub open_id: OpenId,
}

/// Index of the phone's cookie; empty cookies are none.
fn phone_index(app: &App, req: &Request) -> Option<String> {
    let id = cookie::read(app, req, Name::Phone).filter(|id| id.len() == 22)?;
    Some(app.vault.index(&id))
}

fn phone_key(index: &str) -> String {
    format!("phone:{index}")
}

impl PhoneUser {
    /// The WeChat of this browser, if it is known.
    pub async fn find(app: &App, req: &Request) -> Result<Option<Self>, AppError> {
        let Some(index) = phone_index(app, req) else { return Ok(None) };
        let Some(sealed) = app.store.get(&phone_key(&index)).await? else { return Ok(None) };
        let open_id = OpenId::parse(&app.vault.open(&sealed)?);
        Ok(open_id.ok().map(|open_id| Self { open_id }))
    }

    /// Forgets who holds the phone: the next page that needs it asks WeChat again.
    pub(super) async fn forget(app: &App, req: &Request) -> Result<(), AppError> {
        let Some(index) = phone_index(app, req) else { return Ok(()) };
        Ok(app.store.remove(&phone_key(&index)).await?)
    }

    async fn remember(app: &App, index: &str, open_id: &OpenId) -> Result<(), AppError> {
        let sealed = app.vault.seal(open_id.as_str())?;
        Ok(app.store.put(&phone_key(index), &sealed, MEMORY).await?)
    }
}

impl<'ex> Extractible<'ex> for PhoneUser {
    fn metadata() -> &'static Metadata {
        static METADATA: std::sync::LazyLock<Metadata> =
            std::sync::LazyLock::new(|| Metadata::new("PhoneUser"));
        &METADATA
    }

    #[expect(refining_impl_trait, reason = "the error type is the edge's own")]
    async fn extract(req: &'ex mut Request, depot: &'ex mut Depot) -> Result<Self, AppError> {
        let app = App::of(depot)?;
        Self::find(&app, req)
            .await?
            .ok_or_else(|| AppError::Refused("微信身份已失效，请在微信中重新打开该页面".into()))
    }
}

/// The phone's cookie id, given to it now if it has none.
pub(super) fn phone_id(app: &App, req: &Request, res: &mut Response) -> String {
    let known = cookie::read(app, req, Name::Phone).filter(|id| id.len() == 22);
    let id = known.unwrap_or_else(|| app.ids.token());
    cookie::set(app, res, Name::Phone, id.clone(), Some(MEMORY.as_secs()));
    id
}

/// Sends the phone to WeChat; it comes back to `next`, a path of our own.
pub async fn ask(
    app: &App,
    req: &Request,
    res: &mut Response,
    next: &str,
) -> Result<SeeOther, AppError> {
    let phone = phone_id(app, req, res);
    ask_as(app, &phone, next).await
}

/// As [`ask`], for a phone whose cookie was set in this answer.
pub(super) async fn ask_as(app: &App, phone: &str, next: &str) -> Result<SeeOther, AppError> {
    let address = state::begin(app, &app.vault.index(phone), next, 0).await?;
    Ok(SeeOther::to(address))
}

/// True for a path on this server: never another host, whatever a browser makes of the text.
fn is_own_path(path: &str) -> bool {
    path.starts_with('/')
        && !path.starts_with("//")
        && path.bytes().all(|b| b.is_ascii_graphic() && b != b'\\')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_own_paths_are_followed() {
        for good in ["/h5/", "/h5/scan/AbC-_", "/h5/login/enter?x=1"] {
            assert!(is_own_path(good), "{good}");
        }
        for bad in [
            "",
            "h5",
            "//evil.example",
            "/\\evil",
            "\\\\evil",
            "https://evil.example",
            "/\t/evil",
            "/h5\r\nx: y",
            "/会员",
        ] {
            assert!(!is_own_path(bad), "{bad}");
        }
    }
}
