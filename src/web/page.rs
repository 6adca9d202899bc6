//! Pages: a struct is a page, its samples are its contract, and [`Html`] renders it.

use salvo::{
    Depot, Request, Response, Writer, async_trait,
    http::{StatusCode, header::CONTENT_TYPE},
};
use serde::Serialize;

use super::{App, AppError, Flash, blank, csrf, flash, settings::Site};

/// For whom a page is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Surface {
    /// A phone, mostly inside WeChat.
    H5,
    /// A PC browser.
    Pc,
}

impl Surface {
    /// The surface that a path belongs to.
    pub fn of_path(path: &str) -> Self {
        if path == "/h5" || path.starts_with("/h5/") { Self::H5 } else { Self::Pc }
    }
}

/// What a page shows. Undefined variables are errors, so every sample is rendered in a test.
pub trait Page: Serialize + Send + Sized + 'static {
    /// Its template below the surface's folder.
    const TEMPLATE: &'static str;
    /// For whom it is made.
    const SURFACE: Surface = Surface::Pc;
    /// The menu entry that it belongs to; empty when none.
    const MENU: &'static str = "";

    /// The title of the window.
    fn title(&self) -> String;

    /// Every shape that the page can take.
    fn samples() -> Vec<Self>;
}

/// One shape of a page, for the tests that render them all.
#[derive(Clone, Debug)]
pub struct Sample {
    /// The surface.
    pub surface: Surface,
    /// The template.
    pub template: &'static str,
    /// The title.
    pub title: String,
    /// What the page shows.
    pub context: serde_json::Value,
}

/// The samples of one page type.
pub fn samples<P: Page>() -> Vec<Sample> {
    P::samples()
        .iter()
        .map(|page| Sample {
            surface: P::SURFACE,
            template: P::TEMPLATE,
            title: page.title(),
            context: serde_json::to_value(page).unwrap_or_default(),
        })
        .collect()
}

/// Who looks at the page; put into the depot by the guards.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Viewer {
    /// The unit's or the person's name.
    pub name: String,
    /// `member` or `staff`.
    pub kind: &'static str,
    /// The role of staff; empty for members.
    pub role: String,
}

/// What every layout shows around a page.
#[derive(Debug, Serialize)]
pub struct Chrome<'a> {
    title: &'a str,
    site: SiteView<'a>,
    csrf: &'a str,
    path: &'a str,
    viewer: Option<&'a Viewer>,
    big_text: bool,
    menu: &'a str,
    flash: Option<&'a Flash>,
}

#[derive(Debug, Serialize)]
struct SiteView<'a> {
    name: &'a str,
    short_name: &'a str,
    icp: &'a str,
    police_no: &'a str,
    hotline: &'a str,
    support: &'a str,
    copyright: String,
}

impl<'a> Chrome<'a> {
    /// The surroundings of a page.
    pub fn new(title: &'a str, site: &'a Site, csrf: &'a str, path: &'a str) -> Self {
        let site = SiteView {
            name: &site.name,
            short_name: &site.short_name,
            icp: &site.icp,
            police_no: &site.police_no,
            hotline: &site.hotline,
            support: &site.support,
            copyright: format!("{} 版权所有", site.name),
        };
        let (viewer, flash) = (None, None);
        Self { title, site, csrf, path, viewer, big_text: false, menu: "", flash }
    }
}

/// A page as an answer.
#[derive(Debug)]
pub struct Html<P> {
    page: P,
    status: StatusCode,
    is_blank: bool,
}

impl<P: Page> Html<P> {
    /// With status 200.
    pub const fn new(page: P) -> Self {
        Self::with_status(page, StatusCode::OK)
    }

    /// With status 200: a page of which everybody who is not signed in gets the same, always. It
    /// is rendered once and kept, so it must depend on nothing but the settings.
    pub const fn blank(page: P) -> Self {
        Self { page, status: StatusCode::OK, is_blank: true }
    }

    /// With status 422: the form on it was refused.
    pub const fn refused(page: P) -> Self {
        Self::with_status(page, StatusCode::UNPROCESSABLE_ENTITY)
    }

    /// With another status.
    #[must_use]
    pub const fn with_status(page: P, status: StatusCode) -> Self {
        Self { page, status, is_blank: false }
    }
}

#[async_trait]
impl<P: Page> Writer for Html<P> {
    async fn write(self, req: &mut Request, depot: &mut Depot, res: &mut Response) {
        match draw(&self.page, self.is_blank, (req, depot), res) {
            Ok(html) => put_html(res, self.status, html),
            Err(error) => error.write(req, depot, res).await,
        }
    }
}

/// Puts rendered HTML into the answer; pages are never cached (WeChat caches hard).
pub(super) fn put_html(res: &mut Response, status: StatusCode, html: String) {
    let headers = res.headers_mut();
    headers.insert(CONTENT_TYPE, salvo::http::HeaderValue::from_static("text/html; charset=utf-8"));
    res.status_code(status);
    // A body can be set once only; a second page of one answer would be a bug.
    if let Err(error) = res.write_body(html) {
        tracing::error!(%error, "the page could not be put into the answer");
    }
}

/// Renders a page with its surroundings.
pub(super) fn render<P: Page>(
    page: &P,
    req: &Request,
    depot: &Depot,
    res: &mut Response,
) -> Result<String, AppError> {
    draw(page, false, (req, depot), res)
}

fn draw<P: Page>(
    page: &P,
    is_blank: bool,
    (req, depot): (&Request, &Depot),
    res: &mut Response,
) -> Result<String, AppError> {
    let app = App::of(depot)?;
    let token = csrf::token(&app, req, res);
    let flash = flash::take(&app, req, res);
    let viewer = depot.get_typed::<Viewer>().ok();
    // Set by a script on the page, so that large type needs no round trip.
    let big_text = req.cookie("big_text").is_some_and(|cookie| cookie.value() == "1");
    let is_kept = is_blank && viewer.is_none() && flash.is_none();
    let shown_token = if is_kept { blank::TOKEN } else { &token };
    let render = || {
        let title = page.title();
        let path = req.uri().path();
        let mut chrome = Chrome::new(&title, &app.settings.site, shown_token, path);
        chrome.viewer = viewer;
        chrome.flash = flash.as_ref();
        chrome.menu = P::MENU;
        chrome.big_text = big_text;
        app.templates
            .render(P::SURFACE, P::TEMPLATE, page, &chrome)
            .map_err(|error| AppError::Fault(format!("{}: {error:?}", P::TEMPLATE)))
    };
    if is_kept {
        app.templates.blanks.page((P::SURFACE, P::TEMPLATE, big_text), &token, render)
    } else {
        render()
    }
}
